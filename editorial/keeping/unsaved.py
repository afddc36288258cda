"""Text that is not saved yet, kept as it is typed; and who has the same page open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.utils import timezone

from topics.models import OpenPage, TopicLanguage, UnsavedText

# How long unsaved text waits for its writer, and how many openings of one page it is kept of.
KEPT_FOR = timedelta(days=30)
KEPT_AT_MOST = 10
# How long a text that was saved is remembered as such, against what is still on its way.
CLOSED_FOR = timedelta(days=1)
# A browser says every 20 seconds that a page is open.
OPEN_FOR = timedelta(seconds=60)
# Not of the form: the token of a session that may be over when the text is taken up.
LEFT_OUT = ("csrfmiddlewaretoken",)


def new_opening() -> str:
    """A name for a form that is being loaded."""
    return uuid4().hex


@dataclass(frozen=True)
class Desk:
    """One person at one page of one language."""

    topic_language: TopicLanguage
    page: str
    person: AbstractBaseUser

    def _mine(self):
        return UnsavedText.objects.filter(
            topic_language=self.topic_language, page=self.page, person=self.person
        )

    def keep(self, posted: QueryDict) -> datetime | None:
        """Keep what a form says now. None when its opening is closed: its text was saved.

        SuspiciousOperation, which answers 400, for an opening that no form can have.
        """
        now, opening = timezone.now(), posted.get("opening", "")[:40]
        if "\0" in opening:
            # No form of ours names itself so, and PostgreSQL has no such text.
            raise SuspiciousOperation("A name of an opening with a NUL in it.")
        said = posted.copy()
        for name in LEFT_OUT:
            said.pop(name, None)
        row = self._mine().filter(opening=opening)
        if row.exclude(posted="").update(posted=said.urlencode(), kept_at=now):
            return now
        if not opening or row.exists():
            return None
        self._begin(opening, said.urlencode())
        return now

    def keep_refused(self, posted: QueryDict) -> str:
        """Keep a form that was sent in and not saved; the name of its opening from now on.

        That is a new one where the old one is closed: saved, gone back to and sent in once more.
        Raises what `keep` raises.
        """
        if self.keep(posted):
            return posted["opening"]
        anew = posted.copy()
        anew["opening"] = new_opening()
        self.keep(anew)
        return anew["opening"]

    def close(self, opening: str) -> None:
        """The form was saved or its text thrown away: what is still on its way changes nothing."""
        opening = opening[:40]
        if "\0" in opening:
            return
        if opening and not self._mine().filter(opening=opening).update(posted=""):
            self._begin(opening, "")

    def _begin(self, opening: str, posted: str) -> None:
        now = timezone.now()
        UnsavedText.objects.create(
            topic_language=self.topic_language,
            page=self.page,
            person=self.person,
            opening=opening,
            posted=posted,
            kept_at=now,
        )
        UnsavedText.objects.filter(kept_at__lt=now - KEPT_FOR).delete()
        UnsavedText.objects.filter(posted="", kept_at__lt=now - CLOSED_FOR).delete()
        waiting = self._mine().exclude(posted="")
        newest = waiting.order_by("-kept_at", "-pk").values_list("pk", flat=True)
        waiting.exclude(pk__in=list(newest[:KEPT_AT_MOST])).delete()

    def waiting(self) -> list[UnsavedText]:
        """The texts that were not saved, the newest first."""
        return list(
            self._mine()
            .exclude(posted="")
            .filter(kept_at__gte=timezone.now() - KEPT_FOR)
            .order_by("-kept_at", "-pk")
        )

    def is_open(self) -> None:
        """Note that the page is open now."""
        now = timezone.now()
        mine = {"topic_language": self.topic_language, "page": self.page, "person": self.person}
        if OpenPage.objects.filter(**mine, seen_at__gte=now - OPEN_FOR).update(seen_at=now):
            return
        OpenPage.objects.filter(seen_at__lt=now - OPEN_FOR).delete()
        OpenPage.objects.create(**mine, opened_at=now, seen_at=now)

    def others(self) -> list[OpenPage]:
        """Who else has a page of this language open, on whichever page."""
        return list(
            OpenPage.objects.filter(
                topic_language=self.topic_language, seen_at__gte=timezone.now() - OPEN_FOR
            )
            .exclude(person=self.person)
            .select_related("person")
            .order_by("opened_at", "pk")
        )
