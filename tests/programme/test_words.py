"""The words that offerings are found by, and how they are counted."""

import io

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.models import ListedOffering, ListedVocabulary, ListedWord
from tests import factories

pytestmark = pytest.mark.django_db


def numbers(**words):
    return dict(ListedWord.objects.filter(**words).values_list("word", "number"))


def check(*options):
    call_command("ehrenamt_rebuild_listing", *options, stdout=io.StringIO())


def version():
    return ListedVocabulary.objects.get().version


def test_words_are_stems_and_parts_in_the_column_that_weighs_most(live_offering, date):
    mill = factories.VenueFactory(name="Alte Mühle", municipality__name="Leonberg")
    page = live_offering(
        "Asylrecht für Einsteiger", summary="Das Asylverfahren in Leonberg.", venue=mill, dates=[date(1, mode="online")]
    )
    row = ListedOffering.objects.get(pk=page.pk)
    assert row.title_words == "asylrecht asyl recht einsteig"
    assert {"alt", "muhl", "leonberg", "fortbild", "onlin"} <= set(row.name_words.split())
    assert {"asylverfahr", "verfahr"} <= set(row.text_words.split())
    assert not {"asyl", "leonberg", "das", "in"} & set(row.text_words.split())


def test_words_are_counted_once_an_offering_with_how_they_are_written(live_offering):
    live_offering("Behördengänge", summary="Der Gang zur Behörde.")
    live_offering("Gang zum Amt")
    assert numbers(word__in=["behordengang", "behord", "gang"]) == {"behordengang": 1, "behord": 1, "gang": 2}
    assert ListedWord.objects.get(word="behord").written == "Behörde"


def test_words_of_an_offering_that_is_gone_are_gone(live_offering):
    kept = live_offering("Asylrecht")
    gone = [live_offering(f"Asylrecht {name}") for name in ("Gartenbau", "Töpfern", "Ikebana")]
    before = version()
    gone[0].delete()
    gone[1].unpublish()
    PageViewRestriction.objects.create(page=gone[2], restriction_type=PageViewRestriction.LOGIN)
    assert numbers(word__in=["gartenbau", "topf", "ikebana", "asylrecht"]) == {"asylrecht": 1}
    assert version() != before
    kept.delete()
    assert numbers() == {}


def test_changed_text_changes_what_changed(live_offering):
    page = live_offering("Gartenbau", summary="Beete anlegen")
    before = version()
    page.summary = "Bäume schneiden"
    page.save()
    assert numbers(word__in=["beet", "baum", "gartenbau"]) == {"baum": 1, "gartenbau": 1}
    assert version() != before
    before = version()
    live_offering("Gartenbau", summary="Bäume schneiden", organisation=page.organisation)
    assert numbers(word__in=["baum", "gartenbau"]) == {"baum": 2, "gartenbau": 2}
    assert version() == before


def test_wrong_numbers_are_found_and_corrected(live_offering):
    live_offering("Gartenbau")
    check("--check")
    right = numbers()
    ListedWord.objects.filter(word="gartenbau").update(number=7)
    ListedWord.objects.filter(word="fortbild").delete()
    ListedWord.objects.create(programme=ListedVocabulary.objects.get().programme, word="geheim", written="geheim", number=1)
    with pytest.raises(CommandError, match="1 offerings are listed wrong"):
        check("--check")
    assert numbers() != right
    check()
    assert numbers() == right
    assert ListedWord.objects.get(word="fortbild").written == "fortbildung"
    check("--check")
