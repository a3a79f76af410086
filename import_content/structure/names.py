"""Where the name of a school ends and its description begins.

Every place where a description could begin is a candidate.  Evidence is added up per candidate (the table
`WEIGHTS`), the best one wins, and its lead over the second says how sure that is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from . import vocabulary as words

MAX_NAME_WORDS = 14
MAX_NAME_CHARS = 110

SEPARATOR = re.compile(r"\s*(?P<colon>:)\s+|\s+(?P<dash>[-–—―|]|--|::)\s+|\s*(?P<tight>—)\s*(?=[A-Z\"“¿¡])")
_TOKEN = re.compile(r"\S+")
_WORD = re.compile(r"[\w&+'’.\-–/]+")
_ACRONYM = re.compile(r"[A-Z][A-Z&]{1,7}\Z")
_POSSESSIVE = re.compile(r"[’'](?:s|S)?\Z")
_OPENING = "\"“‘«„'(¿¡["

WEIGHTS: dict[str, float] = {
    "known": 7.0,  # the CMS already has a school of this name
    "seen": 3.0,  # another file of the same run has it
    "repeated_at_once": 5.0,  # "Coyle College Coyle College offers ...", also with an article between
    "repeated_later": 3.5,  # "... at Coyle College ..." in the description
    "first_word_at_once": 2.0,  # "Embry Hill Academy Embry Hill's ..."
    "initials_at_once": 2.0,  # "Austin City College ACC teaches ..."
    "name_word_at_once": 1.2,  # a word of the name opens the description
    "ends_in_noun": 3.0,  # "... College", "... Institute"
    "noun_of_place": 2.4,  # "University of ...", "École de ..."
    "noun_inside": 1.6,  # "... University Worldwide"
    "acronym": 1.6,  # "NAIT"
    "no_noun": -1.2,
    "kind_only": -6.0,  # "Community College"
    "opener_inside": -3.0,  # an article or pronoun that starts a sentence, inside the name
    "word_after_noun": -0.7,  # per capitalised word after the noun that nothing ties to it
    "function_word_next": 2.0,  # "The", "With", "Una"
    "opener_next": 1.0,  # "Students", "Courses"
    "lower_case_second": 1.5,  # "Weekend classes run": the second word of a sentence is not capitalised
    "capital_second": -1.0,  # "Carlow | Valley College": inside a run of capitalised words
    "noun_next": -1.5,  # the next word is "College": cannot begin here
}


@dataclass(slots=True)
class Split:
    """A name and a description found in one unit; offsets are into the unit's text."""

    name_end: int
    description_start: int
    score: float
    margin: float
    how: str
    """``known``, ``repeated``, ``separator`` or ``form``."""
    separator: str = ""
    has_noun: bool = False
    alternatives: list[tuple[int, float]] = field(default_factory=list)
    """Other ends of the name with their scores, best first."""


def split_entry(
    text: str, *, known: Collection[str] = frozenset(), seen: Collection[str] = frozenset()
) -> Split | None:
    """Split ``NAME DESCRIPTION`` or ``NAME: DESCRIPTION``; None where no reading makes sense.

    `known` and `seen` hold names folded by `fold`.
    """
    head = text[:MAX_NAME_CHARS]
    first = text[:1]
    if not (first.isupper() or first.isdigit() or first in _OPENING):
        return None
    separated = _split_at_separator(text, head, known, seen)
    if separated is not None:
        return separated
    return _split_by_form(text, head, known, seen)


def fold(name: str) -> str:
    """Names that differ only in case, quotes, dashes or white space are the same."""
    folded = name.casefold().translate(_FOLD)
    return " ".join(folded.split())


_FOLD = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-"})


def name_form(name: str) -> tuple[str, float]:
    """How much `name` looks like an institution's: the key and weight of the strongest evidence."""
    tokens = _TOKEN.findall(name)
    plain = [_plain(token) for token in tokens]
    nouns = [i for i, word in enumerate(plain) if word in words.INSTITUTION_NOUNS]
    if not nouns:
        parts = {part for word in plain for part in re.split(r"[-–/]", word)}
        compound = any(
            word.endswith(("universität", "hochschule", "schule", "akademie", "université")) for word in plain
        )
        if compound or parts & words.INSTITUTION_NOUNS:
            return "noun_inside", WEIGHTS["noun_inside"]
        if len(tokens) == 1 and _ACRONYM.match(tokens[0]):
            return "acronym", WEIGHTS["acronym"]
        return "no_noun", WEIGHTS["no_noun"]
    if all(word in words.KINDS_OF_SCHOOL or word in words.INSTITUTION_NOUNS for word in plain):
        return "kind_only", WEIGHTS["kind_only"]
    last = nouns[-1]
    if last == len(tokens) - 1 or (last == len(tokens) - 2 and tokens[-1].startswith("(")):
        return "ends_in_noun", WEIGHTS["ends_in_noun"]
    following = plain[last + 1]
    if following in words.NAME_CONNECTORS or tokens[last][-1] in ",–-":
        return "noun_of_place", WEIGHTS["noun_of_place"]
    loose = sum(token[:1].isupper() for token in tokens[last + 1 :])
    if last == 0 or plain[0] in (
        "universidad",
        "université",
        "universität",
        "instituto",
        "colegio",
        "collège",
    ):
        return "noun_of_place", WEIGHTS["noun_of_place"] - 0.3 * max(0, loose - 2)
    return "noun_inside", WEIGHTS["noun_inside"] + loose * WEIGHTS["word_after_noun"]


def is_institution(text: str) -> bool:
    """Whether the whole text reads as the name of one institution."""
    if not text or len(text) > MAX_NAME_CHARS or text[-1] in ".?!:;,":
        return False
    form, _ = name_form(text)
    return form in ("ends_in_noun", "noun_of_place", "noun_inside") and is_name_phrase(text)


def is_name_phrase(text: str) -> bool:
    """Only capitalised words and connectors, no verb form in lower case, no article in front but "The"."""
    tokens = _TOKEN.findall(text)
    if len(tokens) > MAX_NAME_WORDS:
        return False
    for token in tokens:
        core = token.strip("(),\"“”‘’'")
        if core[:1].isalpha() and core[:1].islower() and _plain(token) not in words.NAME_CONNECTORS:
            return False
    return _plain(tokens[0]) in ("the", "la", "el", "le") or not _is_function_word(tokens[0])


def _plain(token: str) -> str:
    """A token as it stands in the vocabulary."""
    word = token.strip('.,:;()[]"“”„«»!?¿¡').lower().replace("'", "’")
    return word[:-2] if word.endswith("’s") else word


def _split_at_separator(text: str, head: str, known: Collection[str], seen: Collection[str]) -> Split | None:
    for match in SEPARATOR.finditer(head):
        name = text[: match.start()]
        if not name or match.end() >= len(text):
            return None
        if not is_name_phrase(name):
            return None
        form, weight = name_form(name)
        folded = fold(name)
        rest = text[match.end() :]
        score = weight + 1.5
        how = "separator"
        if folded in known:
            score, how = score + WEIGHTS["known"], "known"
        elif folded in seen:
            score += WEIGHTS["seen"]
        elif _occurs(name, rest) or goes_on_with(name, rest):
            score += 1.0
        separator = (match.group("colon") or match.group("dash") or match.group("tight")).strip()
        return Split(
            match.start(),
            match.end(),
            score,
            score,
            how,
            separator,
            has_noun=form in ("ends_in_noun", "noun_of_place", "noun_inside"),
        )
    return None


def _split_by_form(text: str, head: str, known: Collection[str], seen: Collection[str]) -> Split | None:
    tokens = list(_TOKEN.finditer(head))
    if len(head) < len(text) and tokens:
        tokens.pop()  # cut in the middle
    candidates: list[tuple[float, int, int, str, bool]] = []
    for index in range(1, min(len(tokens), MAX_NAME_WORDS + 1)):
        before, after = tokens[index - 1].group(), tokens[index].group()
        if _ends_sentence(before) or (index == 1 and _opens_a_sentence(before)):
            break
        if not _may_begin_sentence(after) or before[-1] in ",;:" or _plain(before) in words.NAME_CONNECTORS:
            if _stops_name(after, tokens, index):
                break
            continue
        end, start = tokens[index - 1].end(), tokens[index].start()
        score, how, noun = _score(text, tokens, index, end, start, known, seen)
        candidates.append((score, end, start, how, noun))
        if how == "repeated" and goes_on_with(text[:end], text[start:]):
            break  # a longer "name" would hold the name twice
    if not candidates:
        return None
    candidates.sort(key=lambda candidate: -candidate[0])
    score, end, start, how, noun = candidates[0]
    margin = score - candidates[1][0] if len(candidates) > 1 else score
    return Split(end, start, score, margin, how, "", noun, [(c[1], c[0]) for c in candidates[1:4]])


def _stops_name(token: str, tokens: list[re.Match[str]], index: int) -> bool:
    """A word in lower case that ties nothing together ends every hope of a longer name."""
    if not token[:1].islower():
        return False
    if _plain(token) not in words.NAME_CONNECTORS:
        return True
    following = [match.group() for match in tokens[index + 1 : index + 3]]
    return not any(word[:1].isupper() or word[:1] in _OPENING for word in following)


def _is_function_word(token: str) -> bool:
    """ "Mit" is German for "with"; "MIT" is a name."""
    if len(token) > 1 and token.isupper():
        return False
    return _plain(token) in words.FUNCTION_WORDS


def _opens_a_sentence(token: str) -> bool:
    """A first word that no name has: "However,", "With"; "The" and "La" may belong to one."""
    return token[-1] in ";:" or (_is_function_word(token.rstrip(",")) and _plain(token) not in words.ARTICLES)


def _ends_sentence(token: str) -> bool:
    if token[-1] not in ".!?":
        return False
    core = token.rstrip(".").lower()
    return not (token[-1] == "." and (len(core) == 1 or core in words.ABBREVIATIONS or "." in core))


def _may_begin_sentence(token: str) -> bool:
    core = token.lstrip(_OPENING + "$€£")
    if token[0] == "(":
        return False
    return bool(core) and (core[0].isupper() or core[0].isdigit() or token[0] in _OPENING)


def _score(
    text: str,
    tokens: list[re.Match[str]],
    index: int,
    end: int,
    start: int,
    known: Collection[str],
    seen: Collection[str],
) -> tuple[float, str, bool]:
    name, rest = text[:end], text[start:]
    form, score = name_form(name)
    how = "form"
    folded = fold(name)
    if folded in known:
        score, how = score + WEIGHTS["known"] + 0.05 * index, "known"
    elif folded in seen:
        score, how = score + WEIGHTS["seen"] + 0.05 * index, "seen"
    repeated = _repetition(name, rest, tokens, index)
    if repeated:
        score += WEIGHTS[repeated] + 0.1 * index
        if repeated.startswith("repeated"):
            how = "repeated"
    score += _next_words(tokens, index)
    for position in range(1, index):
        word = tokens[position].group()
        if word[0].isupper() and _is_function_word(word):
            tied = _plain(tokens[position - 1].group()) in words.NAME_CONNECTORS or position == 0
            score += 0.0 if tied else WEIGHTS["opener_inside"]
    return score, how, form in ("ends_in_noun", "noun_of_place", "noun_inside")


def _repetition(name: str, rest: str, tokens: list[re.Match[str]], index: int) -> str:
    if goes_on_with(name, rest):
        return "repeated_at_once"
    if index > 1 and _occurs(name, rest):
        return "repeated_later"
    first = _plain(tokens[index].group())
    opening = _plain(tokens[0].group())
    if opening in words.ARTICLES and index > 1:
        opening = _plain(tokens[1].group())
    if first == opening:
        return "first_word_at_once"
    initials = "".join(token.group()[0] for token in tokens[:index] if token.group()[0].isupper())
    if len(initials) > 1 and first.upper() == initials:
        return "initials_at_once"
    own = {part for token in tokens[:index] for part in re.split(r"[-–]", _plain(token.group()))}
    return "name_word_at_once" if first in own and first not in words.INSTITUTION_NOUNS else ""


def goes_on_with(name: str, rest: str) -> bool:
    """Whether the description opens with the name, an article before it or not."""
    if _is_prefix(name, rest):
        return True
    article, _, tail = rest.partition(" ")
    return _plain(article) in words.ARTICLES and _is_prefix(name, tail)


def _is_prefix(name: str, rest: str) -> bool:
    return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()


def _occurs(name: str, rest: str) -> bool:
    at = rest.find(name)
    return at >= 0 and not rest[at + len(name) : at + len(name) + 1].isalnum()


def _next_words(tokens: list[re.Match[str]], index: int) -> float:
    token = tokens[index].group()
    word = _plain(token)
    score = 0.0
    function_word = _is_function_word(token)
    if function_word:
        score += WEIGHTS["function_word_next"]
    elif word in words.COMMON_OPENERS:
        score += WEIGHTS["opener_next"]
    elif word in words.INSTITUTION_NOUNS:
        score += WEIGHTS["noun_next"]
    if index + 1 < len(tokens):
        following = tokens[index + 1].group()
        core = following.lstrip(_OPENING)
        connects = _plain(following) in words.NAME_CONNECTORS and not function_word
        if core[:1].isupper() and not function_word:
            score += WEIGHTS["capital_second"]
        elif (core[:1].islower() and not connects) or token[-1] in ",:" or _POSSESSIVE.search(token):
            score += WEIGHTS["lower_case_second"]
    return score


def begins_with_name(text: str) -> bool:
    """Whether a line opens with an institution's name and a description, beyond doubt."""
    if not (text[0].isupper() or text[0] in _OPENING):
        return False
    split = split_entry(text)
    return split is not None and split.has_noun and split.score >= SURE_START


SURE_START = 5.5
