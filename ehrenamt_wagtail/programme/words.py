"""The words that offerings are found by: made here when the read model is written, and counted.

A word is stored as its stem („Flüchtlinge“ → fluchtling), a compound besides as those of its parts. No database knows any German.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import connection, transaction

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
        whole = fold(form)
        for folded, written in ((whole, form), *(() if whole in WHOLE else parts_of(form))):
            if word := word_of(folded):
                yield word, written[:LONGEST]


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


def words_in_columns(columns: Mapping[str, str]) -> list[str]:
    return [word for name in COLUMNS for word in columns.get(name, "").split()]


class Changes:
    """Words that offerings of some programmes got or lost, to be counted together."""

    def __init__(self):
        self.numbers: defaultdict[int, Counter] = defaultdict(Counter)
        self.written: dict[str, str] = {}

    def add(self, offering: Mapping, written: Mapping[str, str]) -> None:
        """An offering says this now; ``offering`` are the fields of its row, none if there is none."""
        self.count(offering, 1)
        self.written |= written

    def remove(self, offering: Mapping) -> None:
        self.count(offering, -1)

    def count(self, offering: Mapping, number: int) -> None:
        if offering:
            counter = self.numbers[offering["programme_id"]]
            for word in words_in_columns(offering):
                counter[word] += number

    def save(self) -> None:
        for programme_id, numbers in sorted(self.numbers.items()):
            if changed := {word: number for word, number in numbers.items() if number}:
                change_numbers(programme_id, changed, self.written)


@transaction.atomic
def change_numbers(programme_id: int, changes: Mapping[str, int], written: Mapping[str, str]) -> None:
    """Count that so many more or fewer offerings use each word. Locks the programme's vocabulary until the transaction ends."""
    if all(change < 0 for change in changes.values()) and not ListedVocabulary.objects.filter(pk=programme_id).exists():
        return
    ListedVocabulary.objects.select_for_update().get_or_create(pk=programme_id)
    known = dict(ListedWord.objects.filter(programme=programme_id, word__in=changes).values_list("word", "number"))
    numbers = {word: known.get(word, 0) + change for word, change in changes.items()}
    store(programme_id, {word: number for word, number in numbers.items() if number > 0}, written)
    gone = [word for word, number in numbers.items() if number <= 0 and word in known]
    if gone:
        ListedWord.objects.filter(programme=programme_id, word__in=gone).delete()
    if gone or any(word not in known and number > 0 for word, number in numbers.items()):
        ListedVocabulary.objects.filter(pk=programme_id).update(version=uuid.uuid4())


def store(programme_id: int, numbers: Mapping[str, int], written: Mapping[str, str]) -> None:
    """Store these numbers; how a known word is written stays."""
    named = {"unique_fields": ["programme", "word"]} if connection.features.supports_update_conflicts_with_target else {}
    ListedWord.objects.bulk_create(
        [
            ListedWord(programme_id=programme_id, word=word, written=written.get(word, word), number=number)
            for word, number in sorted(numbers.items())
        ],
        update_conflicts=True,
        update_fields=["number"],
        **named,
        batch_size=1000,
    )


@transaction.atomic
def forget(page_ids: Collection[int]) -> None:
    """Count the words of these offerings no longer and take them from their rows, which are about to go."""
    rows = ListedOffering.objects.filter(pk__in=page_ids)
    changes = Changes()
    for row in rows.select_for_update().order_by("pk").values("programme_id", *COLUMNS):
        changes.remove(row)
    if changes.numbers:
        rows.update(**dict.fromkeys(COLUMNS, ""))
        changes.save()


# All of it


def counted_anew(programme_id: int) -> dict[str, int]:
    rows = ListedOffering.objects.filter(programme=programme_id).values_list(*COLUMNS)
    numbers: Counter = Counter()
    for columns in rows.iterator(chunk_size=1000):
        numbers.update(words_in_columns(dict(zip(COLUMNS, columns, strict=True))))
    return numbers


def wrong_numbers(programme_id: int) -> dict[str, int]:
    """By how much the number of each word is too small, or negative: too large; only those that are wrong."""
    stored = Counter(dict(ListedWord.objects.filter(programme=programme_id).values_list("word", "number")))
    right = Counter(counted_anew(programme_id))
    return {word: right[word] - stored[word] for word in {*stored, *right} if right[word] != stored[word]}


@transaction.atomic
def count_anew(programme_id: int) -> dict[str, int]:
    """Correct the numbers of a programme; gives what ``wrong_numbers`` gave. Publishing waits meanwhile."""
    ListedVocabulary.objects.select_for_update().get_or_create(pk=programme_id)
    wrong = wrong_numbers(programme_id)
    if wrong:
        change_numbers(programme_id, wrong, written_in(programme_id, [word for word, change in wrong.items() if change > 0]))
    return wrong


def written_in(programme_id: int, words: Iterable[str]) -> dict[str, str]:
    """How pages write these words."""
    missing, written = set(words), {}
    rows = ListedOffering.objects.filter(programme=programme_id).order_by("pk")
    for row in rows.only(*COLUMNS).iterator(chunk_size=1000):
        here = missing.intersection(words_in_columns({name: getattr(row, name) for name in COLUMNS}))
        if here:
            page = OfferingPage.objects.get(pk=row.pk).specific
            forms = columns_of(page, facts_of(page))[1]
            written |= {word: forms[word] for word in here if word in forms}
            missing -= here
        if not missing:
            break
    return written
