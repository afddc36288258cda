"""A broken link found in the queue and repaired everywhere, by keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from editorial.tests.desk import pair
from resources.linkcheck.ledger import survey
from resources.models import LinkCheck

from .test_admin_journey import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD, NEW = "https://example.org/belly", "https://example.org/belly-pain"


def tab_to(page, locator, *, most: int = 250) -> None:
    """Press Tab until the focus is on a control, as somebody without a mouse does."""
    for _ in range(most):
        if locator.evaluate("control => control === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not reach it")


def without_barriers(page) -> None:
    """Fail with what axe finds wrong on the page."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_broken_link_is_found_and_replaced_everywhere_by_keyboard(page, live_server):
    User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")
    pair()
    survey()
    broken = {"state": "broken", "outcome": "gone", "status": 404, "failures": 4}
    LinkCheck.objects.filter(address=OLD).update(
        **broken, looked_at=timezone.now(), failing_since=timezone.now()
    )
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/resources/linkcheck/")
    without_barriers(page)
    found = page.get_by_role("link", name=OLD)
    tab_to(page, found)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Shown on 2 live pages")).to_be_visible()
    without_barriers(page)
    tab_to(page, page.get_by_label("New address"))
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The address was replaced everywhere.")).to_be_visible()
    expect(page.get_by_text("Shown on 2 live pages, which now show the change.")).to_be_visible()
    page.goto(f"{live_server.url}/abdominalpain.html")
    expect(page.locator(f'a[href="{NEW}"]').first).to_be_attached()
    expect(page.locator(f'a[href="{OLD}"]')).to_have_count(0)
