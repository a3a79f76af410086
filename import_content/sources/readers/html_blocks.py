"""HTML elements as blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin

from import_content.document import Mark, MarkKind
from import_content.sources.document_builder import (
    DocumentBuilder,
    Inline,
    InlineBuilder,
    ListItem,
    join_lines,
    visible_characters,
)
from import_content.sources.errors import SourceError, SourceErrorCode
from import_content.sources.readers.html_junk import Junk
from import_content.sources.readers.markup import UNSHOWN, Element, name_of, shown_text

_HEADINGS = {f"h{level}": level for level in range(1, 10)}
_MARKS: dict[str, MarkKind] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "cite": "italic",
    "var": "italic",
    "dfn": "italic",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
}
_INLINE = frozenset(
    {
        *_MARKS,
        *[
            "a",
            "abbr",
            "acronym",
            "bdi",
            "bdo",
            "big",
            "br",
            "data",
            "del",
            "font",
            "img",
            "ins",
            "label",
            "mark",
            "math",
            "nobr",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "small",
            "span",
            "strike",
            "sub",
            "sup",
            "time",
            "u",
            "wbr",
            "picture",
            "source",
            "o:p",
        ],
    }
)
_BLOCK_WITHIN = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    ]
)
_NOTE_BACK = re.compile(r"footnote-?back|reversefootnote|backref|doc-backlink", re.IGNORECASE)
_NOTE_MARK = re.compile(r"footnote-?ref|doc-noteref|\bnoteref\b", re.IGNORECASE)
_NOTES = re.compile(r"\bfootnotes?\b|\bdoc-endnotes?\b|\bdoc-footnotes?\b|\bendnotes?\b|\brearnotes?\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|sourceCode\s+|brush:\s*|highlight-(?:source-)?)([\w+#.-]+)")
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


class HtmlBlocks:
    """Walks elements and hands what they say to a builder."""

    def __init__(self, builder: DocumentBuilder, *, junk: Junk | None = None, base: str = "") -> None:
        """`junk` tells what is not for readers; None: everything is.  `base`: what relative links are relative to."""
        self._builder = builder
        self._junk = junk
        self._base = base
        self._inline = InlineBuilder()
        self._pictures: list[tuple[str, str, str]] = []
        self._note_marks: dict[str, str] = {}
        """Id of a note to the mark that stands in the text."""

    def walk(self, element: Element) -> None:
        """All blocks within an element."""
        self._children(element)
        self._flush()

    # --- running text -----------------------------------------------------------------------------------------

    def _flush(self) -> None:
        self._builder.paragraph(self._inline.take())
        pictures, self._pictures = self._pictures, []
        for picture in pictures:
            self._builder.image(*picture)

    def _children(self, element: Element) -> None:
        if element.text:
            self._inline.add(element.text)
        for child in element:
            self._element(child)
            if child.tail:
                self._inline.add(child.tail)

    def _element(self, element: Element) -> None:
        name = name_of(element)
        if not name or name in UNSHOWN:
            return
        kind = self._junk.kind(element) if self._junk else ("hidden" if is_hidden(element) else "")
        if kind:
            self._builder.drop(kind, shown_text(element))
            return
        if name in _INLINE and not (name in {"a", "span", "ins", "font", "label", "del"} and _has_blocks(element)):
            self._inline_element(element, name)
        else:
            self._block(element, name)

    def _inline_element(self, element: Element, name: str) -> None:
        if name == "br":
            self._inline.break_line()
        elif name == "img":
            self._picture(element)
        elif name in {"del", "s", "strike"}:
            self._builder.drop("deleted", shown_text(element))
        elif _NOTE_BACK.search(_role(element)):
            self._builder.drop("footnote_backlink", shown_text(element))
        elif name in {"a", "sup"} and _is_note_mark(element):
            self._note_mark(shown_text(element), _note_id(element))
        elif name == "a" and element.get("href"):
            self._marked(element, "link", self._address(element.get("href") or ""))
        elif name in _MARKS:
            self._marked(element, _MARKS[name])
        elif name == "q":
            self._quoted(element)
        elif (mark := _mark_by_style(element)) is not None:
            self._marked(element, mark)
        else:
            self._children(element)

    def _marked(self, element: Element, kind: MarkKind, target: str = "") -> None:
        self._inline.open(kind, target)
        self._children(element)
        self._inline.close()

    def _quoted(self, element: Element) -> None:
        self._builder.added += 2
        self._inline.add("“")
        self._children(element)
        self._inline.add("”")

    def _note_mark(self, mark: str, identity: str) -> None:
        mark = mark.strip()
        self._note_marks[identity] = mark.strip("[]")
        if mark and not (mark.startswith("[") and mark.endswith("]")):
            self._builder.added += 2
            mark = f"[{mark}]"
        self._inline.add(mark)

    def _address(self, href: str) -> str:
        href = href.strip()
        try:
            return urljoin(self._base, href) if self._base else href
        except ValueError:
            return ""

    def _picture(self, element: Element, caption: str = "") -> None:
        source = (element.get("src") or element.get("data-src") or "").strip()
        if source and element.get("width") not in {"0", "1"} and element.get("height") not in {"0", "1"}:
            self._pictures.append((self._address(source), element.get("alt") or "", caption))

    # --- blocks -----------------------------------------------------------------------------------------------

    def _block(self, element: Element, name: str) -> None:
        if name in _HEADINGS or (element.get("role") == "heading" and (element.get("aria-level") or "").isdigit()):
            self._heading(element, _HEADINGS.get(name) or min(int(element.get("aria-level") or 2), 9))
        elif name in {"ul", "ol", "menu", "dir"}:
            self._flush()
            self._list(element)
        elif name == "dl":
            self._flush()
            self._definitions(element)
        elif name == "table":
            self._flush()
            self._table(element)
        elif name == "pre":
            self._flush()
            self._code(element)
        elif name == "blockquote":
            self._flush()
            self._quote(element)
        elif name == "figure":
            self._figure(element)
        elif name == "hr":
            self._flush()
        elif name in {"section", "div", "aside", "ol"} and _NOTES.search(_role(element)):
            self._flush()
            self._notes(element)
        elif name in {"td", "th", "tr", "tbody", "thead", "tfoot"} or name not in {"wbr"}:
            self._flush()
            self._children(element)
            self._flush()

    def _heading(self, element: Element, level: int) -> None:
        self._flush()
        self._children(element)
        inline = self._inline.take()
        self._builder.heading(inline, level)
        self._flush()

    def _inline_of(self, element: Element) -> Inline:
        """The running text of an element whose blocks are lines of one text."""
        before, self._inline = self._inline, InlineBuilder()
        self._lines(element)
        taken, self._inline = self._inline.take(), before
        return taken

    def _lines(self, element: Element) -> None:
        """As `_children`, but a block is a line of its own."""
        if element.text:
            self._inline.add(element.text)
        for child in element:
            name = name_of(child)
            kind = self._junk.kind(child) if self._junk else ("hidden" if is_hidden(child) else "")
            if name in UNSHOWN or not name:
                pass
            elif kind:
                self._builder.drop(kind, shown_text(child))
            elif name in _INLINE and not (name in {"a", "span", "ins", "font"} and _has_blocks(child)):
                self._inline_element(child, name)
            elif name in {"td", "th"}:
                self._inline.add(" ")
                self._lines(child)
                self._inline.add(" ")
            else:
                self._inline.break_line()
                self._lines(child)
                self._inline.break_line()
            if child.tail:
                self._inline.add(child.tail)

    def _list(self, element: Element) -> None:
        items: list[ListItem] = []
        self._items(element, 0, items)
        self._builder.list(items)
        self._flush()

    def _items(self, element: Element, depth: int, items: list[ListItem]) -> None:
        ordered = name_of(element) == "ol"
        if element.text and element.text.strip():
            items.append(ListItem(_plain(element.text), depth, ordered))
        for child in element:
            name = name_of(child)
            if name in {"ul", "ol"}:  # a list that stands where an item should
                self._items(child, depth + 1, items)
            elif name and name not in UNSHOWN:
                kind = self._junk.kind(child) if self._junk else ("hidden" if is_hidden(child) else "")
                if kind:
                    self._builder.drop(kind, shown_text(child))
                else:
                    self._item(child, depth, ordered, items)
            if child.tail and child.tail.strip():
                items.append(ListItem(_plain(child.tail), depth, ordered))

    def _item(self, element: Element, depth: int, ordered: bool, items: list[ListItem]) -> None:
        """An item's own text, and the items of lists within it."""
        before, self._inline = self._inline, InlineBuilder()
        started = len(items)

        def close(at_depth: int) -> None:
            inline = self._inline.take()
            if inline:
                items.append(ListItem(inline, at_depth, ordered))

        def walk(node: Element) -> None:
            if node.text:
                self._inline.add(node.text)
            for child in node:
                name = name_of(child)
                if name in {"ul", "ol"}:
                    close(depth)
                    self._items(child, depth + 1 if len(items) > started else depth, items)
                elif name in {"div", "p", "section", "span"} and _has_lists(child):
                    self._inline.break_line()
                    walk(child)
                elif name and name not in UNSHOWN:
                    self._one_of_item(child, name)
                if child.tail:
                    self._inline.add(child.tail)

        walk(element)
        close(depth)
        self._inline = before

    def _one_of_item(self, child: Element, name: str) -> None:
        kind = self._junk.kind(child) if self._junk else ("hidden" if is_hidden(child) else "")
        if kind:
            self._builder.drop(kind, shown_text(child))
        elif name == "input":
            pass
        elif name in _INLINE:
            self._inline_element(child, name)
        else:
            self._inline.break_line()
            self._lines(child)
            self._inline.break_line()

    def _definitions(self, element: Element) -> None:
        """A term in bold letters, its definitions in the paragraph with it."""
        term: list[Inline] = []
        for child in _definition_parts(element):
            inline = self._inline_of(child)
            if not inline:
                continue
            if name_of(child) == "dt":
                if term:
                    self._builder.paragraph(join_lines(term))
                term = [_bold(inline)]
            else:
                term.append(inline)
        if term:
            self._builder.paragraph(join_lines(term))
        self._flush()

    def _code(self, element: Element) -> None:
        inner = element.find("code")
        classes = " ".join(filter(None, [element.get("class"), inner.get("class") if inner is not None else ""]))
        found = _LANGUAGE.search(classes) or re.fullmatch(
            r"\s*(\w+)\s*", (inner.get("class") or "") if inner is not None else ""
        )
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        self._builder.code(shown_text(element), (found[1] if found else element.get("lang") or "").lower())

    def _quote(self, element: Element) -> None:
        if any(name_of(child) in {"table", "pre", "ul", "ol", *_HEADINGS} for child in element.iterdescendants()):
            self._children(element)
            self._flush()
            return
        inline = self._inline_of(element)
        self._builder.quote(inline.text)
        self._flush()

    def _figure(self, element: Element) -> None:
        self._flush()
        caption = next((child for child in element.iterdescendants() if name_of(child) == "figcaption"), None)
        pictures = [child for child in element.iterdescendants() if name_of(child) == "img"]
        if len(pictures) == 1 and not any(name_of(child) in {"table", "pre"} for child in element.iterdescendants()):
            words = self._inline_of(element).text
            self._pictures.clear()
            self._picture(pictures[0], " ".join(words.split()))
            if not self._pictures and words:
                self._builder.paragraph(Inline(words))
        elif caption is not None and (table := element.find("table")) is not None:
            words = self._inline_of(caption).text
            self._table(table, " ".join(words.split()))
        else:
            self._children(element)
        self._flush()

    def _notes(self, element: Element) -> None:
        """Notes at the end, each with the mark that stands in the text."""
        items = [item for item in element.iterdescendants() if name_of(item) == "li"]
        if not items and element.get("id") in self._note_marks:
            items = [element]
        if not items:
            self._children(element)
            self._flush()
            return
        for child in element:
            if name_of(child) in _HEADINGS:
                self._heading(child, _HEADINGS[name_of(child)])
        for number, item in enumerate(items, start=1):
            inline = self._inline_of(item)
            if inline:
                mark = f"[{self._note_marks.get(item.get('id') or '', str(number))}]"
                self._builder.added += len(mark)
                self._builder.paragraph(join_lines([Inline(mark), inline], " "))

    # --- tables -----------------------------------------------------------------------------------------------

    def _table(self, element: Element, caption: str = "") -> None:
        if self._is_layout(element):
            self._children(element)
            self._flush()
            return
        rows = [row for row in element.iter("tr") if _table_of(row) is element]
        own = next((child for child in element if name_of(child) == "caption"), None)
        if own is not None:
            caption = " ".join(self._inline_of(own).text.split())
        grid = _Grid(self._builder)
        said = 0
        for row in rows:
            for cell in (cell for cell in row if name_of(cell) in {"td", "th"}):
                words = self._inline_of(cell).text
                said += visible_characters(words)
                grid.place(words, _count(cell, "rowspan"), _count(cell, "colspan"))
            grid.next_row()
        shown = sum(visible_characters(cell) for row in grid.rows for cell in row)
        self._builder.added += shown - said
        for child in element:  # words between the rows, where none should be
            if child.tail and child.tail.strip():
                self._builder.drop("stray", child.tail)
        first = [name_of(cell) for cell in rows[0] if name_of(cell) in {"td", "th"}] if rows else []
        in_head = bool(rows) and name_of(_parent(rows[0])) == "thead"
        has_header = in_head or (bool(first) and all(name == "th" for name in first))
        self._builder.table(grid.rows, has_header=has_header, caption=caption)
        self._flush()

    def _is_layout(self, element: Element) -> bool:
        if element.get("role") in {"presentation", "none"}:
            return True
        if any(name_of(child) in {"th", "caption", "thead"} for child in element.iterdescendants()):
            return False
        if any(name_of(child) in {"table", "h1", "h2", "h3", "form"} for child in element.iterdescendants()):
            return True
        rows = list(element.iter("tr"))
        widest = max((sum(name_of(cell) == "td" for cell in row) for row in rows), default=0)
        if widest <= 1:
            return True
        paragraphs = sum(1 for child in element.iterdescendants() if name_of(child) == "p")
        return paragraphs > 2 * len(rows) and paragraphs > 3


class _Grid:
    """Rows of a table whose merged cells are unrolled: each place that a cell covers has its words."""

    MAX_SPAN = 1000

    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._cells = 0
        self.rows: list[list[str]] = []
        self._row: dict[int, str] = {}
        self._below: dict[int, tuple[int, str]] = {}
        """Column to how many more rows are covered from above, and with what."""
        self._column = 0
        self._take_from_above()

    def _take_from_above(self) -> None:
        for column, (left, words) in list(self._below.items()):
            self._row[column] = words
            if left > 1:
                self._below[column] = (left - 1, words)
            else:
                del self._below[column]

    def place(self, words: str, down: int, across: int) -> None:
        down, across = max(1, min(down, self.MAX_SPAN)), max(1, min(across, self.MAX_SPAN))
        while self._column in self._row:
            self._column += 1
        for _ in range(across):
            self._row[self._column] = words
            if down > 1:
                self._below[self._column] = (down - 1, words)
            self._column += 1

    def next_row(self) -> None:
        if self._row:
            self._cells += max(self._row) + 1
            self._builder.check_table(self._cells, max(self._row) + 1)
            self.rows.append([self._row.get(column, "") for column in range(max(self._row) + 1)])
        self._row, self._column = {}, 0
        self._take_from_above()


def _count(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _parent(element: Element) -> Element:
    parent = element.getparent()
    return element if parent is None else parent


def _table_of(row: Element) -> Element:
    node = _parent(row)
    while name_of(node) != "table" and node.getparent() is not None:
        node = _parent(node)
    return node


def _definition_parts(element: Element) -> Sequence[Element]:
    return [child for child in element.iterdescendants() if name_of(child) in {"dt", "dd"} and _is_own(child, element)]


def _is_own(child: Element, listing: Element) -> bool:
    node = _parent(child)
    while node is not listing and name_of(node) not in {"dl", "dd", "dt"}:
        node = _parent(node)
    return node is listing


def _plain(text: str) -> Inline:
    return Inline(" ".join(text.split()))


def _bold(inline: Inline) -> Inline:
    return Inline(inline.text, (Mark(0, len(inline.text), "bold"), *inline.marks))


def _has_blocks(element: Element) -> bool:
    return any(name_of(child) in _BLOCK_WITHIN for child in element.iterdescendants())


def _has_lists(element: Element) -> bool:
    return any(name_of(child) in {"ul", "ol"} for child in element.iterdescendants())


def _role(element: Element) -> str:
    return " ".join(
        filter(None, [element.get("class"), element.get("role"), element.get(_EPUB_TYPE), element.get("epub:type")])
    )


def _is_note_mark(element: Element) -> bool:
    if _NOTE_MARK.search(_role(element)):
        return True
    if name_of(element) != "sup" or len(element) != 1:
        return False
    href = element[0].get("href") or ""
    words = shown_text(element).strip()
    return href.startswith("#") and len(words) <= 5 and bool(re.search(r"fn|note|cite", href, re.IGNORECASE))


def _note_id(element: Element) -> str:
    link = element if element.get("href") else next((child for child in element.iter() if child.get("href")), element)
    return (link.get("href") or "").rpartition("#")[2]


def is_hidden(element: Element) -> bool:
    """Whether a browser shows nothing of it."""
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or "mso-hide:all" in style


def _mark_by_style(element: Element) -> MarkKind | None:
    style = (element.get("style") or "").replace(" ", "").lower()
    if re.search(r"font-weight:(?:bold|bolder|[6-9]00)", style):
        return "bold"
    return "italic" if "font-style:italic" in style else None


def refuse_nothing(key: str, builder: DocumentBuilder) -> None:
    """Raises `SourceError` where nothing at all was found for readers."""
    if not builder.blocks:
        kinds = sorted({dropped.kind for dropped in builder.dropped})
        detail = f"only {', '.join(kinds)}" if kinds else ""
        raise SourceError(key, SourceErrorCode.NOT_FOR_READERS if kinds else SourceErrorCode.BLANK, detail=detail)
