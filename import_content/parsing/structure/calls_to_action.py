"""Calls to action: lines of their own that invite the reader to click, search, compare, apply."""

from __future__ import annotations

import re

from import_content.parsing.structure.facts import TextFacts

_FLAGS = re.IGNORECASE


def _any(phrases: str) -> str:
    """Make an alternation of the phrases, one to a line or parted by ``|``."""
    return "|".join(part.strip() for line in phrases.splitlines() for part in line.split(" | ") if part.strip())


_DEMANDS = r"""
(?:please |just |simply )?(?:click|tap|press) (?:here|below|now|this)
(?:click|tap|press) (?:on )?(?:the|a|any|one of the) (?:\w+ ){0,2}(?:links?|button|school|name|map|banner)
follow this link | use (?:this|our) (?:link|tool|form)
klik hier | kliknij tutaj | нажмите
haga clic | haz clic | pulse aquí | cliquez | klicken sie | hier klicken | clique aqui | clicca qui
"""
_IMPERATIVES = r"""
request | apply | search | find | compare | browse | explore | discover | enrol+ | sign up | register
get (?:matched|started|information|info|free|a free|your free|more info) | get in touch
start your (?:search|application) | start (?:learning|today|now) | learn more | find out (?:which|more)
see (?:all|more|even more|which|every|our|the full) | view | visit | download | contact | call us
call (?:now|today) | check out | join | subscribe | schedule | book | talk (?:to|with) | speak (?:to|with)
chat with | read more | claim | connect with | order | watch | match with | reserve
take the (?:quiz|next step) | look up | shop | try | send (?:for|us) | be matched
solicit[ea] | busque | busca | encuentre | encuentra | compare | compara | pida | inscríbase | regístrese
conozca | descubra | vea | ver más | descargue
demandez | trouvez | comparez | recherchez | inscrivez-vous | découvrez | postulez | téléchargez | consultez
voir (?:tou|plus)\w*
jetzt | finden sie | suchen sie | vergleichen sie | fordern sie | bewerben sie | entdecken sie
informieren sie sich | kostenlos\w* \w+ anfordern
encontre | solicite | inscreva-se | procure | conheça | richiedi | trova | cerca | confronta | iscriviti
"""
_OBJECTS = r"""
schools? | colleges? | programs? | programmes? | degrees? | courses? | class(?:es)? | training | universit(?:y|ies)
catalogu?e?s? | information | info | brochures? | guides? | quotes? | tuition | scholarships? | financial aid
advis[eo]rs? | admissions? | careers? | jobs? | newsletter | options | openings | apprenticeships?
certificates? | diplomas? | license | community | webinar
escuelas? | programas? | carreras? | información | becas? | cursos? | universidad(?:es)? | colegios? | folletos?
écoles? | formations? | informations | hochschulen? | schulen? | studieng\w+ | ausbildung\w*
kurse? | informationsmaterial | infomaterial | faculdades? | corsi | scuole
"""
_NEARNESS = r"""
near (?:you|me) | in your (?:area|state|city|town|province|region|county|neighborhood) | today | now | for free
free | here | online | this month | right away | matched | start(?:s|ing) (?:soon|in) | next step | these schools
cerca de usted | cerca de ti | hoy | ahora | gratis | gratuit\w* | aquí | près de chez vous | ici | maintenant
aujourd[’']hui | in ihrer nähe | jetzt | heute | kostenlos\w* | hier | perto de você | agora | hoje | oggi | ora
"""
_PRELUDE = r"(?:(?:ready to .{3,40}|interested|¿listo[^?]{0,40})\? )?"

DEMAND = re.compile(rf"(?:{_any(_DEMANDS)})\b", _FLAGS)
"""Says itself that it is to be clicked."""
IMPERATIVE = re.compile(rf"{_PRELUDE}(?:{_any(_IMPERATIVES)})\b", _FLAGS)
OBJECT = re.compile(rf"\b(?:{_any(_OBJECTS)})\b", _FLAGS)
NEARNESS = re.compile(rf"\b(?:{_any(_NEARNESS)})\b", _FLAGS)
FILE = re.compile(r"[(\[](?:pdf|docx?|xlsx?|pptx?|zip|mp3)\b|\.(?:pdf|docx?|xlsx?|zip)\Z", _FLAGS)
"""Names a file to be had."""
WITHOUT_BLANKS = re.compile("点击|點擊|立即|今すぐ|資料請求|こちら(?:から|をクリック)|お申し込みは|क्लिक कर|คลิก")
ARROW = re.compile(r"(?:»|›|>{1,3}|→|➔|➜|⇒|▸|►|->)\s*\Z|\A(?:»|>>|→|➔|►)\s*\S")

MAX_ACTION_WORDS = 18
_OPENING = '¡¿"“«'


def action_score(facts: TextFacts, *, before: str, after: str) -> float:
    """Sum the evidence that a unit is a call to action; above zero it is more likely one than not.

    `before` and `after` say what stands around it: ``long`` (a paragraph), ``short`` (anything else),
    ``list`` (items, entries, rows), ``edge`` (nothing, or a rule).
    """
    if facts.words > MAX_ACTION_WORDS or facts.numbered or facts.end in ":;," or facts.role:
        return -9.0
    score = -2.6
    text = facts.text.lstrip(_OPENING)
    demand = DEMAND.match(text) is not None or (not text.isascii() and WITHOUT_BLANKS.search(text) is not None)
    arrow = ARROW.search(facts.text) is not None
    imperative = IMPERATIVE.match(text) is not None
    if not (demand or arrow or imperative):
        return -9.0
    near = NEARNESS.search(facts.text) is not None
    score += 4.0 * demand + 4.0 * arrow + 1.5 * imperative
    score += 1.5 * near + 2.5 * (imperative and FILE.search(text) is not None)
    named = OBJECT.search(facts.text) is not None
    if facts.end not in ".?":
        score += 0.5
    else:
        score -= 1.4 if imperative and named and near else 2.0 if demand else 3.5
        prelude = facts.text.find("? ") >= 0
        score -= 1.5 * (facts.sentences - 1 - prelude) * (facts.end == ".")
    score += 1.0 * named
    score += {"long": -1.5, "list": -1.5, "short": 0.5, "edge": 1.5}[after]
    if before == "list":
        score += 0.5
    return score
