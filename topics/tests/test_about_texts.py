"""The about pages that a new installation begins with."""

import re
from datetime import date

import pytest

from topics import richtext
from topics.models import PageEdition, TopicLanguage

from .public import ANEMIA, ANEMIA_ES, name_the_site, publish

pytestmark = pytest.mark.django_db


def test_they_are_as_they_would_be_saved():
    for page in PageEdition.objects.all():
        cleaned = richtext.clean(page.body, bound=True)
        assert cleaned == richtext.Cleaned(page.body, ()), page.title


@pytest.mark.parametrize(("language", "prefix"), [("en", "/"), ("es", "/spanish/")])
def test_the_pattern_of_a_citation_is_that_of_the_citation_on_a_topic(client, language, prefix):
    name_the_site(name_en="Our Library", name_es="Nuestra biblioteca", publisher="D", place="X")
    publish(ANEMIA, ANEMIA_ES)
    TopicLanguage.objects.update(last_reviewed=date(2026, 1, 5))
    page = PageEdition.objects.get(page__key="citing", language=language)
    pattern = re.findall("<p>(<em>.*?)</p>", page.body)[1]
    words = re.split("<em>.*?</em>", pattern)
    topic = client.get(f"{prefix}anemia.html").content.decode()
    citation = re.search(r'<p class="citation">(.*?)</p>', topic)[1]
    assert re.fullmatch(r"[^;\[\]]+".join(map(re.escape, words)), citation), (pattern, citation)
