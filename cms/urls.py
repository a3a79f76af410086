"""Every route of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from api.endpoints.llms import Llms
from cms.media import serve_media
from cms.views import welcome

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1/", include("api.urls")),
    path("llms.txt", Llms.as_view(), name="llms"),
    path("media/<path:path>", serve_media, name="media"),
    # A page of another language than the default one has that language before its path: /es/articles/...
    *i18n_patterns(
        path("", welcome, name="welcome"),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
