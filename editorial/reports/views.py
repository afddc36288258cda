"""The form of a report, and the page that thanks for it. No cache may keep either."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from editorial.models import ProblemReport
from topics import live
from topics.document import TopicDocument
from topics.models import TopicLanguage
from topics.pages import templates
from topics.pages.reading import ALLOWED_METHODS, problem, public
from topics.pages.surroundings import surroundings
from topics.views import possible

from .form import LONGEST_WORDS, TRAP, Sent, Ticket
from .limits import PLACE_SECONDS, too_many

NAME = "report/"
THANKS = "report/thanks/"


# The signed ticket of the form does what a CSRF token does; a public page sets no cookie for one.
@csrf_exempt
def report(request: HttpRequest, language: str) -> HttpResponse:
    """The empty form, or what becomes of one that is sent."""
    if request.method == "POST":
        return _receive(request, language)
    response = _empty_form(request, language=language)
    if response.has_header("Allow"):
        response.headers["Allow"] = f"{ALLOWED_METHODS}, POST"
    return response


@public
def _empty_form(request: HttpRequest, language: str) -> HttpResponse:
    return _form(language, request.GET.get("page", ""), Sent(), Ticket.new(), {})


@public
def thanks(request: HttpRequest, language: str) -> HttpResponse:
    """That the report arrived, and the way back to the page."""
    return _respond(language, "report_sent", THANKS, request.GET.get("page", ""))


def _receive(request: HttpRequest, language: str) -> HttpResponse:
    if not _sent_from_here(request):
        sentence = _("Reports are taken only from the form on this site.")
        return problem(403, _("Your report was not sent"), sentence)
    slug = request.POST.get("page", "")
    sent = Sent.from_post(request.POST)
    ticket = Ticket.read(request.POST.get("ticket", ""))
    errors = sent.errors()
    if ticket is None:
        ticket = Ticket.new()
        errors["form"] = _("The form was open for too long. Please send it again.")
    elif ticket.is_hasty:
        errors["form"] = _("That was very quick. Please read it once more and send it again.")
    if errors:
        return _form(language, slug, sent, ticket, errors, status=400)
    if not ProblemReport.objects.filter(form=ticket.number).exists():
        if too_many(request):
            errors["form"] = _(
                "More reports arrived than we can take at the moment. Please try again in an hour."
            )
            response = _form(language, slug, sent, ticket, errors, status=429)
            response["Retry-After"] = str(PLACE_SECONDS)
            return response
        _keep(language, slug, sent, ticket)
    root = f"/{settings.PUBLIC_LANGUAGE_PREFIXES[language]}"
    return HttpResponseRedirect(root + _name(THANKS, slug if _topic(language, slug) else ""))


def _sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that no other site made it send this; old ones say nothing."""
    origin = request.headers.get("Origin")
    # Compared as text: not every text that a program sends can be taken apart.
    return origin is None or origin.partition("://")[2] in (
        request.get_host(),
        urlsplit(settings.SITE_URL).netloc,
    )


def _keep(language: str, slug: str, sent: Sent, ticket: Ticket) -> None:
    known = bool(_topic(language, slug))
    topic_language = TopicLanguage.objects.filter(language=language, address__slug=slug)
    # A form that is sent twice at once is one report.
    ProblemReport.objects.get_or_create(
        form=ticket.number,
        defaults={
            "language": language,
            "path": live.path_of(language, slug) if known else "",
            "topic_language": topic_language.first() if known else None,
            "kind": sent.kind,
            "words": sent.words,
            "sent_at": timezone.now(),
        },
    )


def _topic(language: str, slug: str) -> live.Found | None:
    """The live topic at an address, if there is one."""
    found = live.find(language, slug) if possible(slug) else None
    return found if found and found.document else None


# --- The pages --------------------------------------------------------------------------------------


def _form(
    language: str, slug: str, sent: Sent, ticket: Ticket, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    return _respond(
        language,
        "report",
        NAME,
        slug,
        status=status,
        kinds=ProblemReport.Kind.choices,
        sent=sent,
        ticket=ticket.signed(),
        errors=errors,
        trap=TRAP,
        longest=LONGEST_WORDS,
    )


def _respond(
    language: str, template: str, name: str, slug: str, *, status: int = 200, **context: object
) -> HttpResponse:
    topic = _topic(language, slug)
    slug = slug if topic else ""
    slugs = {language: slug, **(topic.others if topic else {})}
    names = {
        code: _name(name, slugs.get(code, ""))
        for code in (language, *live.languages_beside(language))
    }
    around = surroundings(language, names[language], names, indexed=False)
    page = templates.render(
        template,
        language,
        {
            **around._asdict(),
            "page_title": TopicDocument.from_json(topic.document).title if topic else "",
            "page_path": live.path_of(language, slug) if slug else around.root,
            "page_slug": slug,
            **context,
        },
    )
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def _name(name: str, slug: str) -> str:
    """The address of a page here about a topic, or about the whole site, below a language's prefix."""
    return f"{name}?{urlencode({'page': slug})}" if slug else name
