"""Which roles could have opened what somebody was refused."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import ResolverMatch

from editorial.roles.rights import OF_TRANSLATORS, VIEW
from editorial.roles.table import ROLES, rights_of, translate_right
from topics.models import TopicLanguage

# What the pages of Django's admin ask for, by the end of their names.
ASKED = {
    "changelist": ("view", "change"),
    "history": ("view", "change"),
    "change": ("view", "change"),
    "add": ("add",),
    "delete": ("delete",),
}


def rights_asked(match: ResolverMatch, request: HttpRequest) -> set[str]:
    """The rights of which one would have let this request in; none where the page does not say."""
    of_model = getattr(match.func, "model_admin", None)
    if of_model is not None:
        options = of_model.opts
        verbs = set(ASKED.get((match.url_name or "").rpartition("_")[2], ()))
        if request.method not in ("GET", "HEAD"):
            # To look is not to change.
            verbs.discard("view")
        return {f"{options.app_label}.{verb}_{options.model_name}" for verb in verbs}
    rights = set(getattr(match.func, "rights", ()))
    # Who may not see topics learns nothing of this one.
    if rights & set(OF_TRANSLATORS) and request.user.has_perm(VIEW):
        found = TopicLanguage.objects.filter(pk=match.kwargs["pk"])
        rights |= set(map(translate_right, found.values_list("language", flat=True)))
    return rights


def roles_with(rights: Iterable[str]) -> list[str]:
    """The names of the roles that have one of these rights, as the table of roles calls them."""
    return [role for role in ROLES if not set(rights).isdisjoint(rights_of(role))]
