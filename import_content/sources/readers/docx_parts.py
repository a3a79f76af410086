"""What a DOCX says apart from its text: styles, numbering, relations, properties.  As in ECMA-376, part 1."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace

from import_content.document import SourceFields
from import_content.sources.bounded_zip import BoundedZip
from import_content.sources.fields import parse_locale, parse_words
from import_content.sources.readers.markup import Element, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
STRICT_W = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
STRICT_R = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
MAX_PART_BYTES = 40 * 1024 * 1024
MAX_STYLE_CHAIN = 20


def read_part(key: str, package: BoundedZip, name: str) -> Element | None:
    """One XML part; None where there is none.  Documents in the strict form are read as the ordinary one."""
    if name not in package:
        return None
    data = package.read(name, MAX_PART_BYTES)
    if STRICT_W in data[:4096]:
        data = data.replace(STRICT_W, W[1:-1].encode()).replace(STRICT_R, R[1:-1].encode())
    return parse_xml(key, data, what=name)


def value(element: Element | None, name: str = "val") -> str:
    return (element.get(f"{W}{name}") or "") if element is not None else ""


def is_on(properties: Element | None, name: str) -> bool | None:
    """A toggle such as ``w:b``: on, off, or not said."""
    element = properties.find(f"{W}{name}") if properties is not None else None
    if element is None:
        return None
    return value(element).lower() not in {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes over from those it is based on."""

    name: str = ""
    outline: int | None = None
    """0 for a first-level heading, as the format counts."""
    numbering: tuple[str, int] | None = None
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    size: int | None = None
    """In half points."""


class Styles:
    """Styles by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._known: dict[str, Style] = {}
        self.default_id = ""
        self.default_size = 22
        if root is None:
            return
        for element in root.iter(f"{W}style"):
            self._elements[value(element, "styleId")] = element
            if value(element, "type") == "paragraph" and value(element, "default") in {"1", "true"}:
                self.default_id = value(element, "styleId")
        size = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}sz")
        self.default_size = _number(value(size)) or 22

    def get(self, style_id: str) -> Style:
        if style_id not in self._known:
            self._known[style_id] = self._resolve(style_id)
        return self._known[style_id]

    def _resolve(self, style_id: str) -> Style:
        chain: list[Element] = []
        seen: set[str] = set()
        at = style_id
        while at in self._elements and at not in seen and len(chain) < MAX_STYLE_CHAIN:
            seen.add(at)
            chain.append(self._elements[at])
            at = value(self._elements[at].find(f"{W}basedOn"))
        style = Style()
        for element in reversed(chain):
            style = _with(style, element)
        name = value(self._elements[style_id].find(f"{W}name")) if style_id in self._elements else style_id
        heading = next(
            (found for found in (_heading_level(value(each.find(f"{W}name"))) for each in chain) if found), None
        )
        outline = heading - 1 if heading else style.outline
        return replace(style, name=name.lower(), outline=outline)


def _with(style: Style, element: Element) -> Style:
    paragraph, run = element.find(f"{W}pPr"), element.find(f"{W}rPr")
    numbering = numbering_of(paragraph)
    outline = value(paragraph.find(f"{W}outlineLvl")) if paragraph is not None else ""
    size = _number(value(run.find(f"{W}sz"))) if run is not None else None
    bold, italic, hidden = is_on(run, "b"), is_on(run, "i"), is_on(run, "vanish")
    return Style(
        outline=int(outline) if outline.isdigit() and int(outline) < 9 else style.outline,
        numbering=numbering or style.numbering,
        bold=style.bold if bold is None else bold,
        italic=style.italic if italic is None else italic,
        hidden=style.hidden if hidden is None else hidden,
        size=size or style.size,
    )


def _heading_level(name: str) -> int | None:
    found = re.fullmatch(r"heading ?([1-9])", name.strip().lower())
    return int(found[1]) if found else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def numbering_of(properties: Element | None) -> tuple[str, int] | None:
    """``(list id, level)`` of a paragraph or a style."""
    numbering = properties.find(f"{W}numPr") if properties is not None else None
    if numbering is None:
        return None
    level = value(numbering.find(f"{W}ilvl"))
    return value(numbering.find(f"{W}numId")), int(level) if level.isdigit() and int(level) < 9 else 0


class Numbering:
    """Which lists are numbered, level by level."""

    def __init__(self, root: Element | None) -> None:
        self._forms: dict[tuple[str, int], tuple[str, str]] = {}
        if root is None:
            return
        abstract = {value(element, "abstractNumId"): element for element in root.iter(f"{W}abstractNum")}
        for element in root.iter(f"{W}num"):
            base = abstract.get(value(element.find(f"{W}abstractNumId")))
            levels = [*(base.iter(f"{W}lvl") if base is not None else ()), *element.iter(f"{W}lvl")]
            for level in levels:
                number = value(level, "ilvl")
                if number.isdigit():
                    form = value(level.find(f"{W}numFmt")) or "decimal"
                    self._forms[value(element, "numId"), int(number)] = form, value(level.find(f"{W}lvlText"))

    def form(self, list_id: str, level: int) -> tuple[str, str]:
        """``("bullet", "•")``, ``("decimal", "%1.")`` ...; ``("none", "")`` for what is no list."""
        if list_id in {"", "0"}:
            return "none", ""
        return self._forms.get((list_id, level), ("bullet", "•"))


def relations(key: str, package: BoundedZip, part: str) -> dict[str, tuple[str, bool]]:
    """Id to ``(target, whether it is outside)``; targets inside are names of members."""
    folder, name = posixpath.split(part)
    root = read_part(key, package, f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    found: dict[str, tuple[str, bool]] = {}
    for element in root if root is not None else ():
        outside = element.get("TargetMode") == "External"
        target = element.get("Target") or ""
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[element.get("Id") or ""] = (target if outside else inside, outside)
    return found


@dataclass(frozen=True, slots=True)
class Properties:
    """The core properties of a document."""

    title: str
    fields: SourceFields


def properties(key: str, package: BoundedZip) -> Properties:
    root = read_part(key, package, "docProps/core.xml")
    said: dict[str, str] = {}
    for element in root if root is not None else ():
        if isinstance(element.tag, str):
            said[element.tag.rpartition("}")[2]] = " ".join((element.text or "").split())
    title = said.get("title", "")
    if re.match(r"(?i)microsoft word\s*-|untitled|document ?\d*$", title):
        title = ""
    fields = SourceFields(
        description=said.get("description", "") or said.get("subject", ""),
        topics=parse_words(said.get("keywords", "")),
        locale=parse_locale(said.get("language", "")),
    )
    return Properties(title, fields)
