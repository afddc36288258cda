"""Templates hold nothing that the Content-Security-Policy would refuse or that another machine serves."""

import re
from pathlib import Path

import pytest

from . import source

REFUSED = {
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")", re.I
    ),
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript:", re.I),
    "a file from elsewhere": re.compile(
        r"<(?:script|img|iframe|link rel=\"stylesheet\")[^>]*\b(?:src|href)=[\"'](?:https?:)?//",
        re.I,
    ),
}


def templates() -> list[Path]:
    folders = [source.ROOT / "templates", *source.ROOT.glob("*/templates")]
    return [path for folder in folders for path in sorted(folder.rglob("*.html"))]


def refused(text: str) -> list[str]:
    return [what for what, pattern in REFUSED.items() if pattern.search(text)]


def test_no_template_holds_what_the_policy_refuses():
    findings = [
        f"{path.relative_to(source.ROOT)}: {what}"
        for path in templates()
        for what in refused(path.read_text(encoding="utf-8"))
    ]
    assert not findings, "\n".join(findings)


@pytest.mark.parametrize(
    "text",
    [
        "<script>go()</script>",
        '<p style="color: red">',
        "<style>p {}</style>",
        '<button type="button" onclick="go()">',
        '<a href="javascript:go()">',
        '<script src="//cdn.example.org/x.js"></script>',
        '<link rel="stylesheet" href="https://fonts.example.org/x.css">',
    ],
)
def test_what_the_policy_refuses_is_noticed(text):
    assert refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{% static 'site.js' %}\" defer></script>",
        '<script type="application/ld+json">{}</script>',
        '<a href="https://example.org">once = twice</a>',
        '<p class="on">',
    ],
)
def test_what_the_policy_allows_passes(text):
    assert not refused(text)
