"""What was read is written again: without a database."""

import io
from datetime import datetime

from hypothesis import given, settings
from lxml import etree

from interchange.xml_record import TopicRecord, summary_text
from interchange.xml_writer import topic_element, write

from . import records
from .trees import html_tree, summaries, tree

# The first example of a run pays for imports, so no deadline for one.
settings.register_profile("round trip", deadline=None)
settings.load_profile("round trip")


@given(records.topics(any_summary=True))
def test_every_record_is_written_as_it_was_read(topic):
    record = records.only_record(records.file_of(topic))
    written = topic_element(record.document, summary_text(etree.fromstring(record.verbatim)))
    assert tree(written) == tree(topic)


@given(records.topics(any_summary=True))
def test_a_document_written_and_read_is_the_same_document(topic):
    document = records.only_record(records.file_of(topic)).document.unbound()
    out = io.BytesIO()
    write(out, [(document, None)], total=1, generated=datetime(2026, 10, 2))
    assert records.only_record(out.getvalue()).document == document


@given(records.topics())
def test_a_summary_of_known_elements_is_the_same_html_after_a_round_trip(topic):
    record = records.only_record(records.file_of(topic))
    assert not record.notes
    before = topic.findtext("full-summary")
    after = topic_element(record.document).findtext("full-summary")
    assert (before is None) == (after is None)
    if before is not None:
        assert html_tree(after) == html_tree(before)


@given(records.topics(), records.topics())
def test_the_digest_tells_records_apart_and_nothing_else(one, other):
    first, second = (records.only_record(records.file_of(topic)) for topic in (one, other))
    assert (first.digest == second.digest) == (tree(one) == tree(other))
    indented = records.file_of("", one, "")
    assert [f.digest for f in records.read_all(indented) if isinstance(f, TopicRecord)] == [
        first.digest
    ]


def test_the_file_has_the_prolog_and_the_attributes_of_the_format():
    document = records.only_record(
        records.file_of(records.topic(7, inner="<full-summary>A &amp;lt; B</full-summary>"))
    ).document
    out = io.BytesIO()
    write(out, [(document, None)], total=1, generated=datetime(2026, 10, 2, 2, 30, 33))
    lines = out.getvalue().decode().splitlines()
    assert lines[1] == (
        '<!DOCTYPE health-topics PUBLIC "-//NLM//DTD health-topics //EN" '
        '"https://medlineplus.gov/xml/mplus_topics.dtd">'
    )
    assert lines[2] == '<health-topics total="1" date-generated="10/02/2026 02:30:33">'
    assert lines[3] == (
        '<health-topic title="Anemia" url="https://medlineplus.gov/anemia.html" id="7" '
        'language="English"><full-summary>A &amp;lt; B</full-summary></health-topic>'
    )
    assert summaries(out.getvalue()) == {"7": "A &lt; B"}


def test_characters_that_no_xml_may_hold_are_left_out_of_the_file():
    record = records.only_record(records.file_of(records.topic(7)))
    element = topic_element(record.document, "one\x0btwo\ufffe")
    assert element.findtext("full-summary") == "onetwo"
