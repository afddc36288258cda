"""XML in, XML out, through the database: every record equal, elements, attributes, text, order."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from lxml import etree

from interchange.xml_record import TopicRecord

from . import records
from .importing import give_out, take_in, working
from .trees import html_tree, summaries, trees

FIXTURES = Path(__file__).parent / "fixtures"
SUMMARY = frozenset({"full-summary"})


@st.composite
def files(draw: st.DrawFn, any_summary: bool = False) -> bytes:
    """A few topics, paired or not, in any order."""
    topics = []
    for pair in range(draw(st.integers(1, 3))):
        languages = draw(st.sampled_from([("English",), ("Spanish",), ("English", "Spanish")]))
        for place, language in enumerate(languages):
            number = 10 * pair + 1 + place
            other = 10 * pair + 2 - place if len(languages) == 2 else None
            mapped = other if draw(st.booleans()) else None
            topics.append(
                draw(
                    records.topics(
                        number=number, language=language, mapped=mapped, any_summary=any_summary
                    )
                )
            )
    return records.file_of(*draw(st.permutations(topics)))


def assert_summaries_equal_as_html(before: bytes, after: bytes) -> None:
    old, new = summaries(before), summaries(after)
    for number, text in old.items():
        assert (text is None) == (new[number] is None)
        assert html_tree(new[number] or "") == html_tree(text or "")


class RoundTrip(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(files(any_summary=True))
    def test_every_record_comes_out_as_it_went_in(self, xml):
        report = take_in(xml)
        assert not report.refusals
        assert trees(give_out()) == trees(xml)

    @settings(max_examples=40, deadline=None)
    @given(files())
    def test_without_the_verbatim_summaries_are_equal_as_html(self, xml):
        take_in(xml)
        out = give_out(verbatim=False)
        assert trees(out, without=SUMMARY) == trees(xml, without=SUMMARY)
        assert_summaries_equal_as_html(xml, out)

    @settings(max_examples=40, deadline=None)
    @given(files())
    def test_what_was_exported_changes_nothing_when_it_is_imported(self, xml):
        take_in(xml)
        for verbatim in (True, False):
            report = take_in(give_out(verbatim=verbatim))
            assert set(report.counts().values()) == {0, report.unchanged}

    @settings(max_examples=40, deadline=None)
    @given(files(), files())
    def test_whatever_comes_second_the_topics_say_what_it_says(self, first, second):
        take_in(first)
        report = take_in(second)
        refused = {refusal.number for refusal in report.refusals}
        for record in records.read_all(second):
            assert isinstance(record, TopicRecord)
            if str(record.document.number) not in refused:
                here = working(record.document.number).content_digest()
                assert here == record.document.content_digest()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["current.xml", "generation2012.xml"])
def test_the_realistic_files_come_out_as_they_went_in(name):
    xml = (FIXTURES / name).read_bytes()
    report = take_in(xml)
    assert (report.refusals, report.notes) == ([], [])
    assert report.created == len(trees(xml))
    tidy = tidied(xml)
    assert trees(give_out()) == trees(tidy)
    out = give_out(verbatim=False)
    assert trees(out, without=SUMMARY) == trees(tidy, without=SUMMARY)
    assert_summaries_equal_as_html(xml, out)


def tidied(xml: bytes) -> bytes:
    """The file without the blanks that pretty-printing put into short texts."""
    tree = etree.parse(io.BytesIO(xml))
    for element in tree.iter():
        if isinstance(element.tag, str) and element.tag != "full-summary" and element.text:
            element.text = " ".join(element.text.split())
    return etree.tostring(tree)


@pytest.mark.django_db
def test_both_generations_of_the_format_make_the_same_kind_of_topic():
    take_in((FIXTURES / "generation2012.xml").read_bytes())
    document = working(9101)
    assert document.groups[0].name == "Digestive System"
    assert document.links[1].organizations == ("Institute for Slow Eating and Good Digestion",)
    assert document.meta_description is None
