"""The public map of the whole site, on one screen."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from editorial.preferences import choose_language
from topics.pages.reading import only_read

from . import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/language/", choose_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("", include("topics.pictures.urls")),
    path("", include("topics.urls")),
    # Browsers ask for it beside whatever has no head to name an icon, such as a feed.
    path("favicon.ico", only_read(RedirectView.as_view(url=lazy(static, str)("favicon.ico")))),
    path("", include("editorial.urls")),
    path("", include("editorial.reports.urls")),
    path("", include("search.urls")),
    path("", include("topics.syndication.urls")),
]

handler400 = "medline.errors.bad_request"
handler403 = "medline.errors.forbidden"
handler404 = "medline.errors.not_found"
handler500 = "medline.errors.server_error"
