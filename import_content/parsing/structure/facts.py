"""What can be said about one unit on its own: plain observations, no decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from import_content.parsing.structure.sentences import count_words, end_sign, has_letters_with_marks

MAX_HEADING_WORDS = 34
MAX_HEADING_CHARS = 220
"""Beyond this a unit is a paragraph, and nothing more is asked about it."""

OUTLINE = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\.?\s+(?=\S)")
NUMBERED = re.compile(
    r"(?:\(?\d{1,3}[.)]|[A-Z]\.|[IVX]{1,5}[.)])\s+(?=\S)|(?P<outline>\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+(?=\S)|"
    r"(?P<word>(?:step|lesson|tip|part|chapter|problem|challenge|phase|option|section|reason|myth|rule|day|week|"
    r"question|mistake|paso|consejo|étape|conseil|schritt|tipp|passo|dica)\s+#?\d{1,3}\b)",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\(?(?:\w+\s+#?)?(?:1|I|A|a)(?:[.):]|\s)")
_SENTENCE_BREAK = re.compile(r"[.!?…][\"”’»)\]]*\s+[\"“‘«(¿¡]*[A-ZÀ-Þ0-9]|[。！？][」』”]*(?=\w)|[।॥]\s+(?=\w)")
_ABBREVIATED_BREAK = re.compile(r"\b(?:St|Mt|Dr|Mr|Mrs|Ms|vs|No|U\.S|D\.C|[A-Z])\.\s+[A-Z]")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SMALL_WORDS = """
a an the of to in on at by for from with and or but nor as is it vs via per into over your you our
de la el los las un una y o en con por para del al le les des du et ou à au aux der die das und oder
im am zu zum zur von für mit ein eine do da e em com que se if than that are be do not what how so up
su sus
"""
_SMALL = frozenset(_SMALL_WORDS.split())

BYLINE = re.compile(
    r"(?:(?:written |posted |story |text |words |reviewed |edited |photos? |reported )by|by|por|von|di|"
    r"par)\s+(?:(?-i:[A-ZÀ-Þ])[\w’'.-]*\s*,?\s*){1,5}(?:[,|–—-].*)?\Z"
    r"|(?:author|written by|reviewed by|edited by|fact[- ]checked by|medically reviewed by|autora?|auteur)\b"
    r"\s*:?\s+\S.*\Z",
    re.IGNORECASE,
)
_BYLINE_NAME = re.compile(r"(?:by|por|von|di|par)\s+(?-i:[A-ZÀ-Þ]|\w+ [A-ZÀ-Þ])", re.IGNORECASE)
_BY_ONE_WORD = re.compile(r"(?:by|por|von|di|par)\s+(?!staff\b|admin\b|editor)[\w’'-]+", re.IGNORECASE)
"""A way of travelling ("By Boat") as likely as an author."""
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|"
    r"octubre|noviembre|diciembre|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|"
    r"décembre|januar|februar|märz|juni|juli|oktober|dezember)"
)
DATELINE = re.compile(
    rf"(?:last |first )?(?:updated|reviewed|modified|revised|actualizado|mis à jour|aktualisiert)\b.{{0,60}}"
    rf"|(?:published|posted|originally published|publicado|publié|veröffentlicht|stand)\b[^\d]{{0,30}}\d.{{0,30}}"
    rf"|(?:\w+day,?\s+)?{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}\.?\s+(?:de\s+)?{_MONTH}\.?(?:\s+(?:de\s+)?\d{{4}})?|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"(?:photo(?:graph)?|image|picture|pictured|figure|fig\.|caption|credit|illustration|source|table|chart|video|"
    r"foto|imagen|fuente|abbildung|abb\.|bild|quelle|légende|crédit|above|below|left|right)"
    r"(?:\s(?:source|credits?|courtesy|caption))?\s*(?:\d+\s*)?"
    r"(?:\([^)]*\)\s*)?[:.]\s+\S|(?:photo(?:graph)?s?|image|foto|bild) (?:by|via|credit|courtesy|de|von)\b",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"(?:©|\(c\)\s|copyright\b|all rights reserved|todos los derechos|tous droits|alle rechte)|"
    r"(?:about the authors?|sobre (?:el|la) autora?|à propos de l|über (?:den autor|die autorin))\b.{0,4}:|"
    r"(?:disclaimer|disclosure|editor[’']s note|note|nota|hinweis|note de la rédaction)\s*:\s+\S",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,64}\.\w|https?://|\bwww\.\w", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w.-])(?:\+\s?\d|\(\d|\d)[\d\s().-]{5,20}\d(?![\w-])")
_PHONE_WORD = re.compile(
    r"\b(?:tel|phone|telephone|call|fax|mobile|cell|text|tél|teléfono|telefon|llame)\b", re.IGNORECASE
)
_DATE_OR_RANGE = re.compile(
    r"(?:19|20)\d{2}([-./\s])(?:\d{1,2}\1\d{1,2}|(?:19|20)\d{2})|\d{1,2}([-./])\d{1,2}\2\d{2,4}|\d+(?:\.\d+)+"
)
_MAX_LETTERS_BESIDE_PHONE = 12
LABEL_VALUE = re.compile(r"[^\W\d_][^:.!?]{0,60}:\s+\S")
_CONTACT_SIGNS = frozenset("@.0123456789:")
_DASHES = frozenset("–—―-")
QUOTED = re.compile(r"[\"“«„][^\"”»]{3,}[\"”»]\s*[–—―-]+\s*[A-ZÀ-Þ]")
OPENER = re.compile(
    r"(?:i|we|you|he|she|it|this|these|those|they|there|here|so|but|and|also|as|after|since|while|although|because|"
    r"however|in|at|on|by|for|to|my|our|now|yes|no|let|want|yo|nosotros|usted|esto|pero|nous|vous|il|elle|ils|ce|"
    r"mais|ich|wir|sie|es|aber|das)\b",
    re.IGNORECASE,
)
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|should|must|may|does|did|do|says?|said|"
    r"es|son|está|están|puede|hay|est|sont|peut|ist|sind|wird|kann|é|são)\b"
)
_MONEY_OR_NUMBER = re.compile(r"[$€£]\s?\d|\d")
_AMOUNT = re.compile(
    r"[$€£%]|\b\d+\s*(?:a\.?m|p\.?m|h\b|uhr)|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{3}[-.\s]\d{3,4}",
    re.IGNORECASE,
)
ATTRIBUTION = re.compile(r"[–—―-]{1,2}\s*[\"“(]?(?:@\w|[^\W\d_])")
ENDS_IN_ATTRIBUTION = re.compile(
    r"[.!…”][\"”’»)]*\s*[–—―-]{1,2}\s*(?:@?[A-ZÀ-Þ][\w’'.@-]*,?\s*){1,5}(?:,\s.{1,60})?\Z|"
    r"[.!?…][\"”’»)]*\s*[–—―-]{1,2}\s*@\w[^.!?]{0,60}\Z"
)
SPEAKER = re.compile(r"[^\W\d_][\w’'.-]*(?:\s[^\W\d_][\w’'.-]*){0,2}\s?[:：]\Z")


class Measured(Protocol):
    """A text with its length and number of words, such as a `Unit`."""

    text: str
    length: int
    words: int
    facts: TextFacts | None
    """What `observe_unit` found, kept until the text changes."""


@dataclass(slots=True)
class TextFacts:
    """Observations about a short unit."""

    text: str
    words: int
    end: str
    """Last character that is not a closing quote or bracket."""
    closes: bool
    """Whether a closing quote ends the text."""
    title_share: float
    """Of the words that a title capitalises, the share that are capitalised."""
    significant: int
    caps: bool
    numbered: bool
    outline: str
    """``1.2`` for "1.2 Costs"; empty without."""
    sentences: int
    starts_lower: bool
    starts_quote: bool
    opener: bool
    """Whether it begins with a pronoun or conjunction, as sentences do."""
    finite: bool
    """Whether a verb makes a sentence of it ("is", "will", ...)."""
    role: str
    """``byline``, ``date``, ``caption``, ``legal``, ``contact``, ``label``, ``attribution``, ``quotation``
    or empty."""

    @property
    def first_number(self) -> bool:
        """Whether it is numbered, and the first in its sequence."""
        return self.numbered and _FIRST.match(self.text) is not None

    @property
    def style(self) -> str:
        """The look that headings of one document share."""
        if self.numbered:
            return "numbered"
        if self.caps:
            return "caps"
        if self.end == "?":
            return "question"
        if self.end == ":":
            return "colon"
        return "title" if self.title_share >= 0.75 else "sentence"


def observe_unit(unit: Measured) -> TextFacts | None:
    """Observe a unit that is short enough to be more than a paragraph; None for the others."""
    if unit.length > MAX_HEADING_CHARS or unit.words > MAX_HEADING_WORDS:
        return None
    if unit.facts is None:
        unit.facts = observe_text(unit.text)
    return unit.facts


def observe_text(text: str) -> TextFacts:
    number = NUMBERED.match(text)
    body = text[number.end() :].lstrip(" :.-–—") if number else text
    found = _WORD.findall(body)
    large = [word for word in found if word.lower() not in _SMALL]
    capital = sum(word[0].isupper() for word in large)
    upper = sum(map(str.isupper, body))
    letters = upper + sum(map(str.islower, body))
    breaks = len(_SENTENCE_BREAK.findall(body)) - len(_ABBREVIATED_BREAK.findall(body))
    return TextFacts(
        text=text,
        words=count_words(body) if has_letters_with_marks(body) else len(found),
        end=end_sign(text),
        closes=text[-1] in '"”’»',
        title_share=capital / len(large) if large else 0.0,
        significant=len(large),
        caps=letters >= 3 and upper >= 0.9 * letters and (len(found) > 1 or letters > 5),
        numbered=number is not None,
        outline=(number.group("outline") or "").rstrip(".") if number else "",
        sentences=1 + max(0, breaks),
        starts_lower=text[:1].islower(),
        starts_quote=text[:1] in "\"“‘«„'",
        opener=OPENER.match(body) is not None,
        finite=FINITE.search(body) is not None,
        role=_role(text),
    )


def _role(text: str) -> str:
    if LEGAL.match(text) or "©" in text or "rights reserved" in text:
        return "legal"
    if BYLINE.match(text) and _BYLINE_NAME.match(text) and len(text) < 90 and not _BY_ONE_WORD.fullmatch(text):
        return "byline"
    if text[-1] not in ".?!:" and DATELINE.fullmatch(text):
        return "date"
    if CAPTION.match(text):
        return "caption"
    if text[0] in "–—―-" and _is_attribution(text):
        return "attribution"
    if QUOTED.match(text) or (" " in text and not _DASHES.isdisjoint(text) and ENDS_IN_ATTRIBUTION.search(text)):
        return "quotation"
    if len(text) < 120 and not _CONTACT_SIGNS.isdisjoint(text) and _is_contact(text):
        return "contact"
    return "label" if _is_label(text) else ""


def _is_attribution(text: str) -> bool:
    """Recognise who said it: a dash, and a name or a handle."""
    match = ATTRIBUTION.match(text)
    return match is not None and (match.group()[-1].isupper() or "@" in match.group())


def _is_contact(text: str) -> bool:
    """Recognise an address, or a telephone number with little else beside it; no date, version or code."""
    if ADDRESS.search(text):
        return True
    for match in PHONE.finditer(text):
        number = match.group()
        digits = sum(map(str.isdigit, number))
        if not 7 <= digits <= 15 or _DATE_OR_RANGE.fullmatch(number.strip("() ")):
            continue
        letters = sum(map(str.isalpha, text))
        if letters <= _MAX_LETTERS_BESIDE_PHONE or number[0] in "+(" or _PHONE_WORD.search(text):
            return True
    return False


def _is_label(text: str) -> bool:
    """Recognise ``Label: value`` with a number, a price or a time in the value, and no title after the colon."""
    label = LABEL_VALUE.match(text)
    if label is None or _MONEY_OR_NUMBER.search(text, label.end() - 1) is None:
        return False
    value = text[label.end() - 1 :]
    if not value[:1].isupper() or _AMOUNT.search(value):
        return True
    return not _mostly_capitalised(value)


def _mostly_capitalised(text: str) -> bool:
    found = [word for word in _WORD.findall(text) if word.lower() not in _SMALL]
    return bool(found) and sum(word[0].isupper() for word in found) >= 0.6 * len(found)
