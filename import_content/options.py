"""What a person asks of an import, checked before anything is read or written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from wagtail.models import Site

from import_content.sources import DEFAULT_MAX_BYTES
from import_content.sources.profiles import Profile
from pages.models import ArticleIndexPage

DEFAULT_PRUNE_SHARE = 0.10


class UsageError(Exception):
    """What was asked cannot be done; nothing was read or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    parent: ArticleIndexPage
    publish: bool = False
    """New articles go live; without it they are drafts.  Articles that exist stay what they are."""
    user: User | None = None
    collection: str = ""
    """Keeps sources apart that have the same path in different folders."""
    key: str = ""
    """The key of standard input."""
    root: Path | None = None
    """Keys are relative to this folder; without it, to each folder that was named."""
    moved_from: Path | None = None
    """The folder that these sources were imported from before, under the same paths."""
    profile: Profile | None = None
    workers: int | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    strict: bool = False
    """Sources with blocks that the parser is not sure of are refused."""
    reparse: bool = False
    """Look again at sources whose bytes have not changed."""
    two_passes: bool = False
    """Names of schools found for certain in one file help with doubtful entries of all others."""
    prune: bool = False
    """Unpublish articles whose sources are gone."""
    prune_share: float = DEFAULT_PRUNE_SHARE
    """Refuse to prune more than this share of the sources imported from there."""

    def with_workers(self, workers: int) -> ImportOptions:
        return replace(self, workers=workers)

    def record_key(self, key: str) -> str:
        return record_key(self.collection, key)


def record_key(collection: str, key: str) -> str:
    """The identity of a source across collections."""
    return f"{collection}:{key}" if collection else key


def find_parent(path: str | None) -> ArticleIndexPage:
    """The index at a URL path such as ``/articles/``; without one, the only index there is.

    Raises `UsageError` that says what there is instead.
    """
    if path is None:
        indexes: list[ArticleIndexPage] = list(ArticleIndexPage.objects.order_by("path")[:20])
        if len(indexes) == 1:
            return indexes[0]
        if not indexes:
            raise UsageError("there is no article index to import into; make one in the admin first")
        raise UsageError(f"there are several article indexes; choose one with --parent: {_listed(indexes)}")
    wanted = f"/{path.strip('/')}/" if path.strip("/") else "/"
    for site in Site.objects.select_related("root_page").order_by("-is_default_site", "pk"):
        url_path = site.root_page.url_path.rstrip("/") + wanted
        index: ArticleIndexPage | None = ArticleIndexPage.objects.filter(url_path=url_path).first()
        if index is not None:
            return index
    known = list(ArticleIndexPage.objects.order_by("path")[:20])
    there = f"; there are: {_listed(known)}" if known else "; there is none yet"
    raise UsageError(f"{path} is not an article index{there}")


def find_user(name: str | None) -> User | None:
    if name is None:
        return None
    model = get_user_model()
    user = model._default_manager.filter(**{model.USERNAME_FIELD: name}).first()
    if user is None:
        raise UsageError(f"there is no user “{name}”")
    return user


def check_permissions(options: ImportOptions) -> None:
    """Raises `UsageError` where the named user may not do what the import will do."""
    if options.user is None:
        return
    allowed = options.parent.permissions_for_user(options.user)
    if not allowed.can_add_subpage():
        raise UsageError(f"{options.user.get_username()} may not add pages under {site_path(options.parent)}")
    if (options.publish or options.prune) and not allowed.can_publish_subpage():
        raise UsageError(f"{options.user.get_username()} may not publish pages under {site_path(options.parent)}")


def check_folders(sources: Sequence[str], options: ImportOptions) -> None:
    """Raises `UsageError` for a source outside of the root that keys are relative to."""
    if options.root is None:
        return
    root = options.root.resolve()
    for source in sources:
        if source != "-" and not Path(source).resolve().is_relative_to(root):
            raise UsageError(f"{source} is not inside {options.root}")


def site_path(index: ArticleIndexPage) -> str:
    """An index's path as people write it: ``/articles/``."""
    parts = index.get_url_parts()
    return str(parts[2] or index.url_path) if parts else str(index.url_path)


def _listed(indexes: list[ArticleIndexPage]) -> str:
    return ", ".join(site_path(index) for index in indexes)
