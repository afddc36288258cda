"""The WSGI application that gunicorn and granian serve: the page cache, and Django behind it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medline.settings")

django = get_wsgi_application()

# Its modules read the settings, which stand from here on.
from .pagecache.front import PageCache  # noqa: E402

application = PageCache(django)
