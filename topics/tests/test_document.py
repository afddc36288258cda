"""The document: what it keeps, what counts as content, how its digest behaves."""

import json
from dataclasses import replace

from hypothesis import given

from topics.document import Image, Section, TopicDocument, changed_fields

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


def test_a_picture_of_the_first_version_was_never_shown_and_is_left_out(request):
    stored = (request.path.parent / "fixtures" / "document-version1.json").read_text(
        encoding="utf-8"
    )
    named = {"name": "topics/x.jpg", "width": 1, "height": 1, "alt": "x"}
    text = json.dumps(json.loads(stored) | {"image": named})
    assert TopicDocument.from_json(text) == ENGLISH


def test_a_stored_document_of_the_second_version_is_read_with_its_picture(request):
    stored = (request.path.parent / "fixtures" / "document-version2.json").read_text(
        encoding="utf-8"
    )
    picture = Image(
        name="0123456789abcdef0123456789abcdef",
        width=1600,
        height=900,
        alt="A hand",
        widths=(320, 640, 960, 1280),
        credit="A Photographer",
        license="CC BY 4.0",
    )
    assert TopicDocument.from_json(stored) == replace(ENGLISH, image=picture)
