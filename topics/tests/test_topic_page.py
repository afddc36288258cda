"""The topic page: every element of it, and where each of its links leads."""

import re
from dataclasses import replace
from datetime import date

import pytest

from topics.document import OtherLanguageLink, Section
from topics.models import Origin, TopicLanguage
from topics.publishing import Publication, append_editions, withdraw

from .documents import saved
from .public import (
    ANEMIA,
    ANEMIA_ES,
    LEUCEMIA,
    LEUKEMIA,
    PUBMED,
    SOURCE,
    name_the_site,
    plain,
    publish,
)

pytestmark = pytest.mark.django_db

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def page(client):
    """The English page, on a site that has anemia too."""
    name_the_site(
        name_en="Our Library",
        publisher="A Department",
        place="X (CA)",
        source_credit_en="MedlinePlus.gov, National Library of Medicine",
    )
    publish(ANEMIA, ANEMIA_ES)
    publish(LEUKEMIA, LEUCEMIA)
    return read(client)


def read(client, path="/acuteleukemia.html"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def section(page, key):
    return re.search(rf'<section aria-labelledby="{key}">(.*?)</section>', page, re.DOTALL)[1]


def test_it_begins_with_where_it_is_and_what_it_is_called(page):
    assert '<a href="/">Home</a>' in page
    assert '<a href="/healthtopics.html">Health Topics</a>' in page
    assert '<li aria-current="page">Acute Leukemia</li>' in page
    assert f"URL of this page: {HERE}/acuteleukemia.html" in page
    assert "<h1>Acute Leukemia</h1>" in page
    assert "<span>Also called:</span> ALL, Acute lymphoblastic leukemia" in page
    assert (
        'name="description" property="og:description" content="About a kind of leukemia."' in page
    )
    assert "<title>Acute Leukemia – Our Library</title>" in page


def test_questions_are_headings_with_an_id_each_in_the_table_of_contents(page):
    assert '<h2 id="s-what-is-leukemia">What is <em>leukemia</em>?</h2>' in page
    assert '<h3 id="s-a-finer-point">A finer point</h3>' in page
    assert '<h2 id="s-what-is-leukemia-2">' in page
    assert '<li><a href="#s-what-is-leukemia">What is <em>leukemia</em>?</a></li>' in page
    assert '<li><a href="#s-what-is-leukemia-2">' in page
    assert '<li><a href="#cat-start-here">Start Here</a></li>' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_foreign_word_of_a_heading_is_marked_in_the_table_of_contents_too(client):
    picture = '<img src="https://example.org/x.jpg" alt="x">'
    heading = (
        f'<a href="https://example.org/">Is <em lang="es">susto</em> {picture}the<br>same?</a>'
    )
    publish(plain("Fright", 70, summary=(Section(2, heading, "<p>x</p>"),)))
    entry = '<li><a href="#s-is-susto-the-same">Is <em lang="es">susto</em> the same?</a></li>'
    assert entry in read(client, "/fright.html")


def test_no_level_of_headings_is_skipped(client):
    publish(plain("Steps", 70, summary=(Section(2, "One", ""), Section(4, "Two", "<p>x</p>"))))
    page = read(client, "/steps.html")
    assert '<h2 id="s-one">' in page
    assert '<h3 id="s-two">' in page


def test_links_in_the_text_lead_to_topics_that_are_here_and_else_outside(page):
    assert f'<a href="/anemia.html" data-url="{HERE}/anemia.html">anemia</a>' in page
    assert f'<a href="{SOURCE}fever.html">fever</a>' in page
    assert f'<a href="{SOURCE}lab-tests/cbc/">a test</a>' in page


def test_a_link_in_the_text_that_is_bound_by_number_follows_the_topic(client):
    body = '<p>See <a href="https://elsewhere.example.org/x" data-topic="20">this</a>.</p>'
    publish(plain("Bound", 71, summary=(Section(None, None, body),)))
    assert 'See <a href="https://elsewhere.example.org/x">this</a>' in read(client, "/bound.html")
    publish(replace(ANEMIA, slug="blood"))
    assert f'See <a href="/blood.html" data-url="{HERE}/blood.html">this</a>' in read(
        client, "/bound.html"
    )


def test_links_to_a_withdrawn_topic_become_text_and_it_is_related_no_more(client, page):
    anemia = TopicLanguage.objects.get(number=20)
    withdraw(anemia.pk, by=None, reason="Wrong")
    page = read(client)
    assert "See anemia," in page
    assert "anemia.html" not in section(page, "related")


def test_a_withdrawn_page_is_not_offered_at_the_source_as_another_language(client, page):
    spanish = OtherLanguageLink("Spanish", "español", f"{SOURCE}spanish/shown.html")
    _topic, other = publish(
        plain("Shown", 77, other_languages=(spanish,)), plain("Shown", 78, "es")
    )
    assert '<a href="/spanish/shown.html"' in section(
        read(client, "/shown.html"), "other-languages"
    )
    withdraw(other.pk, by=None, reason="Wrong")
    shown = read(client, "/shown.html")
    assert f"{SOURCE}spanish/shown.html" not in shown
    assert 'id="other-languages"' not in shown


def test_a_topic_that_was_never_live_is_linked_at_its_source(client, page):
    saved(plain("Fever", 30))
    assert f'<a href="{SOURCE}fever.html">Fever</a>' in section(read(client), "related")


def test_related_topics_have_their_present_title_and_address(page):
    related = section(page, "related")
    assert f'<a href="/anemia.html" data-url="{HERE}/anemia.html">Anemia</a>' in related
    assert f'<a href="{SOURCE}nothere.html">Not here</a>' in related
    assert "old title" not in related


def test_a_link_shows_organizations_tags_and_the_same_in_spanish(page):
    start = section(page, "cat-start-here")
    assert '<h2 id="cat-start-here">Start Here</h2>' in start
    assert '<a href="https://example.org/about%20it">About it</a>' in start
    assert '<span class="by">(First Body; Second Body)</span>' in start
    assert '<span class="tag">NIH</span> <span class="tag">PDF</span>' in start
    assert '<a href="https://example.org/es" hreflang="es">Also in Spanish</a>' in start


def test_a_link_to_a_topic_that_is_here_stays_on_the_site_in_both_languages(page):
    children = section(page, "cat-children")
    assert '<a href="/anemia.html"' in children
    assert ">Anemia: MedlinePlus Health Topic</a>" in children
    assert (
        f'<a href="/spanish/anemia.html" data-url="{HERE}/spanish/anemia.html" hreflang="es">'
        in children
    )


def test_the_encyclopedia_is_a_list_of_its_own_and_named_elsewhere(page):
    assert "(Medical Encyclopedia)" in section(page, "cat-patient-handouts")
    encyclopedia = section(page, "cat-encyclopedia")
    assert '<h2 id="cat-encyclopedia">Medical Encyclopedia</h2>' in encyclopedia
    assert "(Medical Encyclopedia)" not in encyclopedia
    assert page.index('id="cat-patient-handouts"') < page.index('id="cat-encyclopedia"')


def test_journal_articles_come_before_the_way_to_more_of_them(page):
    articles = section(page, "cat-journal-articles")
    assert "References and abstracts from MEDLINE/PubMed (National Library of Medicine)" in articles
    assert (
        f'<li class="more"><a href="{PUBMED}">Acute Leukemia — see more articles</a></li>'
        in articles
    )
    assert articles.index("A study") < articles.index("see more articles")


def test_an_organization_is_not_named_beside_its_own_page(page):
    assert "(Example Society)" not in section(page, "cat-find-an-expert")


def test_sections_stand_in_the_order_of_the_categories(page):
    keys = ["start-here", "journal-articles", "find-an-expert", "children", "patient-handouts"]
    places = [page.index(f'<h2 id="cat-{key}">') for key in keys]
    assert places == sorted(places)


def test_hidden_categories_are_never_shown(client, page):
    spanish = read(client, "/spanish/acuteleukemia.html")
    assert "Sobre la leucemia" in spanish
    assert "Spanish/Español" not in spanish
    assert "NON-DISPLAY" not in spanish
    assert "example.org/hidden" not in spanish


def test_the_spanish_page_is_spanish(client, page):
    spanish = read(client, "/spanish/acuteleukemia.html")
    assert '<h2 id="cat-start-here">Comience aquí</h2>' in spanish
    assert '<a href="https://example.org/en" hreflang="en">También en inglés</a>' in spanish
    assert '<h2 id="s-que-es-la-leucemia">¿Qué es la leucemia?</h2>' in spanish
    assert "Otros nombres:" in spanish
    assert re.search(
        r"Última actualización</dt><dd><time datetime=\"[\d-]+\">\d+ de [a-z]+ de \d{4}</time>",
        spanish,
    )
    assert "Disponible en: " in spanish


def test_further_languages_are_marked_with_their_language_and_direction(page):
    languages = section(page, "other-languages")
    assert (
        '<a href="https://example.org/ar" lang="ar" hreflang="ar" dir="rtl">العربية</a> (Arabic)'
        in languages
    )
    assert '<a href="https://example.org/tlh">Klingon</a>' in languages


def test_groups_institute_attribution_and_source_are_there(page):
    assert f'<a href="/cancers.html" data-url="{HERE}/cancers.html">Cancers</a>' in section(
        page, "groups"
    )
    institute = section(page, "institute")
    assert "primary NIH organization for research on <em>Acute Leukemia</em>" in institute
    assert '<a href="https://www.cancer.gov">National Cancer Institute</a>' in institute
    assert '<p class="attribution">NIH: National Cancer Institute</p>' in page
    assert f'<a href="{LEUKEMIA.url}">MedlinePlus.gov, National Library of Medicine</a>' in page


def test_a_topic_made_here_credits_no_source(client, page):
    publish(plain("Ours", None, url=""))
    assert "MedlinePlus.gov" not in read(client, "/ours.html")


def test_the_demonstration_does_not_credit_a_source_for_words_of_our_own(client, page):
    publish(plain("Shown", 77), origin=Origin.DEMONSTRATION)
    assert "MedlinePlus.gov, National Library" not in read(client, "/shown.html")


@pytest.mark.parametrize(
    ("origins", "credited"),
    [
        ((Origin.DEMONSTRATION, Origin.HUMAN), False),
        ((Origin.DEMONSTRATION, Origin.HUMAN, Origin.REFRESH), False),
        ((Origin.IMPORT, Origin.HUMAN), True),
        ((Origin.DEMONSTRATION, Origin.IMPORT, Origin.HUMAN), True),
    ],
)
def test_editing_changes_nothing_in_where_the_words_came_from(client, page, origins, credited):
    document = plain("Shown", 77)
    (topic_language,) = publish(document, origin=origins[0])
    for number, origin in enumerate(origins[1:]):
        document = replace(document, also_called=(f"Name {number}",))
        again = Publication(topic_language, document)
        append_editions([again], by=None, origin=origin)
        topic_language.refresh_from_db()
    shown = read(client, "/shown.html")
    assert f"Name {len(origins) - 2}" in shown
    assert ("MedlinePlus.gov, National Library" in shown) is credited
    assert ('"isBasedOn"' in shown) is credited


def test_the_disclaimer_and_the_guidelines_are_linked(page):
    assert (
        'See our <a href="/about/disclaimer.html" data-url="http://127.0.0.1:8000/about/disclaimer.html">disclaimer</a>'
        in page
    )
    assert '/about/quality.html">quality guidelines</a>' in page
    assert "should not be used as a substitute for professional medical care" in page
    assert '<a href="/about/citing.html">Learn how to cite this page</a>' in page


def test_dates_of_review_are_shown_once_they_are_set(client, page):
    assert "Last reviewed" not in page
    TopicLanguage.objects.filter(number=10).update(
        last_reviewed=date(2026, 1, 5), next_review=date(2029, 1, 4)
    )
    page = read(client)
    assert 'Last reviewed</dt><dd><time datetime="2026-01-05">January 5, 2026</time>' in page
    assert 'Next review due</dt><dd><time datetime="2029-01-04">January 4, 2029</time>' in page
    assert "reviewed 2026 Jan 05; cited " in page


def test_the_citation_is_filled_in(page):
    citation = re.search(r'<p class="citation">(.*?)</p>', page)[1]
    assert re.fullmatch(
        r"Our Library \[Internet\]\. X \(CA\): A Department\. Acute Leukemia; "
        r"\[updated \d{4} [A-Z][a-z]{2} \d\d; cited \d{4} [A-Z][a-z]{2} \d\d\]; \[about 1 p\.\]\. "
        rf"Available from: {HERE}/acuteleukemia\.html",
        citation,
    )


def test_tables_and_pictures_of_the_text_are_made_presentable(client):
    body = (
        '<table class="info-table-1" summary="Doses"><tr><td>1</td></tr></table>'
        '<p class=""><img src="https://example.org/x.png" alt="A drawing"></p>'
    )
    publish(plain("Table", 72, summary=(Section(3, "Doses", body),)))
    page = read(client, "/table.html")
    assert "<table><caption>Doses</caption>" in page
    assert '<a href="https://example.org/x.png">A drawing</a>' in page


def test_a_topic_of_links_only_and_one_of_words_only_are_whole_pages(client):
    publish(plain("Links", 73, summary=None, groups=(), links=LEUKEMIA.links))
    publish(plain("Words", 74, groups=()))
    assert "Start Here" in read(client, "/links.html")
    assert "This site links to" not in read(client, "/words.html")


def test_a_spanish_citation_writes_its_months_in_small_letters(client, page):
    TopicLanguage.objects.filter(number=11).update(last_reviewed=date(2026, 11, 2))
    assert "2 nov. 2026; " in read(client, "/spanish/acuteleukemia.html")


def test_the_source_of_an_imported_topic_is_named_by_its_host_where_no_credit_is_written(
    page, client
):
    assert '">MedlinePlus.gov, National Library of Medicine</a>' in page
    name_the_site(source_credit_en="")
    assert f'<dt>Source</dt><dd><a href="{SOURCE}acuteleukemia.html">medlineplus.gov</a>' in read(
        client
    )
