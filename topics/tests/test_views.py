"""The public pages: what answers where, in which language, with which status."""

from dataclasses import replace

import pytest
from django.test import Client

from topics.document import Link, Section
from topics.models import Address, Page, PageEdition, TopicGroup
from topics.publishing import withdraw

from .documents import saved
from .public import ANEMIA, ANEMIA_ES, LEUCEMIA, LEUKEMIA, name_the_site, plain, publish

pytestmark = pytest.mark.django_db

PAGES = [
    "",
    "healthtopics.html",
    "healthtopics_a.html",
    "all_healthtopics.html",
    "acuteleukemia.html",
    "cancers.html",
    "about/",
    "about/disclaimer.html",
]
EMPTY_LETTERS = ["healthtopics_xyz.html", "healthtopics_0-9.html"]


@pytest.fixture
def site():
    """A site of two topics, both in both languages."""
    name_the_site(name_en="Our Library", name_es="Nuestra biblioteca")
    publish(LEUKEMIA, LEUCEMIA)
    publish(ANEMIA, ANEMIA_ES)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("name", [*PAGES, *EMPTY_LETTERS])
def test_every_page_answers_in_both_languages_and_leads_to_itself_in_the_other(client, site, name):
    english, spanish = client.get(f"/{name}"), client.get(f"/spanish/{name}")
    assert (english.status_code, spanish.status_code) == (200, 200)
    assert '<html lang="en">' in text(english)
    assert '<html lang="es">' in text(spanish)
    assert f'<a href="/spanish/{name}" lang="es" hreflang="es">Español</a>' in text(english)
    assert f'<a href="/{name}" lang="en" hreflang="en">English</a>' in text(spanish)
    assert english["Content-Language"] == "en"
    assert spanish["Content-Language"] == "es"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_names_its_address_and_its_counterpart(client, site, settings, name):
    settings.SITE_URL = "https://health.example.org"
    spanish = text(client.get(f"/spanish/{name}"))
    assert f'<link rel="canonical" href="https://health.example.org/spanish/{name}">' in spanish
    for language, prefix in (("en", ""), ("es", "spanish/")):
        address = f"https://health.example.org/{prefix}{name}"
        assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in spanish


@pytest.mark.parametrize("name", [*PAGES, "nothing.html"])
def test_a_page_has_one_main_heading_and_the_landmarks(client, site, name):
    page = text(client.get(f"/{name}"))
    assert page.count("<h1") == 1
    for landmark in ("<main ", '<header class="site-header"', '<footer class="site-footer"'):
        assert page.count(landmark) == 1
    assert '<a class="skip" href="#content">' in page


@pytest.mark.parametrize("name", [*PAGES, *EMPTY_LETTERS])
def test_a_page_depends_on_no_visitor(client, site, name):
    response = client.get(
        f"/{name}", headers={"Accept-Language": "es", "Cookie": "django_language=es"}
    )
    assert '<html lang="en">' in text(response)
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers
    assert response["Cache-Control"] == "no-cache"


def test_an_empty_site_still_answers(client):
    for name in ("", "healthtopics.html", "healthtopics_a.html", "all_healthtopics.html", "about/"):
        assert client.get(f"/{name}").status_code == 200
        assert client.get(f"/spanish/{name}").status_code == 200


# --- Lists ------------------------------------------------------------------------------------------


def test_the_hub_shows_groups_with_live_topics_under_their_family_and_no_others(client, site):
    page = text(client.get("/healthtopics.html"))
    assert "Disorders and Conditions" in page
    assert '<a href="/cancers.html">Cancers</a>' in page
    assert "2 topics" in page
    assert "Digestive System" not in page
    assert "Body Location/Systems" not in page


def test_a_group_that_nobody_has_placed_stands_under_a_neutral_heading(client):
    group = LEUKEMIA.groups[0]
    publish(plain("Odd", 5, groups=(replace(group, number=999, name="New group", url=None),)))
    page = text(client.get("/healthtopics.html"))
    assert "Other groups" in page
    assert '<a href="/newgroup.html">New group</a>' in page


def test_other_names_stand_in_the_alphabet_and_point_to_their_topic(client, site):
    page = text(client.get("/healthtopics_l.html"))
    assert 'Leukemia, Acute — see <a href="/acuteleukemia.html">Acute Leukemia</a>' in page
    page = text(client.get("/spanish/healthtopics_l.html"))
    assert '<a href="/spanish/acuteleukemia.html">Leucemia aguda</a>' in page
    assert 'LLA — vea <a href="/spanish/acuteleukemia.html">Leucemia aguda</a>' in page


def test_the_alphabet_offers_only_letters_that_have_topics(client, site):
    page = text(client.get("/healthtopics_a.html"))
    assert '<a href="/healthtopics_a.html" aria-current="page">A</a>' in page
    assert '<a href="/healthtopics_l.html">L</a>' in page
    assert "<span>B</span>" in page


def test_a_group_page_lists_its_topics_by_title(client, site):
    publish(plain("Ängste", 40, slug="anxieties"))
    page = text(client.get("/cancers.html"))
    order = [page.index(f">{title}</a>") for title in ("Acute Leukemia", "Anemia", "Ängste")]
    assert order == sorted(order)
    assert "3 health topics" in page


def test_a_group_without_a_live_topic_says_so(client):
    response = client.get("/cancers.html")
    assert response.status_code == 200
    page = text(response)
    assert "There are no topics in this group at the moment." in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page and 'rel="alternate" hreflang' not in page


def test_a_group_without_a_name_in_a_language_is_offered_to_nobody_in_it(client, site):
    there = '<link rel="alternate" hreflang="es" href="http://127.0.0.1:8000/spanish/cancers.html">'
    assert there in text(client.get("/cancers.html"))
    for nothing in ("", None):
        TopicGroup.objects.filter(slug="cancers").update(name_es=nothing)
        assert 'rel="alternate" hreflang' not in text(client.get("/cancers.html"))


def test_the_home_page_shows_what_changed_last(client, site):
    page = text(client.get("/"))
    assert "Recently updated" in page
    assert '<a href="/anemia.html">Anemia</a>' in page


# --- Pages that are not (or no longer) there --------------------------------------------------------


def test_a_topic_without_spanish_is_missing_honestly_and_english_is_offered(client):
    publish(ANEMIA)
    response = client.get("/spanish/anemia.html")
    assert response.status_code == 404
    assert "Esta página no está disponible en español" in text(response)
    assert '<a href="/anemia.html" lang="en" hreflang="en">Anemia</a>' in text(response)
    assert 'hreflang="es" href' not in text(client.get("/anemia.html"))


def test_a_topic_with_another_address_in_this_language_is_found_by_its_old_one(client):
    publish(plain("Fever", 1), plain("Fiebre", 2, "es"))
    assert client.get("/spanish/fever.html").headers["Location"] == "/spanish/fiebre.html"
    assert client.get("/fiebre.html").headers["Location"] == "/fever.html"


def test_a_topic_without_english_is_missing_honestly_and_spanish_is_offered(client):
    publish(ANEMIA_ES)
    response = client.get("/anemia.html")
    assert response.status_code == 404
    assert "This page is not available in English" in text(response)
    assert '<a href="/spanish/anemia.html" lang="es" hreflang="es">Anemia (español)</a>' in text(
        response
    )


def test_a_withdrawn_topic_answers_410_with_the_reason_and_leaves_every_list(client, site):
    topic_language = Address.objects.get(language="en", slug="anemia").topic_language
    withdraw(topic_language.pk, by=None, reason="Out of <date>")
    response = client.get("/anemia.html")
    assert response.status_code == 410
    assert "Out of &lt;date&gt;" in text(response)
    assert '<a href="/healthtopics.html">' in text(response)
    assert "The page “Anemia” was at this address." in text(response)
    onward = '<a href="/spanish/anemia.html" lang="es" hreflang="es">Anemia (español)</a>'
    assert onward in text(response)
    for name in ("", "healthtopics_a.html", "all_healthtopics.html", "cancers.html"):
        assert "anemia.html" not in text(client.get(f"/{name}"))
    assert client.get("/spanish/anemia.html").status_code == 200


def test_a_topic_withdrawn_in_both_languages_offers_neither(client, site):
    for row in Address.objects.filter(slug="anemia"):
        withdraw(row.topic_language_id, by=None, reason="Old")
    page = text(client.get("/spanish/anemia.html"))
    assert "La página «Anemia (español)» estaba en esta dirección." in page
    assert 'class="onward"' not in page


def test_what_was_never_published_is_not_there(client):
    saved(ANEMIA)
    assert client.get("/anemia.html").status_code == 404


def test_an_old_address_redirects_for_good(client, site):
    target = Address.objects.get(language="es", slug="anemia")
    Address.objects.create(language="es", slug="sangre", redirect_to=target)
    response = client.get("/spanish/sangre.html")
    assert (response.status_code, response["Location"]) == (301, "/spanish/anemia.html")


def test_the_page_of_an_unknown_address_helps(client, site):
    response = client.get("/spanish/leucemia.html")
    assert response.status_code == 404
    page = text(response)
    assert '<a href="/spanish/healthtopics_l.html">Temas que comienzan con L</a>' in page
    assert '<a href="/leucemia.html" lang="en" hreflang="en">English</a>' in page
    assert 'name="robots" content="noindex"' in page


@pytest.mark.parametrize("path", ["/languages/", "/about/x/", "/nothing.html", "/9lives.html"])
def test_the_page_of_an_unknown_address_offers_no_empty_letter(client, site, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Topics that begin with" not in text(response)
    assert '<a href="/all_healthtopics.html">' in text(response)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/Anemia.html", "/anemia.html"),
        ("/ANEMIA.HTML", "/anemia.html"),
        ("/anemia.html/", "/anemia.html"),
        ("/spanish/Anemia.html", "/spanish/anemia.html"),
        ("/SPANISH/anemia.html", "/spanish/anemia.html"),
        ("/HealthTopics.html", "/healthtopics.html"),
        ("/spanish", "/spanish/"),
        ("/about", "/about/"),
        ("/SPANISH/", "/spanish/"),
        ("/Spanish", "/spanish/"),
        ("/ABOUT/", "/about/"),
        ("/spanish/About", "/spanish/about/"),
        ("/SEARCH/?q=Fever", "/search/?q=Fever"),
        ("/Languages/languages.html", "/languages/languages.html"),
        ("/spanish/languages/ARABIC.html", "/spanish/languages/arabic.html"),
        ("/languages/arabic.HTML", "/languages/arabic.html"),
        ("/languages/arabic.html/", "/languages/arabic.html"),
        ("/feeds/topics/LEUKEMIA.xml", "/feeds/topics/leukemia.xml"),
        ("/spanish/feeds/groups/CANCERS.Atom", "/spanish/feeds/groups/cancers.atom"),
        ("/Feeds/whatsnew.xml", "/feeds/whatsnew.xml"),
        ("/feeds/whatsnew.xml/", "/feeds/whatsnew.xml"),
        ("/Sitemap.xml", "/sitemap.xml"),
        ("/ROBOTS.TXT", "/robots.txt"),
    ],
)
def test_a_careless_address_is_redirected_to_the_right_one(client, site, address, target):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, target)


def test_a_misspelt_address_leads_to_what_it_may_have_meant(client, site):
    page = text(client.get("/acute-lukemia"))
    assert "Did you mean one of these topics?" in page
    assert '<li><a href="/acuteleukemia.html">Acute Leukemia</a></li>' in page
    spanish = text(client.get("/spanish/anemai.html"))
    assert '<li><a href="/spanish/anemia.html">Anemia (español)</a></li>' in spanish
    assert "Did you mean" not in text(client.get("/qqqqqq.html"))


@pytest.mark.parametrize(
    "address",
    [
        "/nothing.html",
        "/nothing",
        "/%00.html",
        "/a%00b.html",
        "/a%0Ab.html",
        "/%ff%fe.html",
        "/../../etc/passwd.html",
        "/<script>.html",
        f"/{'a' * 5000}.html",
        f"/{'a/' * 2500}",
        "/spanish//evil.example.org/x.html",
        "/spanish/%2F%2Fevil.example.org.html",
        "/healthtopics_zz.html",
        "/NOTHING/",
        "/healthtopics_x.html",
        "/.html",
        "/'; DROP TABLE topics_address; --.html",
    ],
)
def test_an_odd_address_gets_the_404_page(client, site, address):
    response = client.get(address)
    assert response.status_code == 404
    page = text(response)
    assert "<h1>" in page
    assert "<script>" not in page
    assert 'href="//' not in page


@pytest.mark.parametrize("rubbish", ["", "xx;q=;;", "*;q=9", "é" * 500, "es-" * 2000])
def test_no_preference_of_a_browser_changes_a_page(client, site, rubbish):
    plain = client.get("/anemia.html")
    asked = client.get("/anemia.html", headers={"Accept-Language": rubbish})
    assert (asked.status_code, asked.content) == (200, plain.content)


# --- Methods ----------------------------------------------------------------------------------------


def test_head_answers_like_get_without_a_body(client, site):
    get, head = client.get("/anemia.html"), client.head("/anemia.html")
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Length"] == str(len(get.content))


def test_options_names_the_methods(client, site):
    response = client.options("/anemia.html")
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


NO_PAGES = [f"/media/pictures/{'0' * 32}/320.jpg", "/healthz", "/readyz", "/favicon.ico"]


@pytest.mark.parametrize("path", NO_PAGES)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_sent_to_what_is_no_page_either(db, path, method):
    response = getattr(Client(enforce_csrf_checks=True), method)(path)
    status = 204 if method == "options" else 405
    assert (response.status_code, response["Allow"]) == (status, "GET, HEAD, OPTIONS")
    assert bool(response.content) is (status == 405)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_sent_to_a_page(site, method):
    response = getattr(Client(enforce_csrf_checks=True), method)("/spanish/anemia.html")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "Esta página solo se puede leer" in text(response)


# --- About pages ------------------------------------------------------------------------------------


def test_an_about_page_shows_its_latest_edition(client):
    page = Page.objects.get(key="disclaimer")
    edition = PageEdition.objects.get(page=page, language="en")
    edition.pk, edition.number, edition.body = None, 2, '<p>New <a href="/about/">words</a>.</p>'
    edition.save(force_insert=True)
    shown = text(client.get("/about/disclaimer.html"))
    assert 'New <a href="/about/" data-url="http://127.0.0.1:8000/about/">words</a>.' in shown
    assert 'aria-current="page">Disclaimer</li>' in shown


def test_an_about_page_that_lacks_a_language_is_missing_honestly(client, site):
    page = Page.objects.create(key="jobs", slug="about/jobs", position=9)
    for language in ("en", "es"):
        Address.objects.create(language=language, slug=page.slug, page=page)
    edition = PageEdition.objects.filter(language="en").first()
    edition.pk, edition.page, edition.title, edition.number = None, page, "Jobs", 1
    edition.save(force_insert=True)
    name_the_site()
    assert client.get("/about/jobs.html").status_code == 200
    response = client.get("/spanish/about/jobs.html")
    assert response.status_code == 404
    assert '<a href="/about/jobs.html" lang="en" hreflang="en">Jobs</a>' in text(response)
    # The foot of a Spanish page offers it under its English name, marked as such.
    assert '<a href="/about/jobs.html" lang="en">Jobs</a>' in text(client.get("/spanish/"))


# --- The words of the installation ------------------------------------------------------------------


def test_words_that_only_the_other_language_has_are_marked_with_it(client):
    name_the_site(
        name_en="Our Library", name_es="", disclaimer_en="Ask <your> doctor.", disclaimer_es=""
    )
    page = text(client.get("/spanish/"))
    assert '<h1 lang="en">Our Library</h1>' in page
    assert '<p lang="en">Ask &lt;your&gt; doctor.</p>' in page


def test_the_keys_of_a_page_name_every_topic_on_it(client, site):
    keys = client.get("/acuteleukemia.html").surrogate_keys
    own = ("topic-en-acuteleukemia", "topic-es-acuteleukemia")
    assert keys == ("pages", *own, "topic-en-anemia", "topic-es-anemia")
    withdraw(
        Address.objects.get(language="en", slug="anemia").topic_language_id, by=None, reason="Old"
    )
    assert "topic-en-anemia" not in client.get("/acuteleukemia.html").surrogate_keys


def test_the_emergency_number_stands_below_the_summary_of_a_topic(client, site):
    name_the_site(emergency_number="+1 (555) 010-0100")
    page = text(client.get("/spanish/anemia.html"))
    link = '<a href="tel:+15550100100">+1 (555) 010-0100</a>'
    assert page.index('class="summary"') < page.index(link) < page.index('class="links"')
    assert page.count(link) == 1
    name_the_site(emergency_number="112 or <061>")
    assert "<strong>112 or &lt;061&gt;</strong>" in text(client.get("/anemia.html"))


def test_contact_and_emergency_number_stand_at_the_foot(client):
    name_the_site(
        contact="help@example.org", emergency_number="911", publisher="A Department", place="X (CA)"
    )
    page = text(client.get("/"))
    assert '<a href="mailto:help@example.org">Contact us</a>' in page
    assert (
        'In an emergency, call <strong><a href="tel:911">911</a></strong>.'
        in page.rpartition("<footer")[2]
    )
    assert "A Department, X (CA)" in page


def test_a_contact_that_is_no_address_is_no_link(client):
    name_the_site(contact="javascript:alert(1)")
    assert "javascript:" not in text(client.get("/"))


# --- Hostile content --------------------------------------------------------------------------------


def test_hostile_words_never_become_markup(client):
    bad = '"><script>alert(1)</script>'
    document = replace(
        plain("Harmless", 50),
        title=bad,
        also_called=(bad,),
        see_references=(f"Zz{bad}",),
        meta_description=bad,
        summary=(Section(3, "A question", "<p>Text.</p>"),),
        links=(
            Link(
                bad,
                "javascript:alert(1)",
                f"https://example.org/{bad}",
                ("Start Here",),
                (bad,),
                (bad,),
            ),
        ),
    )
    publish(document)
    for name in (
        "",
        "harmless.html",
        "healthtopics_xyz.html",
        "all_healthtopics.html",
        "cancers.html",
    ):
        page = text(client.get(f"/{name}"))
        assert "<script>" not in page
        assert 'href="javascript:' not in page
