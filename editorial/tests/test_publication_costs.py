"""What publishing a large topic costs."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from topics.models import HealthTopic
from topics.publishing import Publication, append_editions
from topics.tests.documents import ENGLISH, saved
from topics.working_copy import store

from .desk import url_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 60


def test_publishing_a_topic_with_sixty_links_asks_few_questions(client, ana):
    link = ENGLISH.links[0]
    links = [
        replace(link, title=f"Link {n}", url=f"https://example.org/{n}", mapped_url=None)
        for n in range(60)
    ]
    document = replace(ENGLISH, links=tuple(links))
    version = saved(document)
    (bound,) = store([(version, document)])
    append_editions([Publication(version, bound)], by=None, origin="import")
    HealthTopic.objects.filter(pk=version.topic_id).update(title_en="Belly Pain")
    form = client.get(url_of(version, "publish")).context["form"]
    posted = {name: form[name].value() or "" for name in ("version", "digest")}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.post(url_of(version, "publish"), posted).status_code == 302
    assert version.editions.count() == 2
    assert len(asked) <= MOST_QUERIES
