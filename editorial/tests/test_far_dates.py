"""Dates at the ends of the calendar, which no counting of days may leave: a sentence, never a 500."""

from datetime import date

import pytest

from topics.editions.reviewing import next_due
from topics.models import ScheduledEdition, TopicLanguage

from .desk import edit, pair, url_of
from .test_publication import shown
from .test_topic_list import LIST, choose

pytestmark = pytest.mark.django_db

DAYS = ["0001-01-01", "9999-12-31"]
SENTENCE = "between the years 1900 and 2200"


# Where the first and the last day begin and end outside of the calendar of UTC.
@pytest.fixture(params=["Asia/Tokyo", "America/New_York"])
def zone(request, settings):
    settings.TIME_ZONE = request.param


@pytest.fixture
def english(ana):
    return pair()[0]


@pytest.mark.parametrize("day", DAYS)
def test_what_the_public_saw_on_no_day_of_ours(client, english, zone, day):
    for time in ({}, {"at": "00:00"}):
        page = client.get(url_of(english, "editions/on-date"), {"on": day, **time})
        assert (SENTENCE in page.content.decode()) == (day == "0001-01-01")
        assert page.status_code == (400 if day == "0001-01-01" else 200)


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("time", ["00:00", "23:59"])
def test_nothing_waits_for_a_day_beyond_the_calendar(client, english, zone, day, time):
    due_at = f"{day}T{time}"
    TopicLanguage.objects.filter(pk=english.pk).update(has_changes=True)
    posted = shown(client, english) | {"when": "later", "due_at": due_at}
    answers = [
        client.post(url_of(english, "publish"), posted),
        choose(client, "publish", english.topic, languages=["en"], due_at=due_at),
    ]
    for answer in answers:
        page = answer.content.decode()
        assert SENTENCE in page or "interpreted in time zone" in page
    assert not ScheduledEdition.objects.exists()


@pytest.mark.parametrize("day", DAYS)
def test_no_review_is_beyond_the_calendar(client, english, zone, day):
    assert SENTENCE in edit(client, english, next_review=day).content.decode()
    review = {"edition": 1, "result": "keep", "checked": ["facts"], "role": "editor"}
    for dates in ({"day": day}, {"day": date.today().isoformat(), "next_review": day}):
        response = client.post(url_of(english, "review"), review | dates)
        assert response.status_code == 200
        assert SENTENCE in response.content.decode()
    assert not english.reviews.exists()


@pytest.mark.parametrize("days", ["2147483647", "36526", "99999999999999999999"])
def test_an_interval_between_reviews_is_a_century_at_most(client, english, days):
    response = edit(client, english, review_interval_days=days)
    assert response.status_code == 200
    assert "less than or equal to" in response.content.decode()


@pytest.mark.parametrize("days", [2_147_483_647, 999_999_999, 36_525])
def test_an_interval_that_is_stored_already_ends_with_the_calendar(client, english, days):
    TopicLanguage.objects.filter(pk=english.pk).update(review_interval_days=days)
    assert client.get(url_of(english, "review")).status_code == 200
    english.refresh_from_db()
    assert next_due(date(9999, 12, 30), english) == date.max


def test_a_private_link_works_for_days_that_are_offered(client, english):
    for days in ("0", "-1", "99999999999", "3652059"):
        response = client.post(url_of(english, "preview/share"), {"days": days, "whom": "x"})
        assert response.status_code == 400


@pytest.mark.parametrize("day", DAYS)
def test_lists_by_date_answer(client, english, zone, day):
    reports = "/admin/editorial/problemreport/"
    for address in (
        f"{reports}?sent_at__year={int(day[:4])}",
        f"{reports}?sent_at__year={int(day[:4])}&sent_at__month={day[5:7]}&sent_at__day={day[8:]}",
        f"{reports}?sent_at__gte={day}",
        f"{reports}?sent_at__year=2026&sent_at__month=13&sent_at__day=99",
        f"{reports}?sent_at__year=2026&sent_at__day=x",
        f"/admin/editorial/act/?at__gte={day}",
        f"{LIST}?next_review__lt={day}",
    ):
        assert client.get(address, follow=True).status_code in (200, 400), address
    assert SENTENCE in client.get(f"{reports}?sent_at__year=9999", follow=True).content.decode()
    assert SENTENCE not in client.get(f"{reports}?sent_at__year=2026").content.decode()
