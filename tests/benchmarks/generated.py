"""Articles in any number: an opening, headed sections, a listing of schools, calls to action; 5 to 7 KB each.

The same number always gives the same article.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_SUBJECTS = (
    *("Bookbinding", "Beekeeping", "Glassblowing", "Land Surveying", "Piano Tuning", "Boat Building", "Map Making"),
    *("Cheese Making", "Stone Masonry", "Dental Hygiene", "Court Reporting", "Seed Science", "Rail Signalling"),
    *("Forest Management", "Textile Design", "Welding", "Archive Work", "Costume Making", "Lens Grinding"),
)
_PLACES = (
    *("Harbor", "Prairie", "Granite", "Cedar", "Juniper", "Canyon", "Meadow", "Lakeside", "Summit", "Orchard"),
    *("Willow", "Copper", "Heron", "Maple", "Ridge", "Delta", "Falcon", "Quarry", "Tidewater", "Aspen"),
)
_KINDS = ("College", "Technical Institute", "State University", "School of Applied Arts", "Community College")
_STARTS = (
    *("Most students begin", "The first weeks are spent", "Employers look for people who start", "It helps to begin"),
    *("A good workshop makes room for those", "Teachers often start", "Nobody is surprised to find newcomers"),
)
_MIDDLES = (
    *("with the tools, long before the theory", "by watching someone who has done it for years"),
    *("at a bench of their own, however small", "in the library & at the kitchen table"),
    *("by breaking things that can be mended", "with drawings, estimates and a great deal of patience"),
    *("where the material is cheap and mistakes < costly", "by asking what the last class got wrong"),
)
_ENDS = (
    *(
        "and the habit stays for life.",
        "which is why the fee matters less than the hours.",
        "as the trade has always done.",
    ),
    *("until the hands know what the head forgets.", "even where the licence asks for less."),
    *("and that is worth a visit before you sign anything.", "so compare how much of it each school offers."),
)
_HEADINGS = (
    *("What the Work Is Like", "How Long Training Takes", "Tools and Workshops", "Paying for It", "Working Hours"),
    *("Licences and Certificates", "Where Graduates Go", "Evening and Weekend Classes", "Questions to Ask"),
    *("A Day in the Workshop", "Health and Safety", "Working for Yourself"),
)


def school(number: int) -> str:
    return f"{_PLACES[number % 20]} {_PLACES[number // 20 % 20]} {_KINDS[number // 400 % 5]}"


def title(number: int) -> str:
    return f"{_SUBJECTS[number % len(_SUBJECTS)]} Programs in {_PLACES[number // 7 % 20]} County, Part {number}"


def text(number: int, *, schools: int = 7) -> str:
    """One article as plain text."""
    dice = random.Random(number)  # noqa: S311 -- reproducible, guards nothing
    parts = [title(number), _paragraph(dice, 4)]
    for heading in dice.sample(_HEADINGS, 9):
        parts += [heading, _paragraph(dice, 3), _paragraph(dice, 2)]
    parts.append("Schools to Consider")
    entries = (f"{school(pick)} {_paragraph(dice, 1)}" for pick in dice.sample(range(2000), schools))
    parts += ["\n".join(entries), "Request information from a school near you"]
    return "\n\n".join(parts) + "\n"


def seed_like(number: int) -> str:
    """One of the size and make of the articles that the product was ordered for: six sections of one paragraph each,
    three schools, two calls to action, 5.2 KB."""
    dice = random.Random(number)  # noqa: S311 -- reproducible, guards nothing
    parts = [title(number), _paragraph(dice, 5)]
    for heading in dice.sample(_HEADINGS, 6):
        parts += [heading, _paragraph(dice, 5)]
    parts.append("Schools to Consider")
    parts.append("\n".join(f"{school(pick)} {_paragraph(dice, 3)}" for pick in dice.sample(range(2000), 3)))
    parts += ["Search all programs in your state", "Request information from a school near you"]
    return "\n\n".join(parts) + "\n"


def texts(count: int, *, start: int = 0, make: Callable[[int], str] = text) -> Iterator[tuple[str, str]]:
    """Keys and texts."""
    for number in range(start, start + count):
        yield f"generated/{number // 1000:03}/{number:07}.txt", make(number)


def _paragraph(dice: random.Random, sentences: int) -> str:
    return " ".join(f"{dice.choice(_STARTS)} {dice.choice(_MIDDLES)}, {dice.choice(_ENDS)}" for _ in range(sentences))
