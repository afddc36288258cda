"""What texts say, and which words they differ in."""

from hypothesis import given
from hypothesis import strategies as st

from topics.document import Section
from topics.wording import Block, blocks, pieces, plain, section_changes

from .documents import sections

SWAPPED = {"same": "same", "removed": "added", "added": "removed"}
texts = st.text("ab 1,.’-\n", max_size=40).map(str.strip)


def said(found, *kinds):
    return "".join(piece.text for piece in found if piece.kind in kinds)


def test_a_text_falls_into_paragraphs_items_and_cells():
    html = (
        "Loose &amp; free<p>One <strong>two</strong><br>three</p><ul><li>First<ul><li>Inner</li>"
        '</ul></li><li><p>Last</p></li></ul><table><caption>C</caption><tr><td colspan="2">x'
        "</td></tr></table><p></p>"
    )
    assert blocks(html) == [
        Block("paragraph", "Loose & free"),
        Block("paragraph", "One two three"),
        Block("item", "First"),
        Block("item", "Inner"),
        Block("item", "Last"),
        Block("caption", "C"),
        Block("cell", "x"),
    ]
    assert plain("What <em>is</em> it?") == "What is it?"


def test_words_added_and_removed_are_told_apart():
    found = pieces("Take 1,000 mg a day.", "Take 1,500 mg every day.")
    assert found == [
        ("same", "Take "),
        ("removed", "1,000 "),
        ("added", "1,500 "),
        ("same", "mg "),
        ("removed", "a "),
        ("added", "every "),
        ("same", "day."),
    ]


@given(texts, texts)
def test_a_comparison_holds_both_texts_and_is_symmetric(one, other):
    found = pieces(one, other)
    assert said(found, "same", "added").split() == other.split()
    assert "".join(said(found, "same", "removed").split()) == "".join(one.split())
    back = pieces(other, one)
    for kind, opposite in SWAPPED.items():
        if kind != "same":
            assert said(found, kind) == said(back, opposite)


@given(sections, sections)
def test_no_changed_section_is_left_out(before, after):
    changes = section_changes(before, after)
    assert bool(changes) == (before != after)
    touched = {change.after for change in changes}
    kept = [section for place, section in enumerate(after) if place not in touched]
    gone = {change.before for change in changes}
    assert kept == [section for place, section in enumerate(before) if place not in gone]
    assert len(section_changes(after, before)) == len(changes)


def test_a_section_is_found_again_after_one_was_added_before_it():
    before = (Section(2, "Dose", "<p>Take two.</p>"),)
    after = (Section(2, "New", "<p>First.</p>"), Section(2, "Dose", "<p>Take three.</p>"))
    added, changed = section_changes(before, after)
    assert (added.before, added.after) == (None, 0)
    assert (changed.before, changed.after) == (0, 1)
    assert [piece for line in changed.body for piece in line if piece.kind != "same"] == [
        ("removed", "two"),
        ("added", "three"),
    ]


def test_a_link_that_leads_elsewhere_is_a_change_without_words():
    one, other = (
        (Section(None, None, f'<p><a href="https://example.org/{end}">Read</a></p>'),)
        for end in "ab"
    )
    (change,) = section_changes(one, other)
    assert not change.words
