"""What is typed into the search, understood with the words of the programme, and the condition that finds it.

Words combine as AND. Each is looked for by its stem; with it come compounds that contain it and words derived from it. A word that
nobody uses is taken for the beginning of one, else for a misspelt one. All of it happens here, so that every database is asked for
the same plain words and gives the same answers. ``docs/search.md`` says it in more words.
"""

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

from django.db.models import Case, Expression, IntegerField, Lookup, Q, TextField, Value, When

from ehrenamt_wagtail.german import fold, words_of

from .vocabulary import SHORTEST_BEGINNING, Vocabulary, vocabulary_of, without_umlauts
from .words import COLUMNS, word_of

# What a word counts for the order by relevance, by the column that has it.
WEIGHTS = {"title_words": 100, "name_words": 10, "text_words": 1}
MOST_SUGGESTED = 3
MOST_KEPT = 2000
# From these shares of all offerings on the first page is found sooner in the order of the list than by the index of words.
COMMON, COMMON_IN_TITLES = 0.05, 0.01
# A search that fewer titles may have compares all that it finds anyway.
MANY_TITLES = 500
# Up to this share all that is found is read and sorted, however little of it is wanted.
RARE = 0.005
# A known compound with one of these is not looked for by its parts: „Ehrenamtstag“ is more than the honorary office and a day.
VAGUE = frozenset(map(word_of, "abend arbeit grund haus kreis kurs platz raum stunde tag woche".split()))
# Before a name they say nothing.
FORMS_OF_ADDRESS = frozenset({"frau", "herr", "herrn", "dr", "prof"})


class Term(NamedTuple):
    """A word as it is stored, or what it begins with."""

    word: str
    is_beginning: bool = False


@dataclass(frozen=True)
class Understood:
    """One word that was typed: each alternative finds it, an alternative with all of its terms.

    ``instead`` are the words, as they are written, that a misspelt one was taken for.
    """

    typed: str
    alternatives: tuple[tuple[Term, ...], ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """All words that were typed. The rarest of them stands in so many of the ``offerings`` of the programme and in so many of their
    titles, about.
    """

    words: tuple[Understood, ...]
    number: int
    titles: int
    offerings: int

    @property
    def is_rare(self) -> bool:
        return self.number < RARE * self.offerings

    @property
    def is_common(self) -> bool:
        return self.number > COMMON * self.offerings

    @property
    def is_common_in_titles(self) -> bool:
        return self.titles > max(COMMON_IN_TITLES * self.offerings, MANY_TITLES)

    @property
    def corrected(self) -> list[Understood]:
        return [word for word in self.words if word.instead]

    @property
    def not_understood(self) -> list[Understood]:
        return [word for word in self.words if not word.alternatives]


def understood(typed: Iterable[str], vocabulary: Vocabulary) -> Search:
    """Quotation marks, signs and stop words say nothing; a text of stop words alone is looked for all the same."""
    text = " ".join(typed)
    telling = [word for word in dict.fromkeys(words_of(text)) if fold(word) not in FORMS_OF_ADDRESS] or words_of(text)
    words = tuple(understood_word(word, vocabulary) for word in telling) or (Understood(text),)
    return Search(
        words,
        number=min(number_of(word, vocabulary.number, vocabulary) for word in words),
        titles=min(number_of(word, vocabulary.titles, vocabulary) for word in words),
        offerings=vocabulary.largest,
    )


def understood_word(typed: str, vocabulary: Vocabulary) -> Understood:
    """What ``looked_up`` gives, kept as long as the words are the same: to compare one with 50,000 takes some milliseconds."""
    known = vocabulary.understood
    found = known.get(typed)
    if found is None:
        if len(known) >= MOST_KEPT:
            known.clear()
        found = known[typed] = looked_up(typed, vocabulary)
    return found


def looked_up(typed: str, vocabulary: Vocabulary) -> Understood:
    folded = fold(typed)
    if found := tuple(by_itself(folded, vocabulary)):
        return Understood(typed, tuple(dict.fromkeys(found)))
    if beginning := beginning_of(folded, vocabulary):
        return Understood(typed, ((Term(beginning, is_beginning=True),),))
    near = vocabulary.nearest(folded)
    found = [terms for word in near for terms in ((Term(word),), *by_itself(fold(vocabulary.written[word]), vocabulary))]
    return Understood(typed, tuple(dict.fromkeys(found)), tuple(vocabulary.written[word] for word in near))


def by_itself(folded: str, vocabulary: Vocabulary) -> Iterator[tuple[Term, ...]]:
    word = word_of(folded)
    if word in vocabulary:
        yield (Term(word),)
    for other in (*vocabulary.compounds_with(folded), *vocabulary.derived_from(folded)):
        yield (Term(other),)
    parts = vocabulary.parts_of(folded)
    says_enough = word not in vocabulary or VAGUE.isdisjoint(parts)
    if len(parts) > 1 and says_enough and all(part in vocabulary for part in parts):
        yield tuple(map(Term, parts))


def beginning_of(folded: str, vocabulary: Vocabulary) -> str:
    """The beginning of a word of the programme that this is; empty if it is none."""
    beginnings = (without_umlauts(folded), word_of(folded))
    return next((word for word in beginnings if len(word) >= SHORTEST_BEGINNING and any(vocabulary.beginning_with(word))), "")


def number_of(understood: Understood, numbers: Mapping[str, int], vocabulary: Vocabulary) -> int:
    """How many have a word by these numbers, as far as they tell: alternatives are taken to stand apart."""

    def number_of_term(term: Term) -> int:
        words = vocabulary.beginning_with(term.word) if term.is_beginning else [term.word]
        return sum(numbers.get(word, 0) for word in words)

    return sum(min(map(number_of_term, terms)) for terms in understood.alternatives)


def suggestions_for(search: Search, vocabulary: Vocabulary) -> list[str]:
    """Other texts to look for where nothing was found, the nearest first."""
    typed = [word.typed for word in search.words]
    if search.not_understood:
        known = " ".join(word.typed for word in search.words if word.alternatives)
        near = [
            " ".join(vocabulary.written[other] if word == missed.typed else word for word in typed)
            for missed in search.not_understood
            for other in vocabulary.nearest(fold(missed.typed), more=1)
        ]
        found = [*near, *filter(None, [known])]
    else:
        found = typed if len(typed) > 1 else []
    return list(dict.fromkeys(found))[:MOST_SUGGESTED]


# In the database


def search_for(words: Iterable[str], programme_id: int) -> Search | None:
    """What was typed, understood with the words of the programme as they are now; nothing if nothing was typed."""
    words = list(words)
    return understood(words, vocabulary_of(programme_id)) if words else None


def found_by(search: Search, *, in_order: bool) -> Q:
    """The condition for rows that belong to a ``ListedOffering``: all words are found.

    ``in_order`` says that only the first of them are wanted, in the order that the list has an index for.
    """
    if search.not_understood:
        return Q(pk__in=[])
    is_common = search.is_common if in_order else None
    return Q(offering__title_words__finds=TextQuery(search.words, is_common=is_common))


def offerings_found_by(search: Search) -> Q:
    """The same condition for ``ListedOffering`` itself, to count them."""
    return Q(pk__in=[]) if search.not_understood else Q(title_words__finds=TextQuery(search.words))


def found_in_titles(search: Search) -> Q | None:
    """The condition for what fits best of all; nothing if titles have the words so seldom that all have to be compared anyway."""
    if search.not_understood or not search.is_common_in_titles:
        return None
    return Q(offering__title_words__finds=TextQuery(search.words, "title_words", is_common=True))


def relevance(search: Search) -> Expression:
    """How well such a row fits: for each word what the weightiest column with it counts."""
    scores = [
        Case(
            *(When(offering__title_words__finds=TextQuery((word,), column), then=Value(weight)) for column, weight in WEIGHTS.items()),
            default=Value(0),
            output_field=IntegerField(),
        )
        for word in search.words
        if word.alternatives
    ]
    return reduce(operator.add, scores, Value(0, output_field=IntegerField()))


@dataclass(frozen=True)
class TextQuery:
    """Some of the words, wherever they stand or in one column alone.

    What is common is found soon by reading the list in its order, what is not by the index of words; ``None`` leaves that to the
    database.
    """

    words: tuple[Understood, ...]
    column: str = ""
    is_common: bool | None = None


def in_postgresql(query: TextQuery, table: str) -> tuple[str, str]:
    """The condition for rows of ``ListedOffering``, called ``table``, with braces where the text belongs, and the text."""
    weight = "ABC"[COLUMNS.index(query.column)] if query.column else ""

    def term(term: Term) -> str:
        mark = f":{'*' if term.is_beginning else ''}{weight}".rstrip(":")
        return f"'{term.word}'{mark}"

    text = combined(query.words, term, "&", "|")
    if query.is_common is None:
        return f"{table}.search @@ {{}}::tsquery", text
    if query.is_common:
        # No index serves this.
        return f"({table}.search @@ {{}}::tsquery) IS TRUE", text
    # OFFSET keeps the planner from looking at each offering of the list in turn.
    found = "SELECT offering_id FROM ehrenamt_wagtail_listedoffering WHERE search @@ {}::tsquery OFFSET 0"
    return f"{table}.offering_id IN ({found})", text


def in_sqlite(query: TextQuery, table: str) -> tuple[str, str]:
    """As ``in_postgresql``."""
    text = combined(query.words, lambda term: f'"{term.word}"{" *" if term.is_beginning else ""}', "AND", "OR")
    index = "ehrenamt_wagtail_listedsearch"
    found = f"SELECT rowid FROM {index} WHERE {index} MATCH {{}}"
    return f"{table}.offering_id IN ({found})", f"{query.column} : ({text})" if query.column else text


WRITTEN = {"postgresql": in_postgresql, "sqlite": in_sqlite}


@TextField.register_lookup
class FindsWords(Lookup):
    """``offering__title_words__finds=TextQuery(…)``: whether a listed offering has the words, in whatever column they stand.

    Each database looks into what migration 0005 made for it; one that has nothing compares the plain columns.
    """

    lookup_name = "finds"
    prepare_rhs = False

    def table(self, compiler) -> str:
        """The alias of the table whose column is asked; Django's versions differ in whether they quote it."""
        return compiler.compile(self.lhs)[0].rpartition(".")[0]

    def as_vendor(self, compiler, connection):
        condition, text = WRITTEN[connection.vendor](self.rhs, self.table(compiler))
        return condition.format("%s"), [text]

    as_postgresql = as_sqlite = as_vendor

    def as_sql(self, compiler, connection):
        table, quote = self.table(compiler), connection.ops.quote_name
        columns = [f"{table}.{quote(name)}" for name in ([self.rhs.column] if self.rhs.column else COLUMNS)]
        parameters: list[str] = []

        def term(term: Term) -> str:
            end = "%" if term.is_beginning else ""
            tests = []
            for column in columns:
                for pattern in (f"{term.word}{end}", f"{term.word}{end} %", f"% {term.word}{end}", f"% {term.word}{end} %"):
                    tests.append(f"{column} LIKE %s")
                    parameters.append(pattern)
            return f"({' OR '.join(tests)})"

        return combined(self.rhs.words, term, "AND", "OR"), parameters


def combined(words: Iterable[Understood], written, and_: str, or_: str) -> str:
    """The words in the syntax of a database. Stored words have letters and digits only: nothing needs an escape."""

    def group(parts: Iterable[str], operator: str) -> str:
        return "(" + f" {operator} ".join(parts) + ")"

    return group((group((group(map(written, terms), and_) for terms in word.alternatives), or_) for word in words), and_)
