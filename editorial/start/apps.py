"""Django's admin, with the start page of the desk."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "editorial.start.site.DeskSite"
