import pytest

from ehrenamt_wagtail.coordination.text import COMMON, TELLING, likeness, terms, text_likeness


def test_terms_are_weighted_stems_without_stop_words():
    assert terms("Die Grundlagen des Asylrechts") == {"grundlag": COMMON, "asyl": TELLING, "recht": COMMON}


def test_words_for_the_same_people_are_one_term():
    assert terms("Geflüchtete") == terms("Flüchtlinge")


def test_title_of_stop_words_alone_keeps_them():
    assert terms("Wie wir sind")
    assert terms(" – ") == {}


def test_compound_and_hyphen_are_nearly_the_same():
    alike = likeness(terms("Asylrecht Grundlagen"), terms("Grundlagen des Asyl- und Aufenthaltsrechts"))
    assert alike > 0.8
    assert likeness(terms("Asylrecht Grundlagen"), terms("Fahrradwerkstatt")) == 0


def test_likeness_is_the_same_in_both_directions():
    titles = ["Trauma und Flucht", "Traumatisierte begleiten", "Kinder schützen im Ehrenamt", "Kinderschutz", "Recht"]
    for one in titles:
        for other in titles:
            assert likeness(terms(one), terms(other)) == pytest.approx(likeness(terms(other), terms(one)))
            assert 0 <= likeness(terms(one), terms(other)) <= 1


def test_one_common_word_contained_in_a_title_says_little():
    assert likeness(terms("Recht"), terms("Mietrecht und Nebenkosten")) < 0.4


def test_texts_are_compared_by_what_they_share():
    text = "Anhörung, Bescheid und Klage an Beispielen erklärt"
    assert text_likeness(terms(text), terms(text)) == 1
    assert text_likeness(terms(text), terms("Wir kochen zusammen Suppe aus Syrien")) == 0
    assert text_likeness({}, terms(text)) == 0
