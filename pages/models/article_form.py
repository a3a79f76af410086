"""The form of an article in the admin."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm


class ArticlePageForm(WagtailAdminPageForm):
    """Tells the article when it is saved as a draft, by hand or by itself."""

    def defer_required_fields(self) -> None:
        super().defer_required_fields()
        self.instance.is_draft_in_form = True
