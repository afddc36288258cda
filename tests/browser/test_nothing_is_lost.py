"""Two editors in one topic, by keyboard: nobody's words are lost."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from editorial.tests.desk import pair, url_of, working_copy

from .desk import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(live_server):
    User.objects.create_superuser("bob", password=PASSWORD, first_name="Bob")
    return User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")


def bob_saves(browser: Browser, server, version, **texts: str) -> None:
    with browser.new_context(base_url=server.url) as context:
        page = context.new_page()
        sign_in(page, server, "bob")
        page.goto(url_of(version))
        for label, text in texts.items():
            page.get_by_label(label, exact=True).first.fill(text)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved. The public page stays")).to_be_visible()


def test_two_editors_collide_and_the_second_decides_by_keyboard(
    page: Page, browser, live_server, ana
):
    english, _spanish = pair()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    bob_saves(browser, live_server, english, Title="Bob's title", Address="bobs")
    title = page.get_by_label("Title", exact=True)
    title.fill("Ana's title")
    page.get_by_label("Description for search engines").fill("Ana's description")
    title.press("Enter")
    heading = page.get_by_role("heading", name="Somebody else changed the same text")
    expect(heading).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Saved by Bob")
    expect(page.get_by_label("Address", exact=True).first).to_have_value("bobs")
    expect(title).to_have_value("Ana's title")
    theirs = page.get_by_role("radio", name="Take what is saved")
    theirs.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Keep mine")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    after = working_copy(english)
    assert (after["title"], after["row"]["slug"]) == ("Ana's title", "bobs")
    assert after["meta_description"] == "Ana's description"
