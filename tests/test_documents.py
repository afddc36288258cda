"""The documents for people: what they name is there, and both languages of a guide say as much."""

import re

import pytest

from . import source

LINK = re.compile(r"\]\(([^)\s]+)\)")
DOCUMENTS = [*source.ROOT.glob("*.md"), *source.ROOT.glob("docs/**/*.md")]


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_and_heading_that_a_document_leads_to_is_there(document):
    missing = []
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, part = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        if not file.exists() or part and part not in map(anchor, headings(file)):
            missing.append(target)
    assert not missing


def headings(file) -> list[str]:
    return re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_guide_for_editors_says_as_much_in_both_languages():
    english, spanish = (
        (source.ROOT / "docs" / name).read_text(encoding="utf-8")
        for name in ("editors.md", "editors.es.md")
    )
    for form in (r"^(#+) ", r"pictures/desk/([\w-]+)\.", r"^(\||- |\d\. )"):
        one, other = (re.findall(form, text, re.MULTILINE) for text in (english, spanish))
        assert one == other, form
    assert ".es.png" not in english and ".en.png" not in spanish
