"""A site with a page of every type, and the page cache in front of it."""

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import transaction

from medline.pagecache.front import PageCache
from topics.publishing import withdraw
from topics.tests.public import ANEMIA, ANEMIA_ES, LEUCEMIA, LEUKEMIA, name_the_site, plain, publish

from .visiting import Counted


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def django():
    return Counted(get_wsgi_application())


@pytest.fixture
def site(transactional_db):
    """The topics of the tests of pages, and one that was withdrawn."""
    with transaction.atomic():
        make_site()


def make_site() -> None:
    name_the_site(name_en="Health", name_es="Salud")
    publish(LEUKEMIA, LEUCEMIA)
    publish(ANEMIA, ANEMIA_ES)
    (fever,) = publish(plain("Fever", 30))
    withdraw(fever.pk, by=None, reason="Merged with another topic.")


@pytest.fixture
def front(site, django, clock):
    """What stands in front of Django, as it is in every process of a server."""
    made = PageCache(django, clock=clock)
    yield made
    made.primary.close()
