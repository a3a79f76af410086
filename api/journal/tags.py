"""Which names answers carry that have to do with an object: whoever keeps answers purges by them."""

from __future__ import annotations

_LISTS = {
    "article": ("articles", "pages", "sitemap", "paths"),
    "index": ("indexes", "pages", "navigation", "sitemap", "paths"),
    "school": ("schools",),
    "topic": ("topics",),
    "image": ("images",),
    "redirect": ("redirects", "paths"),
    "site": ("navigation", "sitemap"),
}
"""Of answers that an object may come into or leave."""
_PAGES = {"article", "index"}


def tags_of(kind: str, object_id: int) -> list[str]:
    """The object's own name first, then those of the lists it may stand in."""
    return [f"{'page' if kind in _PAGES else kind}-{object_id}", *_LISTS[kind]]
