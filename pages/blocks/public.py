"""How a block shows itself to the world.

A block's public form is made in two steps. `public` turns raw stream data into what is stored at publication:
it holds everything that the article itself owns, and *names* what others own (a school, a page's URL, an image).
`resolve` turns the stored form into the answer at read time, asking a `Resolver` for what others own, so that a
stored body can neither leak nor go stale.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, Protocol, TypeAlias

from pages import rich_text

Json: TypeAlias = dict[str, Any]
"""A JSON object as Python has it; its shape is the block's `public_schema`."""
Kind: TypeAlias = Literal["page", "document", "school", "image"]
Reference: TypeAlias = tuple[Kind, int]


class Resolver(Protocol):
    """What readers may see of objects that an article mentions.  None: nothing."""

    def school(self, pk: int) -> Json | None: ...

    def image(self, pk: int) -> Json | None: ...

    def page(self, pk: int) -> Json | None: ...

    def html(self, db_html: str) -> str:
        """Public HTML of stored rich text, its links resolved."""


class PublicBlock:
    """Mixed into every block of an article's body.

    `public_schema` is the JSON Schema (2020-12, as in OpenAPI 3.1) of the properties that `resolve` adds to
    ``{"type", "id"}``; all of them are required.
    """

    public_name: ClassVar[str]
    """The block's name in the API's schema, such as ``SectionBlock``."""
    public_schema: ClassVar[dict[str, Json]]
    html_fields: ClassVar[tuple[str, ...]] = ()
    """Fields of the stored form that are rich text."""

    def public(self, raw: Json) -> Json:
        raise NotImplementedError

    def references(self, stored: Json) -> Iterator[Reference]:
        """The objects that `resolve` will ask for."""
        for field in self.html_fields:
            yield from rich_text.references(stored[field])

    def resolve(self, stored: Json, resolver: Resolver) -> Json | None:
        """The public JSON, or None where nothing of the block is left for readers."""
        return {**stored, **{field: resolver.html(stored[field]) for field in self.html_fields}}


STRING: Json = {"type": "string"}
HTML: Json = {
    "type": "string",
    "contentMediaType": "text/html",
    "description": "Sanitised HTML: p, br, b, i, strong, em, a, ol, ul, li.",
}
