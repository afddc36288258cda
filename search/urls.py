"""The address of the search, once per language."""

from django.conf import settings
from django.urls import path

from . import views

urlpatterns = [
    path(f"{prefix}search/", views.results, {"language": language}, name=f"search_{language}")
    for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
]
