"""Beginning a topic, or its other language."""

import re
import unicodedata

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from editorial import parts
from editorial.guard import looking_again
from editorial.roles.rights import ADD_LANGUAGE, CHANGE_TEXT, may_in, writes_anywhere
from editorial.saving import one_save
from resources.models import Language, other_language
from topics.addresses import reserved
from topics.models import Address, HealthTopic, TopicLanguage
from topics.working_copy.groups import slug_of
from topics.working_copy.sections import section_of

from .access import record

LONGEST_SLUG = 190


def slug_from(title: str) -> str:
    """The address that the format's rule makes of a title, accents taken off their letters."""
    plain = unicodedata.normalize("NFKD", title)
    return slug_of(re.sub(r"[\u0300-\u036f]", "", plain))[:LONGEST_SLUG] or "topic"


def is_free(language: str, slug: str) -> bool:
    """Whether nothing has the address in a language, now or when it is published."""
    return not (
        TopicLanguage.objects.filter(language=language, slug=slug).exists()
        or Address.objects.filter(language=language, slug=slug).exists()
    )


def free_slug(language: str, wish: str) -> str:
    """The wished address, numbered where something else has it."""
    slug, number = wish, 1
    while reserved(slug) or not is_free(language, slug):
        number += 1
        slug = f"{wish}-{number}"
    return slug


def start_language(
    topic: HealthTopic, language: str, slug: str, *, by: AbstractBaseUser
) -> TopicLanguage:
    """Give a topic another language, empty, with a first draft of it."""
    topic_language = TopicLanguage.objects.create(topic=topic, language=language, slug=slug)
    with one_save(topic_language, version=topic_language.version, by=by):
        pass
    return topic_language


def copy_texts(source: TopicLanguage, target: TopicLanguage, *, by: AbstractBaseUser) -> None:
    """Fill a new language with the other one's texts, for a translator to write over.

    Names and links are left out: they are different things in every language.
    """
    texts = {
        name: getattr(source.topic, f"{name}_{source.language}")
        for name in ("title", "meta_description", "attribution")
    }
    rows = parts.in_order(parts.sections_of(source.topic_id), source.language)
    with one_save(target, version=target.version, by=by):
        parts.store_texts(target, **texts)
        parts.store_sections(target, [(row.pk, section_of(row, source.language)) for row in rows])
        parts.store_groups(target, list(source.memberships.values_list("group", flat=True)))


def may_start(user: AbstractBaseUser, topic: HealthTopic, language: str) -> bool:
    """Whether a person may begin a language of a topic."""
    return all(may_in(user, right, topic, language) for right in (ADD_LANGUAGE, CHANGE_TEXT))


@looking_again
@transaction.atomic
def start(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Begin the missing language of a topic, empty or, where asked for, with the other's texts."""
    if not writes_anywhere(request.user):
        raise PermissionDenied
    if language not in Language.values:
        raise Http404
    topic = get_object_or_404(HealthTopic.objects.select_for_update(), pk=pk)
    if not may_start(request.user, topic, language):
        raise PermissionDenied
    versions = {version.language: version for version in topic.languages.select_related("topic")}
    if language in versions:
        messages.info(request, _("This language has been started already."))
        return redirect("admin:topics_topiclanguage_change", versions[language].pk)
    source = versions.get(other_language(language))
    slug = free_slug(language, source.slug if source else slug_from(str(topic)))
    target = start_language(topic, language, slug, by=request.user)
    if source and "copy" in request.POST:
        target.refresh_from_db()
        copy_texts(source, target, by=request.user)
    record(request, target, "started")
    return redirect("admin:topics_topiclanguage_change", target.pk)


start_view = admin.site.admin_view(require_POST(start))
