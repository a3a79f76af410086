"""The canaries that are no pages: schools and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, Locale, Revision

from api.leakcheck import making
from api.leakcheck.case import Case
from api.leakcheck.hidden import GROUP, SECOND_LANGUAGE
from api.leakcheck.subjects import Subject
from pages.models import School


def _school(case: Case) -> School:
    school = making.school(case.say)
    subject = Subject("school", school.pk, hidden=True, slug=school.slug, key=str(school.translation_key))
    case.add(subject, lambda: School.objects.get(pk=school.pk).delete())
    return school


def draft_school(case: Case) -> None:
    """draft school"""
    School.objects.filter(pk=_school(case).pk).update(live=False)


def unpublished_school(case: Case) -> None:
    """unpublished school"""
    _school(case).unpublish()


def expired_school(case: Case) -> None:
    """expired school"""
    School.objects.filter(pk=_school(case).pk).update(expire_at=timezone.now() - timedelta(seconds=5))


def early_school(case: Case) -> None:
    """school before its time"""
    School.objects.filter(pk=_school(case).pk).update(go_live_at=timezone.now() + timedelta(days=1))


def draft_of_school(case: Case) -> None:
    """draft of a live school"""
    school = making.school(making.plain("College with a draft"))
    case.stage.public.append(Subject("school", school.pk, hidden=False, slug=school.slug))
    making.fill(school, case.say)
    live = School.objects.filter(pk=school.pk).values(*_LATEST).get()
    revision = school.save_revision()
    case.stage.removals.append(Revision.objects.filter(pk=revision.pk).delete)
    case.stage.removals.append(lambda: School.objects.filter(pk=school.pk).update(**live))


_LATEST = ("latest_revision_id", "has_unpublished_changes")


def draft_translation_of_school(case: Case) -> None:
    """draft translation of a live school"""
    school = making.school(making.plain("College translated in secret"))
    case.stage.public.append(Subject("school", school.pk, hidden=False, slug=school.slug))
    other = school.copy_for_translation(Locale.objects.get(language_code=SECOND_LANGUAGE))
    making.fill(other, case.say)
    other.live = False
    other.save()
    subject = Subject("school", other.pk, hidden=True, slug=other.slug, key=str(other.translation_key))
    case.add(subject, lambda: School.objects.get(pk=other.pk).delete())


def _private(case: Case, kind: str, **fields: Any) -> Collection:
    collection = Collection.get_first_root_node().add_child(name=case.say("name"))
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type=kind, **fields)
    if kind == CollectionViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.get_or_create(name=GROUP)[0])
    return collection


def _files(case: Case, collection: Collection) -> None:
    image = making.image(collection, case.say)
    case.add(Subject("image", image.pk, hidden=True), image.delete)
    document = making.document(collection, case.say)
    case.add(Subject("document", document.pk, hidden=True), document.delete)


def files_under_login(case: Case) -> None:
    """files of a collection under a login"""
    _files(case, _private(case, CollectionViewRestriction.LOGIN))


def files_under_password(case: Case) -> None:
    """files of a collection under a password"""
    _files(case, _private(case, CollectionViewRestriction.PASSWORD, password=case.say("password")))


def files_for_group(case: Case) -> None:
    """files of a collection for a group"""
    _files(case, _private(case, CollectionViewRestriction.GROUPS))


def files_below(case: Case) -> None:
    """files of a collection below a restricted one"""
    outer = _private(case, CollectionViewRestriction.LOGIN)
    _files(case, outer.add_child(name=case.say("inner name")))


HIDDEN: tuple[Callable[[Case], Any], ...] = (
    draft_school,
    unpublished_school,
    expired_school,
    early_school,
    draft_of_school,
    draft_translation_of_school,
    files_under_login,
    files_under_password,
    files_for_group,
    files_below,
)
