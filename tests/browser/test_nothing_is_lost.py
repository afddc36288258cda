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


def test_a_session_that_ended_while_typing_takes_no_word_with_it(page: Page, live_server, ana):
    english, _spanish = pair()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    page.get_by_label("Title", exact=True).fill("Typed for an hour")
    page.get_by_label("Text", exact=True).first.fill("Many words of mine")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Title", exact=True).press("Enter")
    expect(page.get_by_text("nothing of it is lost")).to_be_visible()
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed in as ana.")).to_be_visible()
    page.get_by_role("button", name="Send it now").press("Enter")
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    after = working_copy(english)
    assert after["title"] == "Typed for an hour"
    assert after["sections"][0][3] == "<p>Many words of mine</p>"


def test_signing_in_again_in_another_window_lets_the_first_one_go_on(page: Page, live_server, ana):
    english, _spanish = pair()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    # An answer still on its way would bring back a cookie that is about to go.
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    other = page.context.new_page()
    sign_in(other, live_server)
    title = page.get_by_label("Title", exact=True)
    with page.expect_response(lambda answer: answer.url.endswith("/attend/")):
        title.fill("Pain and more")
    with page.expect_response(lambda answer: answer.url.endswith("/keep/") and answer.ok):
        title.fill("Pain and more!")
    title.press("Enter")
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    assert working_copy(english)["title"] == "Pain and more!"


def test_what_was_typed_before_the_browser_closed_is_taken_up_by_keyboard(
    page: Page, browser: Browser, live_server, ana
):
    english, _spanish = pair()
    with browser.new_context(base_url=live_server.url) as context:
        closing = context.new_page()
        sign_in(closing, live_server)
        closing.goto(url_of(english))
        closing.get_by_label("Title", exact=True).fill("Unsaved title")
        text = closing.get_by_label("Text", exact=True).first
        text.press("End")
        text.press_sequentially(" Unsaved words.")
        expect(closing.get_by_text("Unsaved text kept")).to_be_visible()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    expect(page.get_by_text("You have unsaved text")).to_be_visible()
    page.get_by_text("What you had changed").press("Enter")
    expect(page.locator("ins", has_text="Unsaved words.")).to_be_visible()
    page.get_by_role("link", name="Take it up").press("Enter")
    title = page.get_by_label("Title", exact=True)
    expect(title).to_have_value("Unsaved title")
    title.press("Enter")
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    expect(page.get_by_text("You have unsaved text")).to_have_count(0)
    assert "Unsaved words." in working_copy(english)["sections"][0][3]


def test_each_of_two_people_sees_that_the_other_is_here(
    page: Page, browser: Browser, live_server, ana
):
    english, _spanish = pair()
    with browser.new_context(base_url=live_server.url) as context:
        other = context.new_page()
        sign_in(other, live_server, "bob")
        with other.expect_response(lambda answer: answer.url.endswith("/attend/")):
            other.goto(url_of(english))
        sign_in(page, live_server)
        page.goto(f"{live_server.url}{url_of(english)}")
        notice = page.get_by_text("Bob has had the text of this topic open (since")
        expect(notice).to_be_visible()
