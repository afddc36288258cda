"""The public addresses, once per language; a test holds them against the public map."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from . import views
from .alphabet import LETTERS
from .tongues.views import LIST, languages, material


def _pages(language: str, prefix: str) -> list[URLPattern]:
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
        # Capitals and a slash at the end are let in so that the view can redirect.
        re_path(
            rf"^{prefix}(?P<slug>.+)\.[hH][tT][mM][lL]/?$",
            views.entry,
            extra,
            name=f"entry_{language}",
        ),
    ]


# The longest prefix first: to the language without one, every address looks like its own.
urlpatterns = [
    pattern
    for language, prefix in sorted(
        settings.PUBLIC_LANGUAGE_PREFIXES.items(), key=lambda item: -len(item[1])
    )
    for pattern in _pages(language, prefix)
]
