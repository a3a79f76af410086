"""What is stored of an article for readers, written when it becomes public."""

from __future__ import annotations

from django.db import models

from pages.models.articles import ArticlePage


class PublishedArticle(models.Model):
    """The public form of an article's live version, as its owner knows it (see `pages.blocks.public`).

    Written in the transaction that publishes.  Being here does not make an article visible: readers are asked
    of the page's own row at read time, so a row that outlives its page's publication shows nothing.
    """

    page = models.OneToOneField(ArticlePage, primary_key=True, on_delete=models.CASCADE, related_name="published")
    document = models.JSONField()
    """``{"introduction": html, "body": [stored blocks]}``: rich text in Wagtail's database form."""
    school_ids = models.JSONField(default=list)
    """The schools it lists, in order of first appearance."""

    class Meta:
        verbose_name = "published article"

    def __str__(self) -> str:
        return f"public form of article {self.page_id}"


class PublishedListing(models.Model):
    """One row per school that a published article lists: answers "which articles list this school"."""

    page = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="published_listings")
    school = models.ForeignKey("pages.School", on_delete=models.CASCADE, related_name="published_listings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "page"], name="pages_school_once_per_article")]

    def __str__(self) -> str:
        return f"article {self.page_id} lists school {self.school_id}"
