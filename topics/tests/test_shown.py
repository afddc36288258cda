"""A document as its page reads it says the same as the document, with the links' texts as HTML."""

from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from topics.document import Link, TopicDocument
from topics.pages import shown

TEXTS = st.text(max_size=30) | st.text(alphabet="\\\"'&<>a\n\x00 é😀", max_size=12)


@given(title=TEXTS, url=TEXTS, tags=st.lists(TEXTS, max_size=3).map(tuple))
def test_the_texts_of_links_are_exactly_their_escaped_selves(title, url, tags):
    link = Link(title, url, url, ("A",), organizations=tags, descriptions=tags)
    document = TopicDocument("en", 1, "t", "", None, title, links=(link,))
    read, _lines = shown.read(document.to_json())
    (one,) = shown.read_links(read)
    assert read.title == title
    for written, text in zip(
        (one.title, one.url, one.mapped_url, *one.organizations, *one.descriptions),
        (title, url, url, *tags, *tags),
        strict=True,
    ):
        assert unescape(written) == unescape(escape(text))
        assert not set(written) & set("<>\"'")
        assert "&" not in written.replace("&amp;", "").replace("&lt;", "").replace(
            "&gt;", ""
        ).replace("&quot;", "").replace("&#x27;", "").replace("&#92;", "")


def test_a_document_without_links_has_none():
    assert shown.read(TopicDocument("en", 1, "t", "", None, "T").to_json())[1].sections == {}
