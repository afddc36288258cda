"""What pages tell machines: addresses, Open Graph, schema.org and the feed."""

import json
import re
from datetime import date

import pytest
from lxml import html

from resources.models import InformationCategory
from topics.document import Link, MeshHeading, MeshTerm
from topics.models import Origin, TopicLanguage
from topics.site import rewrite_frame

from .public import ANEMIA, LEUCEMIA, LEUKEMIA, name_the_site, plain, publish

pytestmark = pytest.mark.django_db

SITE = "https://health.example.org"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE
    name_the_site(
        name_en="Our Library",
        name_es="Nuestra biblioteca",
        publisher="A Department",
        source_credit_en="MedlinePlus.gov",
    )


def head(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return html.fromstring(response.content.decode()).find("head")


def graph(page):
    """The properties of Open Graph, each with all its values."""
    found = {}
    for element in page.iterfind("meta[@property]"):
        found.setdefault(element.get("property"), []).append(element.get("content"))
    return found


def data(page):
    return json.loads(page.findtext("script[@type='application/ld+json']"))


def test_a_topic_says_which_page_it_is_in_which_languages(client):
    publish(LEUKEMIA, LEUCEMIA)
    page = head(client, "/spanish/acuteleukemia.html")
    alternates = {
        link.get("hreflang"): link.get("href") for link in page.iterfind("link[@hreflang]")
    }
    assert alternates == {
        "en": f"{SITE}/acuteleukemia.html",
        "es": f"{SITE}/spanish/acuteleukemia.html",
        "x-default": f"{SITE}/acuteleukemia.html",
    }
    assert graph(page) == {
        "og:url": [f"{SITE}/spanish/acuteleukemia.html"],
        "og:type": ["article"],
        "og:title": ["Leucemia aguda"],
        "og:site_name": ["Nuestra biblioteca"],
        "og:locale": ["es_ES"],
        "og:locale:alternate": ["en_US"],
    }
    assert graph(head(client, "/acuteleukemia.html"))["og:description"] == [
        "About a kind of leukemia."
    ]


def test_a_topic_in_one_language_names_no_other(client):
    publish(ANEMIA)
    page = head(client, "/anemia.html")
    assert not list(page.iterfind("link[@hreflang]"))
    assert "og:locale:alternate" not in graph(page)


def test_a_page_that_search_engines_should_not_offer_describes_nothing(client):
    page = html.fromstring(client.get("/nothing.html").content.decode()).find("head")
    assert not graph(page)
    assert page.find("link[@rel='canonical']") is None


def test_a_topic_is_a_medical_web_page_with_all_that_is_known_of_it(client):
    links = (
        Link("First", "https://example.org/1", None, ("Start Here",)),
        Link("Pills", "https://example.org/2", None, ("Treatments and Therapies",)),
        Link("Images", "https://example.org/3", None, ("Images",)),
    )
    headings = (
        MeshHeading(MeshTerm("D054198", "Precursor Cell Leukemia"), (MeshTerm("Q1", "x"),)),
        MeshHeading(MeshTerm("D054198", "Precursor Cell Leukemia")),
        MeshHeading(MeshTerm(None, "Unknown")),
    )
    (topic_language,) = publish(
        plain(
            "Leukemia",
            10,
            links=links,
            mesh_headings=headings,
            also_called=("ALL",),
            date_created=date(1999, 5, 4),
        )
    )
    day = {"last_reviewed": date(2026, 3, 1)}
    TopicLanguage.objects.filter(pk=topic_language.pk).update(**day)
    found = data(head(client, "/leukemia.html"))
    here = f"{SITE}/leukemia.html"
    assert found.pop("dateModified").endswith("Z")
    assert found == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": here,
        "name": "Leukemia",
        "inLanguage": "en",
        "datePublished": "1999-05-04",
        "lastReviewed": "2026-03-01",
        "reviewedBy": {"@id": f"{SITE}/#publisher"},
        "publisher": {
            "@type": "Organization",
            "@id": f"{SITE}/#publisher",
            "name": "A Department",
            "url": f"{SITE}/",
        },
        "audience": {"@type": "Patient"},
        "about": {
            "@type": "MedicalCondition",
            "name": "Leukemia",
            "alternateName": ["ALL"],
            "code": [{"@type": "MedicalCode", "codeValue": "D054198", "codingSystem": "MeSH"}],
        },
        "hasPart": [
            {
                "@type": "HealthTopicContent",
                "url": f"{here}#cat-{key}",
                "hasHealthAspect": f"https://schema.org/{aspect}HealthAspect",
            }
            for key, aspect in (
                ("start-here", "Overview"),
                ("treatments-and-therapies", "Treatments"),
            )
        ],
        "significantLink": ["https://example.org/1"],
        "isBasedOn": "https://medlineplus.gov/leukemia.html",
        "creditText": "MedlinePlus.gov",
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Home", "item": f"{SITE}/"},
                {
                    "@type": "ListItem",
                    "position": 2,
                    "name": "Health Topics",
                    "item": f"{SITE}/healthtopics.html",
                },
                {"@type": "ListItem", "position": 3, "name": "Leukemia"},
            ],
        },
    }
    page = client.get("/leukemia.html").content.decode()
    assert all(f'id="{part["url"].rsplit("#")[1]}"' in page for part in found["hasPart"])


def test_a_section_that_no_page_shows_is_no_part_of_the_page(client):
    hidden, shown = "Start Here", "Treatments and Therapies"
    InformationCategory.objects.filter(key="start-here").update(shown=False)
    rewrite_frame()
    links = tuple(
        Link(name, f"https://example.org/{number}", None, (name,))
        for number, name in enumerate((hidden, shown))
    )
    publish(plain("Leukemia", 10, links=links))
    found = data(head(client, "/leukemia.html"))
    (part,) = found["hasPart"]
    assert part["url"].endswith("#cat-treatments-and-therapies")
    assert "significantLink" not in found


def test_a_topic_that_lists_no_treatment_is_not_called_a_condition(client):
    publish(plain("Fitness", 10))
    assert data(head(client, "/fitness.html"))["about"]["@type"] == "MedicalEntity"


def test_the_demonstration_claims_no_source(client):
    publish(LEUKEMIA, origin=Origin.DEMONSTRATION)
    assert not {"isBasedOn", "creditText"} & data(head(client, "/acuteleukemia.html")).keys()


def test_no_text_can_end_the_script(client):
    odd = plain("Odd", 10, also_called=("</script><script>alert(1)</script>", "<!-- & -->"))
    publish(odd)
    page = client.get("/odd.html").content.decode()
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert not re.search("[<>&]", script)
    assert json.loads(script)["about"]["alternateName"] == list(odd.also_called)
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/feeds/whatsnew.xml"),
        ("/spanish/healthtopics.html", "/spanish/feeds/whatsnew.xml"),
        ("/cancers.html", "/feeds/groups/cancers.xml"),
        ("/spanish/acuteleukemia.html", "/spanish/feeds/topics/acuteleukemia.xml"),
    ],
)
def test_a_page_leads_to_its_feed(client, path, feed):
    publish(LEUKEMIA, LEUCEMIA)
    (link,) = head(client, path).iterfind("link[@type='application/rss+xml']")
    assert link.get("href") == feed
    assert link.get("title")
    assert client.get(feed).status_code == 200
