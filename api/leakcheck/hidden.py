"""The canaries: one function for each kind of what readers may not see.  Its docstring names the kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page, PageViewRestriction, Revision, Site

from api.leakcheck import making
from api.leakcheck.case import Case, restrict
from pages.models import ArticleIndexPage, ArticlePage, Topic

GROUP = "Readers who may"
SECOND_LANGUAGE = "fr"
LEVELS_BELOW = 14
"""Levels below a restriction: more than the visibility rule finds by index."""


def draft(case: Case) -> None:
    """draft that was never published"""
    case.article(publish=False)


def unpublished(case: Case) -> None:
    """unpublished page"""
    case.article().unpublish()


def not_live_by_update(case: Case) -> None:
    """page that was taken off without a signal"""
    ArticlePage.objects.filter(pk=case.article().pk).update(live=False)


def expired(case: Case) -> None:
    """page that has expired and was not swept yet"""
    Page.objects.filter(pk=case.article().pk).update(expire_at=timezone.now() - timedelta(seconds=5))


def early(case: Case) -> None:
    """page before its time"""
    Page.objects.filter(pk=case.article().pk).update(go_live_at=timezone.now() + timedelta(days=1))


def scheduled(case: Case) -> None:
    """page that is scheduled"""
    article = case.article(publish=False)
    article.go_live_at = timezone.now() + timedelta(days=1)
    article.save_revision().publish()


def under_login(case: Case) -> None:
    """page under a login"""
    restrict(case.article())


def under_password(case: Case) -> None:
    """page under a password"""
    restrict(case.article(), PageViewRestriction.PASSWORD, password=case.say("password"))


def under_group(case: Case) -> None:
    """page for a group"""
    group, _ = Group.objects.get_or_create(name=GROUP)
    restrict(case.article(), PageViewRestriction.GROUPS).groups.add(group)


def below_restricted(case: Case) -> None:
    """page below a restricted page"""
    shelf = case.index(case.public_shelf())
    case.article(shelf)
    restrict(shelf)
    case.article(shelf)


def far_below_restricted(case: Case) -> None:
    """page far below a restricted page"""
    shelf = case.index(case.public_shelf())
    restrict(shelf)
    for _ in range(LEVELS_BELOW):
        level = ArticleIndexPage(show_in_menus=True)
        making.fill(level, case.say)
        shelf = shelf.add_child(instance=level)
    case.hide_page(shelf)
    case.article(shelf)


def moved_below_restricted(case: Case) -> None:
    """page that was moved below a restricted page"""
    shelf = case.index(case.public_shelf())
    restrict(shelf)
    case.article().move(shelf, pos="last-child")


def draft_index(case: Case) -> None:
    """index that was never published"""
    case.index(case.public_shelf(), publish=False)


def unpublished_parent(case: Case) -> None:
    """unpublished index with a live article below it"""
    parent = making.index(case.stage.home, making.plain("Between"))
    child = making.article(case.stage, parent, making.plain("Child of an unpublished index"))
    parent.title = case.say("title")
    parent.introduction = f"<p>{case.say('introduction')}</p>"
    parent.save_revision().publish()
    parent.unpublish()
    case.stage.hidden.append(making.page_subject(parent, case.stage.home, hidden=True))
    case.stage.public.append(making.page_subject(child, case.stage.home, hidden=False))


def draft_revision(case: Case) -> None:
    """draft of a live page"""
    article = making.article(case.stage, case.public_shelf(), making.plain("Live with a draft"))
    case.stage.public.append(making.page_subject(article, case.stage.home, hidden=False))
    public = {subject.kind: subject.pk for subject in case.stage.public}
    making.fill(article, case.say)
    article.body = making.body(case.say, school=public["school"], image=public["image"])
    topic = case.say("topic")
    article.topics.add(topic)
    case.stage.removals.append(Topic.objects.filter(name=topic).delete)
    live = Page.objects.filter(pk=article.pk).values(*_LATEST).get()
    revision = article.save_revision()
    case.stage.removals.append(Revision.objects.filter(pk=revision.pk).delete)
    case.stage.removals.append(lambda: Page.objects.filter(pk=article.pk).update(**live))


_LATEST = ("latest_revision_id", "latest_revision_created_at", "draft_title", "has_unpublished_changes")


def earlier_version(case: Case) -> None:
    """earlier version of a live page"""
    article = making.article(case.stage, case.public_shelf(), case.say)
    topics = list(making.topic_subjects(article, hidden=True))
    public = {subject.kind: subject.pk for subject in case.stage.public}
    now = making.plain("Rewritten")
    making.fill(article, now)
    article.body = making.body(now, school=public["school"], image=public["image"])
    article.topics.clear()
    article.save_revision().publish()
    case.stage.public.append(making.page_subject(article, case.stage.home, hidden=False))
    for subject in topics:
        case.add(subject, Topic.objects.filter(pk=subject.pk).delete)


def deleted(case: Case) -> None:
    """deleted page"""
    case.article().delete()


def alias_of_restricted(case: Case) -> None:
    """alias of a restricted page"""
    source = case.article()
    alias = CreatePageAliasAction(source, parent=case.public_shelf(), update_slug=case.say("slug")).execute()
    case.hide_page(ArticlePage.objects.get(pk=alias.pk))
    again = CreatePageAliasAction(alias, parent=case.public_shelf(), update_slug=case.say("slug")).execute()
    case.hide_page(ArticlePage.objects.get(pk=again.pk))
    restrict(source)


def alias_of_expired(case: Case) -> None:
    """alias of an expired page"""
    source = case.article()
    alias = CreatePageAliasAction(source, parent=case.public_shelf(), update_slug=case.say("slug")).execute()
    case.hide_page(ArticlePage.objects.get(pk=alias.pk))
    Page.objects.filter(pk=source.pk).update(expire_at=timezone.now() - timedelta(seconds=5))


def alias_of_below(case: Case) -> None:
    """alias of a page below a restricted page"""
    shelf = case.index(case.public_shelf())
    restrict(shelf)
    source = case.article(shelf)
    alias = CreatePageAliasAction(source, parent=case.public_shelf(), update_slug=case.say("slug")).execute()
    case.hide_page(ArticlePage.objects.get(pk=alias.pk))


def translation(case: Case) -> None:
    """draft translation of a live page"""
    article = making.article(case.stage, case.public_shelf(), making.plain("Translated in secret"))
    case.stage.public.append(making.page_subject(article, case.stage.home, hidden=False))
    locale = Locale.objects.get(language_code=SECOND_LANGUAGE)
    article.copy_for_translation(locale, copy_parents=True)
    draft = ArticlePage.objects.get(translation_key=article.translation_key, locale=locale)
    making.fill(draft, case.say)
    draft.save_revision()
    draft.save(clean=False)
    case.hide_page(draft)


def restricted_translation(case: Case) -> None:
    """restricted translation of a live page"""
    article = making.article(case.stage, case.public_shelf(), making.plain("Translated for some"))
    case.stage.public.append(making.page_subject(article, case.stage.home, hidden=False))
    locale = Locale.objects.get(language_code=SECOND_LANGUAGE)
    article.copy_for_translation(locale, copy_parents=True)
    other = ArticlePage.objects.get(translation_key=article.translation_key, locale=locale)
    making.fill(other, case.say)
    other.save_revision().publish()
    case.hide_page(ArticlePage.objects.get(pk=other.pk))
    restrict(other)


def original_of_translation(case: Case) -> None:
    """restricted page with a live translation"""
    article = case.article()
    restrict(article)
    locale = Locale.objects.get(language_code=SECOND_LANGUAGE)
    article.copy_for_translation(locale, copy_parents=True)
    other = ArticlePage.objects.get(translation_key=article.translation_key, locale=locale)
    public = {subject.kind: subject.pk for subject in case.stage.public}
    open_to_all = making.plain("Open in another language")
    making.fill(other, open_to_all)
    other.body = making.body(open_to_all, school=public["school"], image=public["image"])
    other.topics.clear()
    other.save_revision().publish()
    case.stage.public.append(making.page_subject(ArticlePage.objects.get(pk=other.pk), case.stage.home, hidden=False))


def outside_every_site(case: Case) -> None:
    """page that stands in no site"""
    root = Page.get_first_root_node().add_child(instance=Page(title=case.say("root"), slug=case.say("slug")))
    case.stage.removals.append(Page.objects.get(pk=root.pk).delete)
    case.article(case.index(root))


def on_other_site(case: Case) -> None:
    """restricted page on another site"""
    shelf = making.index(Page.objects.get(pk=case.stage.other.root_page_id), making.plain("Elsewhere"))
    restrict(case.article(shelf))


def of_other_site(case: Case) -> None:
    """page of another site"""
    own = Case(case.stage, case.kind, case.stage.other.hostname)
    own.article(own.index(Page.objects.get(pk=case.stage.other.root_page_id)))


def of_nested_site(case: Case) -> None:
    """page of a site that is nested in this one"""
    own = Case(case.stage, case.kind, case.stage.nested.hostname)
    own.article(own.index(Page.objects.get(pk=case.stage.nested.root_page_id)))


def of_closed_site(case: Case) -> None:
    """page of a site whose root page is restricted"""
    hostname = "leak-closed.example"
    root = Page.get_first_root_node().add_child(instance=Page(title=case.say("root"), slug=case.say("slug")))
    site = Site.objects.create(hostname=hostname, port=80, root_page=root, site_name=case.say("site"))
    case.stage.removals += [Page.objects.get(pk=root.pk).delete, site.delete]
    restrict(root)
    case.article(case.index(root))


HIDDEN: tuple[Callable[[Case], Any], ...] = (
    draft,
    unpublished,
    not_live_by_update,
    expired,
    early,
    scheduled,
    under_login,
    under_password,
    under_group,
    below_restricted,
    far_below_restricted,
    moved_below_restricted,
    draft_index,
    unpublished_parent,
    draft_revision,
    earlier_version,
    deleted,
    alias_of_restricted,
    alias_of_expired,
    alias_of_below,
    translation,
    restricted_translation,
    original_of_translation,
    outside_every_site,
    on_other_site,
    of_other_site,
    of_nested_site,
    of_closed_site,
)
