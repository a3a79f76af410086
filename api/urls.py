"""Routes of the content API, below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from api.endpoints import articles, schools, search, tree
from api.endpoints import meta as about
from api.endpoints import topics_and_images as others
from api.http.parameters import MAX_ID

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


class AnchorConverter(StringConverter):
    """The anchor of a section or the slug of a topic, in any script."""

    regex = r"[\w-]{1,100}"


register_converter(IdConverter, "id")
register_converter(AnchorConverter, "anchor")

urlpatterns = [
    path("", about.Index.as_view(), name="index"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/by-path/", articles.ArticleByPath.as_view(), name="article-by-path"),
    path("articles/<id:id>/", articles.ArticleDetail.as_view(), name="article"),
    path("articles/<id:id>/markdown/", articles.ArticleMarkdown.as_view(), name="article-markdown"),
    path("articles/<id:id>/sections/<anchor:anchor>/", articles.ArticleSection.as_view(), name="section"),
    path("schools/", schools.SchoolList.as_view(), name="schools"),
    path("schools/<id:id>/", schools.SchoolDetail.as_view(), name="school"),
    path("schools/<id:id>/articles/", schools.SchoolArticles.as_view(), name="school-articles"),
    path("search/", search.SearchArticles.as_view(), name="search"),
    path("topics/", others.TopicList.as_view(), name="topics"),
    path("topics/<anchor:slug>/", others.TopicDetail.as_view(), name="topic"),
    path("images/", others.ImageList.as_view(), name="images"),
    path("images/<id:id>/", others.ImageDetail.as_view(), name="image"),
    path("indexes/", tree.IndexList.as_view(), name="indexes"),
    path("indexes/<id:id>/", tree.IndexDetail.as_view(), name="index-page"),
    path("navigation/", tree.Navigation.as_view(), name="navigation"),
    path("sitemap/", tree.Sitemap.as_view(), name="sitemap"),
    path("redirects/", tree.RedirectList.as_view(), name="redirects"),
    path("by-path/", tree.ByPath.as_view(), name="by-path"),
    path("openapi.json", about.OpenApi.as_view(), name="openapi"),
    path("docs/", about.Docs.as_view(), name="docs"),
    path("problems/<slug:code>/", about.ProblemKind.as_view(), name="problem"),
]
