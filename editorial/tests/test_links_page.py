"""Links are placed on topics, found or added without leaving the page."""

import pytest
from lxml import html

from resources.models import InformationCategory, Organization, Resource
from resources.recognition import normalized, resource_at
from topics.models import Placement

from .desk import fields, pair, person, url_of, working_copy

pytestmark = pytest.mark.django_db


def edit(client, version, **changes):
    posted = fields(client.get(url_of(version, "links"))) | changes
    return client.post(url_of(version, "links"), posted)


def placed(version):
    return [
        (placement.resource.pk, placement.categories)
        for placement in version.placements.select_related("resource")
    ]


def test_opening_and_saving_changes_nothing(client, ana):
    for version in pair():
        before = working_copy(version)
        assert edit(client, version).status_code == 302
        assert working_copy(version) == before


def test_one_link_is_placed_on_many_topics(client, ana):
    english, _spanish = pair()
    shared = Resource.objects.create(title_en="Shared", url_en="https://example.org/shared")
    found = client.get(url_of(english, "links/find"), {"q": "shar"}).json()["results"]
    assert [entry["value"] for entry in found] == [f"#{shared.pk} Shared"]
    response = edit(
        client,
        english,
        **{"new-0-link": found[0]["value"], "new-0-categories": "patient handouts; Start Here"},
    )
    assert response.status_code == 302
    assert placed(english)[-1] == (shared.pk, ["patient-handouts", "start-here"])
    assert (
        "already"
        in edit(
            client, english, **{"new-0-link": f"#{shared.pk}", "new-0-categories": "Start Here"}
        ).content.decode()
    )


@pytest.mark.parametrize("words", ["Belly", "example.org/belly", "Second Example", "second belly"])
def test_a_link_is_found_by_title_address_and_organization(client, ana, words):
    english, _spanish = pair()
    found = client.get(url_of(english, "links/find"), {"q": words}).json()["results"]
    assert [entry["label"] for entry in found] == ["Belly pain"]


def test_a_link_that_is_on_the_page_already_is_found_as_such(client, ana):
    english, _spanish = pair()
    Resource.objects.create(title_en="Belly ache", url_en="https://example.org/ache")
    for asked in ("belly", "https://example.org/belly", "https://example.org/ache"):
        found = client.get(url_of(english, "links/find"), {"q": asked}).json()["results"]
        for entry in found:
            assert entry["placed"] is (entry["label"] == "Belly pain")
            assert ("on this page already" in entry["detail"]) is entry["placed"]
        assert found


def test_an_organization_is_found_by_words_of_its_name(client, ana):
    english, _spanish = pair()
    found = client.get(url_of(english, "organizations/find"), {"q": "exam"}).json()["results"]
    # What begins with the words comes first.
    assert [entry["label"] for entry in found] == ["Example Foundation", "Second Example"]
    assert not client.get(url_of(english, "organizations/find"), {"q": "\x00"}).json()["results"]


def test_a_new_link_is_added_without_leaving(client, ana):
    _english, spanish = pair()
    response = edit(
        client,
        spanish,
        **{
            "new-0-link": "https://example.org/nuevo",
            "new-0-title": "Nuevo",
            "new-0-organizations": "Fundación Ejemplo; Otra fundación",
            "new-0-descriptions": "PDF; Video",
            "new-0-categories": "Comience aquí",
        },
    )
    assert response.status_code == 302
    link = Resource.objects.get(url_es="https://example.org/nuevo")
    assert (link.title_es, link.title_en, link.descriptions_es) == ("Nuevo", None, ["PDF", "Video"])
    assert [row.organization.name_es for row in link.resourceorganization_set.all()] == [
        "Fundación Ejemplo",
        "Otra fundación",
    ]
    assert Organization.objects.filter(name_es="Fundación Ejemplo").count() == 1
    assert placed(spanish)[-1][0] == link.pk


def test_an_address_that_is_here_is_recognized_and_offered(client, ana):
    english, _spanish = pair()
    here = Resource.objects.create(title_en="Here", url_en="https://Example.org/Here/")
    new = {"new-0-link": "http://example.org/Here", "new-0-categories": "Start Here"}
    response = edit(client, english, **new)
    assert "is here already as “Here”" in response.content.decode()
    assert response.status_code == 200
    again = fields(response)
    client.post(url_of(english, "links"), again | {"new-0-use": "here"})
    assert placed(english)[-1][0] == here.pk
    client.post(
        url_of(english, "links"),
        fields(client.get(url_of(english, "links")))
        | new
        | {"new-0-use": "new", "new-0-title": "Two"},
    )
    assert Resource.objects.filter(title_en="Two").exists()


def test_an_answer_is_kept_where_another_row_keeps_the_page_from_being_saved(client, ana):
    english, _spanish = pair()
    here = Resource.objects.create(title_en="Here", url_en="https://example.org/here")
    rows = {"new-TOTAL_FORMS": "2", "new-1-link": "https://example.org/new"}
    rows |= {f"new-{row}-categories": "Start Here" for row in (0, 1)}
    response = edit(client, english, **rows, **{"new-0-link": here.url_en})
    again = fields(response) | {"new-0-use": "here"}
    response = client.post(url_of(english, "links"), again)
    assert "A new link needs a title." in response.content.decode()
    again = fields(response)
    assert again["new-0-use"] == ["here"]
    assert client.post(url_of(english, "links"), again | {"new-1-title": "New"}).status_code == 302
    assert placed(english)[-2][0] == here.pk


@pytest.mark.parametrize("text", ["www.lung.org/asthma", "Example.org", "example.org:8443/a"])
def test_an_address_without_its_beginning_is_told_so(client, ana, text):
    english, _spanish = pair()
    page = edit(client, english, **{"new-0-link": text, "new-0-categories": "Start Here"})
    assert "is not a web address. Begin it with https://" in page.content.decode()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.org/a/", "http://EXAMPLE.org/a", True),
        ("https://example.org/a?q=1", "https://example.org/a/?q=1", True),
        ("https://example.org/A", "https://example.org/a", False),
        ("https://example.org/a#x", "https://example.org/a", False),
        ("https://example.org/a?q=1", "https://example.org/a?q=2", False),
        ("https://www.example.org/a", "http://example.org:80/a/", True),
        ("https://example.org/a?id=1&utm_source=mail&fbclid=x", "https://example.org/a?id=1", True),
        ("https://example.org/a?utm_source=mail", "https://example.org/b", False),
        ("https://example.org:8443/a", "https://example.org/a", False),
        ("https://example.org:443/a", "https://example.org/a", True),
        ("https://example.org:443/a", "https://example.org:443/a", True),
        ("https://example.org/a b.pdf?q=c d", "https://example.org/a%20b.pdf?q=c%20d", True),
        ("https://example.org/a%20b.pdf", "https://example.org/a b.pdf", True),
        ("https://example.org/niñez", "https://example.org/ni%C3%B1ez", True),
        ("https://example.org/a%2Fb", "https://example.org/a/b", False),
    ],
)
def test_addresses_are_compared_by_what_they_share(one, other, same):
    assert (normalized(one) == normalized(other)) is same
    link = Resource.objects.create(title_en="x", url_en=one)
    assert resource_at(other, "en") == (link if same else None)


def test_links_are_reordered_removed_and_differ_on_one_page_only(client, ana):
    english, spanish = pair()
    before = working_copy(spanish)
    first, second = (pk for pk, _categories in placed(english))
    edit(client, english, **{"links-0-ORDER": "9", "links-0-own_title": "Here only"})
    assert [pk for pk, _categories in placed(english)] == [second, first]
    assert english.placements.get(resource=first).own_title == "Here only"
    assert Resource.objects.get(pk=first).title_en == "Belly pain"
    edit(client, english, **{"links-0-DELETE": "on", "links-1-own_descriptions": "-"})
    assert [pk for pk, _categories in placed(english)] == [first]
    assert english.placements.get().own_descriptions == []
    assert working_copy(spanish) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"links-0-categories": "Nowhere"}, "There is no section"),
        ({"links-0-categories": ""}, "at least one section"),
        (
            {"new-0-link": "nothing like it", "new-0-categories": "Start Here"},
            "No single link fits",
        ),
        (
            {"new-0-link": "https://example.org/n", "new-0-categories": "Start Here"},
            "needs a title",
        ),
        ({"new-0-link": "https://example.org/n", "new-0-title": "N"}, "at least one section"),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence(client, ana, changes, sentence):
    english, _spanish = pair()
    before = working_copy(english)
    response = edit(client, english, **changes)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert working_copy(english) == before


def test_saving_links_leaves_the_public_page_alone(client, ana):
    english, _spanish = pair()
    before = client.get("/abdominalpain.html").content
    edit(client, english, **{"links-0-own_title": "Not yet public"})
    assert client.get("/abdominalpain.html").content == before


def test_a_topic_with_many_hundred_links_can_be_saved(client, ana):
    english, _spanish = pair()
    links = Resource.objects.bulk_create(
        Resource(title_en=f"Link {number}", url_en=f"https://example.org/{number}")
        for number in range(800)
    )
    Placement.objects.bulk_create(
        Placement(topic_language=english, resource=link, position=9, categories=["start-here"])
        for link in links
    )
    posted = fields(client.get(url_of(english, "links")))
    first = len(working_copy(english)["placements"]) - 800
    more = {f"links-{first + number}-DELETE": "on" for number in range(700)}
    more |= {f"links-{number}-as_shared": "on" for number in range(first + 800)}
    assert len(posted | more) > 5000
    assert client.post(url_of(english, "links"), posted | more).status_code == 302
    assert english.placements.count() == first + 100


def test_adding_organizations_is_a_right_of_its_own(client):
    english, _spanish = pair()
    client.force_login(person("Eva", "change_topiclanguage", "add_resource"))
    new = {
        "new-0-link": "https://example.org/n",
        "new-0-title": "N",
        "new-0-categories": "Start Here",
        "new-0-organizations": "Example Foundation; Nobody",
    }
    assert "There is no organization “Nobody”" in edit(client, english, **new).content.decode()
    assert not Organization.objects.filter(name_en="Nobody").exists()
    new["new-0-organizations"] = "example foundation"
    assert edit(client, english, **new).status_code == 302


def test_adding_to_the_shared_links_is_a_right_of_its_own(client):
    english, _spanish = pair()
    client.force_login(person("Eva", "change_topiclanguage"))
    new = {
        "new-0-link": "https://example.org/n",
        "new-0-title": "N",
        "new-0-categories": "Start Here",
    }
    assert "not add new ones" in edit(client, english, **new).content.decode()
    assert not Resource.objects.filter(title_en="N").exists()


def test_a_section_without_a_name_in_the_language_is_offered_by_its_other_name(client, ana):
    _english, spanish = pair()
    InformationCategory.objects.filter(key="start-here").update(name_es="")
    page = client.get(url_of(spanish, "links")).content.decode()
    assert '<option value="Start Here (English)"' in page
    assert "start-here" not in page
    link = Resource.objects.create(title_es="Otro", url_es="https://example.org/otro")
    new = {"new-0-link": f"#{link.pk}", "new-0-categories": "start here (english)"}
    assert edit(client, spanish, **new).status_code == 302
    assert placed(spanish)[-1] == (link.pk, ["start-here"])


def test_the_title_of_a_new_link_is_not_folded_away(client, ana):
    english, _spanish = pair()
    page = html.fromstring(client.get(url_of(english, "links")).content.decode())
    assert page.xpath("//input[@name='new-0-title']")
    assert not page.xpath("//details//input[@name='new-0-title']")
