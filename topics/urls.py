"""The public addresses, once per language; a test holds them against the public map."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from . import views
from .alphabet import LETTERS
from .tongues.views import LIST, languages, material

# What ends in .html and is no topic, group or about page. Those come first, because every page tried
# before the one that is asked for takes its time.
_LISTS = rf"(?:all_)?healthtopics\.html$|healthtopics_(?:{'|'.join(LETTERS)})\.html$|languages/"


def _entries(language: str, prefix: str) -> URLPattern:
    # To the language without a prefix, an address of every other one looks like its own.
    others = (
        other for other in settings.PUBLIC_LANGUAGE_PREFIXES.values() if len(other) > len(prefix)
    )
    none_of = "|".join([_LISTS, *others])
    # Capitals and a slash at the end are let in so that the view can redirect.
    return re_path(
        rf"^{prefix}(?!{none_of})(?P<slug>.+)\.[hH][tT][mM][lL]/?$",
        views.entry,
        {"language": language},
        name=f"entry_{language}",
    )


def _lists(language: str, prefix: str) -> list[URLPattern]:
    extra = {"language": language}
    return [
        path(prefix, views.home, extra, name=f"home_{language}"),
        path(f"{prefix}healthtopics.html", views.hub, extra, name=f"hub_{language}"),
        re_path(
            rf"^{prefix}healthtopics_(?P<letter>{'|'.join(LETTERS)})\.html$",
            views.letter,
            extra,
            name=f"letter_{language}",
        ),
        path(f"{prefix}all_healthtopics.html", views.all_topics, extra, name=f"all_{language}"),
        path(f"{prefix}about/", views.about, extra, name=f"about_{language}"),
        path(f"{prefix}{LIST}", languages, extra, name=f"languages_{language}"),
        path(f"{prefix}languages/<slug:slug>.html", material, extra, name=f"material_{language}"),
    ]


_PREFIXES = settings.PUBLIC_LANGUAGE_PREFIXES.items()
urlpatterns = [_entries(language, prefix) for language, prefix in _PREFIXES] + [
    pattern for language, prefix in _PREFIXES for pattern in _lists(language, prefix)
]
