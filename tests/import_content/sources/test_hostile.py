"""Files that mean harm, or that something went wrong with: each is refused in a sentence or read without the junk."""

from __future__ import annotations

import gzip
import io
import resource
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from import_content.parsing import parse_many
from import_content.sources import discover
from import_content.sources.errors import SourceError

MAX_SECONDS = 10
MAX_GROWTH_KIB = 400 * 1024
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY x "lol">'
    + "".join(f'<!ENTITY x{n} "{f"&x{n - 1 if n else str()};" * 10}">' for n in range(1, 9))
    + "]>"
)
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WP = 'xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def word(document: str, **parts: bytes | str) -> bytes:
    files: dict[str, bytes | str] = {"[Content_Types].xml": "<Types/>", "word/document.xml": document}
    return zipped(files | {f"word/{name}": data for name, data in parts.items()})


def body(inner: str) -> str:
    return f"<w:document {W}><w:body>{inner}</w:body></w:document>"


def export(head: str, item: str) -> str:
    return f'<?xml version="1.0"?>{head}<rss {WP}><channel><item>{item}</item></channel></rss>'


def tar_with_link() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as package:
        link = tarfile.TarInfo("a.md")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        package.addfile(link)
    return out.getvalue()


def gzip_bomb() -> bytes:
    info = tarfile.TarInfo("a.txt")
    info.size = 3 * 1024**3
    return gzip.compress(info.tobuf() + bytes(40 * 1024 * 1024))


def lying_zip() -> bytes:
    data = bytearray(zipped({"a.md": b"a" * 3_000_000}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        place = data.index(mark) + (22 if mark == b"PK\x03\x04" else 24)
        data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


HOSTILE: dict[str, tuple[str, Callable[[], bytes | str]]] = {
    "a zip of zeros": ("a.zip", lambda: zipped({"a.md": bytes(15 * 1024 * 1024)})),
    "a zip of many zeros": ("a.zip", lambda: zipped({f"{n}.md": bytes(15 * 1024 * 1024) for n in range(20)})),
    "a zip of 20,000 files": ("a.zip", lambda: zipped({f"{n}.md": b"" for n in range(20_000)})),
    "a zip that lies about sizes": ("a.zip", lying_zip),
    "a zip cut off": ("a.zip", lambda: zipped({"a.md": b"Text. " * 9999})[:500]),
    "a zip in a zip": ("a.zip", lambda: zipped({"b.zip": zipped({"a.md": "x"})})),
    "paths that leave": ("a.zip", lambda: zipped({"../../a.md": "x", "C:/a.md": "x", "..\\a.md": "x"})),
    "a tar with a link": ("a.tar", tar_with_link),
    "a tar of gigabytes": ("a.tgz", gzip_bomb),
    "a tar cut off": ("a.tar", lambda: tar_with_link()[:300] + b"\0" * 100),
    "entities in word": ("a.docx", lambda: word(ENTITIES + body("<w:p><w:r><w:t>&x8;</w:t></w:r></w:p>"))),
    "a file entity in word": ("a.docx", lambda: word(XXE + body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"))),
    "word nested deeply": (
        "a.docx",
        lambda: word(body("<w:sdt><w:sdtContent>" * 9999 + "</w:sdtContent></w:sdt>" * 9999)),
    ),
    "a table in a table": ("a.docx", lambda: word(body("<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60))),
    "word of megabytes": ("a.docx", lambda: word(body("<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 400_000))),
    "word without text": ("a.docx", lambda: word("<a/>")),
    "word that is no xml": ("a.docx", lambda: word("\x00\x01")),
    "a style based on itself": (
        "a.docx",
        lambda: word(
            body('<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>Seen.</w:t></w:r></w:p>'),
            **{"styles.xml": f'<w:styles {W}><w:style w:styleId="a"><w:basedOn w:val="a"/></w:style></w:styles>'},
        ),
    ),
    "spans without end": (
        "a.docx",
        lambda: word(body('<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999"/></w:tcPr></w:tc></w:tr></w:tbl>' * 99)),
    ),
    "entities in an export": ("a.xml", lambda: export(ENTITIES, "<title>&x8;</title>")),
    "a file entity in an export": ("a.xml", lambda: export(XXE, "<title>&x;</title>")),
    "an export cut off": ("a.xml", lambda: export("", "<title>a</title>")[:150]),
    "a book of entities": (
        "a.epub",
        lambda: zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": ENTITIES + "<a>&x8;</a>"}),
    ),
    "html nested deeply": ("a.html", lambda: "<div>" * 100_000 + "deep"),
    "html nested without tags of blocks": ("a.html", lambda: "<p>a</p>" + "<b>" * 100_000 + "deep"),
    "html of a million elements": ("a.html", lambda: "<p>a</p>" * 1_000_000),
    "spans of a million": (
        "a.html",
        lambda: "<table>" + "<tr><td rowspan=99999 colspan=99999>a</td></tr>" * 99 + "</table>",
    ),
    "lists of links": ("a.html", lambda: "<ul>" + "<li><a href=x>a</a></li>" * 20_000 + "</ul><p>Text.</p>"),
    "brackets of markdown": ("a.md", lambda: "[" * 50_000),
    "links of markdown": ("a.md", lambda: "[a](" * 30_000),
    "quotes of markdown": ("a.md", lambda: ">" * 50_000 + " a"),
    "stars of markdown": ("a.md", lambda: "*a **a " * 20_000),
    "backquotes of markdown": ("a.md", lambda: "".join("`" * n + "a" for n in range(1, 1500))),
    "lists of markdown": ("a.md", lambda: "".join("  " * n + "- a\n" for n in range(2000))),
    "a table of markdown": ("a.md", lambda: "|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n" + ("|" * 3000 + "\n") * 300),
    "megabytes of markdown": ("a.md", lambda: "a " * 4_000_000),
    "front matter that multiplies": (
        "a.md",
        lambda: "---\na: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)) + "---\nText.\n",
    ),
    "front matter nested deeply": ("a.md", lambda: "---\na: " + "[" * 20_000 + "\n---\nText.\n"),
    "a cell of megabytes": ("a.csv", lambda: 'title,body\na,"' + "x" * 9_000_000 + '"\n'),
    "a quote that never ends": ("a.csv", lambda: 'title,body\na,"' + "x\n" * 2_000_000),
    "json nested deeply": ("a.jsonl", lambda: '{"title":"a","body":' + "[" * 200_000 + "\n"),
    "a mail of parts": (
        "a.eml",
        lambda: "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + "--b\n\na\n" * 50_000,
    ),
    "mails within mails": ("a.eml", lambda: "MIME-Version: 1.0\nContent-Type: message/rfc822\n\n" * 3000),
    "a mail in no encoding": (
        "a.eml",
        lambda: b"Message-ID: <1>\nContent-Type: text/plain; charset=nothing\n\n\xff\xfe\n",
    ),
    "a pdf that is none": ("a.pdf", lambda: "%PDF-1.7\n" + "garbage " * 9999),
    "a pdf that is text": ("a.pdf", lambda: "Sail\n\nWe go to sea in a small boat, and that is all we do.\n"),
    "rtf": ("a.rtf", lambda: "{\\rtf1 Text.}"),
    "rtf called txt": ("a.txt", lambda: "{\\rtf1 Text.}"),
    "word called txt": ("a.txt", lambda: word(body("<w:p><w:r><w:t>Seen.</w:t></w:r></w:p>"))),
    "a picture called docx": ("a.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "a picture called md": ("a.md", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99)),
    "noise called docx": ("a.docx", lambda: zlib.compress(bytes(range(256)) * 99)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_it_is_refused_in_a_sentence_or_read_without_junk(name: str, tmp_path: Path) -> None:
    file, make = HOSTILE[name]
    data = make()
    (tmp_path / file).write_bytes(data if isinstance(data, bytes) else data.encode())
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    results = []
    for result in parse_many(discover([str(tmp_path / file)]), workers=1):
        assert (result.error is None) != (result.parsed is None)
        results.append(result)
        if result.error is not None:
            assert isinstance(result.error, SourceError)
            assert 10 < len(str(result.error)) < 1000
        elif result.parsed is not None:
            assert result.parsed.accounting.complete
            assert "root:" not in repr(result.parsed.document)[:10_000]
    assert results
    assert time.process_time() - started < MAX_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_GROWTH_KIB


@pytest.mark.slow
def test_a_table_of_200_000_rows_is_read_within_limits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,body\n" + "Sail,We go.\n" * 200_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in discover([str(tmp_path)])) == 200_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MAX_GROWTH_KIB
