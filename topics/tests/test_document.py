"""The document: what it keeps, what counts as content, how its digest behaves."""

from dataclasses import replace

from hypothesis import given

from topics.document import Section, TopicDocument, changed_fields

from .documents import ENGLISH, documents


@given(documents("es", 7))
def test_json_keeps_every_document(document):
    assert TopicDocument.from_json(document.to_json()) == document


@given(documents("en", 7))
def test_equal_documents_have_equal_text_and_digest(document):
    copy = TopicDocument.from_json(document.to_json())
    assert copy.to_json() == document.to_json()
    assert copy.content_digest() == document.content_digest()


def test_absent_and_empty_summaries_differ():
    absent, empty = replace(ENGLISH, summary=None), replace(ENGLISH, summary=())
    assert absent.content_digest() != empty.content_digest()
    assert TopicDocument.from_json(absent.to_json()).summary is None
    assert TopicDocument.from_json(empty.to_json()).summary == ()


def test_bindings_are_no_content():
    bound = replace(
        ENGLISH,
        groups=tuple(replace(group, group=5) for group in ENGLISH.groups),
        links=tuple(
            replace(link, resource=9, own=("title",), category_keys=("start-here",))
            for link in ENGLISH.links
        ),
        summary=(
            ENGLISH.summary[0],
            replace(
                ENGLISH.summary[1],
                body='<p>See <a href="https://medlineplus.gov/pain.html" data-topic="351">Pain</a>.</p>',
            ),
        ),
    )
    assert bound.content_digest() == ENGLISH.content_digest()
    assert changed_fields(bound, ENGLISH) == []


def test_changed_fields_are_named():
    after = replace(
        ENGLISH, title="Belly Pain", summary=(*ENGLISH.summary, Section(3, "New", "<p>x</p>"))
    )
    assert changed_fields(ENGLISH, after) == ["title", "summary"]


def test_a_stored_document_of_the_first_version_is_still_read(request):
    stored = (request.path.parent / "fixtures" / "document-version1.json").read_text(
        encoding="utf-8"
    )
    assert TopicDocument.from_json(stored) == ENGLISH
