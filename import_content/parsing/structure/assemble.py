"""From labelled units to a document."""

from __future__ import annotations

from import_content.document import (
    Block,
    CallToAction,
    Document,
    Heading,
    ItemForm,
    List,
    Origin,
    Paragraph,
    SchoolEntry,
    SchoolListing,
    Span,
    Table,
    Title,
)
from import_content.parsing.structure.lines import FILLER
from import_content.parsing.structure.units import BlockKind, Label, Labels, Unit

Discard = tuple[str, Span]


class Assembler:
    """Makes blocks of labelled units and notes what it leaves out.

    `text` is the decoded source with invisible characters replaced by `FILLER`; `discards` holds, after
    `document()`, the list markers and the separators between names and descriptions.
    """

    def __init__(self, text: str, units: list[Unit], labels: Labels) -> None:
        self._text = text
        self._pairs = [(unit, label) for unit, label in zip(units, labels, strict=True) if label is not None]
        self.discards: list[Discard] = []

    def document(self) -> Document:
        """Blocks in source order; adjacent units of one group become one block."""
        title: Title | None = None
        blocks: list[Block] = []
        pairs, position = self._pairs, 0
        while position < len(pairs):
            unit, label = pairs[position]
            end = position + 1
            while label.group >= 0 and end < len(pairs) and pairs[end][1].group == label.group:
                end += 1
            if label.kind is BlockKind.TITLE and title is None:
                title = Title(unit.text, _origin(label, unit.spans))
            else:
                blocks.append(self._block(pairs[position:end]))
            position = end
        return Document(title, tuple(blocks))

    def _block(self, members: list[tuple[Unit, Label]]) -> Block:
        unit, label = members[0]
        for member, _ in members:
            if member.marker_span is not None:
                self.discards.append(("list_marker", member.marker_span))
        if label.kind is BlockKind.ENTRY:
            return self._listing(members)
        least = min((member[1] for member in members), key=lambda one: one.confidence)
        origin = _origin(least, [span for member, _ in members for span in member.spans])
        match label.kind:
            case BlockKind.HEADING:
                return Heading(unit.text, label.level, origin)
            case BlockKind.ACTION:
                return CallToAction(unit.text, origin)
            case BlockKind.ITEM:
                spans = tuple(Span(item.spans[0].start, item.spans[-1].end) for item, _ in members)
                return List(
                    tuple(item.text for item, _ in members), label.ordered, origin, spans, forms=_forms(members)
                )
            case BlockKind.ROW:
                return Table(tuple(tuple(row.text.split("\t")) for row, _ in members), origin)
            case _:
                return Paragraph(unit.text, origin)

    def _listing(self, members: list[tuple[Unit, Label]]) -> SchoolListing:
        entries: list[SchoolEntry] = []
        for unit, label in members:
            if label.absorbed and entries:
                last = entries[-1]
                spans = [*last.origin.spans, *unit.spans]
                text = f"{last.description} {unit.text}" if last.description else unit.text
                entries[-1] = SchoolEntry(last.name, text, _origin(label, spans))
                continue
            spans = self._entry_spans(unit, label)
            name, description = unit.text[: label.name_end], unit.text[label.description_start :]
            entries.append(SchoolEntry(name, description, _origin(label, spans)))
        least = min((label for _, label in members), key=lambda one: one.confidence)
        return SchoolListing(tuple(entries), _origin(least, [span for entry in entries for span in entry.origin.spans]))

    def _entry_spans(self, unit: Unit, label: Label) -> list[Span]:
        """The unit's spans without the separator between name and description, which is noted as discarded."""
        if label.description_start >= len(unit.text):
            return unit.spans
        name_end = self._offset(unit, _visible(unit.text[: label.name_end]))
        start = self._offset(unit, _visible(unit.text[: label.description_start]), following=True)
        between = self._text[name_end:start]
        if between.strip(_BLANK):
            left = len(between) - len(between.lstrip(_BLANK))
            self.discards.append(("separator", Span(name_end + left, name_end + len(between.rstrip(_BLANK)))))
        name = [Span(span.start, min(span.end, name_end)) for span in unit.spans if span.start < name_end]
        rest = [Span(max(span.start, start), span.end) for span in unit.spans if span.end > start]
        return [*name, *rest]

    def _offset(self, unit: Unit, visible: int, *, following: bool = False) -> int:
        """The source offset after so many visible characters of a unit, or of the one that comes next."""
        target = visible + following
        for span in unit.spans:
            for position in range(span.start, span.end):
                char = self._text[position]
                if char == FILLER or char.isspace():
                    continue
                target -= 1
                if target == 0:
                    return position + (not following)
        return unit.spans[-1].end


_BLANK = " \t\n\r\v\f\u00a0\u2028\u2029\x85\x1c\x1d\x1e\x1f" + FILLER


def _forms(members: list[tuple[Unit, Label]]) -> tuple[ItemForm, ...]:
    """Say how deep each item stands; nothing for a flat list."""
    if not any(label.depth for _, label in members):
        return ()
    return tuple(ItemForm(depth=label.depth, ordered=label.ordered) for _, label in members)


def _visible(text: str) -> int:
    return len("".join(text.split()))


def _origin(label: Label, spans: list[Span]) -> Origin:
    return Origin(tuple(spans), label.rule, label.confidence, label.alternatives)
