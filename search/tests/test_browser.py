"""The page of results in a real browser: found by keyboard, without script, accessible, narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from .published import document, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = {
    "en": [
        "/",
        "/about/",
        "/search/",
        "/search/?q=pain",
        "/search/?q=pain&page=2",
        "/search/?q=xyzzy",
    ],
    "es": [
        "/spanish/",
        "/spanish/about/",
        "/spanish/search/?q=dolor",
        "/spanish/search/?q=pain&page=7",
    ],
}


@pytest.fixture
def site(live_server):
    text = "Where does it hurt? " * 40
    publish(
        *(document(f"Pain {n}", text, also=("Ache",), heading="Pain?") for n in range(25)),
        document("Dolor", "Duele.", language="es"),
    )
    return live_server.url


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("language", ADDRESSES)
def test_search_pages_are_accessible_and_fit(page, site, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    for address in ADDRESSES[language]:
        page.goto(site + address)
        findings = Axe().run(page)
        assert not findings.response["violations"], f"{address}: {findings.generate_report()}"
        assert page.locator("h1").count() == 1
        assert page.locator("form[role=search]").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_reader_searches_by_keyboard_and_without_script(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/about/")
    for _step in range(10):
        page.keyboard.press("Tab")
        if page.locator("#q:focus").count():
            break
    page.keyboard.type("ache")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=ache")
    assert page.locator("#q").input_value() == "ache"
    page.get_by_role("link", name="Next page").click()
    assert page.locator(".results li").count() == 5
    context.close()
