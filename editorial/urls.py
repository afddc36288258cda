"""The one address of the desk that needs no account: private links to drafts, once per language."""

from django.conf import settings
from django.urls import path

from .preview.sharing import draft

urlpatterns = [
    path(f"{prefix}draft/<str:token>/", draft, {"language": language}, name=f"draft_{language}")
    for language, prefix in settings.PUBLIC_LANGUAGE_PREFIXES.items()
]
