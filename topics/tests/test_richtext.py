"""The allow-list, and cutting a summary into sections and back."""

import re
from html import escape

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics import richtext
from topics.document import Section
from topics.richtext import cleaning

from .documents import sections

PAGE = "https://medlineplus.gov/spanish/anemia.html"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" &#106;avascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<img src="javascript:alert(1)" onerror="alert(1)">',
        "<style>p{display:none}</style><p>x</p>",
        '<p style="display:none">x</p>',
        "<iframe src='https://example.org'></iframe>",
        "<svg><script>alert(1)</script></svg>",
        '<p class="visually-hidden">x</p>',
        '<a href="https://example.org" data-topic="1 onload=x">x</a>',
        "<form action='https://example.org'><input name=x></form>",
    ],
)
def test_nothing_dangerous_survives(hostile):
    cleaned = richtext.clean(hostile, base_url=PAGE).html
    for word in ("script", "on", "style=", "<iframe", "<svg", "<form", "visually", "onload"):
        assert word not in cleaned.replace("option", "")


def test_every_removal_is_reported():
    cleaned = richtext.clean('<font color="red">x</font><p onclick="y">z</p><!-- c -->')
    assert cleaned.html == "x<p>z</p>"
    assert cleaned.notes == (
        "A comment was left out.",
        "The element <font> is not allowed; its text was kept.",
        "The attribute “onclick” of <p> was left out.",
    )


def test_words_of_another_language_keep_its_mark_and_nothing_else():
    source = '<p lang="en" title="x">El <em lang="en-US">Citing</em> y <em lang="e n">x</em></p>'
    cleaned = richtext.clean(source)
    assert cleaned.html == '<p>El <em lang="en-US">Citing</em> y <em>x</em></p>'
    assert cleaned.notes == (
        "The value “e n” of “lang” in <em> was left out.",
        "The attribute “lang” of <p> was left out.",
        "The attribute “title” of <p> was left out.",
    )
    assert richtext.presentable(cleaned.html) == cleaned.html
    assert richtext.plain(cleaned.html) == "El Citing y x."
    heading = '<em lang="es">Mal</em>'
    assert richtext.clean(heading, inline=True) == richtext.Cleaned(heading, ())


# What has been hard to bring into one form: links in links, tables in links, text escaped twice.
INGREDIENTS = (
    '<a href="x"> <a href="https://x.org/a" tid="7"> <a href="//[" data-topic="8"> <a> </a> <table> '
    "<caption> <tr> <td> <th> </td> </table> <p> </p> <strong> </strong> <em> <ul> <li> </ul> <h3> "
    '</h3> <br> <img src="a.jpg" alt="b&amp;amp;quot;c"> <img alt="&lt;p>"> <p class="intro"> '
    "&amp;#38;quot; &amp;amp; &amp;nbsp; &lt;p &lt;p&gt; &#13; &#0; &#38; &amp; #38; ; quot; <!-- > "
    "< text <script> </script> <svg> <math> <style>"
).split(" ") + ['<em lang="es">', '<p lang="es" title="x">']
tangled = st.lists(st.sampled_from([*INGREDIENTS, " ", "\n"]), max_size=25).map("".join)


@given(st.text(max_size=200) | st.text("<>/=\"'& apbrullih1234", max_size=80) | tangled)
def test_cleaning_twice_changes_nothing(anything):
    for inline in (False, True):
        once = richtext.clean(anything, base_url=PAGE, inline=inline).html
        again = richtext.clean(once, base_url=PAGE, inline=inline, bound=True)
        assert again == richtext.Cleaned(once, ())


@given(tangled)
def test_no_link_stands_in_another(anything):
    once = richtext.clean(anything, base_url=PAGE).html
    assert nh3.clean(once, tags=richtext.TAGS, attributes=richtext.ATTRIBUTES, link_rel=None) == (
        once.replace("&#x27;", "'")
    )
    for html in (once, richtext.presentable(once)):
        assert "<a" not in re.sub(r"<a [^>]*>(?:(?!<a\b).)*?</a>", "", html, flags=re.DOTALL)


def test_what_is_too_tangled_becomes_text(monkeypatch):
    monkeypatch.setattr(cleaning, "PASSES", 0)
    cleaned = richtext.clean("<p>one &amp; <strong>two</strong></p>")
    assert cleaned.html == "one two"
    assert cleaned.notes == ("The HTML was too tangled; only its text was kept.",)


@pytest.mark.parametrize(
    ("source", "html", "note"),
    [
        (
            '<a href="/a">1<table><tr><td><a href="/b">2</a></td></tr></table></a>',
            '<a href="https://medlineplus.gov/a">1<table><tbody><tr><td>2</td></tr></tbody>'
            "</table></a>",
            "A link inside a link became plain text: “2”.",
        ),
        ("<p>a &amp;#38;quot; b</p>", '<p>a " b</p>', "escaped twice were repaired"),
        (
            '<p><img src="a.jpg"></p>',
            '<p><img src="https://medlineplus.gov/spanish/a.jpg"></p>',
            "“a.jpg” was completed",
        ),
        ('<p><img alt="A &amp; B"></p>', "<p>A &amp; B</p>", "A picture without an address"),
        ('<a href="//[">x</a>', "x", "A link without an address"),
        ('<p class="intro">x</p>', "<p>x</p>", "The value “intro” of “class” in <p> was left out."),
        ("<p class=intro>x</p>", "<p>x</p>", "The value “intro” of “class” in <p>"),
        ("<p hidden>x</p>", "<p>x</p>", "The attribute “hidden” of <p>"),
        (
            '<a href="https://x.org/" data-topic="7">x</a>',
            '<a href="https://x.org/">x</a>',
            "The attribute “data-topic” of <a>",
        ),
        (
            '<a href="https://x.org/" data-topic="7" tid="8">x</a>',
            '<a href="https://x.org/" data-topic="8">x</a>',
            "The attribute “data-topic” of <a>",
        ),
    ],
)
def test_what_is_repaired_is_noted(source, html, note):
    cleaned = richtext.clean(source, base_url=PAGE)
    assert cleaned.html == html
    assert any(note in one for one in cleaned.notes)


def test_a_link_that_was_bound_here_stays_bound():
    link = '<a href="https://x.org/" data-topic="1500000001">x</a>'
    assert richtext.clean(link, bound=True) == richtext.Cleaned(link, ())


def test_blanks_around_an_address_are_removed_with_a_note():
    cleaned = richtext.clean('<a href="https://example.org/a ">x</a>')
    assert cleaned.html == '<a href="https://example.org/a">x</a>'
    assert "Blanks around the address" in cleaned.notes[0]


def test_a_relative_address_is_completed_and_its_topic_number_kept():
    cleaned = richtext.clean('<a href="pain.html" tid="351">dolor</a>', base_url=PAGE)
    assert cleaned.html == (
        '<a href="https://medlineplus.gov/spanish/pain.html" data-topic="351">dolor</a>'
    )
    assert "completed" in cleaned.notes[0]


def test_a_link_without_an_address_becomes_text():
    assert richtext.clean('<p><a href="">vision tests</a></p>').html == "<p>vision tests</p>"


def test_text_that_was_escaped_twice_is_repaired():
    assert richtext.clean("&lt;p&gt;Fever&lt;/p&gt;").html == "<p>Fever</p>"
    assert richtext.clean("<p>a&amp;nbsp;b &amp; c</p>").html == "<p>a&nbsp;b &amp; c</p>"


def test_a_summary_is_cut_at_top_level_headings_only():
    html = (
        "Lead <p>one</p><h3>What is <em>it</em>?</h3><p>two</p>"
        "<ul><li><h3>inner</h3></li></ul><h2>Next</h2>"
    )
    assert richtext.split(html) == (
        (
            Section(None, None, "Lead <p>one</p>"),
            Section(3, "What is <em>it</em>?", "<p>two</p><ul><li><h3>inner</h3></li></ul>"),
            Section(2, "Next", ""),
        ),
        None,
    )


def test_the_attribution_is_taken_out_only_when_it_is_last():
    last = '<p>x</p><p class="">NIH: Institute</p>\n'
    assert richtext.split(last) == ((Section(None, None, "<p>x</p>"),), "NIH: Institute")
    early = '<p class="">NIH: Institute</p><p>x</p>'
    assert richtext.split(early) == ((Section(None, None, early),), None)


@given(sections, st.none() | st.just("NIH: <em>x</em>"))
def test_joined_sections_split_into_the_same_sections(parts, attribution):
    parts = tuple(Section(p.level, p.heading, p.body.strip()) for p in parts)
    canonical = richtext.clean(richtext.join(parts, attribution)).html
    assert richtext.split(canonical) == (parts, attribution)


def test_links_are_bound_to_topics_by_address_once():
    body = (
        '<p><a href="https://a.example/x.html">x</a> <a href="https://a.example/y.html">y</a></p>'
    )
    assert richtext.addresses(body) == {"https://a.example/x.html", "https://a.example/y.html"}
    bound = richtext.bind(body, {"https://a.example/x.html": 12}.get)
    assert bound.startswith('<p><a href="https://a.example/x.html" data-topic="12">x</a>')
    assert richtext.addresses(bound) == {"https://a.example/y.html"}
    assert richtext.bind(bound, {"https://a.example/x.html": 99}.get) == bound


def test_rewritten_links_are_escaped_and_withdrawn_ones_become_text():
    body = '<a href="https://x.example/" data-topic="1" target="_blank">a</a> <a href="https://y.example/">b</a>'
    assert richtext.rewrite_links(body, lambda href, number: None if number else '/q?a="&b') == (
        'a <a href="/q?a=&quot;&amp;b">b</a>'
    )
    assert 'target="_blank"' in richtext.rewrite_links(body, lambda href, _n: href, keep=True)


def test_tables_get_captions_and_outside_pictures_become_links():
    html = (
        '<table class="info-table-1" border="0" width="90%" summary="Ranges"><tbody><tr class="r1">'
        '<td>1</td></tr></tbody></table><p class=""></p>'
        '<img src="https://example.org/a.jpg" alt="" class="scale-with-grid">'
    )
    assert richtext.presentable(html) == (
        "<table><caption>Ranges</caption><tbody><tr><td>1</td></tr></tbody></table>"
        '<a href="https://example.org/a.jpg">a.jpg</a>'
    )


def test_a_picture_in_a_link_is_its_text():
    html = '<a href="https://x.org/"><img src="https://x.org/a.jpg" alt="A"></a>'
    picture = '<img src="https://x.org/b.jpg" alt="">'
    assert richtext.presentable(html + picture) == (
        '<a href="https://x.org/">A</a><a href="https://x.org/b.jpg">b.jpg</a>'
    )


def test_bold_and_italic_survive_under_their_present_names():
    cleaned = richtext.clean("<p><B>Call</B> <i class='x'>now</i>, <br>not <bdo>later</bdo></p>")
    assert cleaned.html == "<p><strong>Call</strong> <em>now</em>, <br>not later</p>"
    assert "<b> and <i> were written as <strong> and <em>." in cleaned.notes


OUTSIDE = "https://x.org/a?b=1&c='2'"
MIXED = richtext.clean(
    f'<p><a href="{escape(OUTSIDE)}" target="_blank">A</a> <a href="mailto:a@x.org">B</a>'
    f'<a data-topic="3" href="{escape(OUTSIDE)}">C</a> <a href="/inside.html">D</a>'
    f'<img alt="E" src="https://x.org/e.png"></p>',
    bound=True,
).html


def test_a_text_leads_readers_outside_by_links_and_pictures():
    assert richtext.outside_addresses(MIXED) == {OUTSIDE, "https://x.org/e.png"}


def test_an_address_is_replaced_where_the_text_leads_there_and_nowhere_else():
    new = "https://y.org/?a=1&b=2"
    replaced = richtext.with_address(MIXED, OUTSIDE, new)
    assert richtext.outside_addresses(replaced) == {new, "https://x.org/e.png"}
    assert replaced.count(escape(OUTSIDE)) == 1
    assert richtext.clean(replaced, bound=True).html == replaced
    assert richtext.with_address(replaced, "https://x.org/", new) == replaced
    assert 'src="https://y.org/' in richtext.with_address(MIXED, "https://x.org/e.png", new)


@given(st.text(alphabet='<>a/ip="hrefscml&;', max_size=80))
def test_replacing_an_address_by_itself_changes_nothing(anything):
    text = richtext.clean(anything).html
    for address in richtext.outside_addresses(text) | {OUTSIDE}:
        assert richtext.with_address(text, address, address) == text
