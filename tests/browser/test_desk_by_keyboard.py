"""The two pages on which a topic is written: used by keyboard alone, and checked by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import expect

from editorial.tests.desk import pair, url_of
from topics.tests.public import plain, publish

from .desk import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(page, live_server):
    user = User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")
    sign_in(page, live_server)
    return user


def tab_to(page, target, most: int = 120):
    """Reach a control as somebody without a mouse does."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is out of reach of the Tab key")


def test_a_section_with_a_link_to_a_topic_is_written_and_published(page, live_server, ana):
    english, _spanish = pair()
    publish(plain("Pain", 351, "en"))
    page.goto(f"{live_server.url}{url_of(english)}")
    page.locator("html[data-rich-ready]").wait_for(state="attached")
    tab_to(page, page.get_by_role("button", name="Add a section", exact=True))
    page.keyboard.press("Enter")
    row = page.locator("[data-rows=sections] > [data-row]").last
    expect(row.get_by_role("textbox", name="Heading")).to_be_focused()
    page.keyboard.type("What helps?")
    tab_to(page, row.get_by_role("textbox", name="Text"))
    page.keyboard.type("Read about ")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Topic or address")
    expect(field).to_be_focused()
    page.keyboard.type("pai")
    expect(page.get_by_role("option", name="Pain pain", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("http://127.0.0.1:8000/pain.html")
    page.keyboard.press("Enter")
    expect(row.get_by_role("textbox", name="Text")).to_be_focused()
    page.keyboard.type(" and ")
    # The bar is reached by its key, and its buttons by the arrows.
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    expect(
        row.get_by_role("toolbar", name="Formatting: Text").get_by_label("Italic")
    ).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("rest")
    tab_to(page, page.get_by_role("button", name="Save and go on to publish"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Publishing changes on the public page")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Publish", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Live: edition 2 of")).to_be_visible()
    body = english.topic.sections.get(heading_en="What helps?").body_en
    assert body == (
        '<p>Read about <a href="http://127.0.0.1:8000/pain.html" data-topic="351">Pain</a>'
        " and <em>rest</em></p>"
    )
    page.goto(f"{live_server.url}/abdominalpain.html")
    page.get_by_role("link", name="Pain", exact=True).last.click()
    expect(page.get_by_role("heading", level=1, name="Pain")).to_be_visible()


def test_words_that_are_no_topic_are_refused_in_the_dialog(page, live_server, ana):
    english, _spanish = pair()
    page.goto(f"{live_server.url}{url_of(english)}")
    text = page.get_by_role("textbox", name="Text").first
    text.click()
    page.keyboard.press("Control+k")
    for words in ("nothing of the kind", "javascript:alert(1)", "example.org"):
        page.get_by_role("combobox", name="Topic or address").fill(words)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Choose a topic from the list")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).not_to_be_visible()
    expect(text).to_be_focused()


@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_to_mend(page, live_server, ana, language):
    version = {version.language: version for version in pair()}[language]
    if language == "es":
        page.get_by_role("button", name="Español").click()
    page.goto(f"{live_server.url}{url_of(version, 'links')}")
    findings = violations(page)
    page.goto(f"{live_server.url}{url_of(version)}")
    page.locator("html[data-rich-ready]").wait_for(state="attached")
    findings += violations(page)
    page.locator("[data-rows=sections] [role=textbox]").nth(1).click()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog")).to_be_visible()
    findings += violations(page)
    assert not findings, "\n".join(findings)


def violations(page) -> list[str]:
    return [
        f"{page.url}: {found['id']}: {node['html']}"
        for found in Axe().run(page).response["violations"]
        for node in found["nodes"]
    ]
