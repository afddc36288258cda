"""Rich text on the language page: nothing is lost by opening it, and what is written is stored clean."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from editorial.tests.desk import pair, url_of
from topics.document import Section
from topics.models import HealthTopic, TopicLanguage
from topics.tests.documents import ENGLISH, saved
from topics.working_copy import store

from .desk import PASSWORD, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Bodies with the habits of real ones, which the editor holds.
HELD = [
    '<p>See <a href="https://example.org/a?b=1&amp;c=2">this</a> and that. </p>\n\n'
    "<p>Less &lt; more &amp; so on.</p>",
    "<p>They include:</p><ul>\t\n<li> Loss of hearing </li>\n<li>\tRinging</li> \n</ul>\n\n\n"
    "<p>Then:</p>\n<ol>\n<li>One</li>\n</ol>",
    "<ul>\n<li>Tests, such as\n      <ul>\n         <li>Blood</li>\n      </ul></li>\n"
    "<li><p>One.</p><p>Two.</p></li>\n</ul>",
    '<p><strong><a href="https://example.org/">All</a></strong> of '
    "<em>it, <strong>bold</strong> too</em></p><p></p>",
    '<p><a href="https://example.org/">one <strong>link</strong> in pieces</a><br>next,&nbsp;50</p>',
    "<p>The same.</p>\n\n<p>The same.</p>\n<p>The same.</p>",
    '<p>In Spanish: <em lang="es">mal <strong>de altura</strong></em>, <em>so</em>.</p>',
]
# And bodies that it would change.
NOT_HELD = [
    '<table class="info-table-1"><tbody><tr class="r1"><td colspan="2">A</td></tr></tbody></table>',
    '<p>A picture: <img src="https://example.org/a.png" alt="A"></p>',
    "Words outside a paragraph",
    "<ul>\n<li>Which includes</li>\n<ul><li>This</li></ul>\n</ul>",
    "<ul><li>One</li><br><li>Two</li></ul>",
    '<p class="NLMattribution">Its class says something.</p>',
    "<ul><li><p>A paragraph alone in its item.</p></li></ul>",
]


@pytest.fixture
def ana(page, live_server):
    user = User.objects.create_superuser("ana", password=PASSWORD, first_name="Ana")
    sign_in(page, live_server)
    return user


def topic_with(*bodies: str) -> TopicLanguage:
    version = saved(ENGLISH, HealthTopic.objects.create())
    sections = [Section(3, f"Part <em>{n}</em>", body) for n, body in enumerate(bodies)]
    store([(version, replace(ENGLISH, summary=tuple(sections), mapped=None))])
    return version


def opened(page, live_server, version):
    page.goto(f"{live_server.url}{url_of(version)}")
    page.locator("html[data-rich-ready]").wait_for(state="attached")
    return page


def bodies_of(version):
    rows = version.topic.sections.filter(position_en__isnull=False)
    return list(rows.order_by("position_en").values_list("body_en", flat=True))


def test_a_text_that_was_changed_and_changed_back_is_written_as_it_came(page, live_server, ana):
    version = topic_with(*HELD)
    assert bodies_of(version) == HELD
    opened(page, live_server, version)
    editors = page.locator("[role=textbox][contenteditable=true]")
    # Heading and body of each section, those of the new one, and the attribution.
    expect(editors).to_have_count(2 * len(HELD) + 3)
    before = page.evaluate(
        "() => [...document.querySelectorAll('[data-rich]')].map((t) => t.value)"
    )
    for editor in editors.all():
        editor.focus()
        page.keyboard.type("x")
        page.keyboard.press("Control+z")
    after = page.evaluate("() => [...document.querySelectorAll('[data-rich]')].map((t) => t.value)")
    assert after == before
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There was nothing to save.")).to_be_visible()


def test_a_text_that_the_editor_would_change_is_edited_as_source(page, live_server, ana):
    version = topic_with(*NOT_HELD)
    opened(page, live_server, version)
    for number, body in enumerate(NOT_HELD):
        source = page.locator(f"#id_sections-{number}-body")
        expect(source).to_be_visible()
        expect(source).to_have_value(body)
    expect(page.get_by_text("It is edited as HTML source.").locator("visible=true")).to_have_count(
        len(NOT_HELD)
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("There was nothing to save.")).to_be_visible()


def test_changing_one_paragraph_leaves_the_source_of_the_others(page, live_server, ana):
    version = topic_with(HELD[1])
    opened(page, live_server, version)
    text = page.get_by_role("textbox", name="Text").first
    text.get_by_text("Then:").click()
    page.keyboard.press("End")
    page.keyboard.type(" <b>")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    assert bodies_of(version) == [HELD[1].replace("Then:", "Then: &lt;b&gt;")]


def test_lists_marks_and_empty_lines_become_plain_html(page, live_server, ana):
    version = topic_with("<p>Eat</p>")
    opened(page, live_server, version)
    row = page.locator("[data-rows=sections] > [data-row]").first
    text = row.get_by_role("textbox", name="Text")
    text.click()
    expect(text).to_be_focused()
    page.keyboard.press("Control+End")
    # The editor learns a moment after the browser where the cursor is; each step waits for its trace.
    page.keyboard.type(":")
    expect(text).to_have_text("Eat:")
    for paragraphs in (2, 3):
        page.keyboard.press("Enter")
        expect(text.locator("p")).to_have_count(paragraphs)
    row.get_by_role("toolbar", name="Formatting: Text").get_by_label("Bulleted list").click()
    expect(text.locator("li")).to_have_count(1)
    page.keyboard.type("Fruit")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Bread")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. The public page stays")).to_be_visible()
    assert bodies_of(version) == [
        "<p>Eat:</p>\n<ul>\n<li>Fruit</li>\n<li><strong>Bread</strong></li>\n</ul>"
    ]


def test_the_switch_to_the_source_and_back_takes_the_text_along(page, live_server, ana):
    version = topic_with("<p>Words</p>")
    opened(page, live_server, version)
    row = page.locator("[data-rows=sections] > [data-row]").first
    switch = row.get_by_role("toolbar", name="Formatting: Text").get_by_label("HTML source")
    switch.click()
    source = row.get_by_label("Text", exact=True)
    expect(source).to_be_focused()
    source.fill("<p>Other words</p>")
    switch.click()
    expect(row.get_by_role("textbox", name="Text")).to_have_text("Other words")
    switch.click()
    source.fill("<table><tbody><tr><td>x</td></tr></tbody></table>")
    switch.click()
    expect(source).to_be_visible()
    expect(page.locator("#announcements")).to_contain_text("cannot show without loss")


def test_the_editor_speaks_the_language_of_the_desk_and_the_text_its_own(page, live_server, ana):
    english, _spanish = pair()
    page.get_by_role("button", name="Español").click()
    opened(page, live_server, english)
    row = page.locator("[data-rows=sections] > [data-row]").first
    expect(row.get_by_role("button", name="Lista con viñetas")).to_be_visible()
    text = row.get_by_role("textbox", name="Texto")
    assert text.get_attribute("lang") == "en"
    assert text.get_attribute("spellcheck") == "true"


def test_the_page_of_the_editor_needs_no_exception_from_the_policy(client, page, live_server, ana):
    english, _spanish = pair()
    response = page.goto(f"{live_server.url}{url_of(english)}")
    policy = response.headers["content-security-policy"]
    for word in ("unsafe", "nonce", "sha256"):
        assert word not in policy
    # ProseMirror runs all the same, and the fixture sees that nothing was refused.
    expect(page.get_by_role("textbox", name="Text").first).to_be_visible()
    assert page.locator("style").count() == 0
