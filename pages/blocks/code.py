"""The block of code: text whose every space counts."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.public import STRING, Json, PublicBlock


class CodeBlock(PublicBlock, blocks.StructBlock):
    """Something to type or to read letter by letter: a command, a program, a file."""

    code = blocks.TextBlock(rows=8, help_text=_("Shown as it stands, with its spaces and line ends."))
    language = blocks.RegexBlock(
        regex=r"^[\w+#.-]*$",
        required=False,
        max_length=40,
        help_text=_("For colouring, such as python or shell; empty where it is none."),
        error_messages={"invalid": _("Use letters, numbers and + # . - only.")},
    )

    public_name = "CodeBlock"
    public_schema = {
        "code": {"type": "string", "description": "Plain text; white space counts."},
        "language": STRING,
    }

    def public(self, raw: Json) -> Json:
        return {"code": raw["code"], "language": raw.get("language") or ""}

    def words(self, stored: Json) -> list[str]:
        return [stored["code"]]

    def markdown(self, public: Json) -> str:
        """Fenced by more backquotes than stand in a row within it."""
        longest = max((len(run) for run in re.findall(r"`+", public["code"])), default=0)
        fence = "`" * max(3, longest + 1)
        code = public["code"].rstrip("\n")
        return f"{fence}{public['language']}\n{code}\n{fence}"

    class Meta:
        icon = "code"
        label = _("Code")
        label_format = "{code}"
        description = _("Text whose every space counts")
        template = "pages/blocks/code.html"
        preview_value = {"code": "for clock in clocks:\n    clock.wind()", "language": "python"}
