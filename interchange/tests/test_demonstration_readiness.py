"""The demonstration is fit to publish, and an error in its numbers or its language would be noticed."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from interchange.demonstration import FOLDER
from interchange.xml_record import read
from topics.document import Section, TopicDocument
from topics.readiness import advice, blocking_reasons


@pytest.fixture(scope="module")
def pairs() -> list[tuple[TopicDocument, TopicDocument]]:
    found = []
    for path in sorted(FOLDER.glob("*.xml")):
        with path.open("rb") as stream:
            documents = {record.document.language: record.document for record in read(stream)}
        found.append((documents["en"], documents["es"]))
    return found


def with_body(document: TopicDocument, place: int, body: str) -> TopicDocument:
    summary = list(document.summary)
    summary[place] = replace(summary[place], body=body)
    return replace(document, summary=tuple(summary))


def changed_numbers(section: Section) -> Iterator[str]:
    """The body with each of its numbers in digits multiplied by ten."""
    for digits in re.finditer(r"(?<![\w.,/=\"#-])\d+(?![^<]*>)(?![\w-])", section.body):
        yield f"{section.body[: digits.end()]}0{section.body[digits.end() :]}"


def test_nothing_stands_against_the_demonstration(pairs):
    for english, spanish in pairs:
        for document, other in ((english, spanish), (spanish, english)):
            assert blocking_reasons(document) == []
            assert advice(document, other) == [], document.slug


def test_every_number_that_is_ten_times_too_large_is_told_with_its_section(pairs):
    checked = 0
    for english, spanish in pairs:
        for place, section in enumerate(spanish.summary):
            for body in changed_numbers(section):
                reasons = advice(with_body(spanish, place, body), english)
                assert ("numbers", place) in [(reason.code, reason.section) for reason in reasons]
                checked += 1
    assert checked > 15


def test_a_section_that_was_not_translated_is_told(pairs):
    for english, spanish in pairs:
        for place, section in enumerate(english.summary):
            reasons = advice(with_body(spanish, place, section.body), english)
            assert ("foreign", place) in [(reason.code, reason.section) for reason in reasons]
