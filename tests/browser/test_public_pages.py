"""The public pages in a real browser: accessible, whole on a small screen, without a script."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from topics.publishing import withdraw
from topics.tests.public import (
    ANEMIA,
    ANEMIA_ES,
    LEUCEMIA,
    LEUKEMIA,
    name_the_site,
    plain,
    publish,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Name below the language's prefix, and the status it answers with.
PAGES = {
    "": 200,
    "healthtopics.html": 200,
    "healthtopics_a.html": 200,
    "all_healthtopics.html": 200,
    "acuteleukemia.html": 200,
    "cancers.html": 200,
    "about/": 200,
    "about/disclaimer.html": 200,
    "nothing.html": 404,
    "alone.html": 404,
    "gone.html": 410,
}
PREFIXES = {"en": "", "es": "spanish/"}


@pytest.fixture
def site(live_server):
    """Every type of public page in both languages; the address of the site."""
    name_the_site(
        name_en="Our Library",
        name_es="Nuestra biblioteca",
        tagline_en="Health information.",
        tagline_es="Información de salud.",
        source_credit_en="MedlinePlus.gov",
        source_credit_es="MedlinePlus.gov",
        contact="help@example.org",
        emergency_number="911",
    )
    publish(LEUKEMIA, LEUCEMIA)
    publish(ANEMIA, ANEMIA_ES)
    for language, other in (("en", "es"), ("es", "en")):
        number = {"en": 500, "es": 600}[language]
        # In the other language only, so that its page in this one is the honest one.
        publish(replace(plain("Alone", number, other), slug=f"alone{language}"))
        (gone,) = publish(plain("Gone", number + 1, language))
        withdraw(gone.pk, by=None, reason="It was out of date.")
    return live_server.url


def address(site, language, name):
    name = name.replace("alone", f"alone{language}")
    return f"{site}/{PREFIXES[language]}{name}"


@pytest.fixture
def requested(page):
    """Every address that the pages asked for, and every line they wrote to the console."""
    seen = {"requests": [], "console": []}
    page.on("request", lambda request: seen["requests"].append(request.url))
    page.on("console", lambda message: seen["console"].append(message.text))
    page.on("pageerror", lambda error: seen["console"].append(str(error)))
    return seen


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_accessible_and_quiet(page, site, requested, language, width):
    page.set_viewport_size({"width": width, "height": 800})
    findings = []
    for name, status in PAGES.items():
        response = page.goto(address(site, language, name))
        assert response.status == status, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("html").get_attribute("lang") == language, name
        results = Axe().run(page)
        findings += [
            f"{name}: {found['id']}: {node['html']}"
            for found in results.response["violations"]
            for node in found["nodes"]
        ]
    assert not findings, "\n".join(findings)
    assert all(url.startswith(site) for url in requested["requests"]), requested["requests"]
    # Chromium itself notes that a page answered 404 or 410.
    noise = [line for line in requested["console"] if "Failed to load resource" not in line]
    assert not noise, noise


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_scrolls_sideways_on_the_smallest_screen(page, site, language):
    page.set_viewport_size({"width": 320, "height": 640})
    for name in PAGES:
        page.goto(address(site, language, name))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name


def test_pages_are_readable_in_the_dark(page, site):
    page.emulate_media(color_scheme="dark")
    for name in ("", "acuteleukemia.html", "healthtopics_a.html"):
        page.goto(address(site, "en", name))
        contrast = Axe().run(page, options={"runOnly": ["color-contrast"]})
        assert contrast.violations_count == 0, contrast.generate_report()


def test_the_keyboard_alone_reaches_the_content_and_shows_where_it_is(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("link => link === document.activeElement")
    box = skip.bounding_box()
    assert box["x"] >= 0, "the skip link is out of sight"
    assert skip.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(inside)


def test_the_toggle_stays_on_the_page_and_comes_back(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.get_by_role("link", name="Español", exact=True).click()
    assert page.locator("h1").inner_text() == "Leucemia aguda"
    page.get_by_role("link", name="English", exact=True).click()
    assert page.locator("h1").inner_text() == "Acute Leukemia"


def test_a_topic_is_found_by_clicking_from_the_home_page(page, site):
    page.goto(site)
    page.get_by_role("link", name="Cancers").first.click()
    page.get_by_role("link", name="Acute Leukemia").click()
    page.get_by_role("link", name="anemia", exact=True).click()
    assert page.locator("h1").inner_text() == "Anemia"


def test_paper_has_addresses_and_no_navigation(page, site):
    page.goto(address(site, "en", "acuteleukemia.html"))
    page.emulate_media(media="print")
    assert page.get_by_text("URL of this page:").is_visible()
    assert not page.locator(".site-nav").is_visible()
    assert page.locator(".contents:visible").count() == 0
    after = "link => getComputedStyle(link, '::after').content"
    outside = page.locator('a[href="https://example.org/about%20it"]')
    assert "https://example.org/about%20it" in outside.evaluate(after)
    inside = page.locator('.summary a[href="/anemia.html"]')
    assert "http://127.0.0.1:8000/anemia.html" in inside.evaluate(after)
