"""DOCX: headings by style and by look, lists, tables, notes, images; nothing hidden, deleted or commented."""

from __future__ import annotations

import io
from typing import Any

import docx
import docx.opc.constants
import pytest
from docx.oxml import parse_xml
from docx.shared import Pt
from PIL import Image

from import_content.sources.errors import SourceError, SourceErrorCode
from tests.import_content.sources.documents import document_of, dropped, said

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def made() -> Any:
    return docx.Document()


def packed(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add(paragraph: Any, *pieces: str) -> None:
    """Elements as the format writes them, in which ``w:`` is declared here."""
    for piece in pieces:
        paragraph._p.append(
            parse_xml(piece.replace(">", f" {W}>", 1) if "/>" not in piece[: piece.index(">") + 1] else piece)
        )


def test_styles_say_title_headings_and_lists(made: Any) -> None:
    made.add_heading("Learning to Weld", 0)
    paragraph = made.add_paragraph("Intro with ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" and ")
    paragraph.add_run("italic").italic = True
    for text, level in (("Tools", 1), ("Torch", 3), ("Flame", 7)):
        made.add_heading(text, level)
    for text, style in (("a", "List Bullet"), ("b", "List Bullet 2"), ("c", "List Bullet"), ("d", "List Number")):
        made.add_paragraph(text, style=style)
    made.add_paragraph("Somebody said this.", style="Quote")
    assert said("a.docx", packed(made)) == [
        "= Learning to Weld",
        "Intro with *bold* and /italic/",
        "## Tools",
        "#### Torch",
        "######## Flame",
        "- a",
        "  - b",
        "- c",
        "1. d",
        "> Somebody said this.",
    ]


def test_headings_that_are_only_bold_and_larger_are_headings(made: Any) -> None:
    def line(text: str, size: int, bold: bool) -> None:
        run = made.add_paragraph().add_run(text)
        run.bold, run.font.size = bold, Pt(size)

    line("Baking at Night", 20, True)
    line("Most bakers begin at two in the morning, and that is no joke.", 11, False)
    line("The Oven", 14, True)
    line("It is hot. It must be hot for the bread to rise.", 11, False)
    line("Heat", 11, True)
    line("Heat is measured in degrees of one kind or another.", 11, False)
    assert [line for line in said("a.docx", packed(made)) if line[0] in "=#"] == [
        "= Baking at Night",
        "## The Oven",
        "### Heat",
    ]


def test_nothing_hidden_deleted_or_commented_is_an_article(made: Any) -> None:
    paragraph = made.add_paragraph("Seen.")
    paragraph.add_run(" Secret.").font.hidden = True
    add(
        paragraph,
        '<w:del w:id="1" w:author="x"><w:r><w:delText>Gone.</w:delText></w:r></w:del>',
        '<w:ins w:id="2" w:author="x"><w:r><w:t xml:space="preserve"> Added.</w:t></w:r></w:ins>',
    )
    made.sections[0].header.paragraphs[0].text = "For office use"
    made.add_comment(paragraph.runs, text="Check this", author="x")
    data = packed(made)
    assert said("a.docx", data) == ["Seen. Added."]
    assert dropped("a.docx", data) == {
        "header": "For office use",
        "comment": "Check this",
        "hidden": "Secret.",
        "deleted": "Gone.",
    }


def test_links_are_kept_in_both_forms(made: Any) -> None:
    paragraph = made.add_paragraph("See ")
    kind = docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK
    made_id = made.part.relate_to("https://a.example/", kind, is_external=True)
    relations = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    add(
        paragraph,
        f'<w:hyperlink {relations} r:id="{made_id}"><w:r><w:t>one</w:t></w:r></w:hyperlink>',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> two</w:t></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    assert said("a.docx", packed(made)) == ["See [one](https://a.example/) [*two*](https://b.example/)"]


def test_merged_cells_are_unrolled(made: Any) -> None:
    table = made.add_table(3, 2)
    for row, cells in enumerate((("Part", "Price"), ("Spring", "3"), ("", "4"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert said("a.docx", packed(made)) == ["| Part | Price", "| Spring | 3", "| Spring | 4"]


def test_an_image_comes_with_its_bytes_and_caption(made: Any) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(picture, "PNG")
    made.add_paragraph("Text.")
    made.add_picture(io.BytesIO(picture.getvalue()))
    made.add_paragraph("A red square.", style="Caption")
    data = packed(made)
    assert said("a.docx", data) == ["Text.", "!: A red square."]
    (asset,) = document_of("a.docx", data).assets
    assert asset.data == picture.getvalue()


def test_a_truncated_document_is_refused(made: Any) -> None:
    made.add_paragraph("Text. " * 2000)
    data = packed(made)
    with pytest.raises(SourceError) as caught:
        document_of("a.docx", data[: len(data) // 2])
    assert caught.value.code in {SourceErrorCode.DAMAGED, SourceErrorCode.BINARY}
