"""Lists of links as HTML: what stands where, and that nothing in them can become markup."""

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.document import Link, TopicDocument
from topics.live import Category
from topics.pages import shown
from topics.pages.link_lists import anchor, link_sections, printable

CATEGORIES = {
    category.key: category
    for category in (
        Category("start-here", {"en": "Start Here", "es": "Comience aquí"}, "basics", 10, True),
        Category("journal-articles", {"en": "Journal Articles", "es": ""}, "research", 20, True),
        Category(
            "encyclopedia", {"en": "Encyclopedia", "es": "Enciclopedia"}, "resources", 15, True
        ),
        Category("hidden", {"en": "Never shown", "es": "Nunca"}, "resources", 5, False),
    )
}


def link(title="Title", url="https://example.org/", *keys, **fields):
    keys = keys or ("start-here",)
    names = tuple(key.title() for key in keys)
    return Link(title, url, fields.pop("mapped_url", None), names, category_keys=keys, **fields)


def html(*links, language="en", ours=None, categories=CATEGORIES):
    stored = TopicDocument(language, 1, "t", "", None, "T", links=links).to_json()
    _document, read = shown.read(stored)
    sections = link_sections(read, categories, language, ours or {})
    return "\n".join(section.html() for section in sections)


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name == "href"]

    def handle_data(self, data):
        self.text += data


def test_a_section_without_a_name_in_this_language_has_the_other_one_marked():
    nameless = Link("Title", "https://example.org/", None, ("",), category_keys=("start-here",))
    english_only = {"start-here": Category("start-here", {"en": "A & B", "es": ""}, "", 1, True)}
    for categories, name in (
        (CATEGORIES, "Comience aquí"),
        (english_only, '<span lang="en">A &amp; B</span>'),
        ({}, "start-here"),
    ):
        written = html(nameless, language="es", categories=categories)
        assert f'<h2 id="cat-start-here">{name}</h2>' in written


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//evil.example.org/",
        "",
        "example.org/no-scheme",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_could_do_harm_is_no_link(address):
    assert anchor(address, "Label") == "Label"
    assert "<a " not in html(link(url=address, mapped_url=address))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("http://example.org/?a=1&b=2", "http://example.org/?a=1&amp;b=2"),
        ("HTTPS://example.org/", "HTTPS://example.org/"),
        ("ftp://example.org/x", "ftp://example.org/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:911", "tel:911"),
        ('https://example.org/"onmouseover="x', "https://example.org/&quot;onmouseover=&quot;x"),
    ],
)
def test_an_outside_address_is_written_as_an_attribute_can_hold_it(address, written):
    assert anchor(escape(address), "Label") == f'<a href="{written}">Label</a>'


def test_a_page_of_this_site_has_its_whole_address_for_paper(settings):
    settings.SITE_URL = "https://health.example.org"
    expected = '<a href="/a.html" data-url="https://health.example.org/a.html">A</a>'
    assert anchor("/a.html", "A") == expected
    assert printable('<p><a href="/a.html">A</a> <a href="https://example.org/">B</a></p>') == (
        f'<p>{expected} <a href="https://example.org/">B</a></p>'
    )


def test_a_link_in_several_sections_stands_in_each_that_is_shown():
    text = html(link("Both", "https://example.org/", "hidden", "start-here", "encyclopedia"))
    assert text.count(">Both</a>") == 2
    assert "Never" not in text


def test_an_address_that_a_page_here_stands_for_leads_to_that_page(settings):
    settings.SITE_URL = "https://health.example.org"
    links = [
        link("Ours", "https://example.org/?a=1&b=2", "start-here", "encyclopedia"),
        link("Theirs", "https://example.org/", mapped_url="https://example.org/es?a=1&b=2"),
    ]
    ours = {
        "https://example.org/?a=1&b=2": "/ours.html",
        "https://example.org/es?a=1&b=2": "/spanish/nuestra.html",
    }
    assert Reader(html(*links, ours=ours)).addresses == [
        "/ours.html",
        "https://example.org/",
        "/spanish/nuestra.html",
        "/ours.html",
    ]
    assert Reader(html(*links)).addresses == [
        "https://example.org/?a=1&b=2",
        "https://example.org/",
        "https://example.org/es?a=1&b=2",
        "https://example.org/?a=1&b=2",
    ]


def test_the_encyclopedia_comes_last_whatever_its_position():
    text = html(
        link("A", "https://example.org/", "encyclopedia"),
        link("B", "https://example.org/", "journal-articles"),
    )
    assert text.index("journal-articles") < text.index("encyclopedia")


def test_a_section_that_is_not_known_here_is_shown_as_the_record_names_it():
    record = Link("T", "https://example.org/", None, ("Something <New>",))
    text = html(record)
    assert ">Something &lt;New&gt;</h2>" in text


def test_a_section_without_a_name_in_this_language_has_the_name_of_the_record():
    text = html(link("T", "https://example.org/", "journal-articles"), language="es")
    assert ">Journal-Articles</h2>" in text


@given(
    title=st.text(max_size=30),
    url=st.text(max_size=30) | st.text(max_size=20).map("https://example.org/{}".format),
    organization=st.text(max_size=20),
    tag=st.text(max_size=20),
)
def test_nothing_a_link_holds_becomes_markup(title, url, organization, tag):
    text = html(
        link(title, url, mapped_url=url, organizations=(organization,), descriptions=(tag,))
    )
    seen = Reader(text)
    assert set(seen.tags) <= {"section", "h2", "ul", "li", "a", "span"}
    assert all(
        address.lower().startswith(("https://", "http://", "ftp://", "mailto:", "tel:", "/"))
        for address in seen.addresses
    )
    # A parser reads line ends and NUL in its own way; the rest must come out as it went in.
    if title.isprintable():
        assert title in seen.text
