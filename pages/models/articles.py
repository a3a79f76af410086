"""Articles and the indexes they stand under."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamValue
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from pages.anchors import assign_anchors
from pages.blocks import BODY, BodyBlock
from pages.models.article_form import ArticlePageForm
from pages.rich_text import TEXT_FEATURES


class ArticleIndexPage(Page):
    """A shelf: articles, and further shelves."""

    introduction = RichTextField(
        _("introduction"), features=TEXT_FEATURES, blank=True, help_text=_("What readers find on this shelf.")
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    parent_page_types = ["wagtailcore.Page", "pages.ArticleIndexPage"]
    subpage_types = ["pages.ArticlePage", "pages.ArticleIndexPage"]
    page_description = _("A shelf of articles; imports put their pages under one.")
    template = "pages/article_index_page.html"

    class Meta:
        verbose_name = _("article index")
        verbose_name_plural = _("article indexes")


class ArticlePage(Page):
    """An article: introduction, then a body of sections, listings and calls to action."""

    introduction = RichTextField(
        _("introduction"),
        features=TEXT_FEATURES,
        blank=True,
        help_text=_("What the article is about and why it matters; stands before the first section."),
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    lead_image = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("lead image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown at the head of the article and in previews of links to it."),
    )
    topics = ClusterTaggableManager(
        through="pages.ArticleTopic",
        verbose_name=_("topics"),
        blank=True,
        help_text=_("What the article is about, separated by commas."),
    )
    canonical_url = models.URLField(
        _("canonical URL"),
        blank=True,
        help_text=_("Only where the article was first published elsewhere: the address search engines should prefer."),
    )
    noindex = models.BooleanField(
        _("hide from search engines"),
        default=False,
        help_text=_("Asks search engines to leave the article out."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("lead_image"),
        FieldPanel("body"),
        FieldPanel("topics"),
    ]
    promote_panels = [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        ),
        MultiFieldPanel(
            [FieldPanel("canonical_url"), FieldPanel("noindex"), FieldPanel("show_in_menus")],
            heading=_("Less often needed"),
            classname="collapsed",
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    parent_page_types = ["pages.ArticleIndexPage"]
    subpage_types: list[str] = []
    page_description = _("Sections, school listings and calls to action under one title.")
    template = "pages/article_page.html"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    base_form_class = ArticlePageForm

    is_draft_in_form: bool = False
    """An editor is at work on it: headings are half typed, so that no anchor is made of them yet."""

    def clean(self) -> None:
        super().clean()
        if not self.is_draft_in_form:
            self.body = with_anchors(self.body, self._anchors_in_use)

    def _anchors_in_use(self) -> dict[str, str]:
        """Block id to anchor, of the sections of the row as it is: what readers have links to.  One query."""
        rows = ArticlePage.objects.filter(pk=self.pk).values_list("body", flat=True)
        return {
            child["id"]: child["value"].get("anchor") or ""
            for body in rows
            for child in body.get_prep_value()
            if child["type"] == "section" and child.get("id")
        }

    @cached_property
    def outline(self) -> list[dict[str, Any]]:
        """Section values in order: heading, level, anchor."""
        return [block.value for block in self.body if block.block_type == "section"]


def with_anchors(body: StreamValue, in_use: Callable[[], dict[str, str]] = dict) -> StreamValue:
    """The same body in which each section has an anchor of its own.

    A section without one gets back the one that it has in use, by block id; `in_use` is asked where there is such a
    section.
    """
    raw = body.get_prep_value()
    sections = [child for child in raw if child["type"] == "section"]
    if any(not child["value"].get("anchor") for child in sections):
        known = in_use()
        for child in sections:
            child["value"]["anchor"] = child["value"].get("anchor") or known.get(child.get("id"), "")
    assign_anchors(child["value"] for child in sections)
    return StreamValue(body.stream_block if body.stream_block else BODY, raw, is_lazy=True)
