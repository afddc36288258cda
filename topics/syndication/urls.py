"""The addresses of feeds, sitemap and robots.txt."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from . import feeds, sitemap

FORM = r"(?P<form>xml|atom)"
# Capitals lead to the address in small letters, as they do elsewhere.
SLUG = r"(?P<slug>[^A-Z]+)"


def _feeds(language: str, prefix: str) -> list[URLPattern]:
    extra = {"language": language}
    return [
        re_path(rf"^{prefix}feeds/whatsnew\.{FORM}$", feeds.whats_new, extra),
        re_path(rf"^{prefix}feeds/topics/{SLUG}\.{FORM}$", feeds.topic, extra),
        re_path(rf"^{prefix}feeds/groups/{SLUG}\.{FORM}$", feeds.group, extra),
    ]


LANGUAGE = rf"(?P<code>{'|'.join(settings.PUBLIC_LANGUAGE_PREFIXES)})"

urlpatterns = [
    path("robots.txt", sitemap.robots),
    path("sitemap.xml", sitemap.index),
    re_path(rf"^sitemap-{LANGUAGE}\.xml$", sitemap.lists),
    re_path(rf"^sitemap-{LANGUAGE}-(?P<number>[1-9]\d{{0,5}})\.xml$", sitemap.topics),
] + [
    pattern
    for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
    for pattern in _feeds(language, prefix)
]
