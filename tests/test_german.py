import pytest

from ehrenamt_wagtail.german import complete_hyphens, fold, parts_of, split, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("Flüchtling", "FLUECHTLING"), ("Straße", "strasse"), ("Café", "cafe"), ("Asyl\u00adrecht", "asylrecht")],
)
def test_spelling_makes_no_difference(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("asylrecht", ("asyl", "recht")),
        ("aufenthaltsrechts", ("aufenthalt", "rechts")),
        ("stammtischparolen", ("stammtisch", "parolen")),
        ("behoerdengaenge", ("behoerde", "gaenge")),
        ("gerechtigkeit", ("gerechtigkeit",)),
        ("traumatisiert", ("traumatisiert",)),
        ("nachbarschaft", ("nachbarschaft",)),
        ("ehrenamtlich", ("ehrenamtlich",)),
    ],
)
def test_compounds_are_split_and_derived_words_are_not(word, parts):
    assert split(word) == parts


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("Asyl- und Aufenthaltsrecht", "Asylrecht und Aufenthaltsrecht"),
        ("Miet-, Asyl- und Sozialrecht", "Mietrecht, Asylrecht und Sozialrecht"),
        ("Asylverfahren und -recht", "Asylverfahren und asylrecht"),
        ("Online-Seminar", "Online-Seminar"),
        ("Haus- und Hof", "Haus- und Hof"),
    ],
)
def test_hyphens_are_completed_where_the_compound_is_known(text, completed):
    assert complete_hyphens(text) == completed


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Behördengänge", [("behoerde", "Behörde"), ("gaenge", "Gänge")]),
        ("straßenfest", [("strassen", "straßen"), ("fest", "fest")]),
        ("Müller", [("mueller", "Müller")]),
    ],
)
def test_parts_are_also_given_as_they_are_written(word, parts):
    assert parts_of(word) == parts


def test_telling_words_are_those_that_say_something():
    assert words_of("Die Grundlagen des Asyl- und Aufenthaltsrechts, Teil 1") == [
        "Grundlagen", "Asylrechts", "Aufenthaltsrechts", "Teil", "1",
    ]  # fmt: skip
    assert words_of("Was ist das?") == ["Was", "ist", "das"]
