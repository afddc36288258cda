"""Every address of the administration, as every role, by every method."""

import pytest
from django.template.response import SimpleTemplateResponse

from .table import LETTERS, expected
from .walking import Site, walk

pytestmark = pytest.mark.django_db
no_matter_which_database = pytest.mark.any_database("rights are decided before a row is written")

# OPTIONS only says which of the others there are.
NOT_OF_FORMS = ("HEAD", "PUT", "PATCH", "DELETE")
# Who is not signed in reaches these; what is left leads to signing in.
WITHOUT_ACCOUNT = {"login", "logout", "jsi18n", "set_language"}


@pytest.fixture
def site(monkeypatch):
    # Whether somebody is let in shows before a page is drawn.
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")
    return Site()


def test_the_table_speaks_of_every_address(site):
    addresses = {address.name for address in site.addresses}
    known = {name for name, _method in expected()}
    assert addresses == known, "tests/roles/table.py has to say who may do what at these addresses"


@pytest.mark.parametrize(
    "letter",
    # Who may do everything makes every view ask its questions, on the other database too.
    [
        "A",
        *(
            pytest.param(letter, marks=no_matter_which_database)
            for letter in LETTERS
            if letter != "A"
        ),
    ],
)
def test_a_role_is_let_in_where_the_table_says_and_nowhere_else(site, letter):
    let_in = set(walk(site, letter, ("GET", "POST")))
    wrong = [
        f"{method} {name}: {letter} {'is' if (name, method) in let_in else 'is not'} let in"
        for (name, method), letters in expected().items()
        if ((name, method) in let_in) != (letter in letters)
    ]
    assert not wrong, "\n".join(wrong)


@no_matter_which_database
@pytest.mark.parametrize("letter", "sX")
def test_no_other_method_opens_what_reading_does_not(site, letter):
    table = expected()
    for name, method in walk(site, letter, NOT_OF_FORMS):
        assert letter in table[name, "GET"] + table[name, "POST"], (letter, method, name)


@no_matter_which_database
def test_who_has_no_account_is_let_in_nowhere(site):
    places = {name for name, _method in walk(site, "", ("GET", "POST", *NOT_OF_FORMS))}
    assert places <= WITHOUT_ACCOUNT
