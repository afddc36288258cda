"""Every edition can be found, looked at, compared and restored; and the page of any day."""

from datetime import UTC, datetime
from unittest import mock

import pytest

from topics.models import HealthTopic
from topics.publishing import publish, withdraw

from .desk import pair, url_of

pytestmark = pytest.mark.django_db


def on(day, hour=12):
    """The clock stands at this hour of a day of 2026 (UTC, which is the time zone of the tests)."""
    moment = datetime(2026, *day, hour, tzinfo=UTC)
    return mock.patch("django.utils.timezone.now", return_value=moment)


def retitle(version, title):
    HealthTopic.objects.filter(pk=version.topic_id).update(**{f"title_{version.language}": title})


@pytest.fixture
def english():
    """Live on 10 January, anew on 10 February, withdrawn on 10 March, live again on 10 April."""
    with on((1, 10)):
        version = pair()[0]
    retitle(version, "Belly Pain")
    with on((2, 10)):
        publish(version.pk, by=None)
    with on((3, 10)):
        withdraw(version.pk, by=None, reason="Under <review>")
    with on((4, 10)):
        publish(version.pk, by=None)
    return version


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2026-01-09", "was not public yet"),
        ("2026-01-10", "<h1>Abdominal Pain</h1>"),
        ("2026-02-10&at=11:59", "<h1>Abdominal Pain</h1>"),
        ("2026-02-10&at=12:00", "<h1>Belly Pain</h1>"),
        ("2026-03-15", "readers were told: Under &lt;review&gt;"),
        ("2026-04-10", "edition 3, live since April 10, 2026"),
        ("2999-01-01", "<h1>Belly Pain</h1>"),
    ],
)
def test_the_page_of_a_day_is_the_one_that_was_live_then(client, ana, english, asked, expected):
    page = client.get(url_of(english, "editions/on-date") + f"?on={asked}")
    assert page.status_code == 200
    assert expected in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize(
    "wrong", ["", "?on=", "?on=2026-02-31", "?on=%00", "?on=2026-01-01&at=25:00"]
)
def test_a_day_that_is_none_is_a_sentence(client, ana, english, wrong):
    page = client.get(url_of(english, "editions/on-date") + wrong)
    assert page.status_code == 400
    assert "errorlist" in page.content.decode()


def test_an_old_edition_is_shown_as_it_was_and_says_what_is_of_today(client, ana, english):
    page = client.get(url_of(english, "editions/1")).content.decode()
    assert "<h1>Abdominal Pain</h1>" in page
    assert "those of today" in page
