"""From the working copy of an about page to the public."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from .addresses import answer_everywhere
from .editions.writers import reasons_for_another_person
from .models import Page, PageEdition
from .publishing import NotReady
from .site import rewrite_frame


@transaction.atomic
def publish_page(page_pk: int, language: str, *, by: AbstractBaseUser | None) -> PageEdition:
    """Make one language of an about page live as its next edition.

    Raises NotReady with the reasons, or AddressTaken. When what is live already says the same,
    that edition is returned and none is added.
    """
    page = Page.objects.select_for_update().get(pk=page_pk)
    title = (getattr(page, f"title_{language}") or "").strip()
    body = (getattr(page, f"body_{language}") or "").strip()
    if not title or not body:
        raise NotReady([_("An about page needs a title and a text in the language published.")])
    live = live_page_edition(page, language)
    if live is not None and (live.title, live.body) == (title, body):
        return live
    writers = page.writers.filter(language=language)
    if reasons := reasons_for_another_person(writers, by):
        raise NotReady(reasons)
    answer_everywhere(page.slug, page=page)
    editions = PageEdition.objects.filter(page=page, language=language)
    edition = PageEdition.objects.create(
        page=page,
        language=language,
        number=(editions.aggregate(last=Max("number"))["last"] or 0) + 1,
        title=title,
        body=body,
        created_at=timezone.now(),
        created_by=by,
    )
    writers.delete()
    rewrite_frame()
    return edition


def live_page_edition(page: Page, language: str) -> PageEdition | None:
    """What the public sees of an about page in a language."""
    return PageEdition.objects.filter(page=page, language=language).order_by("-number").first()
