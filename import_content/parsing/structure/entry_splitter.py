"""Where the name of a school ends and its description begins.

Every place where a description could begin is a candidate.  Evidence is added up per candidate (the table
`WEIGHTS`, and the form of the name), the best one wins, and its lead over the second says how sure that is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from import_content.parsing.structure import vocabulary as words
from import_content.parsing.structure.institution_names import (
    INSTITUTIONAL,
    MAX_NAME_CHARS,
    MAX_NAME_WORDS,
    OPENING,
    TOKEN,
    Form,
    begins_with_noun,
    fold,
    form_of,
    is_function_word,
    plain,
    word_parts,
)
from import_content.parsing.structure.separators import (
    KNOWN_WEIGHT,
    SEEN_WEIGHT,
    Split,
    occurs,
    split_at_separator,
)

SURE_ENTRY_SCORE = 3.8
"""Score from which a line is taken for an entry on its own."""

_ADJECTIVE = re.compile(r"[A-Z][a-z]+-[a-z]{3,}")
"""``Plant-based``: begins sentences, not second names."""
_POSSESSIVE = re.compile(r"[’'](?:s|S)?\Z")

WEIGHTS: dict[str, float] = {
    "known": KNOWN_WEIGHT,
    "seen": SEEN_WEIGHT,
    "repeated_at_once": 7.0,  # "Coyle College Coyle College offers ...", also with an article between
    "repeated_later": 3.5,  # "... at Coyle College ..." in the description
    "beginning_at_once": 3.5,  # "Royal Coyle, University of Harrow Royal Coyle has ..."
    "first_word_at_once": 2.0,  # "Embry Hill Academy Embry's ..."
    "initials_at_once": 2.0,  # "Austin City College ACC teaches ..."
    "acronym_at_once": 3.2,  # "Coyle Valley State University CSU teaches": some letters of the name
    "name_word_at_once": 1.2,  # a word of the name opens the description
    "begins_twice": -4.0,  # the "name" holds its own first word again
    "ends_in_own_acronym": -2.0,  # "Austin City College ACC | teaches": the description opens with it
    "opener_inside": -3.0,  # an article or pronoun that starts a sentence, inside the name
    "function_word_next": 2.0,  # "The", "With", "Una"
    "opener_next": 1.0,  # "Students", "Courses"
    "lower_case_second": 1.5,  # "Weekend classes run": the second word of a sentence is not capitalised
    "lower_case_third": 0.7,  # "Hyde Park is": a sentence may begin with a name of two words
    "capital_second": -1.0,  # "Carlow | Valley College": inside a run of capitalised words
    "place_goes_on": -1.0,  # "Carlow College in River | Grove has": prose about a school
    "noun_next": -1.5,  # the next word is "College": cannot begin here
}


def split_entry(
    text: str,
    *,
    known: Collection[str] = frozenset(),
    seen: Collection[str] = frozenset(),
    separator: str | None = None,
) -> Split | None:
    """Split ``NAME DESCRIPTION`` or ``NAME: DESCRIPTION``; None where no reading makes sense.

    `known` and `seen` hold names folded by `fold`.  `separator` says what must stand between: nothing
    (empty), a certain sign, or (None) whatever there is.
    """
    if not _may_be_entry(text):
        return None
    if separator != "":
        separated = split_at_separator(text, known, seen, separator)
        if separated is not None or separator is not None:
            return separated
    return _Candidates(text, known, seen).best()


def _may_be_entry(text: str) -> bool:
    """Look at the first two words only, which settles it for nearly all prose."""
    first = text[:1]
    if not (first.isupper() or first.isdigit() or first in OPENING):
        return False
    beginning = text[:60].split(None, 2)
    if len(beginning) < 2 or beginning[0][-1] == ":":
        return True
    if is_function_word(beginning[0]) and plain(beginning[0]) not in words.ARTICLES:
        return False
    if not beginning[1][0].islower() or plain(beginning[1]) in words.NAME_CONNECTORS:
        return True
    return begins_with_noun([plain(word) for word in beginning])


def begins_with_name(text: str) -> bool:
    """Whether a line opens with an institution's name and a description, beyond doubt."""
    split = split_entry(text)
    if split is None or not split.has_noun:
        return False
    return split.score >= SURE_ENTRY_SCORE


class _Candidates:
    """The places in one text where a description may begin, scored."""

    __slots__ = ("_known", "_matches", "_plains", "_seen", "_text", "_tokens")

    def __init__(self, text: str, known: Collection[str], seen: Collection[str]) -> None:
        self._text = text
        self._known, self._seen = known, seen
        matches = list(TOKEN.finditer(text[:MAX_NAME_CHARS]))
        if len(text) > MAX_NAME_CHARS and matches:
            matches.pop()  # cut in the middle
        self._matches = matches[: MAX_NAME_WORDS + 4]
        self._tokens = [match.group() for match in self._matches]
        self._plains = [plain(token) for token in self._tokens]

    def best(self) -> Split | None:
        found: list[tuple[float, int, int, str, bool]] = []
        for index in range(1, min(len(self._tokens), MAX_NAME_WORDS + 1)):
            before = self._tokens[index - 1]
            if _ends_sentence(before) or (index == 1 and _opens_a_sentence(before)):
                break
            if not self._may_split(index):
                if self._stops(index):
                    break
                continue
            score, how, noun, evidence = self._score(index)
            found.append((score, self._matches[index - 1].end(), self._matches[index].start(), how, noun))
            if evidence == "repeated_at_once":
                break  # a longer "name" would hold the name twice
        if not found:
            return None
        found.sort(key=lambda candidate: -candidate[0])
        score, end, start, how, noun = found[0]
        margin = score - found[1][0] if len(found) > 1 else score
        return Split(end, start, score, margin, how, "", noun, [(other[1], other[0]) for other in found[1:4]])

    def _may_split(self, index: int) -> bool:
        before, token = self._tokens[index - 1], self._tokens[index]
        if before[-1] in ",;:" or self._plains[index - 1] in words.NAME_CONNECTORS or token[0] == "(":
            return False
        core = token.lstrip(OPENING + "$€£")
        return bool(core) and (core[0].isupper() or core[0].isdigit() or token[0] in OPENING)

    def _stops(self, index: int) -> bool:
        """A word in lower case that ties nothing together ends every hope of a longer name."""
        if not self._tokens[index][:1].islower():
            return False
        if begins_with_noun(self._plains):
            return False
        if self._plains[index] not in words.NAME_CONNECTORS:
            return True
        following = self._tokens[index + 1 : index + 3]
        return not any(word[:1].isupper() or word[:1] in OPENING for word in following)

    def _score(self, index: int) -> tuple[float, str, bool, str]:
        """The sum of the evidence, how the name was recognised, whether it has a noun, what it repeats."""
        end, start = self._matches[index - 1].end(), self._matches[index].start()
        name, rest = self._text[:end], self._text[start:]
        form, score = form_of(self._tokens[:index], self._plains[:index])
        how, folded = "form", fold(name)
        if folded in self._known:
            score, how = score + WEIGHTS["known"] + 0.05 * index, "known"
        elif folded in self._seen:
            score, how = score + WEIGHTS["seen"] + 0.05 * index, "seen"
        repeated = self._repetition(name, rest, index, form)
        if repeated:
            score += WEIGHTS[repeated] + 0.1 * index
            if repeated.startswith("repeated") and how == "form":
                how = "repeated"
        score += self._next_words(index)
        if repeated != "repeated_at_once":
            score += self._inside(index)
        return score, how, form in INSTITUTIONAL, repeated

    def _inside(self, index: int) -> float:
        """What speaks against the words of the name itself."""
        score = 0.0
        for position in range(1, index):
            token = self._tokens[position]
            tied = self._plains[position - 1] in words.NAME_CONNECTORS
            if token[0].isupper() and not tied and is_function_word(token):
                score += WEIGHTS["opener_inside"]
        initials = "".join(token[0] for token in self._tokens[: index - 1] if token[0].isupper())
        if len(initials) > 2 and _abbreviates(self._tokens[index - 1], initials):
            score += WEIGHTS["ends_in_own_acronym"]
        if index > 2 and self._plains[0] in self._plains[2:index] and self._plains[0] not in words.INSTITUTION_NOUNS:
            score += WEIGHTS["begins_twice"]
        return score

    def _repetition(self, name: str, rest: str, index: int, form: Form) -> str:
        if goes_on_with(name, rest) and (form is not Form.NO_NOUN or _is_whole(name, rest)):
            return "repeated_at_once"
        if index > 1 and occurs(name, rest):
            return "repeated_later"
        plains = self._plains
        skip = 1 if plains[0] in words.ARTICLES and index > 1 else 0
        first, opening = plains[index], plains[skip]
        if first == opening:
            second = plains[index + 1 : index + 2]
            several = index > skip + 2 and second == plains[skip + 1 : skip + 2]
            return "beginning_at_once" if several else "first_word_at_once"
        initials = "".join(token[0] for token in self._tokens[:index] if token[0].isupper())
        if len(initials) > 1 and first.upper() == initials:
            return "initials_at_once"
        if len(initials) > 2 and _abbreviates(self._tokens[index], initials):
            return "acronym_at_once"
        own = {part for word in plains[:index] for part in word_parts(word)}
        return "name_word_at_once" if first in own and first not in words.INSTITUTION_NOUNS else ""

    def _next_words(self, index: int) -> float:
        """Whether a sentence begins at `index`."""
        token, word = self._tokens[index], self._plains[index]
        function_word = is_function_word(token)
        score = 0.0
        if function_word:
            score += WEIGHTS["function_word_next"]
        elif word in words.COMMON_OPENERS or _ADJECTIVE.match(token):
            score += WEIGHTS["opener_next"]
        elif word in words.INSTITUTION_NOUNS or word in words.THINGS_OF_SCHOOLS:
            score += WEIGHTS["noun_next"]
        if index + 1 >= len(self._tokens):
            return score
        if not function_word and _is_capital(self._tokens[index + 1]):
            return score + self._two_capitals(index)
        sentence_word = function_word or word in words.COMMON_OPENERS
        connects = self._plains[index + 1] in words.NAME_CONNECTORS and not sentence_word
        lower = self._tokens[index + 1].lstrip(OPENING)[:1].islower()
        if lower and not function_word and self._plains[index - 2 : index - 1] in (["in"], ["at"]):
            return score + WEIGHTS["place_goes_on"]
        if (lower and not connects) or token[-1] in ",:" or _POSSESSIVE.search(token):
            score += WEIGHTS["lower_case_second"]
        return score

    def _two_capitals(self, index: int) -> float:
        """Two capitalised words: inside a name, or a sentence that begins with a name of two words."""
        second = self._tokens[index + 1]
        opener = self._plains[index + 1] in words.COMMON_OPENERS or self._plains[index + 1] in words.SUBJECTS
        if opener or _ADJECTIVE.match(second) or is_function_word(second) or second[-1] == ",":
            return WEIGHTS["capital_second"]
        if self._plains[index + 1] in words.INSTITUTION_NOUNS or index + 2 >= len(self._tokens):
            return WEIGHTS["capital_second"]
        third = self._tokens[index + 2]
        sentence = third[:1].islower() and self._plains[index + 2] not in words.NAME_CONNECTORS
        return WEIGHTS["lower_case_third"] if sentence else WEIGHTS["capital_second"]


def _abbreviates(token: str, initials: str) -> bool:
    """Tell whether a token is an acronym of letters that the name's words begin with, in whatever order."""
    acronym = _POSSESSIVE.sub("", token.rstrip(",:"))
    if not 2 <= len(acronym) <= 6 or not acronym.isupper() or not acronym.isalpha():
        return False
    return not Counter(acronym) - Counter(initials)


def _is_capital(token: str) -> bool:
    return token.lstrip(OPENING)[:1].isupper()


def _opens_a_sentence(token: str) -> bool:
    """Tell whether no name has such a first word: "However,", "With"; "The" and "La" may belong to one."""
    return token[-1] in ";:" or (is_function_word(token.rstrip(",")) and plain(token) not in words.ARTICLES)


def _ends_sentence(token: str) -> bool:
    if token[-1] not in ".!?":
        return False
    core = token.rstrip(".").lower()
    return not (token[-1] == "." and (len(core) == 1 or core in words.ABBREVIATIONS or "." in core))


def _is_whole(name: str, rest: str) -> bool:
    """Tell a whole name from half of a longer one: in "Walla Walla College ..." the second word repeats nothing."""
    following = rest[rest.find(name) + len(name) :].lstrip()
    return not following[:1].isupper()


def goes_on_with(name: str, rest: str) -> bool:
    """Whether the description opens with the name, an article before it or not."""
    if _is_prefix(name, rest):
        return True
    article, _, tail = rest[: len(name) + 8].partition(" ")
    return plain(article) in words.ARTICLES and _is_prefix(name, tail)


def _is_prefix(name: str, rest: str) -> bool:
    return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()
