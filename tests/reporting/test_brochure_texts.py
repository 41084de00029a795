import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehrenamt_wagtail.reporting.brochure.texts import cut, one_line, shown_address

SENTENCES = (
    "Wir treffen uns am 14. März um 19 Uhr, z. B. zum Kaffee. Danach sprechen wir mit Dr. Beispiel. Am Ende bleibt Zeit für Fragen."
)


def test_short_text_stays_as_it_is():
    assert cut("Ein Satz.\n\nNoch einer.", 100) == ("Ein Satz.\n\nNoch einer.", False)


@pytest.mark.parametrize(
    ("longest", "expected"),
    [
        (100, "Wir treffen uns am 14. März um 19 Uhr, z. B. zum Kaffee. Danach sprechen wir mit Dr. Beispiel."),
        (80, "Wir treffen uns am 14. März um 19 Uhr, z. B. zum Kaffee."),
        # Neither a date nor an abbreviation ends a sentence: a word does, and says that more follows.
        (50, "Wir treffen uns am 14. März um 19 Uhr, z. B. zum …"),
        (25, "Wir treffen uns am 14. …"),
    ],
)
def test_text_stops_behind_a_sentence_or_a_word(longest, expected):
    assert cut(SENTENCES, longest) == (expected, True)


def test_text_stops_behind_a_paragraph_if_that_leaves_little_out():
    first, second = "Erster Absatz mit Worten. " * 3, "Zweiter Absatz. Er geht sehr viel weiter als der erste. "
    text = f"{first.strip()}\n\n{second}"
    assert cut(text, 100) == (first.strip(), True)
    assert cut(text, len(first) + 40) == (f"{first.strip()}\n\nZweiter Absatz.", True)


def test_word_without_end_is_broken_off():
    assert cut("a" * 500, 100) == ("a" * 99 + "…", True)
    assert cut("b" * 50_000, 900)[1]


def test_quotes_and_questions_end_sentences():
    text = "Er fragte: „Wer kommt?“ Niemand sprach. Alle schwiegen lange und sahen sich an."
    assert cut(text, 42)[0] == "Er fragte: „Wer kommt?“ Niemand sprach."
    assert cut(text, 30)[0] == "Er fragte: „Wer kommt?“"


# Any letters, and what has many sentences and paragraphs.
TEXTS = st.one_of(st.text(max_size=300), st.text("aB .?!“\n", min_size=200, max_size=300))


@given(TEXTS, st.integers(min_value=10, max_value=200))
def test_cut_is_never_longer_and_says_whether_it_cut(text, longest):
    shown, is_cut = cut(text, longest)
    assert len(shown) <= longest + 2
    assert not is_cut or shown


def test_line_has_no_breaks_and_no_pictures():
    assert one_line("Erste\r\nZeile 🎉 und\tmehr") == "Erste Zeile und mehr"


def test_address_is_shown_as_one_types_it():
    assert shown_address("https://www.kreis.example/programm/asyl/") == "www.kreis.example/programm/asyl"
    assert shown_address("") == ""
