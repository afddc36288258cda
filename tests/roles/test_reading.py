"""Looking at a page of the desk, also at what was published or saved long ago, changes nothing."""

from weakref import ReferenceType

import pytest
from django.db import connection
from django.db.models import signals
from django.db.models.signals import ModelSignal
from django.test.utils import CaptureQueriesContext

from interchange.tests.importing import WRITES
from tests import source

from .walking import Site

pytestmark = pytest.mark.any_database("pages send every database the same statements")

LOOKING_BACK = {
    "editions",
    "edition",
    "compare",
    "restore",
    "saves",
    "restore_save",
    "preview_page",
}
QUERIES = {"topics_topiclanguage_compare": {"from": "1", "to": "working"}}


@pytest.mark.django_db
def test_reading_writes_nothing():
    """A row written to be rolled back would keep writers waiting on SQLite, and could stay."""
    site = Site()
    client = site.client("A")
    wrong = []
    opened = set()
    for address in site.addresses:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address.path, QUERIES.get(address.name.split(" ")[0]))
        if answer.status_code == 200:
            opened.add(address.name.split(" ")[0])
        wrong += [f"{address.name}: {q['sql']}" for q in queries if WRITES.match(q["sql"])]
    assert not wrong, "\n".join(wrong)
    assert opened >= {f"topics_topiclanguage_{page}" for page in LOOKING_BACK}


def test_nothing_hangs_on_the_signals_of_models():
    """They are silent in bulk operations, and libraries mute them for the whole process."""
    of_models = [signal for signal in vars(signals).values() if isinstance(signal, ModelSignal)]
    receivers = [entry[1] for signal in of_models for entry in signal.receivers]
    living = [one() if isinstance(one, ReferenceType) else one for one in receivers]
    assert any(living), "the packages have some, so there is something to look at"
    assert not [one for one in living if one and one.__module__.split(".")[0] in source.ROOMS]
