"""What is stored of an article for readers, written when it becomes public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from pages.models.articles import ArticlePage

if TYPE_CHECKING:
    from pages.search.text import Words


class PublishedArticle(models.Model):
    """The public form of an article's live version, as its owner knows it.

    The three texts are JSON with references to what others own (see `pages.references`).  Written in the transaction
    that publishes.  Being here does not make an article visible: readers are asked of the page's own row at read
    time, so a row that outlives its page's publication shows nothing.  Narrow columns stand first, so that a list
    in order reads no more than it shows.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="published"
    )
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    sort_title = models.CharField(max_length=255)
    """The title in lower case without accents, for lists in its order."""
    digest = models.CharField(max_length=32)
    """Of the three texts: two public forms are the same if and only if their digests are."""
    references = models.TextField()
    """The names of all references in the three texts, each once, separated by spaces."""
    head = models.TextField()
    """``{"title", "seo", "lead_image", "published_at", "updated_at"}``."""
    introduction = models.TextField()
    """A string of HTML."""
    body = models.TextField()
    """An array of blocks (see `pages.blocks.public`)."""

    published_words: Words
    """What goes into the row beside this one, until both are stored; `pages.publication` sets it."""

    class Meta:
        verbose_name = "published article"
        indexes = [
            models.Index(fields=["published_at", "page"], name="pages_public_published"),
            models.Index(fields=["updated_at", "page"], name="pages_public_updated"),
            models.Index(fields=["sort_title", "page"], name="pages_public_title"),
        ]

    def __str__(self) -> str:
        return f"public form of article {self.page_id}"


class PublishedText(models.Model):
    """The words that a published article is found by (see `pages.search.text`), and the source of its excerpts.

    Written and deleted by `pages.search.index` together with the public form.  The database keeps full-text indexes
    of it that Django does not know of.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="published_text"
    )
    shown = models.TextField()
    """What `related` was written for: names of references, separated by spaces."""
    title = models.TextField()
    headings = models.TextField()
    """One a line."""
    text = models.TextField()
    """Introduction and blocks, one a line; headings once more among them."""
    related = models.TextField()
    """What readers see of the article only as long as they may see something else: names of listed schools and what is
    said of them, titles of pages that it calls to, captions of images."""

    class Meta:
        verbose_name = "published text"

    def __str__(self) -> str:
        return f"words of article {self.page_id}"


class PublishedListing(models.Model):
    """One row per school that a published article lists: answers "which articles list this school"."""

    page = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="published_listings")
    school = models.ForeignKey("pages.School", on_delete=models.CASCADE, related_name="published_listings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "page"], name="pages_school_once_per_article")]

    def __str__(self) -> str:
        return f"article {self.page_id} lists school {self.school_id}"
