"""Public pages are valid HTML, as the Nu checker of the W3C sees it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import public_site
from topics.pages.reading import problem

CHECKER = Path(__file__).parent / "node_modules/vnu-jar/build/dist/vnu.jar"
JAVA = shutil.which("java")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database("the same templates make the same pages"),
    pytest.mark.skipif(
        not (JAVA and CHECKER.exists()),
        reason="the Nu checker needs Java, and “npm ci” in tests/validity; make test does that",
    ),
]


def findings(pages: dict[str, str], folder: Path) -> list[str]:
    """What the checker says against pages, by name; one start of Java for all of them."""
    for number, page in enumerate(pages.values()):
        (folder / f"{number:03}.html").write_text(page, encoding="utf-8")
    command = [JAVA, "-jar", CHECKER, "--exit-zero-always", "--format", "json", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    names = list(pages)
    return [
        f"{names[int(Path(found['url']).stem)]}: {found['message']}: {found.get('extract')}"
        for found in json.loads(done.stderr)["messages"]
    ]


def test_every_type_of_page_is_valid_in_both_languages(client, tmp_path):
    public_site.build()
    pages = {}
    for language in public_site.PREFIXES:
        for name, status in public_site.PAGES.items():
            response = client.get(public_site.path(language, name))
            assert response.status_code == status, name
            pages[f"{language} {name}"] = response.content.decode()
        refused = client.post(public_site.path(language, "report/"), {"page": "acuteleukemia"})
        pages[f"{language} report, refused"] = refused.content.decode()
    pages["problem"] = problem(500, "Something went wrong", "Please try again.").content.decode()
    assert not findings(pages, tmp_path)


def test_the_checker_finds_what_is_wrong(tmp_path):
    wrong = '<!doctype html><html lang="en"><head><title>x</title></head><body><p id="a b"><h7>'
    assert findings({"wrong": wrong}, tmp_path)
