"""The settings of an installation on a test's database, without collected static files."""

from medline.settings import *  # noqa: F403
from medline.settings import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
