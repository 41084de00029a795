"""The words that offerings are found by: made here when the read model is written, and counted.

A word is stored as its stem („Flüchtlinge“ → fluchtling), a compound besides as those of its parts. No database knows any German.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from ehrenamt_wagtail.german import fold, parts_of, stem, words_of

from .facts import OfferingFacts, facts_of
from .models import ListedOffering, ListedVocabulary, ListedWord, OfferingPage
from .models.occurrence import Mode

# From the heaviest to the lightest; a word stands in the heaviest only.
COLUMNS = ("title_words", "name_words", "text_words")
LONGEST = 100

# Compounds that mean something else than their parts.
WHOLE = frozenset({"volkshochschule", "volkshochschulen"})
# The stemmer takes the last letter of „Kurs“ for an ending, but not that of „Kurse“.
UNEVEN_STEM = "kurs"


def word_of(folded: str) -> str:
    """What is stored and looked for of one folded word or part."""
    word = stem(folded)
    return "".join(filter(str.isalnum, word[:-1] if word.endswith(UNEVEN_STEM) else word))[:LONGEST]


# The words of a page


def columns_of(page: OfferingPage, facts: OfferingFacts) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of words of a page, and how each word is written there."""
    written: dict[str, str] = {}
    columns = {}
    for name, texts in zip(COLUMNS, (titles_of(page), names_of(page, facts), texts_of(page)), strict=True):
        found = {word: form for text in texts for word, form in words_in(text) if word not in written}
        written |= found
        columns[name] = " ".join(found)
    return columns, written


def words_in(text: str) -> Iterator[tuple[str, str]]:
    """Each word and part of the text with how it is written."""
    for form in words_of(text or ""):
        yield from words_from(form)


@lru_cache(maxsize=50_000)
def words_from(form: str) -> tuple[tuple[str, str], ...]:
    """What is stored of one word as it is written. Offerings say the same words again and again."""
    whole = fold(form)
    forms = ((whole, form), *(() if whole in WHOLE else parts_of(form)))
    return tuple((word, written[:LONGEST]) for folded, written in forms if (word := word_of(folded)))


def titles_of(page: OfferingPage) -> list[str]:
    return [page.title, page.subtitle, page.series_title]


def names_of(page: OfferingPage, facts: OfferingFacts) -> Iterator[str]:
    """Who and where, topics, and the kind as the address parameter names it."""
    yield facts.organiser
    yield facts.town
    yield from (str(host) for host in page.co_hosts.all())
    venues = [page.venue, *(date.venue for date in page.occurrences.all())]
    yield from (f"{venue.name} {venue.municipality}" for venue in venues if venue)
    yield from (str(trainer) for trainer in page.trainers.all())
    yield from (name for _slug, name in facts.topics)
    yield facts.art
    if any(date.mode != Mode.ON_SITE for date in facts.dates):
        yield "online"


def texts_of(page: OfferingPage) -> list[str]:
    return [page.summary, page.contents, page.audience, page.place, page.simple_text]


# How many offerings use each


class Count(NamedTuple):
    """In how many offerings a word stands, and in how many of their titles; or how much that changed."""

    number: int = 0
    titles: int = 0

    def plus(self, other: "Count", times: int = 1) -> "Count":
        return Count(self.number + times * other.number, self.titles + times * other.titles)


def counts_in(columns: Mapping[str, str]) -> Iterator[tuple[str, Count]]:
    """Each word of an offering's row."""
    for name in COLUMNS:
        for word in columns.get(name, "").split():
            yield word, Count(1, int(name == "title_words"))


class Changes:
    """Words that offerings of some programmes got or lost, to be counted together."""

    def __init__(self):
        self.counts: defaultdict[int, dict[str, Count]] = defaultdict(dict)
        self.written: dict[str, str] = {}

    def add(self, offering: Mapping, written: Mapping[str, str]) -> None:
        """An offering says this now; ``offering`` are the fields of its row, none if there is none."""
        self.count(offering, 1)
        self.written |= written

    def remove(self, offering: Mapping) -> None:
        self.count(offering, -1)

    def count(self, offering: Mapping, times: int) -> None:
        if offering:
            counts = self.counts[offering["programme_id"]]
            for word, count in counts_in(offering):
                counts[word] = counts.get(word, Count()).plus(count, times)

    def programme_ids(self) -> list[int]:
        """The programmes whose words have to be counted."""
        return sorted(pk for pk, counts in self.counts.items() if any(map(any, counts.values())))

    def save(self) -> None:
        for programme_id in self.programme_ids():
            changed = {word: count for word, count in self.counts[programme_id].items() if any(count)}
            change_counts(programme_id, changed, self.written)


@transaction.atomic
def change_counts(programme_id: int, changes: Mapping[str, Count], written: Mapping[str, str]) -> None:
    """Count that so many more or fewer offerings use each word. Locks the programme's vocabulary until the transaction ends.

    A number may be negative until those have counted who were told to do so after their commit.
    """
    only_less = all(change.number <= 0 for change in changes.values())
    if only_less and not ListedVocabulary.objects.filter(pk=programme_id).exists():
        return
    ListedVocabulary.objects.select_for_update().get_or_create(pk=programme_id)
    known = stored_counts(programme_id, word__in=changes)
    counts = {word: known.get(word, Count()).plus(change) for word, change in changes.items()}
    store(programme_id, {word: count for word, count in counts.items() if count.number}, written)
    gone = [word for word, count in counts.items() if not count.number and word in known]
    if gone:
        ListedWord.objects.filter(programme=programme_id, word__in=gone).delete()
    if gone or any(word not in known and count.number > 0 for word, count in counts.items()):
        ListedVocabulary.objects.filter(pk=programme_id).update(version=uuid.uuid4())


def stored_counts(programme_id: int, **condition) -> dict[str, Count]:
    rows = ListedWord.objects.filter(programme=programme_id, **condition).values_list("word", "number", "titles")
    return {word: Count(number, titles) for word, number, titles in rows}


def store(programme_id: int, counts: Mapping[str, Count], written: Mapping[str, str]) -> None:
    """Store these counts; how a known word is written stays."""
    rows = [
        ListedWord(programme_id=programme_id, word=word, written=written.get(word, word), **count._asdict())
        for word, count in sorted(counts.items())
    ]
    upsert(rows, ("number", "titles"), unique=("programme", "word"))


def upsert(rows: Sequence[Model], fields: Collection[str], *, unique: Collection[str]) -> None:
    """Store new rows; of those whose ``unique`` fields are there already only these ``fields``."""
    if rows:
        named = {"unique_fields": unique} if connection.features.supports_update_conflicts_with_target else {}
        type(rows[0]).objects.bulk_create(rows, update_conflicts=True, update_fields=fields, **named, batch_size=1000)


@transaction.atomic
def forget(page_ids: Collection[int]) -> None:
    """Count the words of these offerings no longer and take them from their rows, which are about to go."""
    rows = ListedOffering.objects.filter(pk__in=page_ids)
    changes = Changes()
    for row in rows.select_for_update().order_by("pk").values("programme_id", *COLUMNS):
        changes.remove(row)
    if changes.counts:
        rows.update(**dict.fromkeys(COLUMNS, ""))
        changes.save()


# All of it


def counted_anew(programme_id: int) -> dict[str, Count]:
    rows = ListedOffering.objects.filter(programme=programme_id).values("programme_id", *COLUMNS)
    changes = Changes()
    for row in rows.iterator(chunk_size=1000):
        changes.count(row, 1)
    return changes.counts[programme_id]


def wrong_counts(programme_id: int) -> dict[str, Count]:
    """By how much the count of each word is too small, or negative: too large; only those that are wrong."""
    stored, right = stored_counts(programme_id), counted_anew(programme_id)
    differences = {word: right.get(word, Count()).plus(stored.get(word, Count()), -1) for word in {*stored, *right}}
    return {word: difference for word, difference in differences.items() if any(difference)}


@transaction.atomic
def count_anew(programme_id: int) -> dict[str, Count]:
    """Correct the counts of a programme; gives what ``wrong_counts`` gave. Publishing waits meanwhile."""
    ListedVocabulary.objects.select_for_update().get_or_create(pk=programme_id)
    wrong = wrong_counts(programme_id)
    if wrong:
        change_counts(programme_id, wrong, written_in(programme_id, [word for word, count in wrong.items() if count.number > 0]))
    return wrong


def written_in(programme_id: int, words: Iterable[str]) -> dict[str, str]:
    """How pages write these words."""
    missing, written = set(words), {}
    rows = ListedOffering.objects.filter(programme=programme_id).order_by("pk").values("pk", *COLUMNS)
    for row in rows.iterator(chunk_size=1000):
        here = missing.intersection(word for word, _count in counts_in({name: row[name] for name in COLUMNS}))
        if here:
            page = OfferingPage.objects.get(pk=row["pk"]).specific
            forms = columns_of(page, facts_of(page))[1]
            written |= {word: forms[word] for word in here if word in forms}
            missing -= here
        if not missing:
            break
    return written
