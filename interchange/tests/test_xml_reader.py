"""What the reader takes in, repairs, refuses and says about it."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources.models
from interchange import xml_reader
from interchange.xml_prolog import FileRefused, read_header
from interchange.xml_reader import Note, Refusal, scan
from interchange.xml_record import TopicRecord
from topics import models
from topics.document import GroupReference, Link, Reference

from .records import file_of, only_record, only_refusal, read_all, topic

DOCTYPE = (
    '<!DOCTYPE health-topics PUBLIC "-//NLM//DTD health-topics //EN" '
    '"https://medlineplus.gov/xml/mplus_topics.dtd">'
)


def refused(xml: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read_all(xml)
    return str(caught.value)


# --- Files that cannot be used ----------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"Dear colleague,", b"\x00\x01\x02", b"PK\x03\x04 a zip"])
def test_what_is_not_xml_is_refused(content):
    assert "not an XML file" in refused(content)


def test_another_root_is_refused_by_name():
    assert "“rss”" in refused(b"<rss><channel/></rss>")


def test_the_format_before_june_2012_is_named():
    assert "before June 2012" in refused(b'<MedicalTopics total="1"/>')


def test_a_file_that_breaks_off_is_refused_wherever_it_breaks():
    whole = file_of(
        topic(1, "Anemia", "<also-called>Tired blood</also-called>"), topic(2, "Asthma")
    )
    for end in range(whole.index(b"<health-topic "), len(whole) - 1):
        assert "breaks off" in refused(whole[:end]), whole[:end]


def test_a_file_damaged_in_the_middle_says_on_which_line():
    text = refused(file_of(topic(1), "<health-topic></wrong>"))
    assert "line 4" in text and "well-formed" in text


def test_a_file_without_a_doctype_that_uses_names_of_html_is_refused_with_the_line():
    xml = file_of(topic(1, "Tea"), topic(2, "Caf&eacute;"), doctype="")
    line = xml[: xml.index(b"&eacute;")].count(b"\n") + 1
    assert f"Line {line} uses &eacute;, a character name that XML does not know." in refused(xml)


def test_entity_bombs_are_refused_before_they_grow():
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    lines = ['<!ENTITY a "aaaaaaaaaa">'] + [
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairs
    ]
    doctype = f"<!DOCTYPE health-topics [{''.join(lines)}]>"
    assert "internal DTD subset" in refused(file_of(topic(1, "&i;"), doctype=doctype))


@pytest.mark.parametrize(
    "subset",
    [
        "",
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;',
        '<!ATTLIST health-topic title CDATA "Anemia">',
    ],
)
def test_any_internal_subset_is_refused(subset):
    doctype = f"<!DOCTYPE health-topics [{subset}]>"
    assert "internal DTD subset" in refused(file_of(topic(), doctype=doctype))


def test_the_doctype_of_real_files_is_welcome_and_never_fetched():
    assert only_record(file_of(topic(), doctype=DOCTYPE)).document.title == "Anemia"


def test_a_character_name_that_xml_does_not_know_refuses_the_record():
    record = topic(1, inner="<also-called>a&nbsp;b</also-called>")
    refusal = only_refusal(file_of(record, doctype=DOCTYPE))
    assert "&nbsp;, a character name" in refusal.reason
    assert "uses &nbsp;, a character name" in refused(file_of(record))
    # With the doctype that is no reason for what is wrong with the file.
    assert "breaks off" in refused(file_of(record, topic(2), topic(3), doctype=DOCTYPE)[:-200])


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
@pytest.mark.parametrize("odd", [0, 1, 249, 499])
def test_such_a_name_in_an_attribute_refuses_that_record_and_no_other(odd, encoding):
    records = [topic(number, f"Topic {number}") for number in range(1, 501)]
    records[odd] = topic(odd + 1, "Caf&eacute; disease", slug="cafe")
    xml = file_of(*records, doctype=DOCTYPE).replace(b">\n<", b"><").decode()
    found = read_all(xml.replace("UTF-8", encoding).encode(encoding))
    assert [isinstance(one, Refusal) for one in found] == [n == odd for n in range(500)]
    assert "character name that XML does not know (Entity 'eacute'" in found[odd].reason


def test_such_a_name_in_an_attribute_inside_a_record_refuses_it():
    link = '<site title="caf&eacute;" url="https://x.org"/>'
    first, second = read_all(file_of(topic(1, inner=link), topic(2, "Asthma"), doctype=DOCTYPE))
    assert "eacute" in first.reason
    assert second.document.title == "Asthma"


def test_endless_nesting_is_refused():
    assert "levels deep" in refused(b"<health-topics>" + b"<a>" * 100_000)


def test_a_gigantic_record_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(xml_reader, "RECORD_MAX_BYTES", 200_000)
    assert "longer than" in refused(
        file_of(topic(1, inner="<also-called>x</also-called>" * 20_000))
    )
    many = [topic(number, f"Topic {number}", "x" * 50_000) for number in range(1, 20)]
    assert len(read_all(file_of(*many))) == 19


def test_a_gigantic_text_is_refused():
    huge = file_of(topic(1, inner=f"<full-summary>{'x' * 11_000_000}</full-summary>"))
    assert "more than 10 MB" in refused(huge)


def test_a_wrong_encoding_is_refused_with_its_line():
    latin = file_of(topic(1), topic(2, "Niños")).decode().encode("latin-1")
    assert "Line 4" in refused(latin) and "UTF-8" in refused(latin)


@pytest.mark.parametrize(
    "name", ["foo", "rot13", "shift_jis", "utf-7", "idna", "punycode", "hex", "cp037", "EUC-KR"]
)
def test_an_encoding_that_cannot_be_read_is_refused(name):
    xml = file_of(topic(1, "Niños", slug="ninos")).replace(b"UTF-8", name.encode())
    assert "encoding" in refused(xml) or "not an XML file" in refused(xml)


def test_a_prolog_without_end_is_refused():
    assert "no topic list begins" in refused(b"<!--" + b"x" * 2_000_000 + b"--><health-topics/>")


@given(st.integers(0, 2_000), st.binary(max_size=12), st.sampled_from(["replace", "insert", "cut"]))
def test_damage_anywhere_is_a_sentence_or_a_record_and_never_an_accident(place, damage, how):
    whole = file_of(topic(1, inner="<full-summary>&lt;p>x&lt;/p></full-summary>"), doctype=DOCTYPE)
    place %= len(whole)
    rest = {"replace": place + len(damage), "insert": place, "cut": len(whole)}[how]
    try:
        found = read_all(whole[:place] + damage + whole[rest:])
    except FileRefused as refusal:
        assert str(refusal).endswith(".")
    else:
        assert all(isinstance(one, TopicRecord | Refusal | Note) for one in found)


def test_an_encoding_that_is_declared_is_respected():
    text = file_of(topic(1, "Niños", slug="ninos")).decode().replace("UTF-8", "ISO-8859-1")
    assert only_record(text.encode("latin-1")).document.title == "Niños"


def test_the_header_says_how_many_and_when():
    header = read_header(io.BytesIO(file_of(topic())))
    assert (header.total, header.date_generated) == ("1", "10/02/2026 02:30:33")


# --- Records that cannot be used --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (topic("", "Anemia"), "has no id"),
        (topic("T12", "Anemia"), "is not a number"),
        (topic("0", "Anemia"), "is not a number"),
        (topic("-3", "Anemia"), "is not a number"),
        (topic("1500000000", "Anemia"), "is not a number between 1 and 1,499,999,999"),
        (topic(1, language="French"), "“French” is neither English nor Spanish"),
        (
            '<health-topic id="1" title="A" url="https://x.org/a.html"/>',
            "does not say its language",
        ),
        (topic(1, title=" "), "has no title"),
        (topic(1, "x" * 10_000, slug="x"), "10,000 characters"),
        (topic(1, url=""), "has no address"),
        (topic(1, url="anemia.html"), "does not begin with https://"),
        (topic(1, url="javascript:alert(1)"), "does not begin with https://"),
        (topic(1, url="https://[x/anemia.html"), "“https://[x/anemia.html” is no web address"),
        (topic(1, inner='<site title="A" url="//[x"/>'), "“//[x” of <site> is no web address"),
        (topic(1, inner='<site title="A" url="https://[x"/>'), "of <site> is no web address"),
        (topic(1, url="https://x.org/" + "a" * 3000), "characters"),
        (topic(1, url="https://x.org/healthtopics_a.html"), "list of topics"),
        (topic(1, url=f"https://x.org/{'a' * 201}.html"), "longer than 200"),
        (topic(1, "Ñ", url="https://x.org/"), "No page address"),
        (topic(1, inner='<site title="A" url="javascript:alert(1)"/>'), "“javascript:”"),
        (topic(1, inner='<site title="A" url=" java&#10;script:alert(1)"/>'), "“javascript:”"),
        (topic(1, inner='<site title="A" url="data:text/html,x"/>'), "“data:”"),
        (topic(1, inner='<group url="vbscript:x" id="1">G</group>'), "“vbscript:”"),
        (topic(1, inner=f"<also-called>{'x' * 301}</also-called>"), "301 characters"),
        (topic(1, inner=f'<site title="{"x" * 301}" url="https://x.org"/>'), "301 characters"),
        (topic(1, inner=f"<full-summary>{'x' * 1_000_001}</full-summary>"), "1,000,001 characters"),
        (topic(1, inner='<site title="A" url="https://x.org"/>' * 5_001), "5,001 links"),
    ],
)
def test_a_record_without_what_must_be_known_is_refused_with_a_reason(record, reason):
    refusal = only_refusal(file_of(record))
    assert reason in refusal.reason
    assert refusal.line == 3


def test_the_second_of_two_records_with_one_id_is_refused():
    first, second = read_all(file_of(topic(7, "Anemia"), topic(7, "Asthma")))
    assert first.document.title == "Anemia"
    assert second == Refusal(4, "7", "The id 7 is used twice; the record on line 3 was taken.")


def test_the_second_of_two_records_with_one_address_is_refused():
    _first, second = read_all(file_of(topic(7), topic(8)))
    assert "“anemia.html” is also that of topic 7 on line 3" in second.reason


def test_the_two_languages_have_addresses_of_their_own():
    pair = file_of(
        topic(7), topic(8, language="Spanish", url="https://medlineplus.gov/spanish/anemia.html")
    )
    assert [record.document.slug for record in read_all(pair)] == ["anemia", "anemia"]


def test_the_limits_of_the_reader_are_those_of_the_models():
    assert xml_reader.NUMBERS_END == models.LOCAL_NUMBER_BASE
    assert xml_reader.TITLE_MAX_LENGTH == resources.models.TITLE_MAX_LENGTH
    assert xml_reader.ADDRESS_MAX_LENGTH == resources.models.ADDRESS_MAX_LENGTH
    assert models.TopicLanguage._meta.get_field("slug").max_length == xml_reader.SLUG_MAX_LENGTH


def test_line_numbers_are_right_far_into_the_file():
    xml = file_of(topic(1), "\n" * 70_000, topic("x"))
    assert abs(read_all(xml)[-1].line - 70_005) <= 1  # the parser counts exactly to 65,535 only


# --- Tolerance --------------------------------------------------------------------------------------


def test_texts_of_the_2012_generation_lose_the_blanks_of_pretty_printing():
    document = only_record(
        file_of(
            topic(
                1,
                inner="""
    <group url="https://x.org/symptoms.html" id="31">
      Symptoms
    </group>
    <language-mapped-topic url="https://x.org/spanish/anemia.html" id="2"
        language="Spanish">Anemia
      por falta
    </language-mapped-topic>
    <site title="A" url="https://x.org/a"><organization>Mayo
      Foundation
    </organization></site>""",
            )
        )
    ).document
    assert document.groups == (GroupReference(31, "Symptoms", "https://x.org/symptoms.html"),)
    assert document.mapped == Reference(
        2, "Anemia por falta", "https://x.org/spanish/anemia.html", "es"
    )
    assert document.links == (Link("A", "https://x.org/a", None, (), ("Mayo Foundation",)),)


def test_a_text_on_one_line_is_kept_as_it_is():
    document = only_record(file_of(topic(1, inner="<also-called> A  B </also-called>"))).document
    assert document.also_called == (" A  B ",)


@pytest.mark.parametrize(
    ("url", "title", "slug"),
    [
        ("https://medlineplus.gov/spanish/anemia.html", "x", "anemia"),
        ("http://www.nlm.nih.gov/medlineplus/abdominalpain.html", "x", "abdominalpain"),
        ("https://medlineplus.gov/COVID-19_Vaccines.htm", "x", "covid-19_vaccines"),
        ("https://medlineplus.gov/ni%C3%B1os.html?x=1", "x", "nios"),
        ("https://medlineplus.gov/", "Crohn's Disease", "crohnsdisease"),
    ],
)
def test_the_slug_is_the_last_part_of_the_address_else_the_title(url, title, slug):
    assert only_record(file_of(topic(1, title, url=url))).document.slug == slug


def test_absent_and_empty_are_two_things():
    absent = only_record(file_of(topic())).document
    empty = only_record(file_of(topic(meta_desc="", inner="<full-summary/>"))).document
    assert (absent.meta_description, absent.summary, absent.date_created) == (None, None, None)
    assert (empty.meta_description, empty.summary, empty.attribution) == ("", (), None)


def test_the_order_of_everything_is_kept():
    inner = "".join(f"<also-called>{name}</also-called>" for name in "cab") + "".join(
        f'<site title="{title}" url="https://x.org/{title}">'
        "<information-category>Patient Handouts</information-category>"
        "<information-category>Encyclopedia</information-category></site>"
        for title in "zay"
    )
    document = only_record(file_of(topic(inner=inner))).document
    assert document.also_called == ("c", "a", "b")
    assert [link.title for link in document.links] == ["z", "a", "y"]
    assert document.links[0].categories == ("Patient Handouts", "Encyclopedia")


def test_dates_are_read_in_the_american_order():
    assert only_record(file_of(topic(date_created="01/07/2003"))).document.date_created == date(
        2003, 1, 7
    )


def test_html_in_a_cdata_section_is_html():
    inner = "<full-summary><![CDATA[<p>Iron &amp; rest</p>]]></full-summary>"
    assert (
        only_record(file_of(topic(inner=inner))).document.summary[0].body
        == "<p>Iron &amp; rest</p>"
    )


def test_a_link_inside_a_summary_that_could_run_becomes_text_with_a_note():
    inner = '<full-summary>&lt;p>&lt;a href="javascript:x()">here&lt;/a>&lt;/p></full-summary>'
    record = only_record(file_of(topic(inner=inner)))
    assert record.document.summary[0].body == "<p>here</p>"
    assert any("became plain text" in note for note in record.notes)


def test_a_number_beside_a_link_binds_it_to_the_topic():
    inner = '<full-summary>&lt;a href="asthma.html" tid="12">x&lt;/a></full-summary>'
    body = only_record(file_of(topic(inner=inner))).document.summary[0].body
    assert body == '<a href="https://medlineplus.gov/asthma.html" data-topic="12">x</a>'


# --- Notes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "note"),
    [
        (topic(reviewed="yes"), "attribute “reviewed” of <health-topic>"),
        (topic(inner="<video>x</video>"), "element <video> inside <health-topic>"),
        (
            topic(inner='<site title="A" url="https://x.org"><tag/></site>'),
            "element <tag> inside <site>",
        ),
        (topic(inner='<group kind="a" id="1">A</group>'), "attribute “kind” of <group>"),
        (topic(inner="stray"), "Text directly inside <health-topic>"),
        (
            topic(inner="<see-reference>A</see-reference><also-called>B</also-called>"),
            "another order",
        ),
        (topic(inner="<also-called><b>A</b></also-called>"), "became plain text"),
        (topic(inner="<also-called> </also-called>"), "An empty <also-called>"),
        (topic(inner="<full-summary/><full-summary/>"), "A second <full-summary>"),
        (topic(inner="<full-summary><p>A</p></full-summary>"), "not escaped"),
        (topic(inner='<group id="1">A</group><group id="1">A</group>'), "named twice"),
        (topic(inner='<group id="1">A</group><group>A</group>'), "named twice"),
        (
            topic(
                inner='<group url="https://x.org/a.html" id="1">A</group>'
                '<group url="http://y.org/es/a.html">B</group>'
            ),
            "“B” is named twice",
        ),
        (topic(inner='<group id="1"> </group>'), "An empty <group>"),
        (topic(inner='<group id="x">A</group>'), "The id “x” of <group>"),
        (topic(inner='<related-topic url="https://x.org">A</related-topic>'), "has no id"),
        (topic(inner='<related-topic url="">A</related-topic>'), "neither id nor address"),
        (topic(inner='<related-topic url="" id="2">A</related-topic>'), "The empty url"),
        (
            topic(inner='<site title="A" url="https://x.org" language-mapped-url=""/>'),
            "The empty language-mapped-url of <site>",
        ),
        (
            topic(
                inner='<site title="A" url="https://x.org"><organization>B</organization>'
                "<information-category>C</information-category></site>"
            ),
            "The elements of <site> stand in another order",
        ),
        (
            topic(
                inner='<site title="A" url="https://x.org"><organization><b>B</b></organization>'
                "</site>"
            ),
            "deep inside <site>",
        ),
        (topic("0061"), "The id “0061” of <health-topic> is written “61”"),
        (topic(inner='<group id=" 012 ">A</group>'), "The id “ 012 ” of <group> is written “12”"),
        (topic(url=" https://x.org/a.html"), "The url “ https://x.org/a.html” of <health-topic>"),
        (topic(language="English "), "The language “English ” of <health-topic>"),
        (topic(date_created="6/1/2012"), "“6/1/2012” of <health-topic> is written “06/01/2012”"),
        (
            topic(
                inner='<language-mapped-topic id="2" language="English">A</language-mapped-topic>'
            ),
            "mapped",
        ),
        (topic(inner='<site title="" url="https://x.org"/>'), "without title or address"),
        (
            topic(inner='<site title="A" url="a/b.html"/>'),
            "completed to https://medlineplus.gov/a/b.html",
        ),
        (topic(inner="<mesh-heading/>"), "0 descriptors"),
        (
            topic(inner="<primary-institute>A</primary-institute>" * 2),
            "A second <primary-institute>",
        ),
        (topic(date_created="2003-01-07"), "is not a date"),
    ],
)
def test_what_is_odd_is_noted_and_the_record_taken(record, note):
    assert any(note in said for said in only_record(file_of(record)).notes)


@pytest.mark.parametrize("number", ["1500000000", "1500000007", "2147483648", "9999999999"])
def test_numbers_of_another_installation_mean_nothing_here(number):
    url = "https://health.example.org/a.html"
    record = only_record(
        file_of(
            topic(
                inner=f'<group id="{number}">Blood</group>'
                f'<language-mapped-topic url="{url}" id="{number}" language="Spanish">A'
                "</language-mapped-topic>"
                f'<related-topic url="{url}" id="{number}">B</related-topic>'
                f'<related-topic id="{number}">C</related-topic>'
            )
        )
    )
    assert record.document.groups == (GroupReference(None, "Blood", None),)
    assert record.document.mapped == Reference(None, "A", url, "es")
    assert record.document.related == (Reference(None, "B", url),)
    for tag in ("group", "language-mapped-topic", "related-topic"):
        assert any(f"of <{tag}> was given by another installation" in n for n in record.notes)
    assert any("“C” has neither id nor address" in note for note in record.notes)


def test_what_stands_between_the_topics_is_noted():
    found = read_all(
        file_of("<extra/>", topic(1), "loose text", topic(2, "Asthma"), "<extra/>tail")
    )
    assert [type(one) for one in found] == [Note, TopicRecord, Note, TopicRecord, Note, Note]


def test_html_that_was_not_escaped_is_read_as_html():
    inner = "<full-summary>One <b>two</b> <p>three</p></full-summary>"
    assert "<p>three</p>" in only_record(file_of(topic(inner=inner))).document.summary[0].body


def test_comments_and_instructions_do_not_cut_a_text():
    inner = "<also-called>one<!-- two --><?three?>four</also-called>"
    assert only_record(file_of(topic(inner=inner))).document.also_called == ("onefour",)


def test_a_topic_inside_a_topic_is_not_a_topic():
    record = only_record(file_of(topic(1, inner=topic(2, "Asthma"))))
    assert record.document.number == 1
    assert any("<health-topic> inside <health-topic>" in note for note in record.notes)


def test_scanning_keeps_no_record_in_memory():
    many = file_of(*(topic(number, f"Topic {number}") for number in range(1, 2_000)))
    seen = [found.number for found in scan(io.BytesIO(many))]
    assert seen == list(range(1, 2_000))
