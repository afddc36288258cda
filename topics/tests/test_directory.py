"""What pages refer to is held by the process, and is never older than the last change."""

from dataclasses import replace

import pytest

from topics import live
from topics.live.directory import directory
from topics.models import Origin, TopicLanguage
from topics.publishing import Publication, append_editions, withdraw
from topics.site import bump_generation

from .public import plain, publish

pytestmark = pytest.mark.django_db

FLU = plain("Flu", 12)
COLD = plain("Cold", 13)


def mark():
    return live.find("en", "flu").mark


def test_a_change_of_a_title_is_seen_by_the_next_reader():
    publish(FLU)
    publish(COLD)
    assert directory(mark()).by_number[13].title == "Cold"
    renamed = replace(COLD, title="Common Cold")
    append_editions(
        [Publication(TopicLanguage.objects.get(number=13), renamed)], by=None, origin=Origin.HUMAN
    )
    assert directory(mark()).by_number[13].title == "Common Cold"


def test_a_withdrawn_topic_has_no_title_for_the_next_reader():
    publish(FLU)
    publish(COLD)
    directory(mark())
    withdraw(TopicLanguage.objects.get(number=13).pk, by=None, reason="Wrong.")
    gone = directory(mark()).by_number[13]
    assert gone.title is None
    assert gone.withdrawn


def test_a_refresh_makes_nobody_read_everything_again(django_assert_num_queries):
    publish(FLU)
    publish(COLD)
    directory(before := mark())
    one = TopicLanguage.objects.get(number=13)
    append_editions([Publication(one, COLD)], by=None, origin=Origin.REFRESH)
    assert mark() == before
    with django_assert_num_queries(0):
        directory(before)


def test_every_other_change_makes_a_mark_that_never_was_before():
    publish(FLU)
    marks = {mark()}
    for _ in range(5):
        bump_generation()
        marks.add(mark())
    assert len(marks) == 6


def test_reading_everything_costs_two_queries_whatever_there_is(django_assert_num_queries):
    publish(FLU)
    seen = mark()
    with django_assert_num_queries(2):
        directory(seen)
    for number in range(30):
        publish(plain(f"Topic{number}", 100 + number))
    seen = mark()
    with django_assert_num_queries(2):
        assert len(directory(seen).by_number) == 31
