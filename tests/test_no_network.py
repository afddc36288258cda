"""The test run itself: no other machine is reached, and a page with a refused script fails its test."""

import socket
import urllib.request

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from conftest import NetworkForbidden


def test_a_connection_to_another_machine_is_refused():
    with pytest.raises(NetworkForbidden), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_a_name_of_another_machine_is_not_looked_up():
    with pytest.raises(NetworkForbidden):
        urllib.request.urlopen("http://example.org/", timeout=1)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_editor_signs_in_with_a_real_browser(page: Page, live_server):
    User.objects.create_superuser("alice", password="a long enough password")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("a long enough password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
