"""Topics: what articles are about."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase, TagBase


class Topic(TagBase):
    """A subject that articles share.  Its slug is its stable name in the API."""

    free_tagging = True

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]


class ArticleTopic(ItemBase):
    tag = models.ForeignKey(Topic, related_name="articles", on_delete=models.CASCADE)
    content_object = ParentalKey("pages.ArticlePage", related_name="article_topics", on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="pages_topic_once_per_article")]
