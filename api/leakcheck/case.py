"""One hidden kind while it is being made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction, Site

from api.leakcheck import making
from api.leakcheck.subjects import Stage, Subject
from pages.models import ArticleIndexPage, ArticlePage, Topic


@dataclass(frozen=True)
class Case:
    stage: Stage
    kind: str
    site: str | None = None
    """Readers of this site see it; nobody else does."""

    def say(self, field: str) -> str:
        return self.stage.words.new(f"{self.kind}: {field}", self.site)

    def public_shelf(self) -> Page:
        """An index that readers may see, for what hides below it."""
        shelf: Page = Page.objects.get(pk=self.stage.shelf.pk)
        return shelf

    def article(self, parent: Page | None = None, *, publish: bool = True, **fields: Any) -> ArticlePage:
        """A hidden article, or one that is about to be hidden."""
        parent = parent or self.public_shelf()
        article = making.article(self.stage, parent, self.say, publish=publish, **fields)
        self.hide_page(article)
        return article

    def index(self, parent: Page, *, publish: bool = True) -> ArticleIndexPage:
        index = making.index(parent, self.say, publish=publish)
        self.hide_page(index)
        return index

    def hide_page(self, page: Page) -> None:
        """The page will be hidden when the stage is set; a redirect leads to it."""
        root = self._root_of(page)
        self.add(making.page_subject(page, root, hidden=True), lambda: self._delete_page(page.pk))
        if isinstance(page, ArticlePage):
            for subject in making.topic_subjects(page, hidden=True):
                if self.stage.words.prefix not in subject.slug:  # a public topic that the hidden page shares
                    continue
                self.add(subject, Topic.objects.filter(pk=subject.pk).delete)
        old_path = f"/{self.say('redirect')}"
        redirect = Redirect.objects.create(old_path=old_path, redirect_page=page, is_permanent=True)
        self.add(
            Subject("redirect", redirect.pk, hidden=True, path=old_path), Redirect.objects.filter(pk=redirect.pk).delete
        )

    def add(self, subject: Subject, remove: Callable[[], Any]) -> None:
        self.stage.hidden.append(subject)
        self.stage.removals.append(remove)

    def _delete_page(self, pk: int) -> None:
        page = Page.objects.filter(pk=pk).first()
        if page is not None:
            page.specific.delete()

    def _root_of(self, page: Page) -> Page:
        sites = Site.objects.select_related("root_page")
        roots = [site.root_page for site in sites if page.url_path.startswith(site.root_page.url_path)]
        return max(roots, key=lambda root: len(root.url_path), default=self.stage.home)


def restrict(page: Page, kind: str = PageViewRestriction.LOGIN, **fields: Any) -> PageViewRestriction:
    restriction: PageViewRestriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, **fields)
    return restriction
