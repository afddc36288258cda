"""The page on which the links of one language of a topic are placed, ordered and added."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.fields import whole_number
from editorial.finding import (
    organization_named,
    organizations_of,
    suggest_links,
    suggest_organizations,
    suggest_topics,
)
from editorial.keeping.base import Base
from editorial.link_health.in_texts import text_links
from editorial.roles.rights import CHANGE_TEXT
from editorial.roles.table import translate_right
from editorial.saving import Unchanged, one_save
from resources.linkcheck.standing import standing
from resources.models import Organization, Resource, ResourceOrganization
from topics.models import Placement, TopicLanguage

from .access import language_view
from .editing import Kind, answer
from .links_forms import NOTHING, Categories, NewLinkFormSet, PlacedForm, PlacedFormSet, new_link
from .links_values import LinkValues, resource_of

# Fields in which an imported page may differ and which are edited with the shared link.
RECORDED = ("own_url", "own_mapped_url", "own_organizations")


class LinksPage(LinkValues):
    """The forms of a links page, filled from the placements or from what was posted."""

    def __init__(self, topic_language: TopicLanguage, data: Any, **rights: bool):
        self.topic_language = topic_language
        self.categories = Categories(topic_language.language)
        options = {"topic_language": topic_language, "categories": self.categories}
        self.rows = PlacedFormSet(
            data,
            prefix="links",
            initial=[self._initial(placement) for placement in self.stored.values()],
            form_kwargs=options,
        )
        self.count = len(self.stored)
        self.version = topic_language.version if data is None else data.get("version", "")
        placed = {placement.resource_id for placement in self.stored.values()}
        seen = self._seen(data.get("base", "")) if data is not None else None
        self.new = NewLinkFormSet(
            data,
            prefix="new",
            form_kwargs={
                **options,
                # What a colleague placed meanwhile, or the same form posted before, is no mistake.
                "placed": placed if seen is None else seen,
                "added": set() if seen is None else placed - seen,
                **rights,
            },
        )
        for form in self.rows.forms:
            form.shown = self._shown(self.stored.get(whole_number(form["key"].value()) or 0))
        known = standing({form.shown["url"] for form in self.rows.forms if form.shown})
        for form in self.rows.forms:
            form.link_check = known.get(form.shown["url"]) if form.shown else None

    def _seen(self, base: str) -> set[int] | None:
        """The links that stood on the page when the form was loaded, where that is known."""
        loaded = Base.read(base, self.topic_language, self.name)
        return loaded and {resource_of(row.key) for row in loaded.values.rows["links"]}

    @cached_property
    def stored(self) -> dict[int, Placement]:
        """The placements in order, by key, with links and organisations."""
        placements = self.topic_language.placements.select_related("resource").prefetch_related(
            "resource__resourceorganization_set__organization"
        )
        return {placement.pk: placement for placement in placements}

    def _initial(self, placement: Placement) -> dict[str, Any]:
        own = placement.own_descriptions
        return {
            "key": placement.pk,
            "categories": self.categories.typed(placement.categories),
            "own_title": placement.own_title or "",
            "own_descriptions": NOTHING if own == [] else "; ".join(own or ()),
        }

    def _shown(self, placement: Placement | None) -> dict[str, Any] | None:
        """The shared link of a row as finished values; nothing of it is posted."""
        if placement is None:
            return None
        language, resource = self.topic_language.language, placement.resource
        own = placement.own_organizations
        return {
            "pk": resource.pk,
            "title": getattr(resource, f"title_{language}") or str(resource),
            "url": placement.own_url or getattr(resource, f"url_{language}") or "",
            "by": organizations_of(resource, language) if own is None else own,
            "descriptions": getattr(resource, f"descriptions_{language}") or [],
            "differs": any(getattr(placement, name) is not None for name in RECORDED),
        }

    def is_valid(self) -> bool:
        """Whether everything posted can be saved; every form gets its errors."""
        valid = [self.rows.is_valid(), self.new.is_valid()]
        return all(valid)

    def save(self, *, version: int, by: Any, base: Base | None) -> None:
        """Save the page; `count` then says how many links it has. Raises Stale or Unchanged."""
        with one_save(self.topic_language, version=version, by=by):
            wanted = [
                placement
                for form in self.rows.kept()
                if (placement := self.stored.get(form.cleaned_data["key"]))
            ]
            changed = {form.cleaned_data["key"] for form in self.rows.kept() if self._apply(form)}
            new = [self._place(form) for form in self.new.kept()]
            if not changed and not new and wanted == list(self.stored.values()):
                raise Unchanged
            kept = {placement.pk for placement in wanted}
            Placement.objects.filter(topic_language=self.topic_language).exclude(
                pk__in=kept
            ).delete()
            for position, placement in enumerate([*wanted, *new]):
                if placement.position != position or placement.pk in changed | {None}:
                    placement.position = position
                    placement.save()
        self.count = len(wanted) + len(new)

    def _apply(self, form: PlacedForm) -> bool:
        """Take what a row says over into its placement; whether anything differs."""
        placement = self.stored.get(form.cleaned_data["key"])
        if placement is None:
            return False
        values = form.cleaned_data
        before = [getattr(placement, name) for name in ("categories", *RECORDED)]
        shown = self._initial(placement)
        placement.categories = values["categories"]
        if values["as_shared"]:
            for name in RECORDED:
                setattr(placement, name, None)
        differs = before != [getattr(placement, name) for name in ("categories", *RECORDED)]
        if values["own_title"] != shown["own_title"].strip():
            placement.own_title = values["own_title"] or None
            differs = True
        typed = values["own_descriptions"]
        if "; ".join(typed) != shown["own_descriptions"]:
            placement.own_descriptions = [] if typed == [NOTHING] else typed or None
            differs = True
        return differs

    def _place(self, form: Any) -> Placement:
        """The placement of an added link, which is stored now where it is new."""
        resource = form.resource
        if resource is None:
            resource = new_link(form, self.topic_language)
            name_organizations(
                resource, self.topic_language.language, form.cleaned_data["organizations"]
            )
        return Placement(
            topic_language=self.topic_language,
            resource=resource,
            categories=form.cleaned_data["categories"],
        )


def name_organizations(resource: Resource, language: str, names: Sequence[str]) -> None:
    """Put organisations behind a new link, by name; those that are not here yet are made."""
    for position, name in enumerate(names):
        organization = organization_named(name, language)
        if organization is None:
            organization = Organization.objects.create(**{f"name_{language}": name})
        ResourceOrganization.objects.create(
            resource=resource, language=language, organization=organization, position=position
        )


@language_view(CHANGE_TEXT)
def edit(request: HttpRequest, topic_language: TopicLanguage) -> HttpResponse:
    """Show the links of one language, or save what was posted; the public page stays as it is."""
    # Whoever translates adds links too, but here only: with the side of her language, and no other.
    translates = request.user.has_perm(translate_right(topic_language.language))
    may_create = translates or request.user.has_perm("resources.add_resource")
    may_add_organizations = translates or request.user.has_perm("resources.add_organization")

    def build(of: TopicLanguage, data: Any) -> LinksPage:
        return LinksPage(
            of, data, may_create=may_create, may_add_organizations=may_add_organizations
        )

    kind = Kind(
        name=LinksPage.name,
        template="editorial/links.html",
        build=build,
        context=lambda page, _context: {
            "may_create": may_create,
            "text_links": text_links(page.topic_language),
        },
        saved=lambda page: _("Saved, with %(count)d links.") % {"count": page.count},
        onward=lambda _data, of: redirect("admin:topics_topiclanguage_links", of.pk),
    )
    return answer(request, topic_language, kind)


@language_view(CHANGE_TEXT)
@require_safe
def find_links(request: HttpRequest, topic_language: TopicLanguage) -> JsonResponse:
    """Suggestions for the field that finds links."""
    found = suggest_links(request.GET.get("q", ""), topic_language)
    return JsonResponse({"results": found})


@language_view(CHANGE_TEXT)
@require_safe
def find_topics(request: HttpRequest, topic_language: TopicLanguage) -> JsonResponse:
    """Suggestions for the field that finds related topics."""
    found = suggest_topics(request.GET.get("q", ""), topic_language.language)
    return JsonResponse({"results": found})


@language_view(CHANGE_TEXT)
@require_safe
def find_organizations(request: HttpRequest, topic_language: TopicLanguage) -> JsonResponse:
    """Suggestions for the field that names the organisations of a new link."""
    found = suggest_organizations(request.GET.get("q", ""), topic_language.language)
    return JsonResponse({"results": found})
