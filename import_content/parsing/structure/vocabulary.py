"""Words that the rules look for.  Kinds of words only: no school, place or article is listed here.

Languages: English, Spanish, French, German, Portuguese, Italian; names of kinds of institutions and the
closed classes (articles, prepositions, pronouns) of each.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- names of institutions -----------------------------------------------------------------------------

_INSTITUTIONS = """
university universities college colleges institute school academy polytechnic conservatory conservatoire
seminary campus faculty tech institution

universidad colegio instituto escuela academia politécnico politécnica conservatorio facultad
université universite collège college école ecole institut académie lycée cégep cegep polytechnique faculté
universität universitaet hochschule fachhochschule akademie schule berufskolleg kolleg gymnasium
berufsfachschule musikhochschule fernuniversität
universidade faculdade escola politecnico università universita accademia scuola universiteit hogeschool
"""
INSTITUTION_NOUNS = _words(_INSTITUTIONS)
WEAK_INSTITUTION_NOUNS = _words(
    "center centre training education learning online programs technology careers sciences studies tafe"
)
"""Words that names of schools often end with, and that other names end with too."""

NOUN_ENDINGS = ("universität", "hochschule", "schule", "akademie", "université")
"""Languages that write compounds hide the noun at the end of a word."""

ROMANCE_NOUNS = _words(
    """universidad colegio instituto escuela academia facultad conservatorio centro politécnico
    université collège école institut lycée faculté centre cégep
    universidade faculdade escola politecnico università accademia scuola istituto"""
)
NOUNS_WITH_CAMPUSES = _words(
    "university universities université universite universidad universidade universität universita università "
    "hochschule fachhochschule"
)
"""A campus may follow these without anything between: "University of Milton Harrow"."""

SUBJECTS = _words(
    """technology technologies tech music art arts design nursing medicine medical law business science sciences
    engineering health healthcare education studies management culinary fashion film welding dentistry pharmacy
    cosmetology beauty aeronautics aviation trades humanities theology technology, advertising media
    communication communications professional liberal applied veterinary hospitality justice agriculture
    economics finance accounting computing arts, therapy healing wellness institute
    tecnología música diseño enfermería artes ciencias salud derecho medicina
    technologie musique santé droit médecine technik wirtschaft musik medizin"""
)
PLACE_STARTERS = _words(
    """new north south west east northern southern western eastern central upper lower san santa santo saint st
    st. los las el la fort ft port lake mount mt great grand rio río le des cape palm long rhode hong puerto
    british nova prince costa old big little red green white black silver cedar oak two twin saint-"""
)
"""First words of places that have two."""

THINGS_OF_SCHOOLS = _words(
    "press hospital hospitals district board fund library museum foundation avenue street road station bowl medal "
    "bookstore stadium system"
)
"""After a noun these name something else: "Milton University Press"."""

KINDS_OF_SCHOOL = _words(
    """community technical vocational trade online private public state junior senior four-year two-year
    4-year 2-year medical nursing graduate undergraduate law high business local city county regional career
    for-profit nonprofit non-profit traditional accredited your the a an any liberal arts art culinary beauty
    cosmetology dental flight driving truck massage welding night evening summer distance virtual primary
    secondary middle elementary boarding charter bible research and or of in on for
    universities colleges schools institutes academies programs courses further sixth form
    comunitario comunitaria técnico técnica privada privado pública público de
    """
)
"""A "name" made of these and an institution noun alone names a kind of school, not a school."""

NAME_CONNECTORS = _words(
    "of the at in and for & + – — - de del la las los el y e do da dos das du des le les l’ d’ et à au aux en "
    "für und der die das an am zu zur von van di della delle degli dei sur upon on"
)
"""May stand uncapitalised inside a name, when a capitalised word follows."""

ABBREVIATIONS = _words("st mt ft dr mr mrs ms jr sr no dept univ inst ste sta prof gen")

# --- how a sentence begins -----------------------------------------------------------------------------

_FUNCTION_WORDS = """
the a an this that these those its their your our his her my it they we you he she i who what when where
which why how whether while with without within under over through throughout from to for in on at by of as
if since because although though after before during between among both each every all any most many some
several few more less most no not only one two three four five six seven eight nine ten twelve once here there now today
also and but or so yet than then unlike like based located founded established known offering designed
whatever whoever everything everyone anyone nothing something nearly almost about around up

hay es son tiene tienen ofrece
el la los las un una unos unas lo este esta estos estas ese esa su sus con sin en por para desde hasta entre
sobre cada todo toda todos todas quien cuando donde como si se al del aquí más
le la les un une des ce cette ces son sa ses leur leurs avec sans dans en pour par depuis sur chaque tout
toute tous qui quand où comme si il elle ils elles on au aux du ici plus cet l’ d’
der die das ein eine einen einem einer dieser diese dieses mit ohne in im für von vom bei beim seit auf an am
zum zur nach wer was wo wenn als alle alles jede jeder jedes hier es sie er wir ihr man auch
o os um uma seu sua com sem em no na nos nas por para desde
il lo gli uno questa questo con senza nel nella per
"""
FUNCTION_WORDS = _words(_FUNCTION_WORDS)

_COMMON_OPENERS = """
students graduates classes courses programs programmes training tuition nurses applicants learners
instructors evening weekend online day night small founded located flexible offers offering earn learn study
finish complete get take choose join start begin prepare campuses credits degrees diploma certificate
certification hands-on self-paced accredited full-time part-time candidates teachers faculty members
graduating anyone working adults new known ranked public private nonprofit lessons workshops lectures
estudiantes alumnos clases cursos programas ofrece étudiants cours programmes formation studierende kurse
"""
COMMON_OPENERS = _words(_COMMON_OPENERS)

ARTICLES = _words("the a an la el los las le les l’ der die das o os as il lo un una une ein eine")

# --- sections and calls to action ----------------------------------------------------------------------

LISTING_WORDS = re.compile(
    r"\b(?:schools?|colleges?|universit(?:y|ies)|institut(?:es?|ions?)|academ(?:y|ies)|programs?|programmes?|"
    r"classes|courses|where to (?:study|learn|train|go|enrol+)|(?:where can|where should) i \w+|the list|"
    r"providers?|campuses|conservatories|degrees online|places to (?:study|train)|"
    r"escuelas?|universidad(?:es)?|colegios?|institutos?|programas|d[oó]nde\b.{0,40}\b(?:estudiar|formarse|aprender)|"
    r"[ée]coles?|universités?|collèges?|formations?|où\b.{0,40}\b(?:étudier|se former|apprendre)|"
    r"hochschulen?|universit[äa]t(?:en)?|schulen?|akademien?|wo\b.{0,40}\b(?:studieren|lernen)|"
    r"faculdades?|universidades?|escolas?|scuole|universit[àa])\b",
    re.IGNORECASE,
)

SCHOOL_HEADING = re.compile(
    r"\b(?:schools?|colleges|universities|institutes|academies|where to (?:study|learn|train|enrol+)|"
    r"places to (?:study|train|learn)|escuelas|universidades|d[oó]nde\b.{0,40}\b(?:estudiar|formarse|aprender)|"
    r"[ée]coles|universités|où\b.{0,40}\b(?:étudier|se former|apprendre)|hochschulen|universitäten|schulen|akademien|"
    r"wo\b.{0,40}\b(?:studieren|lernen)|faculdades|escolas|scuole)\b",
    re.IGNORECASE,
)
"""Promises schools by that word: enough for names that do not look like one."""

LABEL_NAMES = _words(
    """cost costs price prices fee fees tuition location locations phone telephone address website web email e-mail
    length duration hours schedule time times date dates note notes tip tips warning example step question answer
    contact program programs programme degree degrees credential admission admissions requirements accreditation
    pros cons best summary overview salary pay rating ranking format online campus deadline source sources"""
)
"""Before a colon these are labels, no names."""

BY_PLACE = re.compile(
    r"\b(?:by|per|in each|por|par|nach)\s+(?:the\s+)?(?:states?|province|region|city|country|"
    r"county|area|estado|ciudad|provincia|région|ville|bundesland|stadt|campus|district|territory)\b",
    re.IGNORECASE,
)

FAQ = re.compile(
    r"\b(?:frequently asked questions|faqs?|common questions|q\s?&\s?a|questions and answers|"
    r"questions? (?:people|students|readers) ask|preguntas frecuentes|questions fréquentes|foire aux questions|"
    r"häufige fragen|häufig gestellte fragen|perguntas frequentes|domande frequenti)\b",
    re.IGNORECASE,
)
