"""Routes of the content API, below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path, register_converter

from api.parameters import MAX_ID
from api.views import about, articles, schools

app_name = "api"


class IdConverter:
    """A number that can be an id; any other has no route."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > MAX_ID:
            raise ValueError
        return number

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(IdConverter, "id")

urlpatterns = [
    path("", about.Index.as_view(), name="index"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/by-path/", articles.ArticleByPath.as_view(), name="article-by-path"),
    path("articles/<id:id>/", articles.ArticleDetail.as_view(), name="article"),
    path("schools/", schools.SchoolList.as_view(), name="schools"),
    path("schools/<id:id>/", schools.SchoolDetail.as_view(), name="school"),
    path("schools/<id:id>/articles/", schools.SchoolArticles.as_view(), name="school-articles"),
    path("openapi.json", about.OpenApi.as_view(), name="openapi"),
    path("docs/", about.Docs.as_view(), name="docs"),
    path("problems/<slug:code>/", about.ProblemKind.as_view(), name="problem"),
]
