"""Articles made the way Wagtail's documentation shows, one by one."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.log_actions import log

from import_content import audit
from import_content.content import bind_schools
from import_content.writer import NewArticle, Written
from import_content.writer.schools import bind_names
from import_content.writer.slugs import unique_slugs
from pages.blocks import BODY
from pages.models import ArticleIndexPage, ArticlePage


class IdiomaticWriter:
    def create(
        self, parent: ArticleIndexPage, articles: Sequence[NewArticle], *, user: AbstractBaseUser | None
    ) -> list[Written]:
        return [self._create(parent, article, user) for article in articles]

    @transaction.atomic
    def _create(self, parent: ArticleIndexPage, article: NewArticle, user: AbstractBaseUser | None) -> Written:
        content = article.content
        body = bind_schools(
            content.body, bind_names(content.school_names(), live=article.live, locale_id=parent.locale_id)
        )
        page = ArticlePage(
            title=content.title,
            slug=unique_slugs(parent, [content.title])[0],
            introduction=content.introduction,
            body=StreamValue(BODY, body, is_lazy=True),
            live=False,
            owner=user,
        )
        parent.add_child(instance=page)
        revision = page.save_revision(user=user)
        log(
            instance=page,
            action=audit.IMPORT,
            user=user,
            revision=revision,
            data={"source": article.key},
            content_changed=True,
        )
        if article.live:
            revision.publish(user=user)
        return Written(article.key, page.pk, revision.pk, page.slug, page.url_path, body)
