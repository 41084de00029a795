"""What the search finds, in which order, and what it says; the same on SQLite and PostgreSQL."""

import json

import pytest
from django.db import connection
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from ehrenamt_wagtail.models import ListedDate, Trainer
from ehrenamt_wagtail.programme import search
from ehrenamt_wagtail.programme.filters import parse_filters
from ehrenamt_wagtail.programme.listing import Listing, page_of_listing
from ehrenamt_wagtail.programme.search import FindsWords, TextQuery, search_for, suggestions_for, understood
from ehrenamt_wagtail.programme.vocabulary import Vocabulary, vocabulary_of

from .searched import labelled_queries, publish_offerings

pytestmark = pytest.mark.django_db

PRECISION, RECALL = 0.9, 0.95


def parameters(text: str, **others) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({"q": text, **others})
    return query


def listing(programme, text, **others) -> Listing:
    return Listing(parse_filters(parameters(text, **others)), now=timezone.now(), programme=programme)


# The labelled queries


def answers_of(programme) -> dict[str, frozenset[int]]:
    numbers = publish_offerings(programme)
    return {query.text: frozenset(numbers[row.facts.id] for row in listing(programme, query.text)) for query in labelled_queries()}


def assert_answers_as_stored(programme):
    answers, queries = answers_of(programme), labelled_queries()
    assert len(queries) >= 80
    right = sum(len(answers[query.text] & query.wanted) for query in queries)
    precision = right / sum(map(len, answers.values()))
    recall = right / sum(len(query.wanted) for query in queries)
    print(f"{connection.vendor}: {len(queries)} queries, precision {precision:.3f}, recall {recall:.3f}")
    assert {query.text: sorted(query.found) for query in queries} == {text: sorted(found) for text, found in answers.items()}
    assert precision >= PRECISION
    assert recall >= RECALL


def test_labelled_queries_find_what_is_stored(programme):
    assert_answers_as_stored(programme)


@pytest.mark.postgres
def test_labelled_queries_find_the_same_on_postgresql(programme):
    assert_answers_as_stored(programme)


def assert_ranks_alike(programme):
    """The order by relevance is computed from the same words everywhere."""
    numbers = publish_offerings(programme)
    for text, first in (("Asylrecht", [89, 1, 3]), ("Supervision", [9, 75, 76]), ("Wohnung", [38, 44, 86])):
        rows = listing(programme, text, sortierung="relevanz")[:3]
        assert sorted(numbers[row.facts.id] for row in rows) == sorted(first), text


def test_relevance_puts_titles_first(programme):
    assert_ranks_alike(programme)


@pytest.mark.postgres
def test_relevance_puts_titles_first_on_postgresql(programme):
    assert_ranks_alike(programme)


def test_databases_without_text_search_compare_plain_words(programme, monkeypatch):
    monkeypatch.delattr(FindsWords, f"as_{connection.vendor}")
    numbers = publish_offerings(programme)
    for query in labelled_queries()[::9]:
        assert {numbers[row.facts.id] for row in listing(programme, query.text)} == query.found, query.text


# Words


def words(*stored: str) -> Vocabulary:
    return Vocabulary((word, word.capitalize(), 1, 1) for word in stored)


def meant(typed: str, *stored: str) -> set[str]:
    """The stored words that a typed one is looked for by; those of one alternative joined."""
    found = understood([typed], words(*stored)).words[0].alternatives
    return {"+".join(f"{term.word}{'*' if term.is_beginning else ''}" for term in terms) for terms in found}


@pytest.mark.parametrize(
    ("typed", "stored", "found"),
    [
        ("Flüchtlinge", ["fluchtling"], {"fluchtling"}),
        ("Fluechtling", ["fluchtling"], {"fluchtling"}),
        ("Fluchtling", ["fluchtling"], {"fluchtling"}),
        ("Strassen", ["strass"], {"strass"}),
        ("Asylrecht", ["asyl", "recht"], {"asyl+recht"}),
        ("Asylrecht", ["asyl"], set()),
        ("Ehrenamtstag", ["ehrenamtstag", "ehrenamt", "tag"], {"ehrenamtstag"}),
        ("Wohnung", ["anschlusswohn", "anschluss"], {"anschlusswohn"}),
        ("Bühne", ["gartenbuhn", "gart"], {"gartenbuhn"}),
        ("Bühne", ["gartenbuhn"], set()),
        ("Trauma", ["traumatisiert"], {"traumatisiert"}),
        ("Traumatisierung", ["trauma"], {"trauma"}),
        ("Nachbarn", ["nachbarschaft"], {"nachbarschaft"}),
        ("integrieren", ["integration"], {"integration"}),
        ("Supervisor", ["supervisorin"], {"supervisorin"}),
        ("Superv", ["supervision", "supervisor"], {"superv*"}),
        ("Flücht", ["fluchtling"], {"flucht*"}),
        ("su", ["supervision"], set()),
        ("Supervsion", ["supervision"], {"supervision"}),
        ("Herenberg", ["herrenberg", "heuberg"], {"herrenberg"}),
        ("Hernreberg", ["herrenberg"], {"herrenberg"}),
        ("2016", ["2017"], set()),
        ("Haus", ["maus"], set()),
        ("Kurse", ["kur"], {"kur"}),
    ],
)
def test_word_is_looked_for_by(typed, stored, found):
    assert meant(typed, *stored) == found


def test_misspelt_word_counts_for_the_nearest_and_says_so():
    search = understood(["Supervsion"], words("supervision", "supervisor", "herrenberg"))
    assert [(word.typed, word.instead) for word in search.corrected] == [("Supervsion", ("Supervision",))]
    assert not understood(["Supervision"], words("supervision")).corrected


def test_words_that_say_nothing_are_left_out():
    vocabulary = words("zwickl", "frau", "wie", "asyl", "asylrecht", "recht")
    assert [word.typed for word in understood(["Frau", "Dr.", "Zwickl"], vocabulary).words] == ["Zwickl"]
    assert [word.typed for word in understood(["Frau"], vocabulary).words] == ["Frau"]
    assert [word.typed for word in understood(["„das", "Asyl-", "und", "Recht“", "-wie"], vocabulary).words] == ["Asyl", "Recht"]
    assert understood(["%", "'\"--;"], vocabulary).not_understood


@pytest.mark.parametrize(
    "text",
    ['"Supervision', "-Supervision", "Supervision AND", "Supervision*", "NEAR(a b)", "title_words:NEAR", "x' OR y=y --",
     "NEAR:b|c&!d", "مرحبا", "Привет", "日本", "ﬁ ½ ²", "ENDE\\"],
)  # fmt: skip
def test_signs_and_other_writing_are_searched_for_plainly(programme, live_offering, text):
    live_offering("Supervision AND NEAR ENDE title_words x' OR ﬁ ½ ² مرحبا Привет 日本")
    live_offering("Etwas anderes")
    for order in ("datum", "relevanz"):
        assert [row.title[:11] for row in listing(programme, text, sortierung=order)] == ["Supervision"]


@pytest.mark.parametrize("text", ["\\", "(((", "%", "_", "ʼn", "a\u0301", "x" * 200, "'\";--", '""', "*", "-"])
def test_text_that_says_nothing_finds_nothing(programme, live_offering, text):
    live_offering("Supervision")
    for order in ("datum", "relevanz"):
        assert list(listing(programme, text, sortierung=order)) == []


# Suggestions


def test_nearest_words_are_suggested_where_nothing_is_found():
    vocabulary = words("supervision", "grenz", "leonberg")

    def suggested(*typed):
        return suggestions_for(understood(typed, vocabulary), vocabulary)

    assert suggested("Soperwisoin") == ["Supervision"]
    assert suggested("Grenzen", "Soperwisoin") == ["Grenzen Supervision", "Grenzen"]
    assert suggested("Grenzen", "Leonberg") == ["Grenzen", "Leonberg"]
    assert suggested("Quantenphysik") == []


# In step


def test_search_knows_at_once_what_was_published(programme, live_offering):
    live_offering("Supervision")
    assert search_for(["Gartenbau"], programme.pk).not_understood
    page = live_offering("Gartenbau", rows=[Trainer(name="Öznur Yıldız")])
    assert [row.title for row in listing(programme, "gartnebau")] == ["Gartenbau"]
    assert [row.title for row in listing(programme, "Oeznur")] == ["Gartenbau"]
    page.title = "Blumenbau"
    page.save()
    assert [row.title for row in listing(programme, "Gartenbau")] == []
    page.delete()
    assert "blumenbau" not in vocabulary_of(programme.pk)


def test_vocabulary_is_read_again_only_when_words_came(programme, live_offering, django_assert_num_queries):
    live_offering("Supervision")
    held = vocabulary_of(programme.pk)
    with django_assert_num_queries(1):
        assert vocabulary_of(programme.pk) is held
    live_offering("Gartenbau")
    assert "gartenbau" in vocabulary_of(programme.pk)


@pytest.mark.parametrize("order", ["datum", "relevanz"])
def test_page_of_a_search_takes_one_query(programme, live_offering, django_assert_num_queries, order):
    live_offering("Supervision")
    live_offering("Supervision")
    vocabulary_of(programme.pk)
    found = listing(programme, "Supervsion", sortierung=order)
    with django_assert_num_queries(1):
        page = page_of_listing(found, per_page=1)
        assert [json.loads(row.shown)["title"] for row in page] == ["Supervision"]
        assert (page.paginator.count, page.has_next()) == (2, True)
    assert found.count() == 2


def test_page_behind_the_last_one_is_the_last(programme, live_offering):
    for _number in range(3):
        live_offering("Supervision")
    page = page_of_listing(listing(programme, "Supervision", seite="9"), per_page=2)
    assert (page.number, len(page.object_list), page.paginator.count) == (2, 1, 3)
    assert page_of_listing(listing(programme, "Gartenbau"), per_page=2).paginator.count == 0


@pytest.mark.parametrize(
    "first", [lambda found: found.counted(), lambda found: len(found[:20]), lambda found: len(page_of_listing(found, per_page=9))]
)
def test_words_that_came_after_they_were_read_count(programme, live_offering, first):
    live_offering("Supervision")
    vocabulary_of(programme.pk)
    live_offering("Gartenbau")
    found = listing(programme, "gartnebau")
    assert found.search.not_understood
    assert first(found) == 1
    assert [word.instead for word in found.search.corrected] == [("Gartenbau",)]
    assert found.count() == 1


def test_programme_without_words_finds_nothing(programme):
    found = listing(programme, "Supervision")
    assert (found.counted(), found[:20]) == (0, [])


def test_words_are_those_of_the_programme(programme, live_offering):
    live_offering("Supervision")
    assert search_for(["Supervision"], programme.pk + 1).not_understood


def test_title_counts_more_than_names_and_those_more_than_texts(programme, live_offering, date):
    live_offering("Eins", summary="Töpfern", dates=[date(1)])
    live_offering("Zwei", rows=[Trainer(name="Petra Töpfer")], dates=[date(2)])
    live_offering("Töpfern", dates=[date(3)])
    live_offering("Töpfern für alle", dates=[date(4)])
    assert [row.title for row in listing(programme, "Töpfern")] == ["Eins", "Zwei", "Töpfern", "Töpfern für alle"]
    by_relevance = [row.title for row in listing(programme, "Töpfern", sortierung="relevanz")]
    assert by_relevance == ["Töpfern", "Töpfern für alle", "Zwei", "Eins"]


def test_plain_condition_holds_for_any_rows_of_an_offering(programme, live_offering):
    live_offering("Supervision")
    query = TextQuery(search_for(["Supervision"], programme.pk).words)
    assert ListedDate.objects.filter(offering__title_words__finds=query).count() == 1
    assert ListedDate.objects.filter(offering__title_words__finds=query, offering__art=F("offering__art")).exists()


def test_best_rows_are_the_first_by_relevance(programme, live_offering, date, monkeypatch):
    """A shortcut for words that stand in many titles: it must not change the order."""
    for number in range(6):
        live_offering("Töpfern", dates=[date(9 - number)])
        live_offering("Etwas anderes", summary="Töpfern", dates=[date(number + 1)])
    parts = [slice(0, 4), slice(2, 6), slice(4, 8)]

    def ids():
        found = listing(programme, "Töpfern", sortierung="relevanz")
        return [[row.facts.id for row in found[part]] for part in parts], [found.read_best(part, ("offering",)) for part in parts]

    slow, none = ids()
    monkeypatch.setattr(search, "MANY_TITLES", 0)
    quick, best = ids()
    assert quick == slow
    assert [len(rows) for rows in none] == [0, 0, 0]
    assert [[pk for (pk,) in rows] for rows in best] == [*slow[:2], []]
