"""German titles and texts made comparable, without the database: the same answers everywhere.

A text becomes *terms*: stems of its words with weights. Case, umlauts („Flüchtling“, „Fluechtling“), endings and stop words make
no difference; compounds are split at the parts listed below („Asylrecht“ → asyl, recht), and „Asyl- und Aufenthaltsrecht“ is read
as „Asylrecht und Aufenthaltsrecht“. Words that half of the programme uses („Grundlagen“, „Ehrenamtliche“) weigh little.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import snowballstemmer
from rapidfuzz import fuzz

# Weights of a term: of a word that says what it is about, and of one that many titles share.
TELLING, COMMON = 1.0, 0.35
# How much of its weight counts for a term that only resembles another one.
RESEMBLING = 0.8
# Terms shorter than this resemble nothing; rapidfuzz's ratio (0–100) from which on the others do.
SHORTEST_RESEMBLING, RATIO_OF_RESEMBLING = 5, 88

# Share of their terms that any two texts of the field have in common, and two that say the same.
ALWAYS_SHARED, ALL_SHARED = 0.1, 0.6

STOP_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis brauchen braucht da damit
    dann das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen
    einer eines er es etwas euch eure für gegen geht gibt haben hat hier hin ich ihr ihre ihren im immer in ins ist ja jede
    jeden jeder kann kein keine können man mehr mein mit muss nach nicht noch nun nur ob oder ohne rund sein seine sich sie
    sind so soll über um und uns unser unsere unter viel viele vom von vor wann warum was wege weiter welche wem wen wenn wer
    werden wie wir wird wo wozu zu zum zur zwischen bzw
    """.split()
)

COMMON_WORDS = """
    abend abende aktuelles angebot arbeit austausch basis basiskurs basiswissen begleiter begleitung beratung betreuung
    ehrenamt ehrenamtlich einblick einführung einstieg engagement engagierte engagierten erfahrung fachtag fortbildung fragen
    freiwillige geflüchtete geflüchteten gemeinsam gespräch grundkurs grundlage grundwissen gut helfen helfer helferin
    helferkreis hilfe hilfreich information infoabend infos interessierte kennen kurs landkreis leben leicht lernen menschen
    migrant migration modul möglichkeiten neu neues neuerungen online praxis qualifizierung recht rechtlich reihe richtig
    runde schulung schulungsreihe seminar tag tage teil thema themen themenabend training treffen treff überblick umgang
    unterstützen unterstützung veranstaltung verfahren verstehen vortrag werkstatt wichtig wissen wissenswertes workshop
    zusammen flucht flüchtling asylkreis arbeitskreis freundeskreis unterstützerkreis bürger dienst ort stadt gemeinde kreis
    """.split()

# What compounds of this field begin or end with; folded as all words are.
WORD_PARTS = """
    abend abschiebung amt angebot anhörung anschluss antrag arbeit arbeits argumentation asyl aufenthalt ausbildung ausländer
    aussage austausch bedarf begegnung begleitung behinderung behörde beratung beruf betreuung bewerbung bezirk bildung
    brücken café datenschutz deeskalation dienst digital dolmetscher duldung ehe ehrenamt eltern erfahrung ernährung familie
    fahrrad feier fest finanz flucht flüchtling folgen förderung forum fortbildung frauen freizeit freundes führer gespräch
    gesetz gesundheit gewalt gruppe grundlagen haftpflicht handy haushalt helfer herkunft hilfe inklusion integration
    jobcenter jugend kenntnisse kinder kirche kompetenz konflikt kranken kreis kultur kurs länder lehrer leistung lern lotsen
    management markt miet mieter migration nachbar nachhilfe nachzug netzwerk papiere parolen paten pflege politik praxis
    projekt prävention psycho qualifizierung radikalisierung rassismus recht religion runde schein schuld schulden schule
    schulung schutz schwangerschaft seminar senioren sozial spenden spiel sport sprach sprache stammtisch stammtische
    strategie studium system tag teilhabe therapie trauma training treff umgang unfall unterbringung unterkunft unterricht
    verein verfahren vermieter vermittlung versicherung vielfalt vorurteil wege werkstatt wissen wohnung wohnungs wohnraum
    wohn zentrum zeugnis zugang
    """.split()

# Words that mean the same here.
SAME_WORDS = {"geflucht": "fluchtling"}

# Letters between the parts of a compound: „Aufenthalt-s-recht“.
LINKING = ("", "s", "es", "n", "en", "er", "e")
VOWELS = tuple("aeiouy")
# What follows a part without being a word: „Nachbar-schaft“, „trauma-tisiert“.
DERIVING = ("lich", "schaft", "isier", "tisier", "isch", "tisch", "keit", "heit", "ung", "igkeit", "los", "igen", "iert")
# A part that no list knows has at least so many letters.
SHORTEST_PART = 4

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
CUT_OFF_BEHIND = re.compile(r"([^\W\d_]+)-(?=(?:,\s*[^\W\d_]+-)*,?\s+(?:und|oder|bzw\.?|sowie|&)\s+([^\W\d_]{6,})|/-?([^\W\d_]{6,}))")
CUT_OFF_BEFORE = re.compile(r"\b([^\W\d_]{6,})(\s+(?:und|oder|bzw\.?|sowie|&)\s+)-([^\W\d_]+)")

_stemmer = snowballstemmer.stemmer("german")


def fold(text: str) -> str:
    """Small letters; umlauts and sharp s written out, accents and soft hyphens dropped."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "").casefold()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        text = text.replace(umlaut, letters)
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word."""
    found = _stemmer.stemWord(word)
    return SAME_WORDS.get(found, found)


_stop_words = frozenset(map(fold, STOP_WORDS))
_parts = frozenset(map(fold, WORD_PARTS))
_common = frozenset(stem(fold(word)) for word in COMMON_WORDS)


@lru_cache(maxsize=50_000)
def split(word: str) -> tuple[str, ...]:
    """The parts of a folded compound, or the word alone. The last known part counts first, then the first one."""
    if len(word) < 2 * SHORTEST_PART or word in _parts:
        return (word,)
    for length in range(len(word) - SHORTEST_PART + 1, 2, -1):
        head = word[-length:]
        # The head may bear an ending: „Asylrechts“.
        if (head in _parts or without_ending(head) in _parts) and (rest := without_link(word[:-length])):
            return (*split(rest), head)
    for length in range(len(word) - SHORTEST_PART, 3, -1):
        if word[:length] in _parts and (rest := after_link(word[length:])):
            return (word[:length], *split(rest))
    return (word,)


def without_ending(word: str) -> str:
    """A part in the plural or genitive as the list has it; umlauts of the plural stay."""
    endings = ("en", "es", "s", "n", "e")
    return next((word[: -len(end)] for end in endings if word.endswith(end) and word[: -len(end)] in _parts), "")


def without_link(rest: str) -> str:
    """What stands before the head, without linking letters if that makes it a known part; empty if it is no word."""
    known = [rest[: len(rest) - len(link)] for link in LINKING if rest.endswith(link)]
    listed = next((part for part in known if part in _parts), "")
    return listed or (rest if len(rest) >= SHORTEST_PART else "")


def after_link(rest: str) -> str:
    """What stands behind a known first part; empty if it is no word but an ending."""
    behind_link = next((rest[len(link) :] for link in LINKING if rest.startswith(link) and rest[len(link) :] in _parts), "")
    if behind_link:
        return behind_link
    if rest.startswith(DERIVING):
        return ""
    if rest[:1] in ("s", "n") and rest[1:2] not in VOWELS:
        rest = rest[1:]
    return rest if len(rest) >= SHORTEST_PART else ""


def complete_hyphens(text: str) -> str:
    """„Asyl- und Aufenthaltsrecht“ → „Asylrecht und Aufenthaltsrecht“; „Asylverfahren und -recht“ → „… und Asylrecht“."""

    def behind(match: re.Match) -> str:
        parts = split(fold(match[2] or match[3]))
        return match[1] + (parts[-1] if len(parts) > 1 else "-")

    def before(match: re.Match) -> str:
        parts = split(fold(match[1]))
        return f"{match[1]}{match[2]}{parts[0] if len(parts) > 1 else ''}{match[3]}"

    return CUT_OFF_BEFORE.sub(before, CUT_OFF_BEHIND.sub(behind, text))


@lru_cache(maxsize=20_000)
def terms(text: str) -> Mapping[str, float]:
    """Stems of the words and parts of compounds with their weights, in order; numbers and common words weigh little.

    A text of stop words alone keeps them: „Was tun?“ is a title too.
    """
    words = [word for found in WORD.findall(complete_hyphens(text)) for word in fold(found).split("-")]
    telling = [word for word in words if word not in _stop_words and (len(word) > 1 or word.isdigit())] or words
    return {term: weight_of(term) for word in telling for part in split(word) if (term := stem(part))}


def weight_of(term: str) -> float:
    return COMMON if term in _common or term.isdigit() else TELLING


@lru_cache(maxsize=50_000)
def resembles(one: str, other: str) -> bool:
    """Whether two stems are forms of one word („trauma“, „traumatisiert“), one is a part of the other, or a slip of the pen."""
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST_RESEMBLING:
        return False
    return long.startswith(short) or long.endswith(short) or fuzz.ratio(one, other) >= RATIO_OF_RESEMBLING


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two titles say the same, 0–1, the same in both directions.

    Mostly the weight of the shared terms among all terms of both; a little whether the shorter one is contained in the other.
    """
    if not one or not other:
        return 0.0
    shared = one.keys() & other.keys()
    ours, theirs = sum(one[term] for term in shared), sum(other[term] for term in shared)
    left = sorted(other.keys() - shared)
    for term in sorted(one.keys() - shared):
        near = next((word for word in left if resembles(term, word)), None)
        if near is not None:
            left.remove(near)
            ours += RESEMBLING * one[term]
            theirs += RESEMBLING * other[near]
    whole, other_whole = sum(one.values()), sum(other.values())
    contained = min(1.0, max(ours / whole, theirs / other_whole))
    # One common word is contained in nearly everything.
    contained *= min(1.0, min(whole, other_whole) / TELLING)
    return 0.65 * (ours + theirs) / (whole + other_whole) + 0.35 * contained


class LikenessTo:
    """``likeness`` of one title to many others; most of them have no term in common and are done with quickly."""

    def __init__(self, title: str):
        self.terms = terms(title)
        self.of_titles: dict[str, float] = {}
        self.near_terms: dict[str, bool] = {}

    def __call__(self, title: str) -> float:
        if title not in self.of_titles:
            others = terms(title)
            self.of_titles[title] = likeness(self.terms, others) if any(map(self.is_near, others)) else 0.0
        return self.of_titles[title]

    def is_near(self, term: str) -> bool:
        if term not in self.near_terms:
            self.near_terms[term] = term in self.terms or any(resembles(own, term) for own in self.terms)
        return self.near_terms[term]


def text_likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much two longer texts say the same, 0–1, by the weight of the terms that both use.

    Texts of the same field always share some; from ``ALL_SHARED`` on they count as the same.
    """
    if not one or not other:
        return 0.0
    both = sum(one[term] for term in one.keys() & other.keys())
    share = 2 * both / (sum(one.values()) + sum(other.values()))
    return min(1.0, max(0.0, (share - ALWAYS_SHARED) / (ALL_SHARED - ALWAYS_SHARED)))
