"""WordPress exports (WXR): posts and pages with their fields; nothing that was not public becomes so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles
from import_content.sources.members import Members
from import_content.sources.readers.markup import Element, name_of, parse_xml
from import_content.sources.record import pack_record
from import_content.sources.source import SourceFile

POST_TYPES = frozenset({"post", "page"})
NEVER = frozenset({"trash", "auto-draft", "inherit", "spam"})
"""States of what its authors have thrown away or never wrote."""
_BLOCK = re.compile(r"\s*</?(?:p|div|h[1-6]|ul|ol|li|table|pre|blockquote|figure|hr|section|form|dl)\b", re.IGNORECASE)
_CAPTION = re.compile(r"\[caption[^\]]*\]\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*?)\[/caption\]", re.DOTALL)
_SHORTCODE = re.compile(r"\[/?(?:[a-z][a-z0-9_-]*)(?:\s+[\w-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\]]+))*\s*/?\](?!\()")
_KNOWN = re.compile(
    r"\[/?(?:gallery|embed|caption|audio|video|playlist|contact-form(?:-7)?|vc_\w+|et_pb_\w+|su_\w+|button|"
    r"columns?|one_half|one_third|divider|spacer|more|toc|youtube|vimeo|googlemaps|wpforms|mc4wp_form|ads?)\b",
    re.IGNORECASE,
)


def unpack(file: SourceFile, data: bytes, left_out: LeftOutFiles) -> Iterator[SourceFile | SourceError]:
    root = parse_xml(file.key, data, what="the export")
    members = Members(file)
    for item in root.iter("item"):
        said = _said(item)
        kind, state = said.get("post_type", "post"), said.get("status", "publish")
        if kind not in POST_TYPES or state in NEVER:
            continue
        name = f"{kind}-{said.get('post_id') or said.get('post_name') or said.get('title', '')}"
        text = said.get("encoded", "")
        if not text.strip() and not said.get("title", "").strip():
            yield members.error(name, SourceErrorCode.BLANK)
            continue
        yield members.member(name, pack_record(_record(item, said, text)))


def _said(item: Element) -> dict[str, str]:
    """Local names of the item's own elements to their text; ``encoded`` is the content, ``excerpt`` the excerpt."""
    said: dict[str, str] = {}
    for child in item:
        name = name_of(child)
        if name == "encoded" and "excerpt" in str(child.tag):
            name = "excerpt"
        if name and name not in said and not len(child):
            said[name] = child.text or ""
    return said


def _record(item: Element, said: dict[str, str], text: str) -> dict[str, Any]:
    topics = [
        " ".join((element.text or "").split())
        for element in item
        if name_of(element) == "category" and element.get("domain") in {"category", "post_tag"}
    ]
    state = said.get("status", "publish")
    is_public = state == "publish" and not said.get("post_password", "").strip()
    fields = {
        "title": said.get("title", ""),
        "slug": said.get("post_name", ""),
        "description": re.sub(r"<[^>]+>", "", said.get("excerpt", "")),
        "topics": [topic for topic in topics if topic.lower() != "uncategorized"],
        "date": _date(said) if is_public else "",
        "draft": not is_public,
    }
    comments = [child for child in item if name_of(child) == "comment"]
    words = " ".join(
        (part.text or "") for comment in comments for part in comment if name_of(part) == "comment_content"
    )
    html, shortcodes = _html(text)
    dropped = {"comments": words, "shortcodes": " ".join(shortcodes), "author": said.get("creator", "")}
    return {
        "fields": {name: value for name, value in fields.items() if value != ""},
        "text": html,
        "markup": "html",
        "rule": "wordpress",
        "dropped": {kind: value for kind, value in dropped.items() if value.strip()},
    }


def _date(said: dict[str, str]) -> str:
    moment = said.get("post_date_gmt", "")
    if not moment or moment.startswith("0000"):
        moment = said.get("post_date", "")
    return "" if moment.startswith("0000") else moment


def _html(text: str) -> tuple[str, list[str]]:
    """The content as HTML, and the shortcodes that stood in it."""
    text = _CAPTION.sub(r"<figure>\1<figcaption>\2</figcaption></figure>", text.replace("\r\n", "\n"))
    shortcodes: list[str] = []

    def take(found: re.Match[str]) -> str:
        if not _KNOWN.match(found[0]):
            return found[0]
        shortcodes.append(found[0])
        return ""

    text = _SHORTCODE.sub(take, text)
    if "<!-- wp:" in text or re.search(r"<p[\s>]", text):
        return text, shortcodes
    return _paragraphs(text), shortcodes


def _paragraphs(text: str) -> str:
    """As WordPress shows its classic posts: an empty line begins a paragraph, a line end is a line break."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\n\n\x00{len(kept) - 1}\x00\n\n"

    text = re.sub(r"<pre\b.*?</pre>", keep, text, flags=re.DOTALL | re.IGNORECASE)
    parts = []
    for part in re.split(r"\n\s*\n", text):
        stripped = part.strip()
        if not stripped:
            continue
        if stripped.startswith("\x00"):
            parts.append(kept[int(stripped.strip("\x00"))])
        elif _BLOCK.match(stripped):
            parts.append(stripped)
        else:
            parts.append("<p>" + stripped.replace("\n", "<br>\n") + "</p>")
    return "\n".join(parts)
