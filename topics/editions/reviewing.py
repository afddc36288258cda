"""Recording reviews, and which reviews are due. Separate from edits: no save changes these dates."""

from collections.abc import Collection
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from topics.models import Review, TopicLanguage
from topics.publishing import NotReady, hold
from topics.site import bump_generation


def next_due(day: date, topic_language: TopicLanguage) -> date:
    """When a language that is reviewed on a day is to be reviewed again; within the calendar."""
    days = max(topic_language.review_interval_days, 1)
    return day + timedelta(days=min(days, (date.max - day).days))


@transaction.atomic
def record_review(
    topic_language_pk: int,
    *,
    by: AbstractBaseUser,
    edition: int,
    day: date,
    role: str,
    checked: Collection[str],
    result: str,
    note: str = "",
    next_review: date | None = None,
) -> Review:
    """Keep a review of the live edition, whose number is `edition`.

    When the page can stay as it is, readers see the new dates at once. A review of an earlier day
    than the last one is kept and changes no date. Raises NotReady with sentences.
    """
    topic_language = hold(topic_language_pk)[topic_language_pk]
    live = topic_language.live_edition
    if live is None:
        raise NotReady([_("Only what is public can be reviewed.")])
    if live.number != edition:
        sentence = _("Edition %(number)s went live after you opened this page. Look at it again.")
        raise NotReady([sentence % {"number": live.number}])
    keeps = result == Review.Result.KEEP
    review = Review.objects.create(
        topic_language=topic_language,
        edition=live,
        day=day,
        by=by,
        role=role,
        checked=[key for key in Review.Check.values if key in checked],
        result=result,
        note=note,
        next_review=(next_review or next_due(day, topic_language)) if keeps else None,
        recorded_at=timezone.now(),
    )
    if keeps and (topic_language.last_reviewed is None or day >= topic_language.last_reviewed):
        _show_dates(topic_language, review)
    return review


def _show_dates(topic_language: TopicLanguage, review: Review) -> None:
    """Let readers see when the page was reviewed and when it will be again."""
    topic_language.last_reviewed = review.day
    topic_language.next_review = review.next_review
    topic_language.save(update_fields=["last_reviewed", "next_review"])
    bump_generation(names_stay=True)


def dates_shown(topic_language: TopicLanguage, known: Q) -> tuple[date | None, date | None]:
    """The last and the next review that readers saw while just these reviews were `known`.

    Nobody records when the next one was changed by hand, so where no later review is known its
    date is the one of today.
    """
    keeping = topic_language.reviews.filter(result=Review.Result.KEEP)
    keeping = keeping.order_by("-day", "-recorded_at", "-pk")
    last, then = keeping.first(), keeping.filter(known).first()
    if then == last:
        return topic_language.last_reviewed, topic_language.next_review
    return (then.day, then.next_review) if then else (None, None)


def asking_for_change() -> QuerySet[Review]:
    """The reviews that say a live page has to be changed, which nothing has settled yet.

    A newer review of the language settles one, whatever it found, and so does an edition that says
    something new. An edition made by a refresh of a shared link, or by confirming a translation,
    says nothing new and keeps `content_changed_at`.
    """
    newest = Review.objects.filter(topic_language=OuterRef("topic_language"))
    newest = newest.order_by("-day", "-recorded_at", "-pk")
    return Review.objects.filter(
        result=Review.Result.CHANGE,
        edition__content_changed_at=F("topic_language__live_edition__content_changed_at"),
        pk=Subquery(newest.values("pk")[:1]),
    )


def to_be_changed() -> Q:
    """The condition for TopicLanguages that have to be changed, as their last reviewer found."""
    return Q(Exists(asking_for_change().filter(topic_language=OuterRef("pk"))))


def change_asked_for(topic_language: TopicLanguage) -> Review | None:
    """The review for which a language has to be changed, with who recorded it and its edition."""
    reviews = asking_for_change().filter(topic_language=topic_language)
    return reviews.select_related("by", "edition").defer("edition__document").first()


def due_by(day: date) -> QuerySet[TopicLanguage]:
    """The live languages whose next review is due by a day, the longest overdue first."""
    return (
        TopicLanguage.objects.filter(live_edition__isnull=False, next_review__lte=day)
        .select_related("topic", "review_owner")
        .order_by("next_review", "pk")
    )
