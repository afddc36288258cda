"""A session that ends while somebody types takes no word with it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from .desk import fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db

BROWSER = {"accept": "text/html,application/xhtml+xml"}
HERE = BROWSER | {"origin": "http://testserver"}
PASSWORD = "a long enough password"


@pytest.fixture
def bob():
    return person("Bob", "change_topiclanguage")


@pytest.fixture
def browser(bob):
    """Bob's browser, with the tokens of a real one."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    return client


def end_session(client):
    del client.cookies["sessionid"]


def typed(browser, version, **changes):
    return fields(browser.get(url_of(version))) | changes


def test_after_signing_in_the_text_is_saved(browser):
    english, _spanish = pair()
    title = 'Title <b> & "quotes" ñ'
    posted = typed(browser, english, title=title, meta_description="One\r\ntwo")
    end_session(browser)
    asked = browser.post(url_of(english), posted, headers=HERE)
    assert asked.status_code == 401
    assert "nothing of it is lost" in asked.content.decode()
    assert "no-store" in asked.headers["Cache-Control"]
    wrong = fields(asked, "login-form") | {"username": "bob", "password": "wrong"}
    wrong["kept"] = asked.context["kept"]
    again = browser.post(url_of(english), wrong, headers=HERE)
    right = wrong | {"password": PASSWORD, "kept": again.context["kept"]}
    offered = browser.post(url_of(english), right, headers=HERE)
    assert offered.status_code == 200
    assert working_copy(english)["title"] == "Abdominal Pain"
    sent = dict(offered.context["posted"])
    assert "password" not in sent
    sent["csrfmiddlewaretoken"] = offered.context["csrf_token"]
    assert browser.post(url_of(english), sent, headers=HERE).status_code == 302
    after = working_copy(english)
    assert after["title"] == title
    assert after["meta_description"] == "One\ntwo"


def test_a_form_from_before_signing_in_elsewhere_is_kept(browser, bob):
    english, _spanish = pair()
    posted = typed(browser, english, title="Kept")
    browser.cookies.clear()
    browser.force_login(bob)
    offered = browser.post(url_of(english), posted, headers=HERE)
    assert offered.status_code == 403
    sent = dict(offered.context["posted"])
    sent["csrfmiddlewaretoken"] = offered.context["csrf_token"]
    assert browser.post(url_of(english), sent, headers=HERE).status_code == 302
    assert working_copy(english)["title"] == "Kept"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_another_site_can_put_no_text_into_the_page(browser, origin):
    english, _spanish = pair()
    headers = BROWSER | ({"origin": origin} if origin else {})
    answer = browser.post(url_of(english), {"title": "Forged words"}, headers=headers)
    assert answer.status_code == 403
    assert "Forged words" not in answer.content.decode()
    end_session(browser)
    answer = browser.post(url_of(english), {"title": "Forged words"}, headers=headers)
    assert answer.status_code == 403
    assert "Forged words" not in answer.content.decode()


def test_signing_in_gives_no_right_that_was_not_there(browser):
    english, _spanish = pair()
    person("Eva", "view_topiclanguage")
    posted = typed(browser, english, title="Kept")
    end_session(browser)
    asked = browser.post(url_of(english), posted, headers=HERE)
    right = fields(asked, "login-form") | {"username": "eva", "password": PASSWORD}
    offered = browser.post(url_of(english), right | {"kept": asked.context["kept"]}, headers=HERE)
    sent = dict(offered.context["posted"])
    sent["csrfmiddlewaretoken"] = offered.context["csrf_token"]
    assert browser.post(url_of(english), sent, headers=HERE).status_code == 403
    assert working_copy(english)["title"] == "Abdominal Pain"


def test_a_reader_with_an_account_does_not_get_in(browser):
    english, _spanish = pair()
    User.objects.create_user("rita", password=PASSWORD)
    posted = typed(browser, english, title="Kept")
    end_session(browser)
    asked = browser.post(url_of(english), posted, headers=HERE)
    right = fields(asked, "login-form") | {"username": "rita", "password": PASSWORD}
    answer = browser.post(url_of(english), right | {"kept": asked.context["kept"]}, headers=HERE)
    assert answer.status_code == 401
    assert "sessionid" not in browser.cookies


def test_a_script_is_told_that_nobody_is_signed_in(browser):
    english, _spanish = pair()
    posted = typed(browser, english)
    end_session(browser)
    headers = {"accept": "application/json", "x-csrftoken": posted["csrfmiddlewaretoken"]}
    answer = browser.post(url_of(english, "text/keep"), posted, headers=headers)
    assert answer.status_code == 401


def test_passwords_are_never_carried_along(browser):
    page = browser.get("/admin/password_change/")
    token = page.context["csrf_token"]
    end_session(browser)
    answer = browser.post(
        "/admin/password_change/",
        {"csrfmiddlewaretoken": str(token), "new_password1": "secret words"},
        headers=HERE,
    )
    assert answer.status_code == 302
    answer = browser.post(
        "/admin/password_change/", {"new_password1": "secret words"}, headers=HERE
    )
    assert "secret words" not in answer.content.decode()


@pytest.mark.parametrize(
    "kept", ["", "%", "&&&=", "a=1&a=2&csrfmiddlewaretoken=x&password=y", "\x00"]
)
def test_odd_kept_fields_are_no_error(browser, kept):
    english, _spanish = pair()
    posted = typed(browser, english)
    end_session(browser)
    token = posted["csrfmiddlewaretoken"]
    sent = {"csrfmiddlewaretoken": token, "username": "bob", "password": PASSWORD, "kept": kept}
    answer = browser.post(url_of(english), sent, headers=HERE)
    assert answer.status_code == 200
    assert "csrfmiddlewaretoken" not in dict(answer.context["posted"])


def test_a_password_is_not_carried_along_where_nothing_else_was_sent(browser, bob):
    english, _spanish = pair()
    page = browser.get(url_of(english))
    end_session(browser)
    asked = browser.post(
        url_of(english), {"csrfmiddlewaretoken": str(page.context["csrf_token"])}, headers=HERE
    )
    assert asked.context["kept"] == ""
    sent = fields(asked, "login-form") | {"username": "bob", "password": PASSWORD, "kept": ""}
    browser.cookies.clear()
    browser.force_login(bob)
    answer = browser.post(url_of(english), sent, headers=HERE)
    assert answer.status_code == 403
    assert answer.context["posted"] == []
