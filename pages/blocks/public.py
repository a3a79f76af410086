"""How a block shows itself to the world.

`public` turns raw stream data into what is stored at publication: everything that the article itself owns, with
references (`pages.references`) in place of what others own: a school, an image, the address of a page.  Readers get
that form with the references filled in.  Where readers may not see what a reference names, and the block makes no
sense without it, `without` says what is left.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

from pages import rich_text

Json: TypeAlias = dict[str, Any]
"""A JSON object as Python has it; its shape is the block's `public_schema`."""


class PublicBlock:
    """Mixed into every block of an article's body.

    `public_schema` is the JSON Schema (2020-12, as in OpenAPI 3.1) of the properties that `public` adds to
    ``{"type", "id"}``, once their references are filled in; all of them are required.
    """

    public_name: ClassVar[str]
    """The block's name in the API's schema, such as ``SectionBlock``."""
    public_schema: ClassVar[dict[str, Json]]

    def public(self, raw: Json) -> Json:
        """The stored form of raw stream data; rich text has gone through `rich_text.publish`."""
        raise NotImplementedError

    def without(self, stored: Json, hidden: Callable[[str], bool]) -> Json | None:
        """What readers get of the stored form when they may not see some references; None: nothing."""
        return stored

    def headings(self, stored: Json) -> list[str]:
        """Those of its `words` that say what the text around them is about; they weigh more in a search."""
        return []

    def words(self, stored: Json) -> list[str]:
        """Text to find the article by: only what stays true and visible whatever becomes of references."""
        return []

    def related(self, stored: Json) -> list[tuple[str, str]]:
        """References whose names the article is found by, each with text that readers see only with it."""
        return []

    def text(self, public: Json) -> str:
        """The block as plain text, from the form that readers get."""
        return "\n".join(filter(None, self.words(public)))

    def markdown(self, public: Json) -> str:
        """The block as CommonMark, from the form that readers get."""
        raise NotImplementedError


STRING: Json = {"type": "string"}
HTML: Json = {
    "type": "string",
    "contentMediaType": "text/html",
    "description": (
        "Sanitised HTML: p, br, b, i, strong, em, code, a, ol, ul, li. A link to a page of the site has "
        "the page's path as its href, its id as data-page and its type as data-type. A link to what readers cannot see "
        'has no href and is marked data-unavailable="true".'
    ),
}


def text_of(stored_html: str) -> str:
    """The words of stored rich text, references to link targets left out."""
    return rich_text.to_text(stored_html)
