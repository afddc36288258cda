"""A change of something that topics share, and an import of topics that nobody changed themselves."""

import pytest
from django.contrib.auth.models import User

from editorial.link_health.in_texts import finish_pending
from editorial.link_health.replacing import replace_everywhere
from interchange.models import UpstreamRecord
from resources.models import InformationCategory, Organization, Resource
from topics.editions.embedding import with_address
from topics.editions.writers import note_writers
from topics.models import HealthTopic, RefreshJob, TopicLanguage, TopicWriter
from topics.publishing import publish
from topics.refresh import request_refresh, run_refresh
from topics.working_copy import linking

from .importing import edit, give_out, live, row, statements, take_in, working
from .records import file_of, topic

pytestmark = pytest.mark.django_db

SITE = (
    '<site title="{title}" url="{url}"{mapped}>'
    "<information-category>Start Here</information-category>"
    "<organization>A society</organization></site>"
)
NEWS = "<also-called>Tired blood</also-called>"


def site(title="Iron", url="https://x.org/iron", mapped=""):
    return SITE.format(title=title, url=url, mapped=mapped and f' language-mapped-url="{mapped}"')


def change(kind, thing, **values):
    """What the admin does: save the shared thing and let live pages follow."""
    for name, value in values.items():
        setattr(thing, name, value)
    thing.save()
    run_refresh(request_refresh(kind, thing.pk, by=None))


def rename_category():
    category = InformationCategory.objects.get(key="start-here")
    change(RefreshJob.Kind.CATEGORY, category, name_en="Begin Here")


def rename_organization():
    organization = Organization.objects.get(name_en="A society")
    change(RefreshJob.Kind.ORGANIZATION, organization, name_en="The Society")


def retitle_link():
    change(RefreshJob.Kind.RESOURCE, Resource.objects.get(title_en="Iron"), title_en="Iron, please")


def repair_address():
    link = Resource.objects.get(title_en="Iron")
    change(RefreshJob.Kind.RESOURCE, link, url_en="https://x.org/new")


SHARED_EDITS = [
    (rename_category, "categories", ("Begin Here",)),
    (rename_organization, "organizations", ("The Society",)),
    (retitle_link, "title", "Iron, please"),
    (repair_address, "url", "https://x.org/new"),
]


def give_picture(name="a" * 32):
    HealthTopic.objects.update(image=name, image_width=640, image_height=480, image_alt_en="A cell")


@pytest.mark.parametrize(("shared_edit", "field", "value"), SHARED_EDITS)
@pytest.mark.parametrize("refreshed", [True, False])
def test_a_topic_nobody_edited_follows_and_the_shared_edit_survives(
    shared_edit, field, value, refreshed, monkeypatch
):
    if not refreshed:
        monkeypatch.setattr(f"{__name__}.run_refresh", lambda job: None)
    take_in(file_of(topic(1, inner=site()), topic(3, "Asthma", site())))
    shared_edit()
    for _again in range(2):
        report = take_in(file_of(topic(1, inner=NEWS + site()), topic(3, "Asthma", site())))
        assert report.conflicts == []
    for document in (live(1), working(1)):
        assert document.also_called == ("Tired blood",)
        assert [getattr(link, field) for link in document.links] == [value]
    assert Resource.objects.count() == 1
    assert not InformationCategory.objects.filter(key="starthere").exists()
    report = take_in(file_of(topic(1, inner=site()), topic(3, "Asthma", NEWS + site())))
    assert (report.updated, report.conflicts) == (2, [])
    assert [getattr(live(number).links[0], field) for number in (1, 3)] == [value, value]
    assert str(value if isinstance(value, str) else value[0]) in give_out().decode()


def test_a_link_that_the_source_changed_comes_from_the_source():
    take_in(file_of(topic(1, inner=site() + site("Zinc", "https://x.org/zinc"))))
    retitle_link()
    changed = site() + site("Zinc and more", "https://x.org/zinc")
    assert take_in(file_of(topic(1, inner=changed))).updated == 1
    assert [link.title for link in live(1).links] == ["Iron, please", "Zinc and more"]


def test_a_repaired_half_of_a_pair_stays_repaired_in_both_languages():
    spanish = {"language": "Spanish", "url": "https://medlineplus.gov/spanish/anemia.html"}
    iron, hierro = "https://x.org/iron", "https://x.org/hierro"
    take_in(
        file_of(
            topic(1, inner=site("Iron", iron, hierro)),
            topic(2, "La anemia", site("Hierro", hierro, iron), **spanish),
        )
    )
    repair_address()
    report = take_in(
        file_of(
            topic(1, inner=NEWS + site("Iron", iron, hierro)),
            topic(2, "La anemia", NEWS + site("Hierro", hierro, iron), **spanish),
        )
    )
    assert (report.updated, report.conflicts) == (2, [])
    assert live(1).links[0].url == live(2).links[0].mapped_url == "https://x.org/new"
    assert Resource.objects.count() == 1


def test_an_edit_of_the_topic_itself_is_a_conflict_still():
    take_in(file_of(topic(1, inner=site())))
    retitle_link()
    edit(1, see_references=("Blood, tired",))
    assert len(take_in(file_of(topic(1, inner=NEWS + site()))).conflicts) == 1


def test_a_link_removed_here_is_a_conflict_still():
    take_in(file_of(topic(1, inner=site())))
    retitle_link()
    edit(1, links=())
    assert len(take_in(file_of(topic(1, inner=NEWS + site()))).conflicts) == 1


def test_new_records_find_a_renamed_section_by_its_old_name():
    take_in(file_of(topic(1, inner=site())))
    rename_category()
    count = InformationCategory.objects.count()
    report = take_in(file_of(topic(3, "Asthma", site("Air", "https://x.org/air"))))
    assert InformationCategory.objects.count() == count
    assert working(3).links[0].category_keys == ("start-here",)
    assert not any("never seen" in note.text for note in report.notes)
    assert row(3).live_edition.digest == working(3).content_digest()


def test_a_section_first_named_by_a_record_is_found_after_it_was_renamed():
    podcasts = site().replace("Start Here", "Podcasts")
    take_in(file_of(topic(1, inner=podcasts)))
    change(
        RefreshJob.Kind.CATEGORY, InformationCategory.objects.get(key="podcasts"), name_en="To hear"
    )
    take_in(file_of(topic(3, "Asthma", podcasts)))
    assert working(3).links[0].categories == ("To hear",)


def test_a_picture_given_here_stays_and_the_topic_follows():
    take_in(file_of(topic(1, inner=site() + NEWS, date_created="10/22/1998")))
    give_picture()
    publish(row(1).pk, by=None)
    assert take_in(file_of(topic(1, inner=site(), date_created="10/22/1998"))).updated == 1
    assert live(1).also_called == () and live(1).image.alt == "A cell"
    assert row(1).has_changes is False


def test_a_picture_that_is_not_public_does_not_become_so_by_an_import():
    take_in(file_of(topic(1, inner=site() + NEWS)))
    give_picture()
    TopicLanguage.objects.update(has_changes=True)
    assert take_in(file_of(topic(1, inner=site()))).updated == 1
    assert (live(1).image, row(1).has_changes) == (None, True)
    assert working(1).image.alt == "A cell"


def test_whoever_gave_a_picture_that_an_import_leaves_a_draft_counts_as_its_writer():
    ana, bob = User.objects.create_user("ana"), User.objects.create_user("bob")
    take_in(file_of(topic(1, inner=site() + NEWS), topic(2, "Asthma", NEWS)), by=bob)
    assert not TopicWriter.objects.exists()
    give_picture()
    others = HealthTopic.objects.exclude(pk=row(1).topic_id)
    others.update(image="", image_width=None, image_height=None)
    note_writers([row(1).pk, row(2).pk], [ana.pk])
    assert take_in(file_of(topic(1, inner=site()), topic(2, "Asthma"))).updated == 2
    assert [(one.topic_language, one.by) for one in TopicWriter.objects.all()] == [(row(1), ana)]


def test_whoever_imports_what_does_not_go_live_counts_as_its_writer():
    bob = User.objects.create_user("bob")
    take_in(file_of(topic(1)), by=bob, publish=False)
    assert [(one.topic_language, one.by) for one in TopicWriter.objects.all()] == [(row(1), bob)]


def test_a_shared_edit_alone_leaves_nothing_for_the_same_file_to_do():
    xml = file_of(topic(1, inner=site()))
    take_in(xml)
    retitle_link()
    with statements() as written:
        assert take_in(xml).unchanged == 1
    assert written == []
    assert UpstreamRecord.objects.get().structure_digest == working(1).structure_digest()


# --- While an import runs ---------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch):
    """Let an editor save links between the import's reading and its writing of them."""
    follow = linking._Book.follow_records

    def begin(**values):
        def interrupted(*args):
            follow(*args)
            Resource.objects.update(**values)

        monkeypatch.setattr(linking._Book, "follow_records", interrupted)

    return begin


def test_an_import_writes_only_the_language_that_it_changes(meanwhile):
    take_in(file_of(topic(1, inner=site(mapped="https://x.org/hierro"))))
    meanwhile(title_es="Hierro")
    take_in(file_of(topic(1, inner=site("Iron and you", mapped="https://x.org/hierro"))))
    link = Resource.objects.get()
    assert (link.title_en, link.title_es) == ("Iron and you", "Hierro")


def test_a_link_that_an_editor_changed_meanwhile_is_left_to_her(meanwhile):
    take_in(file_of(topic(1, inner=site())))
    meanwhile(title_en="Iron, please")
    take_in(file_of(topic(1, inner=site("Iron and you"))))
    assert Resource.objects.get().title_en == "Iron, please"
    assert Resource.objects.get().organizations.get().name_en == "A society"
    assert working(1).links[0].title == live(1).links[0].title == "Iron and you"


# --- Addresses replaced everywhere ------------------------------------------------------------------

OLD, NEW, NEWEST = "https://x.org/advice", "https://x.org/new", "https://x.org/newest"
ADVICE = (
    "<full-summary>&lt;p&gt;See "
    f'&lt;a href="{OLD}"&gt;it&lt;/a&gt;, &lt;a href="https://y.org/"&gt;that&lt;/a&gt;.&lt;/p&gt;'
    f'</full-summary><other-language vernacular-name="Soomaali" url="{OLD}">Somali</other-language>'
    f'<primary-institute url="{OLD}">An institute</primary-institute>'
)


@pytest.fixture
def replaced():
    """Topic 1 with an address in its text and of its own, which is replaced twice everywhere."""
    take_in(file_of(topic(1, inner=ADVICE)))
    eva = User.objects.create_user("eva")
    for old, new in ((OLD, NEW), (NEW, NEWEST)):
        replace_everywhere(old, new, by=eva, at_once=False)
        finish_pending()
    assert live(1).to_json().count(NEWEST) == 3


def test_an_address_replaced_in_a_text_is_no_edit_and_survives(replaced):
    for inner in (NEWS + ADVICE, ADVICE, NEWS + ADVICE):
        assert take_in(file_of(topic(1, inner=inner))).conflicts == []
        assert live(1) == working(1)
        assert live(1).to_json().count(NEWEST) == 3
        assert OLD not in live(1).to_json()
    assert live(1).also_called == ("Tired blood",)
    assert row(1).has_changes is False
    assert give_out().decode().count(NEWEST) == 3


def test_words_that_were_the_address_between_blanks_are_no_edit():
    inner = ADVICE.replace("&gt;it&lt;", f"&gt; {OLD} &lt;")
    take_in(file_of(topic(1, inner=inner)))
    replace_everywhere(OLD, NEW, by=User.objects.create_user("eva"), at_once=False)
    finish_pending()
    assert f"> {NEW} <" in live(1).rich_text()
    assert take_in(file_of(topic(1, inner=NEWS + inner))).conflicts == []
    assert OLD not in live(1).to_json()


def test_another_address_of_the_source_takes_the_place_of_the_replaced_one(replaced):
    inner = ADVICE.replace(OLD, "https://x.org/theirs", 1)
    assert take_in(file_of(topic(1, inner=inner))).updated == 1
    text = live(1).to_json()
    assert (text.count("https://x.org/theirs"), text.count(NEWEST), text.count(OLD)) == (1, 2, 0)


def test_an_address_replaced_in_an_edited_text_leaves_the_conflict(replaced):
    edit(1, see_references=("Blood, tired",))
    assert len(take_in(file_of(topic(1, inner=NEWS + ADVICE))).conflicts) == 1
    assert NEWEST in live(1).rich_text()


def test_an_old_address_that_an_editor_put_back_stays(replaced):
    back = with_address(working(1), NEWEST, OLD)
    edit(1, **{name: getattr(back, name) for name in ("summary", "other_languages", "institute")})
    take_in(file_of(topic(1, inner=NEWS + ADVICE)))
    assert working(1).to_json().count(OLD) == 3


def test_a_text_that_had_the_newer_address_too_is_not_told_from_an_edited_one():
    take_in(file_of(topic(1, inner=ADVICE.replace("https://y.org/", NEW))))
    replace_everywhere(OLD, NEW, by=User.objects.create_user("eva"), at_once=False)
    finish_pending()
    report = take_in(file_of(topic(1, inner=NEWS + ADVICE.replace("https://y.org/", NEW))))
    assert len(report.conflicts) == 1
    assert OLD not in live(1).to_json()
