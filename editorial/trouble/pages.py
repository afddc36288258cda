"""What the desk answers to somebody who works here and is refused, or finds nothing, or meets a mistake."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from .openers import rights_asked, roles_with


def refused(request: HttpRequest) -> HttpResponse:
    """403 for who is signed in: as whom, which roles could, and where to go on."""
    match = request.resolver_match
    rights = rights_asked(match, request) if match else set()
    return _page(
        request,
        "editorial/refused.html",
        403,
        title=_("You do not have permission for this"),
        own_roles=sorted(_(role.name) for role in request.user.groups.all()),
        roles=sorted(map(_, roles_with(rights))),
        not_here=any(map(request.user.has_perm, rights)),
        # Only a page that can be read is worth coming back to.
        path=request.get_full_path() if request.method == "GET" else "",
    )


def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for who is signed in."""
    return _page(
        request, "editorial/nothing_here.html", 404, title=_("There is nothing at this address")
    )


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    context = admin.site.each_context(request) | {"is_nav_sidebar_enabled": False} | context
    answer = render(request, template, context, status=status)
    add_never_cache_headers(answer)
    return answer


def trouble(status: int, heading: str, sentence: str) -> HttpResponse:
    """A page that asks nobody who is there: neither the database nor the session."""
    context = {
        "site_header": admin.site.site_header,
        "site_title": admin.site.site_title,
        "title": heading,
        "sentence": sentence,
    }
    page = render_to_string("editorial/trouble.html", context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
