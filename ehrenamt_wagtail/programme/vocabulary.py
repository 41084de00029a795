"""The words of a programme, held by each process: what is typed is compared with them.

Whether words came or went since they were read is asked together with something else, or by ``vocabulary_of`` with a short query.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from uuid import UUID

from django.db.models import IntegerField, QuerySet, Subquery
from rapidfuzz import process
from rapidfuzz.distance import OSA

from ehrenamt_wagtail.german import DERIVING, LINKING, SHORTEST_PART, WORD_PARTS, fold, split, stem

from .models import ListedVocabulary, ListedWord
from .words import WHOLE, word_of

# Beginnings are looked for from so many letters on, slips of the pen from so many on, and two slips from so many on.
SHORTEST_BEGINNING, SHORTEST_MISSPELT, TWO_SLIPS = 3, 5, 8
SHORTEST_DERIVED = 5
# So many words are taken for a misspelt one if they are equally near, and so many are suggested.
MOST_NEAREST = 3
# Endings that make a word from another one of the same matter, and those that stand for each other.
MADE_BY = tuple(ending for ending in DERIVING if ending not in ("ung", "los"))
LONGEST_ENDING = 7
# Women of a calling: only at the very end of a word.
FEMALE = ("in", "inn")
OTHER_ENDINGS = (("ieren", "ation"), ("ierung", "ation"), ("iert", "ation"), ("ation", "ieren"))
LAST_LETTER = "\U0010ffff"

WRITTEN_OUT = re.compile(r"ae|oe|(?<![aeiouyq])ue")
listed_parts = frozenset(word_of(fold(part)) for part in WORD_PARTS)


def without_umlauts(folded: str) -> str:
    """A folded word as stems have it: „fluecht“ → flucht."""
    return WRITTEN_OUT.sub(lambda match: match[0][0], folded)


class Vocabulary:
    """Words (stems) with the number of offerings that use each and of titles, and how they are written.

    Never changed once it is read; numbers are thus about right. ``largest`` is the number of the commonest word.
    """

    def __init__(self, rows: Iterable[tuple[str, str, int, int]] = (), *, version: UUID | None = None):
        rows = list(rows)
        self.version = version
        self.number = {word: number for word, _written, number, _titles in rows}
        self.titles = {word: titles for word, _written, _number, titles in rows}
        self.written = {word: written for word, written, _number, _titles in rows}
        self.largest = max(self.number.values(), default=0)
        # What was made of words that were typed; kept by ``search.py``.
        self.understood: dict = {}

    def __contains__(self, word: str) -> bool:
        return word in self.number

    @cached_property
    def sorted(self) -> list[str]:
        return sorted(self.number)

    @cached_property
    def sorted_backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self.number)

    @cached_property
    def by_length(self) -> dict[int, list[str]]:
        found = defaultdict(list)
        for word in self.sorted:
            found[len(word)].append(word)
        return found

    def beginning_with(self, beginning: str) -> Iterator[str]:
        yield from between(self.sorted, beginning)

    def ending_with(self, ending: str) -> Iterator[str]:
        for word in between(self.sorted_backwards, ending[::-1]):
            yield word[::-1]

    # Compounds that only the programme's own words explain

    def is_word(self, part: str) -> bool:
        """Whether a part of a compound, folded or a stem, is a word of its own; it may lack the ending that made it one."""
        return len(part) >= SHORTEST_PART and any(
            word in self.number or word in listed_parts for word in (part, stem(part), f"{part}ung")
        )

    def compounds_with(self, folded: str) -> Iterator[str]:
        """Words that consist of this one and another one of the programme, in either order, perhaps with letters between."""
        forms = forms_of(folded)
        # The stem of a compound may lose an ending that the word alone keeps: anschlusswohn.
        for form in {*forms, *(form.removesuffix("ung") for form in forms if len(form) >= SHORTEST_PART + len("ung"))}:
            for word in self.ending_with(form):
                head = word[: -len(form)]
                if any(head.endswith(link) and self.is_word(head[: len(head) - len(link)]) for link in LINKING):
                    yield word
        for form in forms:
            for word in self.beginning_with(form):
                rest = word[len(form) :]
                if any(rest.startswith(link) and self.is_word(rest[len(link) :]) for link in LINKING):
                    yield word

    def derived_from(self, folded: str) -> Iterator[str]:
        """Words made from this one by another ending, and those that this one is made from: trauma ↔ traumatisiert."""
        root = word_of(folded)
        for ending, other in OTHER_ENDINGS:
            if folded.endswith(ending) and (word := word_of(folded.removesuffix(ending) + other)) in self.number:
                yield word
        for base in bases_of(root, folded):
            yield from (word for end in ("", "n", *FEMALE) if (word := base + end) in self.number)
            yield from (word for word in self.beginning_with(base) if word[len(base) :].startswith(MADE_BY))

    def parts_of(self, folded: str) -> list[str]:
        """The words of a compound that was typed, by the list of parts or by the programme's own words; else the word alone."""
        parts = (folded,) if folded in WHOLE else split(folded)
        if len(parts) == 1:
            parts = self.split_by_own_words(folded)
        return [word_of(part) for part in parts]

    def split_by_own_words(self, folded: str) -> tuple[str, ...]:
        for place in range(SHORTEST_PART, len(folded) - SHORTEST_PART + 1):
            head, rest = folded[:place], folded[place:]
            if word_of(rest) in self.number:
                for link in LINKING:
                    known = head[: len(head) - len(link)] if head.endswith(link) else ""
                    if len(known) >= SHORTEST_PART and word_of(known) in self.number:
                        return (known, rest)
        return (folded,)

    # Slips of the pen

    def nearest(self, folded: str, *, more: int = 0) -> list[str]:
        """The words that differ least: by one letter left out, added, wrong or changed over with the next, in long ones by two.

        Those with the same first letter go before others, then those that more offerings use. Words with digits have none.
        ``more`` slips are allowed besides.
        """
        word = word_of(folded)
        if len(word) < SHORTEST_MISSPELT - more or not word.isalpha():
            return []
        slips = (1 if len(folded) < TWO_SLIPS else 2) + more
        choices = [near for length in range(len(word) - slips, len(word) + slips + 1) for near in self.by_length.get(length, ())]
        found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=None)
        ranked = sorted((distance, near[0] != word[0], -self.number[near], near) for near, distance, _place in found)
        return [near for distance, other, _number, near in ranked if (distance, other) == ranked[0][:2]][:MOST_NEAREST]


def between(words: list[str], beginning: str) -> list[str]:
    return words[bisect_left(words, beginning) : bisect_left(words, beginning + LAST_LETTER)]


def forms_of(folded: str) -> set[str]:
    """How a word may stand in a compound."""
    return {form for form in (word_of(folded), without_umlauts(folded)) if len(form) >= SHORTEST_PART}


def bases_of(root: str, folded: str) -> set[str]:
    """What a word may be made from, itself included."""
    places = (place for place in range(len(root) - LONGEST_ENDING, len(root)) if root[place:].startswith(MADE_BY))
    bases = {root, *(root[:place] for place in places if place > 0), *(folded.removesuffix(ending) for ending in ("n", "ta"))}
    bases |= {root.removesuffix(ending) for ending in FEMALE}
    return {base for base in bases if len(base) >= SHORTEST_DERIVED}


# Held by this process

_held: dict[int, Vocabulary] = {}


def vocabulary_of(programme_id: int) -> Vocabulary:
    """The words of a programme as they are now; one query if none came or went since the last time."""
    version = version_of(programme_id)
    held = _held.get(programme_id)
    return held if held is not None and held.version == version else read_vocabulary(programme_id, version)


def version_of(programme_id: int) -> UUID | None:
    return ListedVocabulary.objects.filter(pk=programme_id).values_list("version", flat=True).first()


def version_column(programme_id: int) -> Subquery:
    """The same as a column of another query."""
    return Subquery(ListedVocabulary.objects.filter(pk=programme_id).values("version"))


def held_vocabulary(programme_id: int) -> Vocabulary:
    """The words that this process knows, which may be old; no query but the first time."""
    return _held.get(programme_id) or vocabulary_of(programme_id)


def read_vocabulary(programme_id: int, version: UUID | None) -> Vocabulary:
    """The words as they are now, ``version`` being what was read before them."""
    rows = ListedWord.objects.filter(programme=programme_id).values_list("word", "written", "number", "titles")
    _held[programme_id] = Vocabulary(rows, version=version)
    return _held[programme_id]


class CountOf(Subquery):
    """How many rows a query gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def version_and_count(programme_id: int, rows: QuerySet) -> tuple[UUID | None, int]:
    """The version of a programme's words, and how many rows there are: in one query."""
    found = ListedVocabulary.objects.filter(pk=programme_id).annotate(found=CountOf(rows)).values_list("version", "found")
    version, number = next(iter(found), (None, 0))
    return version, number or 0
