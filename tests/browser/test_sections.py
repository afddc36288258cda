"""Sections on the language page: added, moved, dragged, removed and paired in place."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from editorial.tests.desk import pair, url_of

from .desk import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(page, live_server):
    user = User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")
    sign_in(page, live_server)
    return user


def rows_of(page):
    return page.locator("[data-rows=sections] > [data-row]:visible")


def opened(page, live_server, version):
    page.goto(f"{live_server.url}{url_of(version)}")
    page.locator("html[data-rich-ready]").wait_for(state="attached")
    return rows_of(page)


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()


def sides(topic):
    """The pairs as (English heading, Spanish heading), None where a language has no section."""
    return {
        tuple(
            getattr(row, f"heading_{language}") or ""
            if getattr(row, f"position_{language}") is not None
            else None
            for language in ("en", "es")
        )
        for row in topic.sections.all()
    }


def test_a_section_is_added_in_place_and_dragged(page, live_server, ana):
    english, _spanish = pair()
    rows = opened(page, live_server, english)
    rows.first.get_by_role("button", name="Add a section below").click()
    added = rows.nth(1)
    expect(added.get_by_role("textbox", name="Heading")).to_be_focused()
    added.get_by_label("Level").select_option("2")
    added.get_by_role("textbox", name="Heading").fill("What helps?")
    added.get_by_role("textbox", name="Text").fill("Rest.")
    handle, target = added.locator(".handle"), rows.nth(2)
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 8)
    below = target.bounding_box()
    page.mouse.move(box["x"] + 5, below["y"] + below["height"] - 5, steps=4)
    page.mouse.up()
    expect(page.locator("#announcements")).to_contain_text("Moved to place 3")
    save(page)
    headings = english.topic.sections.filter(position_en__isnull=False).order_by("position_en")
    assert [row.heading_en for row in headings] == [
        "",
        "When is it <em>serious</em>?",
        "What helps?",
    ]


def test_a_section_is_removed_from_one_language_only(page, live_server, ana):
    english, _spanish = pair()
    rows = opened(page, live_server, english)
    row = rows.nth(1)
    row.get_by_label("Remove").check()
    expect(row.get_by_text("The other language keeps its section.")).to_be_visible()
    expect(row.get_by_role("textbox", name="Heading")).not_to_be_visible()
    save(page)
    assert sides(english.topic) == {("", None), (None, "¿Cuándo es grave?")}
    expect(rows.filter(has_text="Not in English yet")).to_have_count(1)


def test_sections_are_paired_parted_and_exchanged(page, live_server, ana):
    english, _spanish = pair()
    rows = opened(page, live_server, english)
    opening, serious = rows.nth(0), rows.nth(1)
    expect(serious.locator("[data-beside]")).to_contain_text("¿Cuándo es grave?")
    beside = opening.get_by_label("Beside it in Spanish")
    beside.select_option(label="¿Cuándo es grave?")
    expect(opening.locator("[data-beside]")).to_contain_text("¿Cuándo es grave?")
    expect(serious.locator("[data-beside]")).to_have_text("")
    save(page)
    assert sides(english.topic) == {
        ("", "¿Cuándo es grave?"),
        ("When is it <em>serious</em>?", None),
    }
    opening.get_by_label("Beside it in Spanish").select_option(label="no section")
    # What stood beside it is in a row of its own now, in sight.
    expect(rows.nth(1).locator("[data-beside]")).to_contain_text("¿Cuándo es grave?")
    save(page)
    assert ("", None) in sides(english.topic) and (None, "¿Cuándo es grave?") in sides(
        english.topic
    )
    gap = rows.filter(has_text="Not in English yet")
    expect(gap).to_have_count(1)
    serious = rows.filter(has_text="When is it")
    serious.get_by_label("Beside it in Spanish").select_option(label="¿Cuándo es grave?")
    expect(gap).to_have_count(0)
    save(page)
    assert sides(english.topic) == {
        ("", None),
        ("When is it <em>serious</em>?", "¿Cuándo es grave?"),
    }
