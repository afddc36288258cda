"""What people do about links, one or many: ask for a visit, vouch, and what is said of it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.audit import note_acts
from editorial.models import Act
from editorial.roles.rights import may_change_shown
from resources.models import LinkCheck

CHANGE_LINK = "resources.change_resource"
NOTE = "resources.change_linkcheck"
NEW_IS_BROKEN = gettext_lazy("The new address is known to be broken itself.")
# For how long a person's look counts where no program can look.
FINE_FOR = timedelta(days=182)
# So many links are written in one transaction.
IN_ONE_GO = 500


def ask_to_look(links: QuerySet[LinkCheck], request: HttpRequest) -> int:
    """Let the next run serve these links first; how many they are. The web process asks nobody."""
    return _noted(links, Act.What.LOOK_ASKED, request, wanted_at=timezone.now())


def vouch(links: QuerySet[LinkCheck], request: HttpRequest) -> int:
    """A person's word for those of the links at which no program could look; how many."""
    return _noted(
        links.filter(state=LinkCheck.State.WALLED),
        Act.What.VOUCHED,
        request,
        fine_until=timezone.localdate() + FINE_FOR,
        fine_by=request.user,
        due_at=timezone.now() + FINE_FOR,
    )


def _noted(links: QuerySet[LinkCheck], what: str, request: HttpRequest, **columns: Any) -> int:
    """Write columns of links, with an act for each; how many they are.

    Not all in one transaction: they may be the whole queue, and others want to write too.
    """
    keys = list(links.order_by("pk").values_list("pk", flat=True))
    parts = (keys[at : at + IN_ONE_GO] for at in range(0, len(keys), IN_ONE_GO))
    return sum(_some_noted(links.filter(pk__in=some), what, request, columns) for some in parts)


@transaction.atomic
def _some_noted(
    links: QuerySet[LinkCheck], what: str, request: HttpRequest, columns: dict[str, Any]
) -> int:
    held = LinkCheck.objects.select_for_update().filter(pk__in=links.values("pk"))
    found = dict(held.order_by("pk").values_list("pk", "address"))
    LinkCheck.objects.filter(pk__in=found).update(**columns)
    note_acts(what, found.values(), by=request.user, request=request)
    return len(found)


def may_replace(user: AbstractBaseUser, live_pages: int) -> bool:
    """Whether somebody may replace an address that stands on so many live pages."""
    return user.has_perm(CHANGE_LINK) and (not live_pages or may_change_shown(user))


def shown_on(pages: int, *, at_once: bool) -> str:
    """What the public sees of a change of what its pages share, and when."""
    if not at_once:
        sentence = _(
            "Shown on %(count)d live pages. They follow as soon as “manage.py refresh” has run."
        )
    else:
        sentence = ngettext(
            "Shown on %(count)d live page, which now shows the change.",
            "Shown on %(count)d live pages, which now show the change.",
            pages,
        )
    return sentence % {"count": pages}
