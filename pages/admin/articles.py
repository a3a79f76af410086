"""The admin's views of articles: Wagtail's own, with doors for those whom `pages` does not know.

Other packages add to them through hooks (see https://docs.wagtail.org/en/stable/reference/hooks.html):

- ``construct_article_side_panels(request, page, panels)`` adds side panels to the edit view (`BaseSidePanel`);
- ``construct_article_listing(columns, filters)`` adds columns and filters (name to `django_filters.Filter`) to the
  listing of an article index;
- ``annotate_article_listing(queryset)`` gives the queryset what those columns show, without a query a row.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.listing import ExplorableIndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet

from pages.models import ArticleIndexPage, ArticlePage


class ArticleEditView(EditView):
    """Wagtail's edit view with the side panels of other packages."""

    def get_side_panels(self) -> MediaContainer:
        panels = list(super().get_side_panels())
        if not self.expects_json_response and not self.hydrate_create_view:
            for hook in hooks.get_hooks("construct_article_side_panels"):
                hook(self.request, self.page, panels)
        return MediaContainer(panels)


class ArticleIndexView(ExplorableIndexView):
    """The listing of an article index, with the columns and filters of other packages before the status."""

    @cached_property
    def _additions(self) -> tuple[list[Any], dict[str, Any]]:
        columns: list[Any] = []
        filters: dict[str, Any] = {}
        for hook in hooks.get_hooks("construct_article_listing"):
            hook(columns, filters)
        return columns, filters

    @cached_property
    def columns(self) -> list[Any]:
        own = [column for column in self.base_columns if column.name != "type"]
        return [*own[:-1], *self._additions[0], own[-1]]

    @cached_property
    def filterset_class(self) -> type[PageFilterSet]:
        meta = type("Meta", (PageFilterSet.Meta,), {"model": ArticlePage})
        return type("ArticleFilterSet", (PageFilterSet,), {**self._additions[1], "Meta": meta})

    def annotate_queryset(self, pages: Any) -> Any:
        pages = super().annotate_queryset(pages)
        for hook in hooks.get_hooks("annotate_article_listing"):
            pages = hook(pages)
        return pages


class ArticleViewSet(PageViewSet):
    """Views of articles, and of the listing of the indexes they stand in."""

    model = ArticlePage
    parent_models = (ArticleIndexPage,)
    edit_view_class = ArticleEditView
    index_view_class = ArticleIndexView

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """The view finds its columns and filters itself, once all packages have had their say."""
        known: dict[str, Any] = super().get_index_view_kwargs(**kwargs)
        return {name: value for name, value in known.items() if name not in ("columns", "filterset_class")}
