"""Routes of the content API, below ``/api/v1/``."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from api.consumers.views import ConsumerDetail
from api.endpoints import (
    articles,
    by_path,
    images,
    indexes,
    meta,
    navigation,
    redirects,
    schools,
    search,
    sitemap,
    topics,
)
from api.http.parameters import MAX_ID
from api.journal import views as changes

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
    path("", meta.Index.as_view(), name="index"),
    path("articles/", articles.ArticleList.as_view(), name="articles"),
    path("articles/by-path/", articles.ArticleByPath.as_view(), name="article-by-path"),
    path("articles/<id:id>/", articles.ArticleDetail.as_view(), name="article"),
    path("articles/<id:id>/markdown/", articles.ArticleMarkdown.as_view(), name="article-markdown"),
    path("articles/<id:id>/sections/<anchor:anchor>/", articles.ArticleSection.as_view(), name="section"),
    path("schools/", schools.SchoolList.as_view(), name="schools"),
    path("schools/<id:id>/", schools.SchoolDetail.as_view(), name="school"),
    path("schools/<id:id>/articles/", schools.SchoolArticles.as_view(), name="school-articles"),
    path("search/", search.SearchArticles.as_view(), name="search"),
    path("topics/", topics.TopicList.as_view(), name="topics"),
    path("topics/<anchor:slug>/", topics.TopicDetail.as_view(), name="topic"),
    path("images/", images.ImageList.as_view(), name="images"),
    path("images/<id:id>/", images.ImageDetail.as_view(), name="image"),
    path("indexes/", indexes.IndexList.as_view(), name="indexes"),
    path("indexes/<id:id>/", indexes.IndexDetail.as_view(), name="index-page"),
    path("navigation/", navigation.Navigation.as_view(), name="navigation"),
    path("sitemap/", sitemap.Sitemap.as_view(), name="sitemap"),
    path("redirects/", redirects.RedirectList.as_view(), name="redirects"),
    path("by-path/", by_path.ByPath.as_view(), name="by-path"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("consumers/<slug:name>/", ConsumerDetail.as_view(), name="consumer"),
    path("changes/tree/", changes.ChangeTree.as_view(), name="change-tree"),
    path("openapi.json", meta.OpenApi.as_view(), name="openapi"),
    path("docs/", meta.Docs.as_view(), name="docs"),
    path("problems/<slug:code>/", meta.ProblemKind.as_view(), name="problem"),
]
