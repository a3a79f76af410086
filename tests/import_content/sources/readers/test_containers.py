"""Tables, exports, mailboxes and archives: every article in them, each a source of its own."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from import_content.sources import discover
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.left_out import LeftOutFiles, LeftOutReason
from import_content.sources.reading import read_bytes
from import_content.sources.source import SourceFile
from tests.import_content.sources.documents import document_of, dropped, said

WXR = """<?xml version="1.0" encoding="UTF-8" ?><rss version="2.0"
 xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>{items}</channel></rss>"""


def item(title: str, text: str, status: str = "publish", kind: str = "post", number: int = 1, rest: str = "") -> str:
    return (
        f"<item><title>{title}</title><dc:creator>ann</dc:creator><content:encoded><![CDATA[{text}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[Short.]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date_gmt>2020-01-02 03:04:05</wp:post_date_gmt><wp:post_name>{title.lower()}</wp:post_name>"
        f"<wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>{rest}</item>"
    )


def found(tmp_path: Path, name: str, data: bytes | str, left_out: LeftOutFiles | None = None) -> dict[str, object]:
    """Key to what the source says, or to the code of its refusal."""
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    result: dict[str, object] = {}
    for entry in discover([str(tmp_path)], left_out=left_out):
        if isinstance(entry, SourceError):
            result[entry.source] = entry.code
        else:
            result[entry.key] = said(entry.key, read_bytes(entry))
    return result


def one(tmp_path: Path, name: str, data: str) -> tuple[str, bytes]:
    (tmp_path / name).write_text(data)
    (entry,) = discover([str(tmp_path)])
    assert isinstance(entry, SourceFile), entry
    return entry.key, read_bytes(entry)


def test_a_row_of_a_table_is_an_article(tmp_path: Path) -> None:
    table = 'Title,Slug,Body,Status,Tags,Price\nSail,sail,"# Knots\n\nWe **go**.",publish,"sea; boats",3\nRow,row,<p>We row.</p>,draft,,\n,,,,,\n'
    assert found(tmp_path, "a.csv", table) == {
        "a.csv#sail": ["= Sail", "## Knots", "We *go*."],
        "a.csv#row": ["= Row", "We row."],
    }


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_seen(tmp_path: Path, separator: str) -> None:
    assert found(tmp_path, "a.csv", f"title{separator}body\nSail{separator}We go.\n") == {
        "a.csv#row-2": ["= Sail", "We go."]
    }


def test_columns_give_fields_and_what_has_no_place_is_named(tmp_path: Path) -> None:
    key, data = one(tmp_path, "a.csv", "title,body,status,tags,price\nSail,We go.,draft,sea;boats,3\n")
    fields = document_of(key, data).fields
    assert (fields.is_draft, fields.topics) == (True, ("sea", "boats"))
    assert dropped(key, data) == {"column price": "3"}


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("one column\nx\n", SourceErrorCode.UNSUPPORTED),
        ("title,body\nSail,We go.,more\n", SourceErrorCode.DAMAGED),
        ("colour,size\nred,3\n", SourceErrorCode.BLANK),
    ],
)
def test_a_table_that_is_no_articles_is_refused(tmp_path: Path, table: str, code: SourceErrorCode) -> None:
    assert list(found(tmp_path, "a.csv", table).values()) == [code]


def test_a_line_of_json_is_an_article_and_a_wrong_line_costs_itself(tmp_path: Path) -> None:
    lines = '{"title":"A","body":"Words.\\n\\nMore.","id":7}\nnot json\n{"title":"B","html":"<h2>H</h2><p>x</p>"}\n'
    assert found(tmp_path, "a.jsonl", lines) == {
        "a.jsonl#7": ["= A", "Words.", "More."],
        "a.jsonl": SourceErrorCode.DAMAGED,
        "a.jsonl#row-3": ["= B", "## H", "x"],
    }


def test_posts_and_pages_of_an_export_are_articles(tmp_path: Path) -> None:
    blocks = (
        "<!-- wp:paragraph --><p>We go.</p><!-- /wp:paragraph --><!-- wp:list --><ul><li>a</li></ul><!-- /wp:list -->"
    )
    classic = 'One line\nsecond\n\nNew <b>x</b> [gallery ids="1"].\n<h2>Knots</h2>\n[not code](https://x.example/)'
    export = WXR.format(items=item("Sail", blocks) + item("Row", classic, kind="page", number=2))
    assert found(tmp_path, "a.xml", export) == {
        "a.xml#post-1": ["= Sail", "We go.", "- a"],
        "a.xml#page-2": ["= Row", "One line\nsecond", "New *x* .", "## Knots", "[not code](https://x.example/)"],
    }


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future"])
def test_what_was_not_public_is_a_draft(tmp_path: Path, status: str) -> None:
    key, data = one(tmp_path, "a.xml", WXR.format(items=item("Sail", "We go.", status)))
    assert document_of(key, data).fields.is_draft is True


@pytest.mark.parametrize(
    ("status", "kind"),
    [("trash", "post"), ("auto-draft", "post"), ("inherit", "attachment"), ("publish", "nav_menu_item")],
)
def test_what_was_thrown_away_or_is_no_article_is_none(tmp_path: Path, status: str, kind: str) -> None:
    export = WXR.format(items=item("Sail", "We go.", status, kind) + item("Row", "We row.", number=2))
    assert list(found(tmp_path, "a.xml", export)) == ["a.xml#post-2"]


def test_an_export_gives_fields_and_no_comment(tmp_path: Path) -> None:
    rest = (
        '<category domain="post_tag" nicename="sea"><![CDATA[Sea]]></category><category domain="category" '
        'nicename="u">Uncategorized</category><wp:comment><wp:comment_content>Nice!</wp:comment_content></wp:comment>'
    )
    key, data = one(tmp_path, "a.xml", WXR.format(items=item("Sail", "We go.", rest=rest)))
    fields = document_of(key, data).fields
    assert (fields.slug, fields.description, fields.topics, fields.is_draft) == ("sail", "Short.", ("Sea",), False)
    assert fields.published_at is not None
    assert dropped(key, data)["comments"] == "Nice!"


def test_other_files_called_xml_are_left_out(tmp_path: Path) -> None:
    left_out = LeftOutFiles()
    (tmp_path / "b.md").write_text("We go.")
    assert list(found(tmp_path, "a.xml", "<urlset/>", left_out)) == ["b.md"]
    assert [(entry.reason, entry.ending) for entry in left_out] == [(LeftOutReason.OTHER_KIND, ".xml")]


def zipped(files: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, str | bytes], mode: Literal["w:gz", "w"] = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as package:
        for name, data in files.items():
            content = data if isinstance(data, bytes) else data.encode()
            info = tarfile.TarInfo(name)
            info.size = len(content)
            package.addfile(info, io.BytesIO(content))
    return out.getvalue()


FILES: dict[str, str | bytes] = {
    "posts/a.md": "# A\n\nText a.",
    "b.csv": "title,body\nQ,text q\n",
    "../evil.md": "# E",
    "/etc/evil.md": "# E",
    "in.zip": b"PK\x03\x04",
    "pic.png": b"x",
    "__MACOSX/a.md": "x",
    "~$a.docx": "x",
}


@pytest.mark.parametrize(
    ("name", "pack"), [("x.zip", zipped), ("x.tgz", tarred), ("x.tar", lambda files: tarred(files, "w"))]
)
def test_an_archive_gives_its_sources_and_nothing_that_leads_out_of_it(
    tmp_path: Path, name: str, pack: Callable[[dict[str, str | bytes]], bytes]
) -> None:
    left_out = LeftOutFiles()
    assert found(tmp_path, name, pack(FILES), left_out) == {
        f"{name}/posts/a.md": ["= A", "Text a."],
        f"{name}/b.csv#row-2": ["= Q", "text q"],
        f"{name}#../evil.md": SourceErrorCode.LEADS_OUT,
        f"{name}#/etc/evil.md": SourceErrorCode.LEADS_OUT,
        f"{name}#in.zip": SourceErrorCode.UNSUPPORTED,
    }
    assert {entry.reason for entry in left_out} == {LeftOutReason.MEDIA, LeftOutReason.LEFTOVER}


def test_each_message_of_a_mailbox_is_an_article(tmp_path: Path) -> None:
    message = "From ann@x Mon Mar  4 10:00:00 2024\nMessage-ID: <{0}@x.example>\nSubject: Oven {0}\n\nThe oven came today, and it is large.\n\n"
    assert found(tmp_path, "a.mbox", message.format(1) + message.format(2)) == {
        "a.mbox#1-x.example": ["= Oven 1", "The oven came today, and it is large."],
        "a.mbox#2-x.example": ["= Oven 2", "The oven came today, and it is large."],
    }


BOOK: dict[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/c.opf"/></rootfiles></container>',
    "EPUB/c.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Book</dc:title><dc:language>en-GB</dc:language></metadata><manifest>"
    '<item id="t" href="t.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="n" href="n.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="a" href="text/a.xhtml" media-type="application/xhtml+xml"/></manifest>'
    '<spine><itemref idref="t"/><itemref idref="n"/><itemref idref="a"/></spine></package>',
    "EPUB/t.xhtml": '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><section epub:type="titlepage"><h1>Book</h1></section></body></html>',
    "EPUB/n.xhtml": "<html><body><nav><ol><li>One</li></ol></nav></body></html>",
    "EPUB/text/a.xhtml": '<?xml version="1.0" encoding="UTF-8"?><html xmlns:epub="http://www.idpf.org/2007/ops"><body><h1>One</h1>'
    '<p>Text.<a href="#f1" epub:type="noteref">1</a></p><img src="../p.png" alt="Boat"/>'
    '<aside epub:type="footnote" id="f1"><p>Note.</p></aside></body></html>',
    "EPUB/p.png": b"\x89PNG",
}


def test_a_book_is_its_chapters(tmp_path: Path) -> None:
    assert found(tmp_path, "a.epub", zipped(BOOK)) == {
        "a.epub": ["= Book", "## One", "Text.[1]", "!Boat: ", "[1] Note."]
    }
