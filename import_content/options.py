"""What a person asks of an import, checked before anything is read or written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from wagtail.models import Page

from import_content.article_index import choose_index, site_path
from import_content.errors import UsageError
from import_content.sources import DEFAULT_MAX_BYTES
from import_content.sources.errors import SourceError
from import_content.sources.profiles import PROFILE_NAME, Profile, load_profile
from pages.models import ArticleIndexPage

DEFAULT_PRUNE_SHARE = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSettings:
    """What can be chosen for an import without asking disk or database.  All of it is in a saved plan, but `workers`
    and `key`."""

    publish: bool = False
    """New articles go live; without it they are drafts.  Articles that exist stay what they are."""
    collection: str = ""
    """Keeps sources apart that have the same path in different folders."""
    key: str = ""
    """The key of standard input."""
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
    follow_links: bool = False
    """Links in a folder that lead out of it are read too."""
    allow_copies: bool = False
    """Sources whose text is on record under another key that is still there are imported too."""


SETTINGS = tuple(each.name for each in fields(ImportSettings))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions(ImportSettings):
    """What was asked for, with everything that was named found."""

    parent: ArticleIndexPage
    """The index to import into.  Without a primary key where `make_under` is given."""
    make_under: Page | None = None
    """The page that `parent` is to be made under, where it does not exist yet."""
    asked_path: str = ""
    """The URL path at which it is to be made."""
    user: User | None = None
    root: Path | None = None
    """Keys are relative to this folder; without it, to each folder that was named."""
    moved_from: Path | None = None
    """The folder that these sources were imported from before, under the same paths."""
    profile: Profile | None = None

    def with_workers(self, workers: int) -> ImportOptions:
        return replace(self, workers=workers)

    def with_parent(self, parent: ArticleIndexPage) -> ImportOptions:
        return replace(self, parent=parent, make_under=None, asked_path="")

    def record_key(self, key: str) -> str:
        return record_key(self.collection, key)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What a person asks for, in plain values, as a command line, a form or a saved plan has it."""

    sources: Sequence[str]
    parent: str | None = None
    """URL path or id of the article index; None for the only one there is."""
    make_parent: bool = False
    """Make the index where there is none at `parent`."""
    user: str | None = None
    root: Path | None = None
    moved_from: Path | None = None
    profile: Path | None = None
    settings: ImportSettings = field(default_factory=ImportSettings)

    def resolve(self) -> tuple[ImportOptions, str]:
        """The options, and what a person is told about the choice of the index (empty where it goes without saying).

        Reads the profile and asks the database for index and user.  Raises `UsageError`.
        """
        if self.root is not None and not self.root.is_dir():
            raise UsageError(f"{self.root} is no folder")
        root = self.root
        if self.moved_from is not None and root is None:
            root = _only_folder(self.sources)
        profile = _profile(self.profile)
        choice = choose_index(
            self.parent,
            make=self.make_parent,
            language=_language(self.sources, profile),
            folders=_folders(self.sources, root),
            collection=self.settings.collection,
        )
        options = ImportOptions(
            parent=choice.index,
            make_under=choice.make_under,
            asked_path=choice.path,
            user=find_user(self.user),
            root=root,
            moved_from=self.moved_from,
            profile=profile,
            **{name: getattr(self.settings, name) for name in SETTINGS},
        )
        return options, choice.notice


def _profile(path: Path | None) -> Profile | None:
    try:
        return load_profile(path) if path is not None else None
    except SourceError as error:
        raise UsageError(str(error)) from error


def _language(sources: Sequence[str], profile: Profile | None) -> str:
    """The language of the profile that holds for all sources: the one given, or the one in the only folder named."""
    if profile is None and len(sources) == 1:
        try:
            profile = load_profile(Path(sources[0]) / PROFILE_NAME)
        except (SourceError, ValueError):
            return ""  # there is none, or one that is reported with each source it holds for
    return profile.language if profile is not None else ""


def _folders(sources: Sequence[str], root: Path | None) -> list[Path]:
    """The folders that the sources' keys are relative to."""
    if root is not None:
        return [root]
    paths = [Path(source) for source in sources if source != "-" and "\0" not in source]
    return list(dict.fromkeys(path if _is_folder(path) else path.parent for path in paths))


def _only_folder(sources: Sequence[str]) -> Path:
    if len(sources) != 1 or not _is_folder(sources[0]):
        raise UsageError("--moved-from needs one folder as the source, or --root")
    return Path(sources[0])


def record_key(collection: str, key: str) -> str:
    """The identity of a source across collections."""
    return f"{collection}:{key}" if collection else key


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
    above = options.make_under or options.parent
    allowed = above.permissions_for_user(options.user)
    if not allowed.can_add_subpage():
        raise UsageError(f"{options.user.get_username()} may not add pages under {site_path(above)}")
    publishes = options.publish or options.prune or options.make_under is not None
    if publishes and not allowed.can_publish_subpage():
        raise UsageError(f"{options.user.get_username()} may not publish pages under {site_path(above)}")


def check_folders(sources: Sequence[str], options: ImportOptions) -> None:
    """Raises `UsageError` for a source outside of the root that keys are relative to."""
    if options.root is None:
        return
    root = options.root.resolve()
    for source in sources:
        if source != "-" and not Path(source).resolve().is_relative_to(root):
            raise UsageError(f"{source} is not inside {options.root}")


def _is_folder(path: str | Path) -> bool:
    """Unlike `Path.is_dir`, never raises for one that may not be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 -- see above
