"""Mail: the message that was written, without quoted replies, signatures and newsletter footers."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from email.message import EmailMessage

from import_content.document import Image, List, Paragraph, Quote, SourceFields
from import_content.sources.document_builder import DocumentBuilder, clean, visible_characters
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.fields import parse_date
from import_content.sources.readers.html_blocks import HtmlBlocks
from import_content.sources.readers.mail_junk import MailJunk, kind_of_line, split_words
from import_content.sources.readers.markup import parse_html, shown_text
from import_content.sources.readers.plain_text import newline_style
from import_content.sources.source import Dropped, Source

MAX_PARTS = 1000
MAX_IMAGE_BYTES = 10 * 1024 * 1024
_PREFIX = re.compile(r"^(?:(?:re|aw|fwd?|wg|sv|tr|rv)\s*(?:\[\d+\])?\s*:\s*|\[[\w .&-]{1,40}\]\s*)+", re.IGNORECASE)


def read(key: str, data: bytes) -> Source:
    if data.count(b"\n--") > 10 * MAX_PARTS:
        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {MAX_PARTS:,} parts")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part in message.walk() if not part.is_multipart()]
    except (ValueError, LookupError, RecursionError, IndexError) as error:
        raise SourceError(key, SourceErrorCode.DAMAGED, detail="its parts cannot be told apart") from error
    if not isinstance(message, EmailMessage) or len(parts) > MAX_PARTS:
        raise SourceError(key, SourceErrorCode.TOO_COMPLEX, detail=f"more than {MAX_PARTS} parts")
    subject = _PREFIX.sub("", " ".join(clean(_header(message, "Subject")).split()))
    fields = SourceFields(published_at=parse_date(_header(message, "Date")))
    html = _body(parts, "text/html")
    plain = _body(parts, "text/plain")
    if html is not None:
        return _from_html(key, data, subject, _text(key, html), fields, parts)
    if plain is not None:
        return _from_text(key, data, subject, plain, _text(key, plain), fields)
    raise SourceError(key, SourceErrorCode.BLANK, detail="it has no text, only attachments")


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except (ValueError, LookupError, IndexError, AttributeError):
        return ""


def _body(parts: list[EmailMessage], kind: str) -> EmailMessage | None:
    return next((part for part in parts if part.get_content_type() == kind and not _is_attached(part)), None)


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment"


def _text(key: str, part: EmailMessage) -> str:
    try:
        content = part.get_content()
    except (LookupError, ValueError, AttributeError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if not isinstance(content, str):
        raise SourceError(key, SourceErrorCode.UNDECODABLE)
    return content.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _from_html(
    key: str, data: bytes, subject: str, html: str, fields: SourceFields, parts: list[EmailMessage]
) -> Source:
    root = parse_html(key, html)
    body = next((element for element in root.iter("body")), root)
    builder = DocumentBuilder(key, "mail")
    HtmlBlocks(builder, junk=MailJunk(body)).walk(body)
    _cut_end(builder)
    _attach_images(builder, parts)
    if not builder.blocks:
        raise SourceError(key, SourceErrorCode.NOT_FOR_READERS, detail="it says nothing but quotes and signatures")
    said = visible_characters(shown_text(body)) + visible_characters(subject)
    return builder.finish(data, said=said, title=subject, fields=fields)


def _cut_end(builder: DocumentBuilder) -> None:
    """Drop everything from the first block that begins a signature, a quoted reply or a footer."""
    for number, block in enumerate(builder.blocks):
        words = block.text if isinstance(block, Paragraph | Quote) else ""
        if isinstance(block, List):
            words = block.items[0]
        first_line = words.partition("\n")[0]
        kind = kind_of_line(
            first_line, [words] + [getattr(later, "text", "") for later in builder.blocks[number + 1 :]]
        )
        if kind and number:
            for dropped in builder.blocks[number:]:
                builder.drop(kind, _words_of(dropped))
            del builder.blocks[number:]
            return


def _words_of(block: object) -> str:
    if isinstance(block, List):
        return " ".join(block.items)
    rows = getattr(block, "rows", None)
    if rows is not None:
        return " ".join([getattr(block, "caption", ""), *(cell for row in rows for cell in row)])
    return str(getattr(block, "text", ""))


def _attach_images(builder: DocumentBuilder, parts: list[EmailMessage]) -> None:
    """Pictures that come with the message are taken in; those elsewhere stay where they are."""
    by_id = {
        (part.get("Content-ID") or "").strip("<> "): part for part in parts if part.get_content_maintype() == "image"
    }
    for number, block in enumerate(builder.blocks):
        if isinstance(block, Image) and block.target.startswith("cid:"):
            part = by_id.get(block.target[4:])
            data = part.get_payload(decode=True) if part is not None else None
            if part is not None and isinstance(data, bytes) and len(data) <= MAX_IMAGE_BYTES:
                target = builder.asset(part.get_filename() or "image", data)
                builder.blocks[number] = Image(target, block.alt, block.text, block.origin)


def _from_text(key: str, data: bytes, subject: str, part: EmailMessage, text: str, fields: SourceFields) -> Source:
    """The structure of a message in plain text is recovered as that of any text is, under its subject."""
    if part.get_param("format") == "flowed":
        text = _unflowed(text)
    kept, dropped = split_words(text)
    if not kept.strip():
        raise SourceError(key, SourceErrorCode.NOT_FOR_READERS, detail="it says nothing but quotes and signatures")
    whole = f"{subject}\n\n{kept.strip()}\n" if subject else kept
    return Source(
        key=key,
        text=whole,
        encoding=part.get_content_charset() or "utf-8",
        bom=False,
        newline=newline_style(whole),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding_confidence=1.0,
        dropped=tuple(Dropped(kind, words) for kind, words in dropped),
        said=len("".join(text.split())) + len("".join(subject.split())),
        fields=fields,
    )


def _unflowed(text: str) -> str:
    """Lines that end in a space go on in the next one (RFC 3676)."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        content = line[1:] if line.startswith(" ") else line
        if goes_on and not content.startswith(">") and content != "-- ":
            lines[-1] += content
        else:
            lines.append(content)
        goes_on = content.endswith(" ") and content != "-- " and not content.startswith(">")
    return "\n".join(lines)
