"""What a message says besides what was written in it: earlier messages, signatures, the footers of newsletters."""

from __future__ import annotations

import re
from collections.abc import Sequence

from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markup import Element, name_of, shown_text

_QUOTED = re.compile(
    r"gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted|divRplyFwdMsg|OutlookMessageHeader|protonmail_quote|"
    r"zmail_extra|quoted-?(?:text|reply)|x_quote|appendonsend|reply-intro",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"gmail_signature|moz-signature|\bsignature\b|protonmail_signature|outlook-?signature", re.IGNORECASE
)
_FOOTED = re.compile(
    r"\b(?:unsubscribe|footer|email-?footer|mc(?:nFooter|Footer)|preheader|preview-?text|view-?in-?browser)",
    re.IGNORECASE,
)
_FOOTER_WORDS = re.compile(
    r"\bunsubscribe\b|\bopt[ -]?out\b|you(?:'re| are) receiving this|you received this (?:e-?mail|message|newsletter)|"
    r"(?:manage|update|change) (?:your )?(?:e-?mail |subscription )?preferences|"
    r"view (?:this|it) (?:e-?mail )?in (?:your|a) browser|"
    r"no longer wish to receive|this e-?mail was sent to|add us to your address book|all rights reserved|©\s*\d{4}|"
    r"abbestellen|abmelden|darse de baja|se désabonner|désinscri",
    re.IGNORECASE,
)
_TOP_WORDS = re.compile(
    r"view (?:this|it) (?:e-?mail |newsletter )?(?:in|on) (?:your|a|the) (?:browser|web)|"
    r"having trouble (?:viewing|reading)",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"^(?:on\b.{6,200}\bwrote:|am\b.{6,200}\bschrieb\b.*:|le\b.{6,200}\ba écrit\s*:|el\b.{6,200}\bescribió:|"
    r"-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine)\s*-{2,}|"
    r"begin forwarded message:|_{20,}|from:\s.+(?:sent|date|to|subject):\s)",
    re.IGNORECASE | re.DOTALL,
)
_OUTLOOK = re.compile(r"^\*?from:\*?\s\S+", re.IGNORECASE)
_DASHES = re.compile(r"^(?:-- ?|—|–|_{3,}|-{3,})$")
_SENT_FROM = re.compile(r"^(?:sent from my|get outlook for|von meinem .{2,30} gesendet|envoyé de mon)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(?:(?:with )?(?:best|kind|warm|many|kindest|warmest)(?: (?:regards|wishes|thanks))?|regards|"
    r"sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|"
    r"cheers|thanks|thank you|all the best|mit freundlichen grüßen|viele grüße|"
    r"liebe grüße|cordialement|bien à vous|un saludo|saludos(?: cordiales)?|atentamente)\s*[,.!]?$",
    re.IGNORECASE,
)
MAX_SIGNATURE_LINES = 8
MAX_SIGNATURE_WORDS = 60


class MailJunk(Junk):
    """Tells what in the HTML of a message was not written in it."""

    def __init__(self, page: Element) -> None:
        super().__init__(page, strict=False)

    def _look(self, element: Element) -> str:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _QUOTED.search(names) or (name_of(element) == "blockquote" and element.get("type") == "cite"):
            return "quoted_reply"
        if _SIGNED.search(names):
            return "signature"
        if _FOOTED.search(names) and not self._is_most(element):
            return "newsletter_footer"
        if name_of(element) in {"p", "td", "tr", "table", "div", "center"} and not self._is_most(element):
            words = shown_text(element).strip()
            if len(words) < 1500 and _FOOTER_WORDS.search(words) and _is_lowest(element):
                return "newsletter_footer"
            if len(words) < 200 and _TOP_WORDS.search(words) and _is_lowest(element):
                return "newsletter_header"
        return super()._look(element)


def _is_lowest(element: Element) -> bool:
    """Whether it holds no smaller part that says so, so that no more than that goes."""
    parts = [
        child for child in element.iterdescendants() if name_of(child) in {"p", "td", "tr", "table", "div", "center"}
    ]
    found = [
        child for child in parts if _FOOTER_WORDS.search(shown_text(child)) or _TOP_WORDS.search(shown_text(child))
    ]
    return not found or len(shown_text(element)) < 1.3 * min(len(shown_text(child)) for child in found)


def kind_of_line(line: str, rest: Sequence[str]) -> str:
    """What begins with this line, if that is not for readers; `rest`: it and what follows."""
    line = line.strip()
    if _REPLY.match(line) or (
        _OUTLOOK.match(line)
        and any(
            re.match(r"\*?(?:sent|date|subject|to):", words.strip(), re.I)
            for part in rest[:4]
            for words in part.split("\n")
        )
    ):
        return "quoted_reply"
    if _DASHES.match(line) and _is_short(rest[1:] if rest and rest[0].strip() == line else rest):
        return "signature"
    if _SENT_FROM.match(line):
        return "signature"
    if _CLOSING.match(line) and _is_short(rest):
        return "signature"
    return (
        "newsletter_footer"
        if len(line) < 400 and _FOOTER_WORDS.search(line) and len(" ".join(rest).split()) < 150
        else ""
    )


def _is_short(rest: Sequence[str]) -> bool:
    lines = [line for part in rest for line in part.split("\n") if line.strip()]
    return len(lines) <= MAX_SIGNATURE_LINES + 1 and len(" ".join(lines).split()) <= MAX_SIGNATURE_WORDS


def split_words(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The message in plain text, and what is dropped of it: ``[(kind, words)]``."""
    kept: list[str] = []
    dropped: list[tuple[str, str]] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        introduction = _introduction(lines, number)
        if introduction:
            end = _end_of_quote(lines, number + introduction)
            dropped.append(("quoted_reply", "\n".join(lines[number:end])))
            number = end
            continue
        if line.startswith(">"):
            end = _end_of_quote(lines, number)
            dropped.append(("quoted_reply", "\n".join(lines[number:end])))
            number = end
            continue
        if line in ("-- ", "--"):
            kind = "signature"
        else:
            kind = kind_of_line(line, lines[number:]) if line.strip() and kept else ""
        if kind:
            dropped.append((kind, "\n".join(lines[number:])))
            break
        kept.append(line)
        number += 1
    return "\n".join(kept), [(kind, words) for kind, words in dropped if words.strip()]


def _introduction(lines: Sequence[str], number: int) -> int:
    """How many lines say who wrote what is quoted below them; 0: none."""
    for count in (1, 2, 3):
        said = " ".join(line.strip() for line in lines[number : number + count])
        follows = next((line for line in lines[number + count :] if line.strip()), "")
        if said.endswith(":") and _REPLY.match(said) and follows.startswith(">"):
            return count
    return 0


def _end_of_quote(lines: Sequence[str], start: int) -> int:
    end = start
    while end < len(lines) and (lines[end].startswith(">") or not lines[end].strip()):
        end += 1
    return end
