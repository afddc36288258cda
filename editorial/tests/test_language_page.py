"""One language is edited, the other stands beside it and cannot be reached."""

import re

import pytest

from topics.models import Draft, HealthTopic, TopicLanguage, TopicSection

from .desk import edit, fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


def section(posted, heading):
    """The prefix of the section with this heading."""
    return next(
        name.removesuffix("-heading")
        for name, value in posted.items()
        if name.endswith("-heading") and value == heading
    )


def test_opening_and_saving_changes_nothing(client, ana):
    for version in pair():
        before = working_copy(version)
        response = edit(client, version)
        assert response.status_code == 302
        assert working_copy(version) == before
        assert not Draft.objects.exists()


def test_what_an_editor_types_in_spanish_is_saved_in_spanish(client, ana):
    _english, spanish = pair()
    posted = fields(client.get(url_of(spanish)))
    where = section(posted, "¿Cuándo es grave?")
    posted |= {
        "title": "Dolor de abdomen",
        "also_called": "Dolor de panza\r\nDolor de barriga",
        f"{where}-body": "<p>Texto nuevo.</p>",
    }
    assert client.post(url_of(spanish), posted).status_code == 302
    after = working_copy(spanish)
    assert after["title"] == "Dolor de abdomen"
    assert [name for _kind, name in after["names"]] == ["Dolor de panza", "Dolor de barriga"]
    assert after["sections"][-1][3] == "<p>Texto nuevo.</p>"
    assert after["row"]["changed_by_id"] == ana.pk
    assert after["row"]["has_changes"]


def test_a_forged_post_to_the_spanish_page_changes_nothing_in_english(client, ana):
    english, spanish = pair()
    before = working_copy(english)
    foreign = dict.fromkeys(
        ("title_en", "meta_description_en", "attribution_en", "heading_en", "body_en"), "forged"
    )
    keys = list(english.topic.sections.values_list("pk", flat=True))
    rows = {f"sections-{n}-{side}_en": "forged" for n in range(3) for side in ("heading", "body")}
    theirs = {"sections-0-key": str(keys[0]), "topic": "1", "language": "en", "id": english.pk}
    response = edit(client, spanish, title="Otro", **foreign, **rows, **theirs)
    assert response.status_code == 302
    assert working_copy(english) == before
    assert working_copy(spanish)["title"] == "Otro"


def test_a_section_of_another_topic_cannot_be_reached(client, ana):
    english, _spanish = pair()
    stranger = HealthTopic.objects.create(title_en="Stranger")
    row = stranger.sections.create(
        position_en=0, level_en=2, heading_en="Theirs", body_en="<p>a</p>"
    )
    posted = fields(client.get(url_of(english)))
    where = section(posted, "When is it <em>serious</em>?")
    posted |= {f"{where}-key": row.pk, f"{where}-body": "<p>forged</p>"}
    assert client.post(url_of(english), posted).status_code == 302
    row.refresh_from_db()
    assert (row.heading_en, row.body_en) == ("Theirs", "<p>a</p>")


def test_saving_keeps_a_draft_and_only_so_many(client, ana, monkeypatch):
    monkeypatch.setattr("editorial.saving.DRAFTS_KEPT", 3)
    english, _spanish = pair()
    for number in range(5):
        edit(client, english, title=f"Title {number}")
    drafts = Draft.objects.filter(topic_language=english).order_by("-pk")
    assert len(drafts) == 3
    assert '"title":"Title 4"' in drafts[0].document
    assert drafts[0].created_by == ana


def test_hostile_html_is_cleaned_and_the_editor_is_told(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english)))
    posted |= {
        "sections-1-heading": 'A <b onclick="x()">heading</b><script>x()</script>',
        "sections-1-body": '<p onclick="x()">Text</p><a href="javascript:x()">in</a><iframe></iframe>',
        "attribution": '<p>By <img src=x onerror="x()">us</p>',
    }
    response = client.post(url_of(english), posted, follow=True)
    after = working_copy(english)
    assert after["sections"][1][2] == "A <strong>heading</strong>"
    assert after["sections"][1][3] == "<p>Text</p>in"
    assert after["attribution"] == "By us"
    assert "iframe" in " ".join(map(str, response.context["messages"]))


def test_links_to_topics_are_stored_by_topic(client, ana, settings):
    english, _spanish = pair()
    other = HealthTopic.objects.create(title_en="Pain")
    pain = TopicLanguage.objects.create(
        topic=other, language="en", slug="pain", upstream_url="https://medlineplus.gov/pain.html"
    )
    posted = fields(client.get(url_of(english)))
    posted["sections-0-body"] = (
        '<p><a href="/pain.html">a</a> <a href="http://medlineplus.gov/pain.html">b</a> '
        f'<a href="{settings.SITE_URL}/pain.html">c</a> <a href="https://example.org/">d</a></p>'
    )
    client.post(url_of(english), posted)
    assert working_copy(english)["sections"][0][3].count(f'data-topic="{pain.number}"') == 3


def linked(english):
    """A section with a link to a topic whose address the link no longer has."""
    pain, fever = (
        TopicLanguage.objects.create(
            topic=HealthTopic.objects.create(title_en=slug.title()), language="en", slug=slug
        )
        for slug in ("pain", "fever")
    )
    body = (
        f'<p>See <a href="https://medlineplus.gov/old.html" data-topic="{pain.number}">it</a>.</p>'
    )
    english.topic.sections.filter(position_en=0).update(body_en=body)
    return body, pain, fever


def test_a_link_follows_the_address_that_an_editor_gives_it(client, ana, settings):
    english, _spanish = pair()
    body, pain, fever = linked(english)
    posted = fields(client.get(url_of(english)))
    text = posted["sections-0-body"]
    assert text == '<p>See <a href="https://medlineplus.gov/old.html">it</a>.</p>'
    new = f"{settings.SITE_URL}/fever.html"
    posted["sections-0-body"] = text.replace("https://medlineplus.gov/old.html", new)
    assert client.post(url_of(english), posted).status_code == 302
    stored = working_copy(english)["sections"][0][3]
    assert stored == f'<p>See <a href="{new}" data-topic="{fever.number}">it</a>.</p>'


def test_a_link_whose_address_stays_means_the_topic_it_meant(client, ana):
    english, _spanish = pair()
    body, pain, fever = linked(english)
    before = working_copy(english)
    assert edit(client, english).status_code == 302
    assert working_copy(english) == before
    posted = fields(client.get(url_of(english)))
    posted["sections-0-body"] = posted["sections-0-body"].replace("See", "Read")
    assert client.post(url_of(english), posted).status_code == 302
    assert working_copy(english)["sections"][0][3] == body.replace("See", "Read")


def test_a_number_that_is_posted_beside_an_address_means_nothing(client, ana):
    english, _spanish = pair()
    _body, _pain, fever = linked(english)
    forged = f'<p><a href="https://example.org/" data-topic="{fever.number}">out</a></p>'
    edit(client, english, **{"sections-0-body": forged})
    stored = working_copy(english)["sections"][0][3]
    assert stored == '<p><a href="https://example.org/">out</a></p>'


def test_reordering_and_removing_english_sections_leaves_spanish_alone(client, ana):
    english, spanish = pair()
    before = working_copy(spanish)
    posted = fields(client.get(url_of(english)))
    new = posted["sections-INITIAL_FORMS"]
    posted |= {
        f"sections-{new}-level": "2",
        f"sections-{new}-heading": "What helps?",
        f"sections-{new}-body": "<p>Rest.</p>",
        f"sections-{new}-ORDER": "2",
        "sections-1-ORDER": "3",
    }
    client.post(url_of(english), posted)
    headings = [side[2] for side in working_copy(english)["sections"]]
    assert headings == ["", "What helps?", "When is it <em>serious</em>?"]
    assert working_copy(spanish) == before
    posted = fields(client.get(url_of(english)))
    where = section(posted, "When is it <em>serious</em>?")
    client.post(url_of(english), posted | {f"{where}-DELETE": "on"})
    assert len(working_copy(english)["sections"]) == 2
    assert working_copy(spanish) == before


def test_a_gap_beside_the_other_language_is_filled_in_its_own_row(client, ana):
    english, spanish = pair()
    posted = fields(client.get(url_of(spanish)))
    assert posted["sections-0-heading"] == posted["sections-0-body"] == ""
    posted["sections-0-body"] = "<p>Introducción.</p>"
    client.post(url_of(spanish), posted)
    row = english.topic.sections.get(body_es="<p>Introducción.</p>")
    assert row.body_en == "<p>Many things hurt in the belly.</p>"
    assert [side[0] for side in working_copy(spanish)["sections"]] == [0, 1]


def test_a_heading_inside_a_text_becomes_a_section_of_its_own(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english)))
    posted["sections-1-body"] = "<p>One</p><h4>Inner</h4><p>Two</p>"
    client.post(url_of(english), posted)
    assert [side[1:] for side in working_copy(english)["sections"]][1:] == [
        (3, "When is it <em>serious</em>?", "<p>One</p>"),
        (4, "Inner", "<p>Two</p>"),
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sections-0-heading": "Heading of the opening"}, "Choose a level"),
        ({"sections-0-ORDER": "9"}, "Only the first section"),
        ({"slug": "Has Spaces"}, "small letters"),
        ({"related-1-topic": "No such topic"}, "There is no topic"),
        ({"institute_url": "javascript:x()"}, "is not a web address"),
        ({"others-1-url": "https://example.org/"}, "Name the language"),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence_with_the_text_kept(
    client, ana, changes, sentence
):
    english, _spanish = pair()
    before = working_copy(english)
    response = edit(client, english, title="Kept", **changes)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert "Kept" in response.content.decode()
    assert working_copy(english) == before


def test_an_address_of_something_else_is_refused_while_typing_is_cheap(client, ana):
    english, _spanish = pair()
    response = edit(client, english, slug="cancers")
    assert "in use by something else" in response.content.decode()


def test_related_topics_are_found_by_title_and_recorded_ones_are_kept(client, ana):
    english, _spanish = pair()
    topic = HealthTopic.objects.create(title_en="Anemia", title_es="Anemia")
    for language in ("en", "es"):
        TopicLanguage.objects.create(topic=topic, language=language, slug="anemia")
    found = client.get(url_of(english, "topics/find"), {"q": "anem"}).json()["results"]
    assert [entry["value"] for entry in found] == ["Anemia (anemia)"]
    edit(client, english, **{"related-1-topic": "anemia"})
    related = english.related.all()
    assert [(row.title, row.target and row.target.language) for row in related] == [
        ("Pain", None),
        ("", "en"),
    ]


def test_the_page_marks_each_language(client, ana):
    _english, spanish = pair()
    page = client.get(url_of(spanish)).content.decode()
    assert '<div class="beside text" lang="en"' in page
    assert 'lang="es" spellcheck="true"' in page
    assert "Many things hurt in the belly." in page


def test_review_dates_take_the_right_to_publish_because_the_page_shows_them(client):
    english, _spanish = pair()
    client.force_login(person("Eva", "change_topiclanguage"))
    edit(client, english, next_review="2026-01-02", review_interval_days="30")
    english.refresh_from_db()
    assert english.next_review is None
    assert english.review_interval_days == 30


def test_sections_are_paired_by_their_row_and_no_two_by_one(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english)))
    opening, serious = "sections-0", section(posted, "When is it <em>serious</em>?")
    taken = posted[f"{serious}-key"]
    before = working_copy(english)
    response = client.post(url_of(english), posted | {f"{opening}-key": taken})
    assert response.status_code == 200
    assert "Another section stands beside that one already." in response.content.decode()
    assert working_copy(english) == before
    # Given up by the one and taken by the other, the pair changes hands; the texts stay.
    changes = {f"{opening}-key": taken, f"{serious}-key": ""}
    assert client.post(url_of(english), posted | changes).status_code == 302
    row = english.topic.sections.get(pk=taken)
    assert (row.body_en, row.heading_es) == (
        "<p>Many things hurt in the belly.</p>",
        "¿Cuándo es grave?",
    )
    assert working_copy(english)["sections"] == before["sections"]


def test_a_new_text_without_a_heading_opens_the_summary(client, ana):
    english, _spanish = pair()
    TopicSection.objects.all().delete()
    assert edit(client, english, **{"sections-0-body": "<p>First words.</p>"}).status_code == 302
    assert working_copy(english)["sections"] == [(0, None, "", "<p>First words.</p>")]


def test_rows_of_a_refused_save_stand_in_the_order_that_was_chosen(client, ana):
    english, _spanish = pair()
    posted = fields(client.get(url_of(english)))
    moved = {"sections-0-ORDER": "2", "sections-1-ORDER": "1"}
    response = client.post(url_of(english), posted | moved)
    assert "Only the first section" in response.content.decode()
    places = fields(response)
    shown = [name for name in places if re.fullmatch(r"sections-\d+-ORDER", name)]
    assert shown[:2] == ["sections-1-ORDER", "sections-0-ORDER"]
    assert [places[name] for name in shown[:2]] == ["1", "2"]
