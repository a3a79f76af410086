"""The routes with the prefix that they have on the site, for the OpenAPI document."""

from django.urls import include, path

urlpatterns = [path("api/v1/", include("api.urls"))]
