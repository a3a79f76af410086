"""``/llms.txt``: what there is to read here, for language models (https://llmstxt.org)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from api.http.addresses import absolute
from api.http.negotiation import MarkdownText, PlainText
from api.http.responses import Representation
from api.http.view import SITE, ContentView, Query
from api.resources.article_filters import ARTICLES
from api.resources.articles import (
    NARROW,
    ArticleRow,
    Articles,
    Form,
)
from pages import markdown, references

MAX_ARTICLES = 200


class Llms(ContentView):
    parameters = (SITE,)
    renderer_classes = (PlainText, MarkdownText)

    def represent(self, query: Query, **path: Any) -> Representation:
        site = query.site
        page = ARTICLES.read(
            {"limit": MAX_ARTICLES, "order": "-published_at"}, site=site, identity="llms", columns=NARROW
        )
        articles = Articles.load(site, page.rows, Form(body="none"))
        lines = [
            f"# {markdown.escape(site.name or site.hostname)}",
            f"The newest articles as Markdown. Everything else: {absolute(reverse('api:openapi'))}",
            "## Articles",
            "\n".join(_line(row) for row in page.rows),
        ]
        text = "\n\n".join(filter(None, lines)) + "\n"
        return Representation(
            lambda: text, media_type=f"{query.media_type}; charset=utf-8", tags=["articles", *articles.tags()]
        )


def _line(row: ArticleRow) -> str:
    """``- [title](address of the Markdown): description``."""
    head = references.load(row.head)
    url = absolute(reverse("api:article-markdown", args=[row.page_id]))
    about = markdown.escape(head["seo"]["description"])
    return f"- [{markdown.escape(head['title'])}]({url})" + (f": {about}" if about else "")
