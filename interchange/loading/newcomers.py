"""Words that an import brought for the first time: somebody has to give them their place."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Max, Model

from interchange.xml_reader import Note
from resources.models import InformationCategory
from topics.models import TopicGroup
from topics.site import rewrite_frame

from .report import Report

SENTENCES = {
    TopicGroup: (
        "The group “{}” was never seen before. It was made without a family, so it stands under none "
        "on the page of all groups until an editor chooses one."
    ),
    InformationCategory: (
        "The section of links “{}” was never seen before. It was put behind the known ones; an editor "
        "can choose its place."
    ),
}


@contextmanager
def noted_newcomers(report: Report) -> Iterator[None]:
    """Add a note for each group and section of links that the work inside makes.

    Pages learn of a new section in the same transaction.
    """
    before = {model: _last(model) for model in SENTENCES}
    yield
    made = {model: list(model.objects.filter(pk__gt=before[model])) for model in SENTENCES}
    for model, sentence in SENTENCES.items():
        report.notes += [Note(0, "", sentence.format(row)) for row in made[model]]
    if made[InformationCategory]:
        rewrite_frame()


def _last(model: type[Model]) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0
