"""A template of `import_profile.toml`, filled with what the sources showed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from import_content.document import Document, Heading, SchoolListing
from import_content.parsing.parse import UNCERTAIN_BELOW
from import_content.parsing.parse_job import FileResult
from import_content.parsing.structure import vocabulary as words

MOST_COMMON = 20


def suggest_profile(results: Iterable[FileResult]) -> str:
    """TOML text: settings that repeat across sources, and doubtful lines for a person to decide about."""
    headings: Counter[str] = Counter()
    listing_headings: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    longest = count = 0
    for result in results:
        if result.parsed is None:
            continue
        count += 1
        for text, above_listing in _headings(result.parsed.document):
            headings[text] += 1
            longest = max(longest, len(text.split()))
            listing_headings[text] += above_listing
        doubtful.update(item.text for item in result.parsed.uncertain if item.type in ("heading", "paragraph"))
    unusual = [
        text for text, number in listing_headings.most_common() if number and not words.LISTING_WORDS.search(text)
    ]
    return _template(
        count,
        word_cap=longest,
        headings=[text for text, number in headings.most_common(MOST_COMMON) if number > 1],
        listing_headings=unusual[:MOST_COMMON],
        doubtful=[text for text, _ in doubtful.most_common(MOST_COMMON)],
    )


def _headings(document: Document) -> list[tuple[str, bool]]:
    """Each heading that is beyond doubt, and whether a listing comes right below."""
    blocks = document.blocks
    return [
        (block.text, number + 1 < len(blocks) and isinstance(blocks[number + 1], SchoolListing))
        for number, block in enumerate(blocks)
        if isinstance(block, Heading) and block.origin.confidence >= UNCERTAIN_BELOW
    ]


def _template(
    count: int, *, word_cap: int, headings: list[str], listing_headings: list[str], doubtful: list[str]
) -> str:
    lines = [
        f"# import_profile.toml, suggested from {count} source{'' if count == 1 else 's'}.",
        "# Put it beside the sources.  Every setting is optional and overrides the rules for this folder.",
        "",
        '# language = "en"',
        "",
        f"# No heading is longer than this many words (longest found: {word_cap}).",
        f"# word_cap = {max(word_cap, 1)}",
        "",
        "# Lines that are headings wherever they stand.",
        _array("headings", headings),
        "",
        "# Regular expressions for headings.",
        "heading_patterns = []",
        "",
        "# Headings below which schools are listed.",
        _array("listing_headings", listing_headings),
        "",
        "# Names of schools in these texts, to tell a name from the description that follows it.",
        "schools = []",
        "",
        "# Lines that are never headings.",
        "not_headings = []",
    ]
    if doubtful:
        lines += ["", "# Not sure about these; move each to headings or to not_headings:"]
        lines += [f"#   {json.dumps(text, ensure_ascii=False)}" for text in doubtful]
    return "\n".join(lines) + "\n"


def _array(name: str, values: list[str]) -> str:
    if not values:
        return f"{name} = []"
    items = "".join(f"    {json.dumps(value, ensure_ascii=False)},\n" for value in values)
    return f"{name} = [\n{items}]"
