"""Publishing, withdrawing and refreshing: what the public can see, and what can never change."""

from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from resources.models import InformationCategory, Organization, Resource
from topics.document import TopicDocument
from topics.models import (
    Address,
    Edition,
    Generation,
    HealthTopic,
    LiveMembership,
    LiveName,
    Origin,
    PageEdition,
    PublicationEvent,
    RefreshJob,
    TopicLanguage,
)
from topics.projections import AddressTaken
from topics.publishing import NotReady, Publication, append_editions, publish, withdraw
from topics.refresh import live_pages_showing, request_refresh, run_pending, run_refresh
from topics.working_copy import store

from .documents import ENGLISH, SPANISH, saved

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return get_user_model().objects.create_user("ana")


def make_live(document, topic=None, origin=Origin.IMPORT):
    topic_language = saved(document, topic)
    bound = store([(topic_language, document)])[0]
    append_editions([Publication(topic_language, bound)], by=None, origin=origin)
    return reread(topic_language)


def reread(topic_language):
    return TopicLanguage.objects.select_related("live_edition").get(pk=topic_language.pk)


def live_document(topic_language):
    return TopicDocument.from_json(reread(topic_language).live_edition.document)


def generation():
    return Generation.objects.values_list("number", flat=True).get(pk=1)


def change_title(topic_language, title):
    HealthTopic.objects.filter(pk=topic_language.topic_id).update(
        **{f"title_{topic_language.language}": title}
    )


# --- Going live -------------------------------------------------------------------------------------


def test_saving_changes_nothing_that_the_public_reads(editor):
    english = make_live(ENGLISH)
    before = generation()
    store([(english, replace(ENGLISH, title="Changed", slug="changed"))], by=editor)
    assert live_document(english).title == "Abdominal Pain"
    assert str(Address.objects.get(topic_language=english)) == "/abdominalpain.html"
    assert generation() == before


def test_publishing_appends_a_numbered_edition_and_moves_the_pointer(editor):
    english = make_live(ENGLISH)
    change_title(english, "Belly Pain")
    edition = publish(english.pk, by=editor, note="Plainer title")
    english = reread(english)
    assert (edition.number, edition.origin, edition.created_by) == (2, Origin.HUMAN, editor)
    assert english.live_edition == edition
    assert live_document(english).title == "Belly Pain"
    assert english.editions.get(number=1).title == "Abdominal Pain"
    event = PublicationEvent.objects.filter(topic_language=english).first()
    assert (event.kind, event.edition, event.reason) == ("live", edition, "Plainer title")


def test_publishing_what_is_live_already_writes_nothing(editor):
    english = make_live(ENGLISH)
    before = generation()
    assert publish(english.pk, by=editor) == english.live_edition
    assert english.editions.count() == 1
    assert generation() == before


def test_each_language_is_published_on_its_own(editor):
    english = make_live(ENGLISH)
    spanish = make_live(SPANISH, english.topic)
    change_title(english, "Belly Pain")
    change_title(spanish, "Dolor de barriga")
    publish(spanish.pk, by=editor)
    assert live_document(spanish).title == "Dolor de barriga"
    assert live_document(english).title == "Abdominal Pain"


def test_a_topic_made_here_gets_its_first_public_day(editor):
    document = replace(ENGLISH, number=None, url="", date_created=None)
    topic_language = saved(document)
    store([(topic_language, document)])
    publish(topic_language.pk, by=editor)
    assert live_document(topic_language).date_created is not None
    assert publish(topic_language.pk, by=editor).number == 1


@pytest.mark.parametrize(
    ("document", "word"),
    [
        (replace(ENGLISH, title=" "), "title"),
        (replace(ENGLISH, summary=(), links=()), "summary"),
        (replace(ENGLISH, summary=(replace(ENGLISH.summary[1], heading=""),)), "heading"),
        (replace(ENGLISH, links=(replace(ENGLISH.links[0], title=""),)), "link"),
    ],
)
def test_an_incomplete_topic_is_refused_with_a_reason(document, word, editor):
    topic_language = saved(document)
    store([(topic_language, document)])
    with pytest.raises(NotReady) as refusal:
        publish(topic_language.pk, by=editor)
    assert word in refusal.value.reasons[0]
    assert not Edition.objects.exists()


# --- Lists and addresses ----------------------------------------------------------------------------


def test_names_and_groups_of_the_live_edition_are_listed():
    english = make_live(ENGLISH)
    names = LiveName.objects.filter(topic_language=english).order_by("sort_key")
    assert [(name.name, name.letter) for name in names] == [
        ("Abdominal Pain", "a"),
        ("Bellyache", "b"),
        ("Pain, Abdominal", "p"),
        ("Tummy ache", "t"),
    ]
    assert LiveMembership.objects.filter(topic_language=english).count() == 2


def test_a_changed_address_redirects_and_may_be_taken_back(editor):
    english = make_live(ENGLISH)
    for slug in ("bellypain", "stomach", "abdominalpain"):
        TopicLanguage.objects.filter(pk=english.pk).update(slug=slug)
        publish(english.pk, by=editor)
    assert Address.objects.get(topic_language=english).slug == "abdominalpain"
    redirects = Address.objects.filter(redirect_to__topic_language=english)
    assert {address.slug for address in redirects} == {"bellypain", "stomach"}


def test_an_address_in_use_is_never_taken_from_another_topic(editor):
    make_live(ENGLISH)
    other = replace(ENGLISH, number=5, slug="other")
    topic_language = make_live(other)
    Address.objects.filter(topic_language=topic_language).update(slug="moved")
    Address.objects.create(
        language="en", slug="other", redirect_to=Address.objects.get(slug="abdominalpain")
    )
    with pytest.raises(AddressTaken, match="/other.html"):
        publish_again = replace(other, title="Changed")
        store([(topic_language, publish_again)])
        publish(topic_language.pk, by=editor)
    assert live_document(topic_language).title == "Abdominal Pain"


def test_a_group_and_a_topic_cannot_answer_at_one_address(editor):
    document = replace(ENGLISH, number=5, slug="cancers")
    topic_language = saved(document)
    store([(topic_language, document)])
    with pytest.raises(AddressTaken):
        publish(topic_language.pk, by=editor)


# --- Withdrawing ------------------------------------------------------------------------------------


def test_a_withdrawn_topic_leaves_every_list_and_keeps_its_address(editor):
    english = make_live(ENGLISH)
    withdraw(english.pk, by=editor, reason="Merged")
    english = reread(english)
    assert english.live_edition is None
    assert english.withdrawn_reason == "Merged"
    assert not LiveName.objects.filter(topic_language=english).exists()
    assert not LiveMembership.objects.filter(topic_language=english).exists()
    assert Address.objects.filter(topic_language=english).exists()
    assert publish(english.pk, by=editor).number == 2
    assert reread(english).withdrawn_at is None


def test_withdrawing_needs_a_live_topic_and_a_reason(editor):
    english = make_live(ENGLISH)
    with pytest.raises(NotReady):
        withdraw(english.pk, by=editor, reason="  ")
    withdraw(english.pk, by=editor, reason="Merged")
    with pytest.raises(NotReady):
        withdraw(english.pk, by=editor, reason="Again")


def test_everything_that_changes_a_public_page_raises_the_generation(editor):
    english = make_live(ENGLISH)
    numbers = [generation()]
    change_title(english, "Belly Pain")
    publish(english.pk, by=editor)
    numbers.append(generation())
    withdraw(english.pk, by=editor, reason="Merged")
    numbers.append(generation())
    assert numbers == sorted(set(numbers))


# --- What the database itself refuses ---------------------------------------------------------------


def refuses(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work()


def test_an_edition_can_be_neither_changed_nor_deleted():
    english = make_live(ENGLISH)
    refuses(lambda: Edition.objects.update(note="x"))
    PublicationEvent.objects.all()  # the event points at the edition, so the edition goes first
    with pytest.raises(ProtectedError):
        Edition.objects.all().delete()
    refuses(lambda: Edition.objects.all()._raw_delete("default"))
    refuses(lambda: PublicationEvent.objects.update(reason="x"))
    refuses(lambda: PublicationEvent.objects.all().delete())
    refuses(lambda: PageEdition.objects.update(title="x"))
    refuses(lambda: PageEdition.objects.all().delete())
    assert english.editions.count() == 1


def test_a_topic_that_was_published_cannot_be_deleted():
    english = make_live(ENGLISH)
    with pytest.raises(ProtectedError):
        english.topic.delete()


def test_a_demonstration_can_be_deleted():
    english = make_live(ENGLISH, origin=Origin.DEMONSTRATION)
    TopicLanguage.objects.filter(pk=english.pk).update(live_edition=None)
    PublicationEvent.objects.filter(topic_language=english).delete()
    Edition.objects.filter(topic_language=english).delete()
    assert not Edition.objects.exists()


def test_the_live_pointer_cannot_point_at_another_topics_edition():
    english = make_live(ENGLISH)
    spanish = make_live(SPANISH, english.topic)
    refuses(
        lambda: TopicLanguage.objects.filter(pk=english.pk).update(
            live_edition=spanish.live_edition
        )
    )


def test_an_address_has_exactly_one_target():
    refuses(lambda: Address.objects.create(language="en", slug="nothing"))
    english = make_live(ENGLISH)
    refuses(lambda: Address.objects.filter(topic_language=english).update(gone_reason="both"))


def test_nothing_is_live_and_withdrawn_at_once():
    english = make_live(ENGLISH)
    refuses(
        lambda: TopicLanguage.objects.filter(pk=english.pk).update(
            withdrawn_at=english.live_edition.created_at
        )
    )


# --- Shared things ----------------------------------------------------------------------------------


def two_topics_with_one_link():
    first = make_live(ENGLISH)
    second = make_live(
        replace(
            ENGLISH,
            number=6,
            slug="second",
            links=(replace(ENGLISH.links[0], title="Own title"),),
        )
    )
    return first, second, Resource.objects.get(url_en=ENGLISH.links[0].url)


def test_a_changed_link_reaches_every_live_page_but_not_what_a_page_says_itself(editor):
    first, second, resource = two_topics_with_one_link()
    resource.title_en, resource.url_en = "New title", "https://example.org/moved"
    resource.save()
    assert live_pages_showing(RefreshJob.Kind.RESOURCE, resource.pk) == 2
    job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=editor)
    assert run_refresh(job) == 2
    assert live_document(first).links[0].title == "New title"
    assert live_document(second).links[0].title == "Own title"
    assert live_document(second).links[0].url == "https://example.org/moved"
    assert live_document(first).links[1] == replace(
        live_document(first).links[1], title=ENGLISH.links[1].title
    )
    edition = reread(first).live_edition
    assert (edition.origin, edition.created_by) == (Origin.REFRESH, editor)
    assert edition.content_changed_at == first.live_edition.content_changed_at


def test_a_refresh_never_publishes_a_draft(editor):
    first, _second, resource = two_topics_with_one_link()
    change_title(first, "Not ready")
    resource.title_en = "New title"
    resource.save()
    run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=editor))
    assert live_document(first).title == "Abdominal Pain"


def test_a_refresh_done_twice_changes_nothing_the_second_time(editor):
    _first, _second, resource = two_topics_with_one_link()
    resource.title_en = "New title"
    resource.save()
    assert run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=editor)) > 0
    assert run_refresh(request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=editor)) == 0


def test_a_refresh_goes_on_where_it_was_cut_off(editor):
    first, second, resource = two_topics_with_one_link()
    resource.url_en = "https://example.org/moved"
    resource.save()
    job = request_refresh(RefreshJob.Kind.RESOURCE, resource.pk, by=editor)
    assert run_refresh(job, limit=1) == 1
    assert live_document(second).links[0].url == ENGLISH.links[0].url
    assert run_pending() == (1, 1)
    assert live_document(second).links[0].url == "https://example.org/moved"
    assert reread(first).live_edition.number == 2
    assert RefreshJob.objects.get(pk=job.pk).finished_at is not None


def test_a_renamed_organisation_and_category_reach_live_pages(editor):
    first = make_live(ENGLISH)
    organization = Organization.objects.get(name_en="Second Example")
    organization.name_en = "Second Example Society"
    organization.save()
    category = InformationCategory.objects.get(key="start-here")
    category.name_en = "Begin Here"
    category.save()
    assert live_pages_showing(RefreshJob.Kind.ORGANIZATION, organization.pk) == 1
    assert live_pages_showing(RefreshJob.Kind.CATEGORY, category.pk) == 1
    request_refresh(RefreshJob.Kind.ORGANIZATION, organization.pk, by=editor)
    request_refresh(RefreshJob.Kind.CATEGORY, category.pk, by=editor)
    assert run_pending() == (2, 2)
    link = live_document(first).links[0]
    assert link.organizations == ("Example Foundation", "Second Example Society")
    assert link.categories == ("Begin Here", "Patient Handouts")


def test_listeners_are_told_in_the_transaction_and_can_abort_it(editor, monkeypatch):
    english = make_live(ENGLISH)
    told = []
    monkeypatch.setattr("topics.publishing.listeners", [told.append])
    change_title(english, "Belly Pain")
    publish(english.pk, by=editor)
    withdraw(english.pk, by=editor, reason="Merged")
    assert told == [[english.pk], [english.pk]]

    def refuse(_keys):
        raise ValueError("the index is broken")

    monkeypatch.setattr("topics.publishing.listeners", [refuse])
    with pytest.raises(ValueError, match="broken"), transaction.atomic():
        publish(english.pk, by=editor)
    assert reread(english).live_edition is None


def test_a_withdrawn_page_can_send_readers_to_another_public_page(client):
    pain = make_live(replace(SPANISH, language="en", slug="pain", number=77))
    belly = make_live(ENGLISH)
    other = Address.objects.get(topic_language=pain)
    withdraw(belly.pk, by=None, reason="Merged", to=other)
    response = client.get("/abdominalpain.html")
    assert (response.status_code, response["Location"]) == (301, "/pain.html")
    own = Address.objects.get(topic_language=belly)
    with pytest.raises(NotReady, match="another page that is public now"):
        withdraw(pain.pk, by=None, reason="Merged back", to=own)
    with pytest.raises(NotReady, match="another page that is public now"):
        withdraw(pain.pk, by=None, reason="To itself", to=other)
    withdraw(pain.pk, by=None, reason="Wrong")
    assert client.get("/pain.html").status_code == 410
    publish(belly.pk, by=None)
    assert client.get("/abdominalpain.html").status_code == 200
    with pytest.raises(IntegrityError), transaction.atomic():
        TopicLanguage.objects.filter(pk=belly.pk).update(withdrawn_to=other)
