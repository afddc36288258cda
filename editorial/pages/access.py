"""Who may open a page about one language of a topic, and what all those pages have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import get_language

from editorial.audit import note_act
from editorial.fields import whole_number
from editorial.guard import looking_again
from editorial.originals import marks_of, with_standing
from editorial.roles.rights import CHANGE_TEXT, PUBLISH, VIEW, may, owners_of
from editorial.states import State, state_line, state_of, who
from resources.models import Language, other_language
from topics.live import path_of
from topics.models import TopicLanguage


def language_view(*rights: str) -> Callable:
    """A view of one language of a topic, for people of the desk with any of these rights on it."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @looking_again
        @wraps(view)
        def checked(request: HttpRequest, pk: int, **arguments: Any) -> HttpResponse:
            topic_language = at_the_desk().filter(pk=pk).first()
            if topic_language is None:
                # Nor does anybody learn which numbers there are.
                if not any(map(request.user.has_perm, (VIEW, *rights))):
                    raise PermissionDenied
                raise Http404
            if not any(may(request.user, right, topic_language) for right in rights):
                raise PermissionDenied
            return view(request, topic_language, **arguments)

        checked.rights = rights
        # Signing in, the CSRF token and “never cache” are the admin's.
        return admin.site.admin_view(checked)

    return decorate


def at_the_desk() -> QuerySet[TopicLanguage]:
    """The languages of topics with what `around` asks of them."""
    return with_standing(
        TopicLanguage.objects.select_related(
            "topic", "changed_by", "live_edition__created_by", "withdrawn_to"
        )
    )


def around(request: HttpRequest, topic_language: TopicLanguage, **context: Any) -> dict[str, Any]:
    """What the template of every such page needs, and `context`."""
    state = state_of(topic_language)
    live = topic_language.live_edition
    return {
        **admin.site.each_context(request),
        # Two languages side by side need the width.
        "is_nav_sidebar_enabled": False,
        "opts": TopicLanguage._meta,
        "topic_language": topic_language,
        "language_name": Language(topic_language.language).label,
        "other_language": other_language(topic_language.language),
        "other_name": Language(other_language(topic_language.language)).label,
        "other": TopicLanguage.objects.filter(
            topic=topic_language.topic_id, language=other_language(topic_language.language)
        ).first(),
        "state": state,
        "marks": marks_of(topic_language),
        "desk_language": get_language(),
        "state_line": state_line(topic_language),
        "public_path": path_of(topic_language.language, live.slug) if live else "",
        "is_withdrawn": state == State.WITHDRAWN,
        "owners": [who(owner) for owner in owners_of(topic_language.topic).values()],
        "may_change": may(request.user, CHANGE_TEXT, topic_language),
        "may_publish": may(request.user, PUBLISH, topic_language),
        **context,
    }


def agreed_version(data: QueryDict) -> int:
    """The version the editor saw: of the loaded form, or of what she agreed to replace."""
    return whole_number(data.get("replace") or data.get("version")) or 0


def record(
    request: HttpRequest, topic_language: TopicLanguage, deed: str, detail: str = ""
) -> None:
    """Note what was done to a language of a topic, in the record of acts and in the admin's own log."""
    note_act(deed, topic_language, by=request.user, request=request, detail=detail)
    said = f"{deed}: {detail}" if detail else deed
    LogEntry.objects.log_actions(
        request.user.pk,
        [topic_language],
        CHANGE,
        change_message=said,
        single_object=True,
    )
