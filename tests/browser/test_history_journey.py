"""The history of a topic in a real browser, by keyboard: preview, private link, compare, restore."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from editorial.tests.desk import pair, url_of
from topics.models import HealthTopic, TopicLanguage
from topics.publishing import publish

from .test_admin_journey import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(live_server):
    return User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")


@pytest.fixture
def english(ana) -> TopicLanguage:
    """Live with another title than at first, and with a third one that is only saved."""
    english, _spanish = pair()
    for title in ("Belly Pain", "Tummy Pain"):
        HealthTopic.objects.filter(pk=english.topic_id).update(title_en=title)
        TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True)
        if title == "Belly Pain":
            publish(english.pk, by=ana)
    return english


def press_on(page: Page, role: str, name: str, key: str = "Enter") -> None:
    """Reach something with the Tab key alone, and press a key on it."""
    wanted = page.get_by_role(role, name=name, exact=True).first
    for _step in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way by keyboard to the {role} “{name}”")


def test_an_old_edition_is_compared_and_restored_by_keyboard(page, live_server, english):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english, 'editions')}")
    press_on(page, "link", "What edition 2 changed")
    table = page.get_by_role("table")
    expect(table.locator("del")).to_contain_text("removed: Abdominal")
    expect(table.locator("ins")).to_contain_text("added: Belly")
    page.go_back()
    press_on(page, "link", "Restore edition 1")
    expect(page.get_by_role("table").locator("ins")).to_contain_text("Abdominal")
    press_on(page, "button", "Restore")
    expect(page.get_by_text("Edition 1 is in the working copy")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("Abdominal Pain")
    page.goto(f"{live_server.url}/abdominalpain.html")
    expect(page.get_by_role("heading", level=1, name="Belly Pain")).to_be_visible()


def test_a_draft_is_shown_to_somebody_without_an_account(
    page, browser: Browser, live_server, english, settings
):
    settings.SITE_URL = live_server.url
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english, 'preview')}")
    framed = page.frame_locator("iframe.preview")
    expect(framed.get_by_role("heading", level=1, name="Tummy Pain")).to_be_visible()
    assert page.locator("iframe.preview").evaluate("frame => frame.contentWindow.innerWidth") <= 360
    expect(framed.get_by_role("link", name="Home")).to_have_count(0)
    press_on(page, "link", "Paper")
    framed = page.frame_locator("iframe.paper")
    expect(framed.get_by_role("heading", level=1, name="Tummy Pain")).to_be_visible()
    expect(framed.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_label("For whom").fill("Dr. Vega")
    press_on(page, "button", "Make a private link")
    made = page.get_by_label("The private link. It is shown only now: copy it.")
    expect(made).to_be_focused()
    address = made.input_value()
    with browser.new_context() as context:
        doctor = context.new_page()
        doctor.goto(address)
        expect(doctor.get_by_role("heading", level=1, name="Tummy Pain")).to_be_visible()
        expect(doctor.get_by_text("Draft for review (text saved: ")).to_be_visible()
        assert not context.cookies()
        press_on(page, "button", "Revoke the link for Dr. Vega")
        expect(page.get_by_text("The link is revoked.")).to_be_visible()
        doctor.reload()
        expect(doctor.get_by_text("This private link has ended")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_of_the_history_fit_a_phone_and_offend_no_rule(
    page, live_server, english, language
):
    sign_in(page, live_server)
    page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": f"{live_server.url}/admin/"}]
    )
    page.set_viewport_size({"width": 360, "height": 740})
    ends = ("editions/", "editions/compare/?from=1&to=working", "editions/1/restore/", "publish/")
    for end in (*ends, "withdraw/", "preview/", "editions/on-date/?on=2020-01-01"):
        found = page.goto(live_server.url + url_of(english, "").removesuffix("/") + end)
        assert found.status == 200, end
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, end
        options = {"iframes": False, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        rules = {f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found}
        assert not rules, (end, rules)
