"""Editors at work in a real browser: write, preview, publish; order by keyboard; link."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from editorial.tests.desk import pair, url_of
from resources.models import Resource
from topics.models import TopicLanguage

from .desk import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(live_server):
    return User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")


def test_an_editor_changes_the_spanish_text_previews_and_publishes_it(page, live_server, ana):
    pair()
    sign_in(page, live_server)
    page.get_by_role("link", name="Health topics", exact=True).last.click()
    page.get_by_role("link", name="Dolor abdominal").click()
    expect(page.locator("[data-beside]").first).to_contain_text("Many things hurt")
    page.get_by_label("Title", exact=True).fill("Dolor de abdomen")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("heading", level=1, name="Dolor de abdomen")).to_be_visible()
    page.goto(f"{live_server.url}/spanish/abdominalpain.html")
    expect(page.get_by_role("heading", level=1, name="Dolor abdominal")).to_be_visible()
    page.goto(f"{live_server.url}{url_of(TopicLanguage.objects.get(language='es'))}")
    page.get_by_role("button", name="Save and go on to publish").click()
    expect(page.get_by_text("Publishing changes on the public page")).to_be_visible()
    page.get_by_label("Note for your colleagues").fill("A plainer word")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Live: edition 2 of")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Public page").click()
    shown = opened.value
    expect(shown.get_by_role("heading", level=1, name="Dolor de abdomen")).to_be_visible()
    shown.goto(f"{live_server.url}/abdominalpain.html")
    expect(shown.get_by_role("heading", level=1, name="Abdominal Pain")).to_be_visible()


def test_sections_are_moved_and_added_by_keyboard(page, live_server, ana):
    english, _spanish = pair()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    page.get_by_role("button", name="Add a section", exact=True).press("Enter")
    sections = page.locator("[data-rows=sections] > [data-row]")
    added = sections.last
    added.get_by_label("Level").select_option("2")
    added.get_by_label("Heading", exact=True).fill("What helps?")
    added.get_by_label("Text", exact=True).fill("Rest.")
    added.get_by_role("button", name="Move up").press("Enter")
    page.keyboard.press("Space")  # on the button, which went along with its row
    expect(page.locator("#announcements")).to_contain_text("Moved to place 2")
    expect(page.locator("*:focus")).to_have_attribute("aria-label", "Move up")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    headings = english.topic.sections.filter(position_en__isnull=False).order_by("position_en")
    assert [row.heading_en for row in headings] == [
        "",
        "What helps?",
        "When is it <em>serious</em>?",
    ]


def test_a_link_is_found_by_typing_and_chosen_by_keyboard(page, live_server, ana):
    english, _spanish = pair()
    Resource.objects.create(title_en="Shared link", url_en="https://example.org/shared")
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english, 'links')}")
    find = page.get_by_role("combobox", name="Title, organization or address")
    find.press_sequentially("shared")
    expect(page.get_by_role("option", name="Shared link")).to_be_visible()
    find.press("ArrowDown")
    find.press("Enter")
    sections = page.get_by_role("combobox", name="Sections of the page").first
    sections.press_sequentially("start")
    expect(page.get_by_role("option", name="Start Here")).to_be_visible()
    sections.press("ArrowDown")
    sections.press("Enter")
    expect(sections).to_have_value("Start Here")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved, with 3 links")).to_be_visible()


def test_a_pasted_address_is_known_again_or_becomes_a_link(page, live_server, ana):
    english, _spanish = pair()
    here = Resource.objects.create(title_en="Heart", url_en="https://www.example.org/heart/")
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english, 'links')}")
    find = page.get_by_role("combobox", name="Title, organization or address")
    find.fill("https://example.org/belly")
    note = page.get_by_text("This link stands on the page already.")
    expect(note).to_be_visible()
    offered = page.get_by_role("option", name="on this page already")
    # The list of suggestions covers what is below the field.
    assert note.bounding_box()["y"] < find.bounding_box()["y"] < offered.bounding_box()["y"]
    find.fill("http://example.org/heart?utm_source=mail")
    expect(page.get_by_text("This address is here already")).to_be_visible()
    find.press("ArrowDown")
    find.press("Enter")
    expect(page.get_by_text("Heart · https://www.example.org/heart/")).to_be_visible()
    page.get_by_role("combobox", name="Sections of the page").first.fill("Start Here")
    page.get_by_role("button", name="Add another link").click()
    row = page.locator("[data-rows=new] > [data-row]").last
    row.get_by_role("combobox", name="Title, organization or address").fill(
        "https://example.org/new"
    )
    expect(row.get_by_text("This address is not here yet.")).to_be_visible()
    row.get_by_label("Title of a new link").fill("New page")
    organizations = row.get_by_role("combobox", name="Organizations of a new link")
    organizations.press_sequentially("example f")
    expect(page.get_by_role("option", name="Example Foundation")).to_be_visible()
    organizations.press("ArrowDown")
    organizations.press("Enter")
    row.get_by_role("combobox", name="Sections of the page").fill("Start Here")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved, with 4 links")).to_be_visible()
    placed = [row.resource for row in english.placements.order_by("position")][-2:]
    assert [link.pk == here.pk for link in placed] == [True, False]
    assert placed[1].organizations.get().name_en == "Example Foundation"


def test_the_mistakes_of_a_refused_save_are_listed_and_lead_to_their_fields(page, live_server, ana):
    english, _spanish = pair()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    address = page.locator("#id_slug")
    address.fill("No address!")
    page.get_by_role("button", name="Save", exact=True).click()
    listed = page.locator("[data-mistakes]")
    expect(listed).to_be_focused()
    listed.get_by_role("link", name="Address").click()
    expect(address).to_be_focused()


def test_leaving_with_unsaved_text_is_asked_about(page, live_server, ana):
    english, _spanish = pair()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    sign_in(page, live_server)
    page.goto(f"{live_server.url}{url_of(english)}")
    page.get_by_label("Title", exact=True).press_sequentially("x")
    page.get_by_role("link", name="Links", exact=True).click()
    expect(page.get_by_role("heading", name="Add links")).to_be_visible()
    assert asked == ["beforeunload"]


def test_the_address_of_a_new_topic_is_proposed_from_its_title(page, live_server, ana):
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/admin/topics/healthtopic/add/")
    page.get_by_label("Spanish").check()
    page.get_by_label("Title", exact=False).first.fill("Úlcera péptica")
    expect(page.get_by_label("Address")).to_have_value("ulcerapeptica")
    page.get_by_role("button", name="Begin the topic").click()
    expect(page.get_by_role("heading", level=1, name="Úlcera péptica")).to_be_visible()


def test_the_pages_of_the_desk_fit_a_phone(page, live_server, ana):
    english, _spanish = pair()
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, live_server)
    paths = [url_of(english, end) for end in ("change", "links", "publish", "editions")]
    for path in [*paths, f"/admin/topics/healthtopic/{english.topic_id}/change/"]:
        page.goto(f"{live_server.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
