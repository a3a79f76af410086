"""What `pages` adds to the admin; each part is in a module of `pages.admin`."""

from __future__ import annotations

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from pages.admin.articles import ArticleViewSet
from pages.admin.calls_report import (
    register_calls_menu_item,
    register_calls_urls,
    warn_of_calls_without_link,
)
from pages.admin.deletion import refuse_deletion_in_use
from pages.admin.history import register_log_actions
from pages.admin.merge_action import MergeBulkAction
from pages.admin.name_proposals import register_proposal_menu_item, register_proposal_urls
from pages.admin.schools import SchoolViewSet, register_school_buttons
from pages.admin.search import AnyPageViewSet, register_school_search_area
from pages.admin.topics import TopicViewSet
from pages.site.serving import refuse_hidden

register_snippet(SchoolViewSet)
register_snippet(TopicViewSet)

hooks.register("register_admin_viewset", ArticleViewSet)
hooks.register("register_admin_viewset", AnyPageViewSet)
hooks.register("register_admin_search_area", register_school_search_area)
hooks.register("register_admin_urls", register_proposal_urls)
hooks.register("register_reports_menu_item", register_proposal_menu_item)
hooks.register("register_bulk_action", MergeBulkAction)
hooks.register("before_delete_snippet", refuse_deletion_in_use)
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_snippet_listing_buttons", register_school_buttons)
hooks.register("before_serve_page", refuse_hidden)
hooks.register("register_admin_urls", register_calls_urls)
hooks.register("register_reports_menu_item", register_calls_menu_item)
hooks.register("after_create_page", warn_of_calls_without_link)
hooks.register("after_edit_page", warn_of_calls_without_link)
