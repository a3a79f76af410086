"""Public HTML (the tags of `pages.rich_text`) as CommonMark.  Knows no Django."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SPECIAL = re.compile(r"([\\`*_\[\]<>|&~])")
_LINE_START = re.compile(r"(?m)^(\s*)([#+=-]|\d{1,9}(?=[.)](?:\s|$)))")
_EMPHASIS = {"b": "**", "strong": "**", "i": "*", "em": "*"}


def escape(text: str) -> str:
    """Plain text that CommonMark shows as it is."""
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _LINE_START.sub(_escape_line_start, escaped)


def code_span(text: str) -> str:
    """Words to be read letter by letter, between more backquotes than stand in a row within them."""
    words = " ".join(text.split())
    if not words:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", words)), default=0) + 1)
    pad = " " if words[0] == "`" or words[-1] == "`" else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _escape_line_start(match: re.Match[str]) -> str:
    marker = match[2]
    return f"{match[1]}{marker}\\" if marker.isdigit() else f"{match[1]}\\{marker}"


class _Writer(HTMLParser):
    """Collects blocks (paragraphs and items), each a list of inline pieces."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self.inline: list[str] = []
        self.lists: list[int | None] = []
        self.targets: list[str | None] = []
        self.code: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPHASIS:
            if self.code is None:
                self.inline.append(_EMPHASIS[tag])
        elif tag == "code":
            self.code = []
        elif tag == "br":
            self.inline.append("\\\n")
        elif tag == "a":
            self.targets.append(dict(attrs).get("href"))
            self.inline.append("[" if self.targets[-1] else "")
        elif tag in {"ol", "ul"}:
            self.flush()
            self.lists.append(1 if tag == "ol" else None)
        elif tag in {"p", "li"}:
            self.flush()

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self.inline.append(code_span("".join(self.code or [])))
            self.code = None
        elif tag in _EMPHASIS:
            if self.code is None:
                self.inline.append(_EMPHASIS[tag])
        elif tag == "a":
            target = self.targets.pop() if self.targets else None
            self.inline.append(f"](<{_target(target)}>)" if target else "")
        elif tag in {"p", "li"}:
            self.flush()
        elif tag in {"ol", "ul"}:
            self.flush()
            if self.lists:
                self.lists.pop()

    def handle_data(self, data: str) -> None:
        if self.code is not None:
            self.code.append(data)
            return
        self.inline.append(_SPECIAL.sub(r"\\\1", data))

    def flush(self) -> None:
        text = "".join(self.inline).strip()
        self.inline = []
        if not text:
            return
        text = _LINE_START.sub(_escape_line_start, text)
        if not self.lists:
            self.blocks.append(text)
            return
        number = self.lists[-1]
        marker = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1] = number + 1
        indent = "    " * (len(self.lists) - 1)
        body = text.replace("\n", "\n" + indent + " " * len(marker))
        self.blocks.append(f"{indent}{marker}{body}")


def _target(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\n", "%0A").replace("\\", "%5C")


def from_html(public_html: str) -> str:
    """CommonMark without a line break at its end; empty for empty HTML."""
    writer = _Writer()
    writer.feed(public_html)
    writer.close()
    writer.flush()
    lines: list[str] = []
    for previous, block in zip(["", *writer.blocks], writer.blocks, strict=False):
        tight = _is_item(previous) and _is_item(block)
        lines.append(("\n" if tight else "\n\n") + block)
    return "".join(lines).strip("\n")


def _is_item(block: str) -> bool:
    return re.match(r"\s*(?:- |\d+\. )", block) is not None
