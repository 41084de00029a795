"""Special days: holidays and the register of blocked dates, in order, and the warning where holidays are not known."""

import datetime as dt

import pytest

from ehrenamt_wagtail.coordination.days import (
    BLOCKED,
    PUBLIC,
    SCHOOL,
    holidays_between,
    missing_school_holidays,
    special_days,
)
from ehrenamt_wagtail.models import BlockedDate
from tests.factories import MunicipalityFactory


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_span_names_its_days_in_german():
    found = holidays_between(day("2027-05-20"), day("2027-05-20"))
    assert [(span.name, span.kind, span.when) for span in found] == [
        ("Himmelfahrts-/Pfingstferien", SCHOOL, "18.–29. Mai 2027")
    ]


@pytest.mark.django_db
def test_special_days_holds_all_that_touches_the_days_in_order():
    town, other = MunicipalityFactory(), MunicipalityFactory()
    for name, first, last, where in [
        ("Bundestagswahl", "2027-05-23", None, None),
        ("Ramadan", "2027-04-01", "2027-05-20", None),
        ("Stadtfest", "2027-05-22", None, town),
        ("Fest der anderen", "2027-05-22", None, other),
        ("Später", "2027-06-12", None, None),
    ]:
        BlockedDate.objects.create(name=name, from_date=day(first), until_date=last and day(last), municipality=where)
    found = special_days(day("2027-05-19"), day("2027-05-28"), town.pk)
    assert [(special.name, special.kind) for special in found] == [
        ("Ramadan", BLOCKED),
        ("Himmelfahrts-/Pfingstferien", SCHOOL),
        ("Stadtfest", BLOCKED),
        ("Bundestagswahl", BLOCKED),
        ("Fronleichnam", PUBLIC),
    ]
    without_town = special_days(day("2027-05-19"), day("2027-05-28"))
    assert "Stadtfest" not in [special.name for special in without_town]


@pytest.mark.django_db
def test_only_avoided_days_of_the_register_are_strong():
    BlockedDate.objects.create(name="Wahl", from_date=day("2027-05-17"))
    BlockedDate.objects.create(name="Messe", from_date=day("2027-05-17"), weight="hint")
    found = special_days(day("2027-05-17"), day("2027-05-17"))
    assert {special.name: special.is_strong for special in found} == {"Wahl": True, "Messe": False, "Pfingstmontag": False}


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2027-01-01", "2028-12-31", []),
        ("2029-02-01", "2029-03-01", ["2029"]),
        ("2028-11-01", "2029-03-01", ["2029"]),
        ("2029-11-01", "2031-03-01", ["2029", "2030", "2031"]),
    ],
)
def test_warning_names_the_years_whose_school_holidays_are_incomplete(first, last, years):
    sentence = missing_school_holidays(day(first), day(last))
    assert bool(sentence) == bool(years)
    for year in range(2027, 2032):
        assert (str(year) in sentence) == (str(year) in years)


def test_country_without_school_holidays_has_no_warning(settings):
    settings.EHRENAMT = {"HOLIDAYS_COUNTRY": "GB", "HOLIDAYS_STATE": "", "HOLIDAYS_LANGUAGE": "en_GB"}
    assert missing_school_holidays(day("2027-01-01"), day("2035-01-01")) == ""
