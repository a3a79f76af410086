"""Front matter: what stands between ``---`` lines at the top of a text, in YAML or TOML, as fields of the source."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import yaml

from import_content.document import SourceFields
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.fields import is_draft, parse_date, parse_flag, parse_locale, parse_words

MAX_CHARACTERS = 64 * 1024
_YAML = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?:(.*?)\r?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\A\ufeff?\+\+\+[ \t]*\r?\n(?:(.*?)\r?\n)?\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline", "name"),
    "slug": ("slug", "post_name"),
    "description": ("description", "summary", "excerpt", "seo_description", "meta_description", "abstract"),
    "topics": ("topics", "tags", "categories", "category", "keywords"),
    "published_at": ("date", "published_at", "published", "pubdate", "publish_date", "post_date", "created"),
    "locale": ("locale", "lang", "language"),
    "status": ("status", "post_status", "state", "visibility"),
    "draft": ("draft", "is_draft", "unpublished"),
}
"""Field to the names it goes by, the first that is there winning."""


class _Loader(yaml.SafeLoader):
    """Plain values only, and no aliases: a few lines of them make gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def split_front_matter(key: str, text: str) -> tuple[dict[str, Any], str]:
    """The values of the front matter and the text below it.  Raises `SourceError` for one that cannot be read.

    A text that begins with a rule and has no values below it has no front matter.
    """
    found = _YAML.match(text)
    if found and (found[1] or "").strip() and re.search(r"^[\w-]+[ \t]*:", found[1], re.MULTILINE):
        return _values(key, found[1], _load_yaml), text[found.end() :]
    found = _TOML.match(text)
    if found:
        return _values(key, found[1] or "", tomllib.loads), text[found.end() :]
    return {}, text


def _load_yaml(text: str) -> Any:
    return yaml.load(text, _Loader)  # noqa: S506 -- a safe loader, made safer


def _values(key: str, text: str, load: Any) -> dict[str, Any]:
    if len(text) > MAX_CHARACTERS:
        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail="its front matter is longer than an article's is")
    try:
        values = load(text)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else None
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise SourceError(key, SourceErrorCode.DAMAGED, line=line, detail=f"its front matter: {reason}") from error
    if not isinstance(values, dict):
        raise SourceError(key, SourceErrorCode.DAMAGED, detail="its front matter is no list of names and values")
    return {str(name).strip().lower().replace("-", "_").replace(" ", "_"): value for name, value in values.items()}


def said_first(values: dict[str, Any], field: str) -> Any:
    """The value of a field under the first of its names that says something."""
    return next((values[name] for name in NAMES[field] if values.get(name) not in (None, "", [])), None)


def title_of(values: dict[str, Any]) -> str:
    title = said_first(values, "title")
    return " ".join(str(title).split()) if isinstance(title, str | int | float) else ""


def fields_of(values: dict[str, Any]) -> SourceFields:
    """What front matter, columns or properties say of an article, whatever they call it."""
    draft = parse_flag(said_first(values, "draft"))
    if draft is None:
        draft = is_draft(said_first(values, "status"))
    published = said_first(values, "published_at")
    if draft is None and isinstance(published, bool):
        draft = not published
    topics = [word for name in NAMES["topics"] for word in parse_words(values.get(name))]
    slug, description = said_first(values, "slug"), said_first(values, "description")
    return SourceFields(
        slug=str(slug).strip("/ ") if isinstance(slug, str | int) else "",
        description=" ".join(str(description).split()) if isinstance(description, str) else "",
        topics=tuple(dict.fromkeys(topics)),
        published_at=parse_date(published),
        locale=parse_locale(said_first(values, "locale")),
        is_draft=draft,
    )


def words_of(values: Any) -> str:
    """All words of front matter, for the accounting."""
    if isinstance(values, dict):
        return " ".join(f"{name} {words_of(value)}" for name, value in values.items())
    if isinstance(values, list | tuple):
        return " ".join(map(words_of, values))
    return "" if values is None else str(values)
