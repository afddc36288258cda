"""The addresses of pictures: nothing but files that renditions.py writes."""

from django.conf import settings
from django.urls import re_path

from . import serving
from .renditions import FORMATS

urlpatterns = [
    re_path(
        rf"^{settings.MEDIA_URL.lstrip('/')}pictures/(?P<name>[0-9a-f]{{32}})"
        rf"/(?P<width>[1-9][0-9]{{2,3}})\.(?P<form>{'|'.join(FORMATS)})$",
        serving.picture,
    )
]
