"""Reporting a problem in a real browser, by keyboard; the page has no script."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from editorial.models import ProblemReport
from editorial.reports import form
from topics.tests.public import LEUCEMIA, LEUKEMIA, name_the_site, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send(page):
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_reader_is_told_what_is_missing_and_reports_by_keyboard(page, live_server, monkeypatch):
    monkeypatch.setattr(form, "SECONDS_AT_LEAST", 0)
    name_the_site(name_en="Our Library", name_es="Nuestra biblioteca")
    publish(LEUKEMIA, LEUCEMIA)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{live_server.url}/spanish/acuteleukemia.html")
    page.get_by_role("link", name="Avisar de un problema en esta página").click()
    assert not page.get_by_label("Sitio web").is_visible()
    page.locator("textarea").evaluate("field => field.maxLength = 3000")
    page.get_by_label("Un enlace no funciona").focus()
    page.keyboard.press("Space")
    words = page.get_by_role("textbox", name="¿Qué encontró")
    words.fill("x" * 2001)
    send(page)
    assert page.title().startswith("Error:")
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("link", name="Acórtela").click()
    assert page.get_by_label("Un enlace no funciona").is_checked()
    words.fill("El segundo.")
    send(page)
    assert page.locator("h1").inner_text() == "Gracias"
    assert Axe().run(page).violations_count == 0
    assert ProblemReport.objects.get().words == "El segundo."
    page.get_by_role("link", name="Leucemia aguda").click()
    assert page.locator("h1").inner_text() == "Leucemia aguda"
