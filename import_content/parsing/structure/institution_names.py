"""What names of institutions look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from import_content.parsing.structure import vocabulary as words

MAX_NAME_WORDS = 14
MAX_NAME_CHARS = 110

TOKEN = re.compile(r"\S+")
OPENING = "\"“‘«„'(¿¡["
_STRIP = '.,:;()[]"“”„«»!?¿¡'
_ACRONYM = re.compile(r"[A-Z][A-Z&]{1,7}\Z")
_HYPHENS = re.compile(r"[-–/]")
_FOLD = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-"})


class Form(StrEnum):
    """The strongest evidence that a name is an institution's."""

    ENDS_IN_NOUN = "ends_in_noun"  # "Coyle Valley College"
    NOUN_OF_PLACE = "noun_of_place"  # "University of Harrow at Milton", "Institute of Welding Technology"
    NOUN_INSIDE = "noun_inside"  # "Harrow University Online"
    ACRONYM = "acronym"  # "NAIT"
    ACRONYM_FIRST = "acronym_first"  # "SUNY Old Milton"
    NO_NOUN = "no_noun"
    KIND_ONLY = "kind_only"  # "Community College": a kind of school


FORM_WEIGHTS: dict[Form, float] = {
    Form.ENDS_IN_NOUN: 3.0,
    Form.NOUN_OF_PLACE: 2.4,
    Form.NOUN_INSIDE: 1.6,
    Form.ACRONYM: 1.6,
    Form.ACRONYM_FIRST: 0.4,
    Form.NO_NOUN: -1.2,
    Form.KIND_ONLY: -6.0,
}
LOOSE_WORD_WEIGHT = -0.8
"""For each capitalised word after the noun that nothing ties to what is before it."""
INSTITUTIONAL = frozenset({Form.ENDS_IN_NOUN, Form.NOUN_OF_PLACE, Form.NOUN_INSIDE})


def fold(name: str) -> str:
    """Fold a name: those that differ only in case, quotes, dashes or white space are the same."""
    return " ".join(name.casefold().translate(_FOLD).split())


@lru_cache(maxsize=8192)
def plain(token: str) -> str:
    """Reduce a token to how it stands in the vocabulary: lower case, no punctuation, no possessive."""
    word = token.strip(_STRIP).lower().replace("'", "’")
    return word[:-2] if word.endswith("’s") else word


@lru_cache(maxsize=8192)
def is_function_word(token: str) -> bool:
    """Recognise a word that names do not begin with: "Mit" is German for "with", "MIT" is a name."""
    if len(token) > 1 and token.isupper():
        return False
    return plain(token) in words.FUNCTION_WORDS


def name_form(name: str) -> tuple[Form, float]:
    """Find the form of a name and its weight."""
    tokens = TOKEN.findall(name)
    return form_of(tokens, [plain(token) for token in tokens])


def form_of(tokens: Sequence[str], plains: Sequence[str]) -> tuple[Form, float]:
    """Do as `name_form` for a name that is cut into tokens already."""
    nouns = [index for index, word in enumerate(plains) if word in words.INSTITUTION_NOUNS]
    if not nouns:
        form = _form_without_noun(tokens, plains)
        return form, FORM_WEIGHTS[form]
    if all(word in words.KINDS_OF_SCHOOL or word in words.INSTITUTION_NOUNS for word in plains):
        return Form.KIND_ONLY, FORM_WEIGHTS[Form.KIND_ONLY]
    last, count = nouns[-1], len(tokens)
    if last == count - 1 or (last == count - 2 and tokens[-1].startswith("(")):
        return Form.ENDS_IN_NOUN, FORM_WEIGHTS[Form.ENDS_IN_NOUN]
    loose = _loose_words(tokens, plains, last)
    if plains[last + 1] in words.NAME_CONNECTORS or tokens[last][-1] in ",–-" or _noun_comes_first(plains, nouns):
        allowed = 3 if begins_with_noun(plains) else 2 if plains[last] in words.NOUNS_WITH_CAMPUSES else 0
        weight = FORM_WEIGHTS[Form.NOUN_OF_PLACE] + LOOSE_WORD_WEIGHT * max(0, loose - allowed)
        return Form.NOUN_OF_PLACE, weight
    return Form.NOUN_INSIDE, FORM_WEIGHTS[Form.NOUN_INSIDE] + LOOSE_WORD_WEIGHT * loose


def _form_without_noun(tokens: Sequence[str], plains: Sequence[str]) -> Form:
    parts = {part for word in plains for part in word_parts(word)}
    if parts & words.INSTITUTION_NOUNS or any(word.endswith(words.NOUN_ENDINGS) for word in plains):
        return Form.NOUN_INSIDE
    if not _ACRONYM.match(tokens[0]):
        return Form.NO_NOUN
    return Form.ACRONYM if len(tokens) == 1 else Form.ACRONYM_FIRST


@lru_cache(maxsize=8192)
def word_parts(word: str) -> tuple[str, ...]:
    """Split a word at its hyphens."""
    return tuple(_HYPHENS.split(word))


def _noun_comes_first(plains: Sequence[str], nouns: Sequence[int]) -> bool:
    """ "Instituto Milton", "The University of Harrow"."""
    return nouns[0] == 0 or (nouns[0] == 1 and plains[0] in words.ARTICLES)


def begins_with_noun(plains: Sequence[str]) -> bool:
    """Romance languages put the noun first and write the rest small: "École des métiers de Milton"."""
    skip = 1 if plains and plains[0] in words.ARTICLES else 0
    return len(plains) > skip and plains[skip] in words.ROMANCE_NOUNS


def _loose_words(tokens: Sequence[str], plains: Sequence[str], noun: int) -> int:
    """Count the capitalised words after the noun that follow another one directly: "of America | Milton".

    A place of two words ("New Harrow") and a subject of two ("Welding Technology") count as one.
    """
    loose = 0
    for index in range(noun + 1, len(tokens)):
        before = plains[index - 1]
        tied = before in words.NAME_CONNECTORS or tokens[index - 1][-1] in ",–-" or before in words.PLACE_STARTERS
        if tokens[index][:1].isupper() and not tied and plains[index] not in words.SUBJECTS:
            loose += index > noun + 1 or plains[noun] != before or before in words.INSTITUTION_NOUNS
    return loose


def is_institution(text: str) -> bool:
    """Whether the whole text reads as the name of one institution."""
    if not text or len(text) > MAX_NAME_CHARS or text[-1] in ".?!:;,":
        return False
    form, _ = name_form(text)
    return form in INSTITUTIONAL and is_name_phrase(text)


def is_name_phrase(text: str) -> bool:
    """Recognise capitalised words and connectors, with no word in front that begins sentences (but "The")."""
    tokens = TOKEN.findall(text)
    if not 0 < len(tokens) <= MAX_NAME_WORDS:
        return False
    romance = begins_with_noun([plain(token) for token in tokens[:2]])
    for token in tokens:
        core = token.strip("(),\"“”‘’'")
        if core[:1].islower() and plain(token) not in words.NAME_CONNECTORS and not romance:
            return False
    return plain(tokens[0]) in words.ARTICLES or not is_function_word(tokens[0])
