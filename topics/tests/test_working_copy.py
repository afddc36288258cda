"""Storing a document and assembling it again are inverse, and nobody else's link changes."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources.models import InformationCategory, Organization, Resource
from topics.document import Link, Section
from topics.models import HealthTopic, Placement, RelatedTopic, TopicGroup, TopicSection
from topics.working_copy import assemble, store

from .documents import ENGLISH, SPANISH, documents, saved

pytestmark = pytest.mark.django_db


def stored_pair():
    english = saved(ENGLISH)
    spanish = saved(SPANISH, english.topic)
    store([(english, ENGLISH), (spanish, SPANISH)])
    return english, spanish


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.tuples(documents("en", 11), documents("es", 12)), st.booleans())
def test_what_was_stored_is_what_is_assembled(pair, one_after_the_other):
    english = saved(pair[0])
    spanish = saved(pair[1], english.topic)
    items = list(zip((english, spanish), pair, strict=True))
    if one_after_the_other:
        bound = store(items[1:]) + store(items[:1])
        bound.reverse()
    else:
        bound = store(items)
    assembled = assemble([english, spanish])
    assert [assembled[english.pk], assembled[spanish.pk]] == bound
    assert [document.content_digest() for document in bound] == [
        document.content_digest() for document in pair
    ]
    spanish.related.all().delete()
    for topic_language in (english, spanish):
        topic_language.delete()


def test_storing_again_gives_the_same_document():
    english, spanish = stored_pair()
    first = assemble([english, spanish])
    store([(spanish, SPANISH), (english, ENGLISH)])
    assert assemble([english, spanish]) == first


def test_both_languages_of_a_link_are_one_resource():
    stored_pair()
    resource = Resource.objects.get(url_en="https://example.org/belly")
    assert (resource.title_es, resource.url_es) == (
        "Dolor de panza",
        "https://example.org/es/panza",
    )
    assert Resource.objects.count() == 2


def test_changing_english_sections_leaves_spanish_alone():
    english, spanish = stored_pair()
    reordered = replace(
        ENGLISH, summary=(Section(2, "New first", "<p>n</p>"), *reversed(ENGLISH.summary))
    )
    store([(english, reordered)])
    assembled = assemble([english, spanish])
    assert assembled[english.pk].summary == reordered.summary
    assert assembled[spanish.pk].summary == SPANISH.summary
    store([(english, replace(ENGLISH, summary=None))])
    assert assemble([spanish])[spanish.pk].summary == SPANISH.summary
    assert TopicSection.objects.count() == 1


def test_a_heading_pairs_with_the_heading_of_the_same_rank():
    stored_pair()
    pair = TopicSection.objects.get(heading_en__contains="serious")
    assert pair.heading_es == "¿Cuándo es grave?"


def test_a_link_that_other_topics_use_is_never_changed():
    english, _spanish = stored_pair()
    shared = ENGLISH.links[0]
    elsewhere = replace(
        ENGLISH,
        number=5,
        slug="elsewhere",
        mapped=None,
        links=(
            replace(
                shared,
                title="Another title",
                mapped_url=None,
                organizations=("Somebody else",),
                descriptions=(),
            ),
        ),
    )
    other = saved(elsewhere)
    store([(other, elsewhere)])
    assert assemble([english])[english.pk].links[0].title == shared.title
    assert assemble([other])[other.pk].content_digest() == elsewhere.content_digest()
    assert Resource.objects.get(url_en=shared.url).title_en == shared.title
    placement = Placement.objects.get(topic_language=other)
    assert (placement.own_title, placement.own_mapped_url) == ("Another title", "")


def test_a_link_that_one_topic_uses_follows_its_record():
    english, _spanish = stored_pair()
    lonely = replace(ENGLISH.links[1], title="A better title", organizations=("New Body",))
    store([(english, replace(ENGLISH, links=(ENGLISH.links[0], lonely)))])
    assert Resource.objects.get(url_en=lonely.url).title_en == "A better title"
    assert Placement.objects.get(topic_language=english, position=1).own_title is None


def test_one_new_organisation_named_in_each_language_is_one_row():
    paired = Link("A", "https://e.example/a", "https://e.example/es", ("Start Here",), ("Body",))
    spanish = Link("B", "https://e.example/es", "https://e.example/a", (), ("Cuerpo",))
    english = saved(ENGLISH)
    store(
        [
            (english, replace(ENGLISH, links=(paired,))),
            (saved(SPANISH, english.topic), replace(SPANISH, links=(spanish,))),
        ]
    )
    organization = Organization.objects.get(name_en="Body")
    assert organization.name_es == "Cuerpo"


def test_a_group_never_seen_is_made_with_an_address_and_without_a_family():
    document = replace(
        ENGLISH, groups=(replace(ENGLISH.groups[0], number=77, name="New shelf", url=None),)
    )
    store([(saved(document), document)])
    group = TopicGroup.objects.get(number=77)
    assert (group.name_en, group.family, group.slug) == ("New shelf", "", "newshelf")
    assert group.addresses.count() == 2


def test_an_unknown_category_is_made_once():
    document = replace(
        ENGLISH, links=tuple(replace(link, categories=("Brand New",)) for link in ENGLISH.links)
    )
    store([(saved(document), document)])
    assert InformationCategory.objects.get(name_en="Brand New").key == "brandnew"


def test_related_topics_are_resolved_where_the_target_is_here():
    pain = replace(ENGLISH, number=351, slug="pain", title="Pain", related=(), links=())
    target = saved(pain)
    store([(target, pain)])
    store([(saved(ENGLISH), ENGLISH)])
    assert RelatedTopic.objects.get(number=351).target == target


def test_storing_raises_the_version_so_that_open_forms_are_refused():
    english, _spanish = stored_pair()
    before = type(english).objects.get(pk=english.pk).version
    store([(english, ENGLISH)])
    assert type(english).objects.get(pk=english.pk).version == before + 1


@pytest.mark.parametrize("work", [store, lambda items: assemble([tl for tl, _d in items])])
def test_the_number_of_queries_does_not_depend_on_the_number_of_topics(
    work, django_assert_max_num_queries
):
    def items(numbers):
        documents = [
            replace(ENGLISH, number=number, slug=f"many{number}", mapped=None) for number in numbers
        ]
        made = [(saved(document), document) for document in documents]
        store(made)
        return made

    few, many = items(range(1, 3)), items(range(10, 40))
    with django_assert_max_num_queries(60) as small:
        work(few)
    with django_assert_max_num_queries(len(small)):
        work(many)


def test_a_topic_made_here_gets_a_number_of_its_own_range_once():
    topic = HealthTopic.objects.create(title_en="Ours")
    topic_language = topic.languages.create(language="en", slug="ours")
    assert topic_language.number == 1_500_000_000 + topic_language.pk
    assert topic_language.is_local
