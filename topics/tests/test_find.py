"""What stands at an address, when that changes while it is being asked for."""

import pytest

from topics import live, statements
from topics.models import Address
from topics.publishing import Publication, append_editions, withdraw

from .public import plain, publish

pytestmark = pytest.mark.django_db

FLU = plain("Flu", 12)


@pytest.fixture
def between(monkeypatch):
    """A function that has something happen right before the second question."""

    def happen(deed):
        ask = statements.rows

        def rows(statement, parameters=()):
            if statement in statements.INSTEAD.values():
                deed()
            return ask(statement, parameters)

        monkeypatch.setattr(statements, "rows", rows)

    return happen


def test_a_page_that_is_published_again_meanwhile_is_shown(client, between):
    (flu,) = publish(FLU)
    withdraw(flu.pk, by=None, reason="Old")
    assert client.get("/flu.html").status_code == 410
    between(lambda: append_editions([Publication(flu, FLU)], by=None, origin="human"))
    assert live.find("en", "flu").document
    assert client.get("/flu.html").status_code == 200


def test_an_address_that_is_taken_away_meanwhile_is_not_there(client, between):
    (flu,) = publish(FLU)
    withdraw(flu.pk, by=None, reason="Old")
    between(lambda: Address.objects.filter(slug="flu").delete())
    assert client.get("/flu.html").status_code == 404
