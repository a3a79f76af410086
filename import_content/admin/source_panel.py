"""The side panel of an imported article: where its text came from, what is uncertain, what is in conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel

from import_content.article_content import RawBlock
from import_content.merge.blocks import words_of_block
from import_content.models import ImportConflict, SourceRecord
from import_content.parsing import UNCERTAIN_BELOW

SHOWN_CHARACTERS = 90
"""Of a block in the panel."""


@dataclass(frozen=True, slots=True)
class BlockOrigin:
    """Where one block, or the title or the introduction, came from."""

    identifier: str
    """The block's id, which is its anchor in the form too; ``title``, ``introduction``."""
    text: str
    rule: str
    """What made the parser read it so."""
    percent: int
    """How sure it was."""
    characters: str
    """``120-188``: where in the source."""
    alternatives: str

    @property
    def is_uncertain(self) -> bool:
        return self.percent < UNCERTAIN_BELOW * 100

    @property
    def anchor(self) -> str:
        """The element of the edit form."""
        if self.identifier in ("title", "introduction"):
            return f"panel-child-content-{self.identifier}-section"
        return f"block-{self.identifier}-section"


def origins_of(record: SourceRecord) -> list[BlockOrigin]:
    """Read the provenance of a record, in the order of the source.  No query."""
    texts = {block["id"]: _text_of(block) for block in record.base.get("body", ())}
    texts |= {"title": record.base.get("title", ""), "introduction": gettext("Introduction")}
    found = [
        (_first_span(place), _origin(identifier, texts[identifier], place))
        for identifier, places in record.provenance.items()
        if identifier in texts
        for place in places[:1]
    ]
    return [origin for _, origin in sorted(found, key=lambda entry: entry[0])]


def _text_of(block: RawBlock) -> str:
    schools = block["value"].get("schools") if isinstance(block["value"], dict) else None
    if schools is not None:
        count = len(schools)
        return ngettext("Listing of %(count)d school", "Listing of %(count)d schools", count) % {"count": count}
    return " ".join(words_of_block(block).split())


def _first_span(place: Mapping[str, Any]) -> int:
    return min((start for start, _ in place["spans"]), default=0)


def _origin(identifier: str, text: str, place: Mapping[str, Any]) -> BlockOrigin:
    shown = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS].rstrip()}…"
    spans = place["spans"]
    alternatives = [name for name, *_ in place.get("alternatives") or ()]
    return BlockOrigin(
        identifier,
        shown,
        str(place["rule"]).replace("_", " "),
        round(place["confidence"] * 100),
        f"{spans[0][0]:,}-{spans[-1][1]:,}" if spans else "",
        ", ".join(alternatives),
    )


class SourcePanel(BaseSidePanel):
    """Two queries more when an imported article is opened, one for any other."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle source")
        icon_name = "doc-full-inverse"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = len(self.panel.conflicts)
            return context

    name = "source"
    title = _("Source")
    template_name = "import_content/admin/source_panel.html"
    order = 250

    def __init__(self, article: Any, request: Any, record: SourceRecord) -> None:
        super().__init__(article, request)
        self.record = record
        self.conflicts = list(ImportConflict.objects.open().filter(record=record))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        origins = origins_of(self.record)
        last = self.record.items.select_related("run__user").order_by("-pk").first()
        return context | {
            "record": self.record,
            "conflicts": self.conflicts,
            "origins": origins,
            "uncertain": [origin for origin in origins if origin.is_uncertain],
            "last": last,
            "may_resolve": self.request.user.has_perm("import_content.resolve_conflicts"),
        }


def add_source_panel(request: Any, page: Any, panels: list[Any]) -> None:
    """Add the panel where the article was imported."""
    record = SourceRecord.objects.filter(page=page.pk).first()
    if record is not None:
        panels.append(SourcePanel(page, request, record))
