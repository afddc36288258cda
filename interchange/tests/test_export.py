"""What an export calls things, and which summaries it writes as they came."""

from io import BytesIO

import pytest
from django.conf import settings
from django.utils import timezone
from lxml import etree

from interchange.export import export_groups
from topics.document import Reference, Section
from topics.models import HealthTopic, TopicGroup, TopicLanguage
from topics.publishing import publish, withdraw
from topics.working_copy import assemble, store

from .importing import edit, give_out, live, row, take_in, working
from .records import file_of, topic
from .trees import summaries

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
SUMMARY = "<full-summary>&lt;p>One&lt;/p>   &lt;p>Two&lt;/p></full-summary>"
CANONICAL = "<p>One</p>   <p>Two</p>"
RELATED = '<related-topic url="https://medlineplus.gov/asthma.html" id="3">Asthma</related-topic>'
LINKED = '<full-summary>&lt;a href="https://medlineplus.gov/asthma.html">x&lt;/a></full-summary>'
GROUP = '<group url="https://medlineplus.gov/cancers.html" id="1">Cancers</group>'


def exported(**options: object) -> dict[str, etree._Element]:
    root = etree.fromstring(give_out(**options))
    return {element.get("id"): element for element in root}


def made_here(title="Home care", slug="homecare", language="en", *, topic=None, **changes):
    """A topic written and published by an editor; its row."""
    made = TopicLanguage(topic=topic or HealthTopic.objects.create(), language=language, slug=slug)
    made.save()
    document = assemble([made])[made.pk]
    changes = {"title": title, "summary": (Section(None, None, "<p>Rest.</p>"),)} | changes
    store([(made, type(document)(**{**_fields(document), **changes}))])
    publish(made.pk, by=None)
    return row(made.number)


def _fields(document):
    return {name: getattr(document, name) for name in document.__dataclass_fields__}


# --- Summaries --------------------------------------------------------------------------------------


def test_an_untouched_summary_is_written_as_it_came():
    take_in(file_of(topic(1, inner=SUMMARY.replace("One", "&amp;Eacute;n"))))
    assert summaries(give_out()) == {"1": "<p>&Eacute;n</p>   <p>Two</p>"}
    assert summaries(give_out(verbatim=False)) == {"1": "<p>Én</p>   <p>Two</p>"}


def test_a_summary_edited_here_is_written_as_it_is_here():
    take_in(file_of(topic(1, inner=SUMMARY)))
    edit(1, summary=(Section(None, None, "<p>Three</p>"),), publish=True)
    assert summaries(give_out()) == {"1": "<p>Three</p>"}


def test_an_edit_elsewhere_in_the_topic_leaves_the_summary_verbatim():
    take_in(file_of(topic(1, inner=SUMMARY.replace("One", "&amp;Eacute;n"))))
    edit(1, also_called=("Tired blood",), publish=True)
    assert summaries(give_out()) == {"1": "<p>&Eacute;n</p>   <p>Two</p>"}


def test_a_draft_is_never_exported():
    take_in(file_of(topic(1, inner=SUMMARY)))
    edit(1, summary=(Section(None, None, "<p>Secret</p>"),), title="Secret")
    take_in(file_of(topic(3, "Asthma")), publish=False)
    out = give_out()
    assert b"Secret" not in out and b"Asthma" not in out
    assert summaries(out) == {"1": CANONICAL}


def test_a_withdrawn_topic_is_not_exported():
    take_in(file_of(topic(1, inner=RELATED), topic(3, "Asthma")))
    withdraw(row(3).pk, by=None, reason="Out of date")
    (element,) = exported().values()
    assert element.findtext("related-topic") == "Asthma"  # as the record says


# --- Names and addresses ----------------------------------------------------------------------------


def test_everything_imported_keeps_the_names_of_its_source():
    xml = file_of(
        topic(1, inner=LINKED + GROUP + RELATED), topic(3, "Bronchial asthma", slug="asthma")
    )
    take_in(xml)
    element = exported()["1"]
    assert element.find("related-topic").text == "Asthma"
    assert element.find("group").get("url") == "https://medlineplus.gov/cancers.html"


def test_a_topic_renamed_here_is_called_by_its_new_name():
    take_in(file_of(topic(1, inner=RELATED), topic(3, "Asthma", SUMMARY)))
    edit(3, title="Asthma and you", publish=True)
    related = exported()["1"].find("related-topic")
    assert (related.text, related.get("url")) == (
        "Asthma and you",
        "https://medlineplus.gov/asthma.html",
    )


def test_a_topic_made_here_has_its_number_and_the_address_of_this_site():
    made = made_here()
    element = exported()[str(made.number)]
    assert made.number >= 1_500_000_000
    assert element.get("url") == f"{SITE}/homecare.html"


def test_a_reference_to_a_topic_made_here_is_written_with_its_address_here():
    made = made_here()
    take_in(file_of(topic(1, inner=SUMMARY)))
    body = f'<a href="/homecare.html" data-topic="{made.number}">home</a>'
    edit(
        1,
        related=(Reference(made.number, "", ""),),
        summary=(Section(None, None, body),),
        publish=True,
    )
    element = exported()["1"]
    assert element.find("related-topic").get("url") == f"{SITE}/homecare.html"
    assert element.findtext("related-topic") == "Home care"
    assert element.findtext("full-summary") == f'<a href="{SITE}/homecare.html">home</a>'


def test_a_reference_to_a_draft_made_here_is_left_out():
    draft = TopicLanguage(
        topic=HealthTopic.objects.create(title_en="Secret"), language="en", slug="s"
    )
    draft.save()
    take_in(file_of(topic(1, inner=SUMMARY)))
    edit(1, related=(Reference(draft.number, "Secret", ""),), publish=True)
    assert exported()["1"].find("related-topic") is None


def test_a_spanish_version_made_here_is_mapped_both_ways():
    take_in(file_of(topic(1, inner=SUMMARY)))
    made = made_here("La anemia", "anemia", "es", topic=row(1).topic)
    elements = exported()
    mapped = elements["1"].find("language-mapped-topic")
    assert (mapped.get("id"), mapped.get("language"), mapped.text) == (
        str(made.number),
        "Spanish",
        "La anemia",
    )
    assert mapped.get("url") == f"{SITE}/spanish/anemia.html"
    back = elements[str(made.number)].find("language-mapped-topic")
    assert (back.get("id"), back.get("language")) == ("1", "English")


def test_a_group_given_here_is_written_with_the_address_its_source_uses():
    take_in(file_of(topic(1, inner=SUMMARY + GROUP)))
    made = made_here()
    group = TopicGroup.objects.get(number=1)
    made.memberships.create(group=group)
    publish(made.pk, by=None)
    element = exported()[str(made.number)].find("group")
    assert (element.get("id"), element.get("url"), element.text) == (
        "1",
        "https://medlineplus.gov/cancers.html",
        "Cancers",
    )


@pytest.mark.parametrize("addresses", ["upstream", "site"])
def test_a_group_without_a_name_in_the_language_is_left_out(addresses):
    group = TopicGroup.objects.create(slug="pain", name_es="Dolor", number=None)
    made = made_here()
    made.memberships.create(group=group)
    publish(made.pk, by=None)
    assert exported(addresses=addresses)[str(made.number)].find("group") is None
    out = BytesIO()
    export_groups(out, generated=timezone.now(), addresses=addresses)
    assert b"<group " not in out.getvalue()


@pytest.mark.parametrize("addresses", ["upstream", "site"])
def test_a_group_given_here_is_called_as_readers_see_it_now(addresses):
    group = TopicGroup.objects.create(slug="pain", name_es="Dolor", number=None)
    made = made_here()
    made.memberships.create(group=group)
    publish(made.pk, by=None)
    for name in ("Pain", "Aches"):
        TopicGroup.objects.filter(pk=group.pk).update(name_en=name)
        assert exported(addresses=addresses)[str(made.number)].findtext("group") == name


def test_an_export_for_this_site_names_everything_by_its_address_here():
    spanish = topic(
        2, "La anemia", language="Spanish", url="https://medlineplus.gov/spanish/anemia.html"
    )
    mapped = '<language-mapped-topic url="https://x.org" id="2" language="Spanish">M</language-mapped-topic>'
    take_in(
        file_of(
            topic(1, inner=LINKED + GROUP + mapped + RELATED),
            spanish,
            topic(3, "Bronchial asthma", slug="asthma"),
        )
    )
    element = exported(addresses="site")["1"]
    assert element.get("url") == f"{SITE}/anemia.html"
    assert element.findtext("full-summary") == f'<a href="{SITE}/asthma.html">x</a>'
    assert element.find("group").get("url") == f"{SITE}/cancers.html"
    related, other = element.find("related-topic"), element.find("language-mapped-topic")
    assert (related.text, related.get("url")) == ("Bronchial asthma", f"{SITE}/asthma.html")
    assert (other.text, other.get("url")) == ("La anemia", f"{SITE}/spanish/anemia.html")


def test_an_export_for_this_site_keeps_what_is_elsewhere():
    take_in(file_of(topic(1, inner=LINKED + RELATED)))
    element = exported(addresses="site")["1"]
    assert element.findtext("full-summary") == '<a href="https://medlineplus.gov/asthma.html">x</a>'
    assert element.find("related-topic").get("url") == "https://medlineplus.gov/asthma.html"


def test_topics_stand_in_the_order_of_real_files():
    spanish = topic(4, "Asma", language="Spanish")
    take_in(file_of(spanish, topic(3, "beta"), topic(1, "Alpha"), topic(2, "Gamma")))
    assert list(exported()) == ["1", "3", "2", "4"]


def test_an_export_costs_the_same_number_of_queries_for_any_number_of_topics(
    django_assert_max_num_queries,
):
    take_in(file_of(*(topic(number, f"Topic {number}") for number in range(1, 51))))
    with django_assert_max_num_queries(8):
        give_out()


def test_a_title_changed_here_is_exported_only_when_it_is_published():
    take_in(file_of(topic(1, inner=SUMMARY)))
    edit(1, title="Blood that lacks iron")
    assert exported()["1"].get("title") == live(1).title == "Anemia"
    publish(row(1).pk, by=None)
    assert exported()["1"].get("title") == working(1).title == "Blood that lacks iron"
