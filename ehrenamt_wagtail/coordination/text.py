"""German titles and texts compared, without the database: the same answers everywhere.

A text becomes *terms*: stems of its words with weights (see ``ehrenamt_wagtail.german``). Words that half of the programme uses
(„Grundlagen“, „Ehrenamtliche“) weigh little.
"""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from ehrenamt_wagtail.german import fold, split, stem, words_of

# Weights of a term: of a word that says what it is about, and of one that many titles share.
TELLING, COMMON = 1.0, 0.35
# How much of its weight counts for a term that only resembles another one.
RESEMBLING = 0.8
# Terms shorter than this resemble nothing; rapidfuzz's ratio (0–100) from which on the others do.
SHORTEST_RESEMBLING, RATIO_OF_RESEMBLING = 5, 88

# Share of their terms that any two texts of the field have in common, and two that say the same.
ALWAYS_SHARED, ALL_SHARED = 0.1, 0.6

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

_common = frozenset(stem(fold(word)) for word in COMMON_WORDS)


@lru_cache(maxsize=20_000)
def terms(text: str) -> Mapping[str, float]:
    """Stems of the words and parts of compounds with their weights, in order; numbers and common words weigh little.

    A text of stop words alone keeps them: „Was tun?“ is a title too.
    """
    words = [fold(word) for word in words_of(text)]
    return {term: weight_of(term) for word in words for part in split(word) if (term := stem(part))}


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
