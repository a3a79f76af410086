"""What `pages` adds to the admin: views of articles, schools and topics."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import LiveStatusTagColumn, UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from pages.admin.articles import ArticleViewSet
from pages.models import School, Topic


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def register_article_views() -> ArticleViewSet:
    return ArticleViewSet()


class SchoolFilterSet(WagtailFilterSet):
    class Meta:
        model = School
        fields = ["live", "country", "region"]


@register_snippet
class SchoolViewSet(SnippetViewSet):
    model = School
    icon = "home"
    menu_label = _("Schools")
    menu_order = 210
    add_to_admin_menu = True
    list_display = [
        "name",
        "city",
        "region",
        "country",
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    filterset_class = SchoolFilterSet
    ordering = ["name"]
    list_per_page = 50
    copy_view_enabled = False
    edit_handler = School.edit_handler


@register_snippet
class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 220
    add_to_admin_menu = True
    panels = [FieldPanel("name"), FieldPanel("slug")]
    list_display = ["name", "slug"]
    search_fields = ["name"]
