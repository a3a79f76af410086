"""Articles that editors have been at, and new content for them: everything that an update can meet."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection

from import_content import log_actions as audit
from import_content.article_content import ArticleContent
from import_content.planning.page_state import article_of
from import_content.writer import Change, NewArticle
from import_content.writer.ordinary import OrdinaryWriter
from pages.models import ArticlePage
from pages.models.topics import Topic
from tests.benchmarks.contents import new_articles
from tests.import_content.editing import edit
from tests.import_content.writer.articles import bare, block, entry, every_block
from tests.import_content.writer.tree import new_site

LINKED = '<p>See <a linktype="page" id="{page}">the shelf</a> and <a href="https://example.org/">others</a>.</p>'


class Edited:
    """A site with articles that stand in every state an update may find them in.  The same each time."""

    def __init__(self) -> None:
        self.parent, self.user = new_site()
        articles = [*new_articles(11), NewArticle("every block.txt", every_block(), live=True)]
        drafts = [replace(article, live=False) for article in new_articles(4, start=20)]
        made = OrdinaryWriter().create(self.parent, [*articles, *drafts], user=self.user).articles
        self.ids = [written.page_id for written in made]
        self.image = _image()

    def page(self, number: int) -> ArticlePage:
        page: ArticlePage = ArticlePage.objects.get(pk=self.ids[number])
        return page

    def prepare(self) -> list[Change]:
        """Let editors work, and return what an import brings after that."""
        self._work()
        new = [article.content for article in new_articles(16, start=40)]
        live, draft = self._live, self._draft
        moved = live(3)
        return [
            self._change(0, live=new[0]),
            self._change(1, live=replace(live(1), title="Another Title of Its Own")),
            self._change(2, live=self._with_schools(live(2)), action=audit.MERGE),
            self._change(3, live=replace(moved, body=tuple(reversed(moved.body))), action=audit.MERGE),
            self._change(4, live=self._by_an_editor(live(4)), action=audit.MERGE),
            self._change(5, live=new[5], draft=replace(draft(5), introduction="<p>Both.</p>"), action=audit.MERGE),
            self._change(7, live=replace(live(7), introduction="<p>With topics.</p>")),
            self._change(8, live=bare("Nothing but a title")),
            self._change(9, live=new[9]),
            self._change(10, live=replace(live(10), title="After two revisions"), draft=draft(10)),
            self._change(11, live=replace(every_block(), title="Every Block Again"), action=audit.UNDO),
            self._change(13, live=new[13]),
            self._change(14, live=replace(draft(14), introduction="<p>Published with topics and an image.</p>")),
            # Last: in bulk the schools of what becomes public are made first.
            self._change(6, draft=new[6]),
            self._change(12, draft=new[12]),
            self._change(15, live=draft(15), draft=new[15]),
        ]

    def _change(
        self,
        number: int,
        *,
        live: ArticleContent | None = None,
        draft: ArticleContent | None = None,
        action: str = audit.UPDATE,
    ) -> Change:
        return Change(f"source {number}.txt", self.ids[number], live, draft, action)

    def _work(self) -> None:
        for name in ("Crafts", "Night shifts"):
            Topic.objects.create(name=name)
        crafts, nights = Topic.objects.order_by("pk")
        edit(self.page(5), publish=False, user=self.user, title="An Editor's Draft", seo_title="For search engines")
        edit(self.page(6), publish=False, user=self.user, introduction="<p>To be continued.</p>", slug="a-new-address")
        page = self.page(7)
        page.topics.set([crafts, nights])
        page.lead_image = self.image
        page.save()
        edit(page, user=self.user, search_description="Described.", canonical_url="https://example.org/a", noindex=True)
        page = self.page(9)
        page.locked, page.locked_by, page.locked_at = True, self.user, timezone.now()
        page.expire_at = timezone.now() + timedelta(days=30)
        page.save()
        edit(self.page(10), user=self.user, title="Once")
        edit(self.page(10), publish=False, user=None, title="Twice")
        page = self.page(14)
        page.topics.set([crafts])
        page.save()
        page.save_revision(user=self.user)
        edit(page, publish=False, user=self.user, lead_image=self.image, show_in_menus=True, seo_title="S")

    def _live(self, number: int) -> ArticleContent:
        return _content(self.page(number))

    def _draft(self, number: int) -> ArticleContent:
        return _content(self.page(number).get_latest_revision_as_object())

    def _with_schools(self, content: ArticleContent) -> ArticleContent:
        """A school that is new, one that another article lists already, and one that is here by its id."""
        first = next(block for block in content.body if block["type"] == "school_listing")
        known = first["value"]["schools"][0]["value"]["school"]
        names = [known, "Entirely New Academy", "heron point college", "Entirely new academy"]
        schools = [entry(name, f"<p>{number}</p>", 700 + number) for number, name in enumerate(names)]
        return replace(content, body=(*content.body, block("school_listing", {"schools": schools}, 70)))

    def _by_an_editor(self, content: ArticleContent) -> ArticleContent:
        """What no import makes."""
        table = next(block for block in every_block().body if block["type"] == "table")
        rich = LINKED.format(page=self.parent.pk)
        picture = {"image": self.image.pk, "decorative": False, "alt_text": "A bench"}
        value = {"heading": "Links", "level": "2", "text": rich, "anchor": "links"}
        return replace(
            content,
            introduction=rich,
            body=(
                block("image", {"image": picture, "caption": "In the workshop"}, 50),
                *content.body[:2],
                {**table, "id": block("table", {}, 51)["id"]},
                block("section", value, 52),
                block("call_to_action", {"text": "Go", "page": self.ids[0], "url": ""}, 53),
                block("quote", {"text": "Measure twice.", "attribution": "A carpenter"}, 54),
                *content.body[3:],
            ),
        )


def _content(page: ArticlePage) -> ArticleContent:
    article = article_of(page)
    return ArticleContent(article.title, article.introduction, tuple(copy.deepcopy(article.body)))


def _image() -> Any:
    Collection.add_root(name="Root")
    return get_image_model().objects.create(title="A bench", file=get_test_image_file("bench.png"))
