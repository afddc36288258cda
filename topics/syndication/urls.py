"""The addresses of feeds, sitemap and robots.txt."""

from django.conf import settings
from django.urls import URLPattern, re_path

from . import feeds

FORM = r"(?P<form>xml|atom)"


def _feeds(language: str, prefix: str) -> list[URLPattern]:
    extra = {"language": language}
    return [
        re_path(rf"^{prefix}feeds/whatsnew\.{FORM}$", feeds.whats_new, extra),
        re_path(rf"^{prefix}feeds/topics/(?P<slug>.+)\.{FORM}$", feeds.topic, extra),
        re_path(rf"^{prefix}feeds/groups/(?P<slug>.+)\.{FORM}$", feeds.group, extra),
    ]


urlpatterns = [
    pattern
    for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
    for pattern in _feeds(language, prefix)
]
