"""Invented records: any combination of optional elements, any Unicode that XML allows."""

import io
from datetime import date

from hypothesis import strategies as st
from lxml import etree

from interchange.xml_reader import Refusal
from interchange.xml_record import TopicRecord, read

LINE_BREAKS = "\n"
FORBIDDEN = [chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"] + ["\ufffe", "\uffff"]


def characters(*, but: str = "") -> st.SearchStrategy[str]:
    return st.characters(exclude_categories=["Cs"], exclude_characters=[*FORBIDDEN, *but])


# A line break in a short text means pretty-printing, so that it does not survive; see `text`.
names = st.text(characters(but=LINE_BREAKS), min_size=1, max_size=30).filter(str.strip)
anything = st.text(characters(), max_size=60)
numbers = st.integers(1, 1_499_999_999)
addresses = st.builds(
    "https://example.org/{}".format, st.text(characters(but="\n\r\t"), max_size=20)
)
optional_addresses = st.none() | addresses
dates = st.dates(min_value=date(1900, 1, 1))

plain = st.text(st.sampled_from("abc é ñ&<>\"'\u00a0"), min_size=1, max_size=12)
words = plain.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
inline = st.recursive(
    words,
    lambda inner: st.one_of(
        inner.map("<strong>{}</strong>".format),
        inner.map("<em>{}</em>".format),
        words.map('<a href="https://example.org/topic.html">{}</a>'.format),
        st.tuples(inner, inner).map("<br>".join),
    ),
    max_leaves=4,
)
blocks = st.one_of(
    inline.map("<p>{}</p>".format),
    inline,
    st.lists(inline, min_size=1, max_size=3).map(
        lambda items: "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    ),
    inline.map("<h3>{}</h3>".format),
    inline.map("<h2>{}</h2>".format),
    inline.map("<table><tr><th>{}</th></tr></table>".format),
)


@st.composite
def summaries(draw: st.DrawFn) -> str:
    parts = draw(st.lists(blocks, max_size=5))
    if draw(st.booleans()):
        parts.append(f'<p class="">{draw(words)}</p>')
    return draw(st.sampled_from(["", "\n", "\n\n "])).join(parts)


def child(parent: etree._Element, tag: str, text: str | None = None, **attributes: object) -> None:
    element = etree.SubElement(parent, tag)
    element.text = text
    for name, value in attributes.items():
        if value is not None:
            element.set(name.replace("_", "-"), str(value))


@st.composite
def topics(
    draw: st.DrawFn,
    *,
    number: int = 1,
    language: str = "English",
    mapped: int | None = None,
    any_summary: bool = False,
) -> etree._Element:
    """One health-topic element in the order of the format."""
    topic = etree.Element("health-topic")
    description = draw(st.none() | anything)
    if description is not None:
        topic.set("meta-desc", description)
    topic.set("title", draw(names))
    topic.set("url", f"https://medlineplus.gov/topic{number}.html")
    topic.set("id", str(number))
    topic.set("language", language)
    if draw(st.booleans()):
        topic.set("date-created", f"{draw(dates):%m/%d/%Y}")
    for name in draw(st.lists(names, max_size=2)):
        child(topic, "also-called", name)
    summary = draw(st.none() | (anything if any_summary else summaries()))
    if summary is not None:
        child(topic, "full-summary", summary)
    add_groups(draw, topic)
    if mapped is not None:
        other = "Spanish" if language == "English" else "English"
        child(
            topic,
            "language-mapped-topic",
            draw(names),
            url=draw(addresses),
            id=mapped,
            language=other,
        )
    add_vocabulary(draw, topic)
    if draw(st.booleans()):
        child(topic, "primary-institute", draw(names), url=draw(optional_addresses))
    for title in draw(st.lists(names, max_size=3)):
        child(topic, "related-topic", title, url=draw(addresses), id=draw(numbers))
    for name in draw(st.lists(names, max_size=2)):
        child(topic, "see-reference", name)
    for _ in range(draw(st.integers(0, 4))):
        add_site(draw, topic)
    return topic


def add_groups(draw: st.DrawFn, topic: etree._Element) -> None:
    for group in draw(st.lists(st.integers(1, 6), max_size=3, unique=True)):
        address = draw(st.none() | st.just(f"https://medlineplus.gov/group{group}.html"))
        child(topic, "group", f"{draw(names)} {group}", url=address, id=group)


def add_vocabulary(draw: st.DrawFn, topic: etree._Element) -> None:
    for _ in range(draw(st.integers(0, 2))):
        heading = etree.SubElement(topic, "mesh-heading")
        child(heading, "descriptor", draw(names), id=draw(st.sampled_from([None, "", "D007945"])))
        for qualifier in draw(st.lists(names, max_size=2)):
            child(heading, "qualifier", qualifier, id="Q000150")
    for name in draw(st.lists(names, max_size=2)):
        child(
            topic,
            "other-language",
            name,
            vernacular_name=draw(st.none() | names),
            url=draw(addresses),
        )


CATEGORIES = [
    "Start Here",
    "Encyclopedia",
    "Comience aquí",
    "Spanish/Español",
    "A section never seen",
]
# Few addresses, so that links meet each other and disagree.
shared_addresses = st.sampled_from([f"https://example.org/{name}" for name in "abcdef"])


def add_site(draw: st.DrawFn, topic: etree._Element) -> None:
    site = etree.SubElement(topic, "site")
    site.set("title", draw(names))
    site.set("url", draw(shared_addresses | addresses))
    mapped = draw(st.none() | shared_addresses)
    if mapped is not None:
        site.set("language-mapped-url", mapped)
    for category in draw(st.permutations(CATEGORIES))[: draw(st.integers(0, 3))]:
        child(site, "information-category", category)
    for name in draw(
        st.lists(st.sampled_from(["NIH", "A society", "Una sociedad"]) | names, max_size=2)
    ):
        child(site, "organization", name)
    for name in draw(st.lists(st.sampled_from(["PDF", "Video"]), max_size=2)):
        child(site, "standard-description", name)


def file_of(*topics: etree._Element | str, doctype: str = "") -> bytes:
    """A file around topics, given as elements or as text."""
    inner = b"\n".join(
        topic.encode() if isinstance(topic, str) else etree.tostring(topic, encoding="utf-8")
        for topic in topics
    )
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + doctype.encode()
        + b'<health-topics total="%d" date-generated="10/02/2026 02:30:33">\n' % len(topics)
        + inner
        + b"\n</health-topics>"
    )


def topic(
    number: object = 1,
    title: str = "Anemia",
    inner: str = "",
    *,
    slug: str | None = None,
    **attributes: str,
) -> str:
    """A small record as text; attributes given replace those that it would have."""
    slug = slug or title.lower().replace(" ", "")
    values = {
        "title": title,
        "url": f"https://medlineplus.gov/{slug}.html",
        "id": str(number),
        "language": "English",
    } | attributes
    written = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in values.items())
    return f"<health-topic{written}>{inner}</health-topic>"


def read_all(xml: bytes) -> list[object]:
    return list(read(io.BytesIO(xml)))


def only_record(xml: bytes) -> TopicRecord:
    (found,) = read_all(xml)
    assert isinstance(found, TopicRecord), found
    return found


def only_refusal(xml: bytes) -> Refusal:
    (found,) = read_all(xml)
    assert isinstance(found, Refusal), found
    return found
