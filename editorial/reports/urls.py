"""The addresses of the form, once per language."""

from django.conf import settings
from django.urls import URLPattern, path

from . import views


def _pages(language: str, prefix: str) -> list[URLPattern]:
    extra = {"language": language}
    return [
        path(f"{prefix}{views.NAME}", views.report, extra, name=f"report_{language}"),
        path(f"{prefix}{views.THANKS}", views.thanks, extra, name=f"report_thanks_{language}"),
    ]


urlpatterns = [
    pattern
    for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
    for pattern in _pages(language, prefix)
]
