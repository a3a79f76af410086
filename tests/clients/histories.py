"""Random histories of a site: what editors, importers, clocks and accidents do to it."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from import_content.models import ImportRun
from pages.merging.schools import merge_schools
from pages.models import ArticleIndexPage, ArticlePage, School, Topic
from tests.api import factories
from tests.api.blocks import call_to_action, listing, section
from tests.import_content import imports


class History:
    """A site that lives; each step is one thing that happens."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = random.Random(seed)  # noqa: S311 -- repeatable, not secret
        self.folder = folder
        self.number = 0
        self.shelves = [factories.make_index(f"Shelf {number}").pk for number in range(3)]
        self.past_the_models = False
        """Something was written that only `reconcile` can find."""
        for number in range(3):
            factories.make_school(f"School {number}")

    def step(self) -> str:
        """Do something; what it was."""
        steps = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("do_")]
        chosen: Callable[[], Any] = self.random.choice(steps)
        chosen()
        return chosen.__name__

    def one(self, model: Any, **filters: Any) -> Any:
        pks = list(model.objects.filter(**filters).order_by("pk").values_list("pk", flat=True))
        return model.objects.get(pk=self.random.choice(pks)) if pks else None

    def words(self) -> str:
        self.number += 1
        return f"Words {self.number}"

    def body(self) -> list[dict[str, Any]]:
        blocks = [section(self.words())]
        if (school := self.one(School)) is not None:
            blocks.append(listing(school))
        if (page := self.one(ArticlePage)) is not None and self.random.random() < 0.5:
            blocks.append(call_to_action(page=page))
        return blocks

    def do_publish(self) -> None:
        shelf = ArticleIndexPage.objects.get(pk=self.random.choice(self.shelves))
        topics = (f"Topic {self.random.randrange(3)}",) if self.random.random() < 0.4 else ()
        image = factories.make_image(self.words()) if self.random.random() < 0.2 else None
        factories.make_article(self.words(), shelf, body=self.body(), topics=topics, lead_image=image)

    def do_edit(self) -> None:
        if (article := self.one(ArticlePage)) is not None:
            from tests.api.blocks import with_ids

            article.title = self.words()
            article.body = with_ids(self.body())
            article.save_revision().publish()

    def do_draft(self) -> None:
        if (article := self.one(ArticlePage)) is not None:
            article.title = self.words()
            article.save_revision()

    def do_rename_school(self) -> None:
        if (school := self.one(School)) is not None:
            school.name = self.words()
            school.save()

    def do_hide_school(self) -> None:
        if (school := self.one(School)) is not None:
            school.live = not school.live
            school.save()

    def do_move(self) -> None:
        if (article := self.one(ArticlePage)) is not None:
            article.move(Page.objects.get(pk=self.random.choice(self.shelves)), pos="last-child")

    def do_rename_shelf(self) -> None:
        shelf = ArticleIndexPage.objects.get(pk=self.random.choice(self.shelves))
        shelf.slug = self.words().lower().replace(" ", "-")
        shelf.save_revision().publish()

    def do_move_shelf(self) -> None:
        first, second = self.random.sample(self.shelves, 2)
        shelf, target = Page.objects.get(pk=first), Page.objects.get(pk=second)
        if not target.path.startswith(shelf.path):
            shelf.move(target, pos="last-child")

    def do_restrict(self) -> None:
        page = self.one(ArticlePage) or Page.objects.get(pk=self.shelves[0])
        if self.random.random() < 0.3:
            page = Page.objects.get(pk=self.random.choice(self.shelves))
        if PageViewRestriction.objects.filter(page_id=page.pk).exists():
            PageViewRestriction.objects.filter(page_id=page.pk).delete()
        else:
            factories.restrict(page)

    def do_unpublish(self) -> None:
        if (article := self.one(ArticlePage, live=True)) is not None:
            article.unpublish()

    def do_publish_again(self) -> None:
        if (article := self.one(ArticlePage, live=False)) is not None:
            article.save_revision().publish()

    def do_delete(self) -> None:
        if (article := self.one(ArticlePage)) is not None:
            article.delete()

    def do_expire(self) -> None:
        if (article := self.one(ArticlePage, live=True)) is not None:
            article.expire_at = timezone.now() + timedelta(milliseconds=30)
            article.save()

    def do_redirect(self) -> None:
        if (article := self.one(ArticlePage)) is not None:
            Redirect.objects.create(old_path=f"/{self.words().lower().replace(' ', '-')}", redirect_page=article)

    def do_rename_topic(self) -> None:
        if (topic := self.one(Topic)) is not None:
            topic.name = self.words()
            topic.save()

    def do_import(self) -> None:
        self.number += 1
        name = f"source-{self.random.randrange(3)}.txt"
        text = imports.ARTICLE.replace("four thousand", f"{self.number} thousand")
        path = imports.write(self.folder, name, text.replace("Repair Clocks", f"Repair Clocks {name[7]}"))
        parent = Page.objects.get(pk=self.random.choice(self.shelves))
        where = parent.url_path.removeprefix("/home")
        with suppress(SystemExit):  # its exit code says that something is left to a person
            call_command("import_content", str(path), parent=where, publish=True, stdout=StringIO(), stderr=StringIO())

    def do_undo(self) -> None:
        run = ImportRun.objects.order_by("-pk").first()
        if run is not None:
            with suppress(SystemExit, CommandError):
                call_command("import_runs", "undo", str(run.pk), stdout=StringIO(), stderr=StringIO())

    def do_merge_schools(self) -> None:
        first, second = self.one(School), self.one(School)
        if first is not None and first.pk != second.pk and first.locale_id == second.locale_id:
            merge_schools([first], second)

    def do_raw_sql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pages_school SET city = %s", [self.words()])
        ArticlePage.objects.filter(pk=getattr(self.one(ArticlePage), "pk", 0)).update(live=False)
        self.past_the_models = True

    def do_kill_a_writer(self) -> None:
        with transaction.atomic():
            self.do_publish()
            self.do_rename_school()
            transaction.set_rollback(True)
