"""The canaries that are no content of their own: what editors know, and what things were called before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import (
    Collection,
    Comment,
    CommentReply,
    GroupApprovalTask,
    Page,
    Workflow,
    WorkflowTask,
)
from wagtail.signals import page_slug_changed

from api.leakcheck import making
from api.leakcheck.case import Case, restrict
from api.leakcheck.subjects import Subject
from pages.models import ArticlePage, SchoolAlias


def _live(case: Case, title: str) -> ArticlePage:
    """A public article, of which something is not for readers."""
    article = making.article(case.stage, case.public_shelf(), making.plain(title))
    case.stage.public.append(making.page_subject(article, case.stage.home, hidden=False))
    return article


def _editor(case: Case) -> Any:
    editor = get_user_model()()
    making.fill(editor, case.say)
    editor.save()
    return editor


def people(case: Case) -> None:
    """people behind a live page"""
    article, editor = _live(case, "Owned and locked"), _editor(case)
    rows = Page.objects.filter(pk=article.pk)
    rows.update(owner=editor, locked=True, locked_by=editor)
    log(article, "wagtail.edit", user=editor, title=case.say("log title"), data={"said": case.say("log data")})
    case.stage.removals += [editor.delete, lambda: rows.update(owner=None, locked=False, locked_by=None)]


def comments(case: Case) -> None:
    """comments on a live page"""
    editor = _editor(case)
    comment = Comment.objects.create(
        page=_live(case, "Commented"), user=editor, text=case.say("comment"), contentpath="title"
    )
    CommentReply.objects.create(comment=comment, user=editor, text=case.say("reply"))
    case.stage.removals += [editor.delete, comment.delete]


def workflow(case: Case) -> None:
    """workflow of a live page"""
    article, editor = _live(case, "In a workflow"), _editor(case)
    task = GroupApprovalTask.objects.create(name=case.say("task"))
    task.groups.add(Group.objects.create(name=case.say("group")))
    made = Workflow.objects.create(name=case.say("workflow"))
    WorkflowTask.objects.create(workflow=made, task=task, sort_order=0)
    state = made.start(article, editor)
    state.current_task_state.reject(user=editor, comment=case.say("reason"))
    case.stage.removals += [editor.delete, made.delete, state.delete]


def other_names(case: Case) -> None:
    """other and former names of a live school"""
    school = making.school(making.plain("College of many names"))
    case.stage.public.append(Subject("school", school.pk, hidden=False, slug=school.slug))
    name = school.name
    school.name = case.say("former name")
    school.save_revision().publish()
    school.name = name
    school.save_revision().publish()
    alias = SchoolAlias.objects.create(school_id=school.pk, name=case.say("other name"))
    case.stage.removals.append(SchoolAlias.objects.filter(pk=alias.pk).delete)


def working_slug(case: Case) -> None:
    """slug of a draft that was published under another one"""
    draft = making.article(case.stage, case.public_shelf(), making.plain("Renamed in time"), publish=False)
    public_slug = draft.slug
    draft.slug = case.say("slug")
    draft.save()
    before = ArticlePage.objects.get(pk=draft.pk)
    draft.slug = public_slug
    draft.save_revision().publish()
    page = ArticlePage.objects.get(pk=draft.pk)
    page_slug_changed.send(sender=ArticlePage, instance=page, instance_before=before)  # Wagtail waits for a commit
    case.stage.public.append(making.page_subject(page, case.stage.home, hidden=False))


def moved_out_of_restricted(case: Case) -> None:
    """restricted index that a page was moved out of"""
    shelf = case.index(case.public_shelf())
    restrict(shelf)
    article = making.article(case.stage, shelf, making.plain("Moved out"))
    article.move(case.public_shelf(), pos="last-child")
    page = ArticlePage.objects.get(pk=article.pk)
    case.stage.public.append(making.page_subject(page, case.stage.home, hidden=False))


def unshown_image(case: Case) -> None:
    """image that only hidden content shows"""
    picture = making.image(Collection.get_first_root_node(), case.say)
    subject = Subject("unshown image", picture.pk, hidden=True)  # which public content is not to refer to
    case.add(subject, picture.delete)
    own = Case(case.stage, f"page with an {case.kind}")
    body = [making.picture(picture.pk, own.say("alt"), own.say("caption"))]
    own.article(publish=False, lead_image=picture)
    restrict(own.article(lead_image=picture))
    draft = _live(case, "Draft with a picture")
    live = Page.objects.filter(pk=draft.pk).values("latest_revision_id", "latest_revision_created_at").get()
    draft.body, draft.lead_image = body, picture
    revision = draft.save_revision()
    case.stage.removals += [
        revision.delete,
        lambda: Page.objects.filter(pk=draft.pk).update(**live, has_unpublished_changes=False),
    ]


def redirect_of_other_site(case: Case) -> None:
    """redirect of another site"""
    own = Case(case.stage, case.kind, case.stage.other.hostname)
    old_path, link = f"/{own.say('path')}", f"https://{own.say('link')}.example/"
    redirect = Redirect.objects.create(old_path=old_path, site=case.stage.other, redirect_link=link)
    case.add(Subject("redirect", redirect.pk, hidden=True, path=old_path), redirect.delete)


HIDDEN: tuple[Callable[[Case], Any], ...] = (
    people,
    comments,
    workflow,
    other_names,
    working_slug,
    moved_out_of_restricted,
    unshown_image,
    redirect_of_other_site,
)
