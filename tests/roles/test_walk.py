"""Every address of the administration, as every role, by every method."""

from collections import defaultdict

import pytest
from django.template.response import SimpleTemplateResponse

from .table import LETTERS, expected
from .walking import Site, walk

pytestmark = pytest.mark.django_db

# OPTIONS only says which of the others there are.
NOT_OF_FORMS = ("HEAD", "PUT", "PATCH", "DELETE")
# Who is not signed in reaches these; what is left leads to signing in.
WITHOUT_ACCOUNT = {"login", "logout", "jsi18n", "set_language"}


@pytest.fixture
def site(monkeypatch):
    # Whether somebody is let in shows before a page is drawn.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    return Site()


def test_each_role_is_let_in_where_the_table_says_and_nowhere_else(site):
    let_in = defaultdict(str)
    for letter in LETTERS:
        for place in walk(site, letter, ("GET", "POST")):
            let_in[place] += letter
    table = expected()
    addresses = {address.name for address in site.addresses}
    known = {name for name, _method in table}
    assert addresses == known, "tests/roles/table.py has to say who may do what at these addresses"
    wrong = [
        f"{method} {name}: {let_in[name, method] or '-'} instead of {letters or '-'}"
        for (name, method), letters in table.items()
        if let_in[name, method] != letters
    ]
    assert not wrong, "\n".join(wrong)


def test_no_other_method_opens_what_reading_does_not(site):
    table = expected()
    for letter in "sX":
        for name, method in walk(site, letter, NOT_OF_FORMS):
            assert letter in table[name, "GET"] + table[name, "POST"], (letter, method, name)


def test_who_has_no_account_is_let_in_nowhere(site):
    places = {name for name, _method in walk(site, "", ("GET", "POST", *NOT_OF_FORMS))}
    assert places <= WITHOUT_ACCOUNT
