"""Find the article index to import into, or make one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import override
from wagtail.log_actions import LogContext
from wagtail.models import Locale, Page, Site

from import_content.errors import UsageError
from import_content.models import SourceRecord
from pages.models import ArticleIndexPage

MAX_LISTED_INDEXES = 20
DEFAULT_INDEX_PATH = "/articles/"


@dataclass(frozen=True, slots=True)
class IndexChoice:
    """The index that an import goes into."""

    index: ArticleIndexPage
    """Not saved where `make_under` is given."""
    make_under: Page | None = None
    """The page that the index is to be made under; None where it exists."""
    path: str = ""
    """The URL path at which it is to be made."""
    notice: str = ""
    """What a person is told about the choice, where it did not go without saying."""


def choose_index(
    wanted: str | None,
    *,
    make: bool = False,
    language: str = "",
    folders: Collection[Path] = (),
    collection: str = "",
) -> IndexChoice:
    """The index of an id (``7``) or at a URL path (``/articles/``, ``/es/articles/``); without either the only one
    there is, or the one to be made where there is none at all.

    Where several are possible (translations of one, or sites with the same paths), decides in this order: the one
    that `folders` were imported into before, the one in `language`, the one in the default locale.
    `make`: the one at the path is to be made where it does not exist.
    Raises `UsageError` that says what there is instead.  Two to five queries.
    """
    if wanted is not None and wanted.strip().isdecimal():
        return IndexChoice(_by_id(wanted))
    path = None if wanted is None else normal_path(wanted)
    found = _all_indexes() if path is None else _at_path(path)
    if not found:
        if path is None and not make:
            return _to_be_made(DEFAULT_INDEX_PATH, "there was no article index yet")
        if path is not None and make:
            return _to_be_made(path, "")
        raise UsageError(_not_there(wanted))
    named_locale = path is not None and _locale_of(path) is not None
    return _decide(found, language="" if named_locale else language, folders=folders, collection=collection, path=path)


def make_index(index: ArticleIndexPage, make_under: Page, user: User | None) -> ArticleIndexPage:
    """Make the index of a choice, published, in its own transaction.  One that has been made meanwhile is taken.

    Raises `UsageError` where a page of another type has taken its place.
    """
    with LogContext(user=user), transaction.atomic():
        above = Page.objects.select_for_update().get(pk=make_under.pk)
        siblings = Page.objects.child_of(above).filter(slug=index.slug)
        there: ArticleIndexPage | None = ArticleIndexPage.objects.filter(pk__in=siblings).first()
        if there is not None:
            return there
        if siblings.exists():
            raise UsageError(f"{site_path(index)} exists and is not an article index")
        made = ArticleIndexPage(title=index.title, slug=index.slug, locale=above.locale, owner=user)
        above.add_child(instance=made)
        made.save_revision(user=user).publish(user=user)
    made.refresh_from_db()
    return made


def normal_path(path: str) -> str:
    return f"/{path.strip('/')}/" if path.strip("/") else "/"


def site_path(index: Page) -> str:
    """A page's path as readers have it: ``/articles/``, ``/es/articles/``."""
    parts = index.get_url_parts() if index.pk is not None else None
    return str(parts[2] or index.url_path) if parts else str(index.url_path)


def describe_index(index: ArticleIndexPage) -> str:
    """``/articles/ (id 7, “Articles”, en)``: enough to tell two of one path apart."""
    return f"{site_path(index)} (id {index.pk}, “{index.title}”, {index.locale.language_code})"


# --- finding -------------------------------------------------------------------------------------------------


def _by_id(wanted: str) -> ArticleIndexPage:
    index: ArticleIndexPage | None = _indexes().filter(pk=int(wanted)).first() if len(wanted) < 19 else None
    if index is None:
        raise UsageError(f"there is no article index with the id {wanted.strip()}{_instead()}")
    return index


def _indexes() -> QuerySet[ArticleIndexPage]:
    found: QuerySet[ArticleIndexPage] = ArticleIndexPage.objects.select_related("locale").order_by("path")
    return found


def _all_indexes() -> list[ArticleIndexPage]:
    return list(_indexes()[: MAX_LISTED_INDEXES + 1])


def _locale_of(path: str) -> Locale | None:
    """The locale that a path begins with: ``/es/articles/``."""
    code = path.strip("/").partition("/")[0]
    if code not in dict(settings.WAGTAIL_CONTENT_LANGUAGES):
        return None
    return Locale.objects.filter(language_code=code).first()


def _roots(locale: Locale | None) -> list[Page]:
    """The sites' root pages, the default site's first; with a locale, their versions in it."""
    roots = [site.root_page for site in Site.objects.select_related("root_page").order_by("-is_default_site", "pk")]
    if locale is None:
        return roots
    keys = [root.translation_key for root in roots]
    there = {page.translation_key: page for page in Page.objects.filter(translation_key__in=keys, locale=locale)}
    return [there[key] for key in keys if key in there]


def _at_path(path: str) -> list[ArticleIndexPage]:
    """The indexes that a path may mean: at this path in each site, and their translations at the same path; where a
    locale is named in front, in the sites' trees of that locale."""
    url_paths = [f"{root.url_path.rstrip('/')}{path}" for root in _roots(None)]
    locale = _locale_of(path)
    if locale is not None:
        rest = path.strip("/").partition("/")[2]
        url_paths += [f"{root.url_path.rstrip('/')}{normal_path(rest)}" for root in _roots(locale)]
    found = {index.url_path: index for index in _indexes().filter(url_path__in=url_paths)}
    here: list[ArticleIndexPage] = [found[url_path] for url_path in dict.fromkeys(url_paths) if url_path in found]
    if locale is not None or not here or not _speaks(here[0], settings.LANGUAGE_CODE):
        return here
    translations = _indexes().filter(translation_key=here[0].translation_key).exclude(pk__in=[it.pk for it in here])
    return here + list(translations)


def _decide(
    found: Sequence[ArticleIndexPage],
    *,
    language: str,
    folders: Collection[Path],
    collection: str,
    path: str | None,
) -> IndexChoice:
    if len(found) == 1:
        return IndexChoice(found[0])
    imported = _imported_into(found, folders, collection)
    if len(imported) == 1:
        return _said(imported[0], found, "this folder was imported there before")
    spoken = [index for index in found if language and _speaks(index, language)]
    if len(spoken) == 1:
        return _said(spoken[0], found, f"the profile's language is “{language}”")
    default = [index for index in found if _speaks(index, settings.LANGUAGE_CODE)]
    translations = len({index.translation_key for index in found}) == 1
    if path is not None:
        return IndexChoice((default or found)[0])
    if translations and len(default) == 1:
        return _said(default[0], found, "it is the one in the default language")
    known = ", ".join(map(describe_index, found[:MAX_LISTED_INDEXES]))
    raise UsageError(f"there are several article indexes; choose one with --parent PATH or --parent ID: {known}")


def _said(index: ArticleIndexPage, found: Sequence[ArticleIndexPage], reason: str) -> IndexChoice:
    return IndexChoice(index, notice=f"into {describe_index(index)}, one of {len(found)} article indexes: {reason}")


def _imported_into(
    found: Sequence[ArticleIndexPage], folders: Collection[Path], collection: str
) -> list[ArticleIndexPage]:
    """Those of them that these folders were imported into."""
    roots = [str(folder.resolve()) for folder in folders]
    if not roots:
        return []
    records = SourceRecord.objects.filter(root__in=roots, collection=collection, parent__in=found)
    parents = set(records.order_by().values_list("parent", flat=True).distinct())
    return [index for index in found if index.pk in parents]


def _speaks(index: ArticleIndexPage, language: str) -> bool:
    code = str(index.locale.language_code).lower()
    return code == language.lower() or code == language.lower().partition("-")[0]


def translations_of(index: ArticleIndexPage) -> list[ArticleIndexPage]:
    """The same index in other locales.  A query."""
    if index.pk is None:
        return []
    return list(_indexes().filter(translation_key=index.translation_key).exclude(pk=index.pk))


def translation_in(
    language: str, index: ArticleIndexPage, translations: Sequence[ArticleIndexPage]
) -> ArticleIndexPage | None:
    """The translation for a text in `language`; None where the index itself is the place for it, or there is none."""
    if _speaks(index, language):
        return None
    return next((other for other in translations if _speaks(other, language)), None)


# --- making --------------------------------------------------------------------------------------------------


def _to_be_made(path: str, reason: str) -> IndexChoice:
    names = [name for name in path.strip("/").split("/") if name]
    if not names:
        raise UsageError("an article index cannot be made at /; name a path such as /articles/")
    locale = _locale_of(path)
    roots = _roots(locale) if locale is not None and len(names) > 1 else _roots(None)
    if not roots:
        raise UsageError("there is no site yet; make one in the admin first (Settings, Sites)")
    below = names[1:] if locale is not None and len(names) > 1 else names
    above = _page_at(roots[0], below[:-1])
    slug = below[-1]
    if slug != slugify(slug, allow_unicode=True):
        raise UsageError(f"“{slug}” cannot be part of an address: letters, digits and hyphens can")
    if Page.objects.child_of(above).filter(slug=slug).exists():
        raise UsageError(f"{path} exists and is not an article index")
    with override(above.locale.language_code):
        title = slug.replace("-", " ").replace("_", " ").capitalize()
    index = ArticleIndexPage(title=title, slug=slug, locale=above.locale, url_path=f"{above.url_path}{slug}/")
    notice = f"an article index at {path}" + (f": {reason}" if reason else "")
    return IndexChoice(index, above, path, notice)


def _page_at(root: Page, slugs: Sequence[str]) -> Page:
    page = root
    for slug in slugs:
        below = Page.objects.child_of(page).filter(slug=slug).first()
        if below is None:
            raise UsageError(f"there is no page “{slug}” under {site_path(page)} to make an article index below")
        page = below
    return page


# --- saying --------------------------------------------------------------------------------------------------


def _not_there(wanted: str | None) -> str:
    if wanted is None:
        return "--make-parent needs the path to make: --parent PATH"
    return f"{wanted} is not an article index{_instead()}; --make-parent makes it"


def _instead() -> str:
    known = _all_indexes()
    listed = ", ".join(map(describe_index, known[:MAX_LISTED_INDEXES]))
    return f"; there are: {listed}" if known else "; there is none yet"
