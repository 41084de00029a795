"""Holidays and working days, as the library ``holidays`` knows them for the state, and the register of blocked dates."""

import datetime as dt

import pytest

from ehrenamt_wagtail.coordination.days import (
    BLOCKED,
    PUBLIC,
    SCHOOL,
    add_working_days,
    is_working_day,
    missing_school_holidays,
    public_holidays,
    school_holidays,
    special_days,
    working_days_between,
)
from ehrenamt_wagtail.models import BlockedDate
from tests.factories import MunicipalityFactory


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def spans(first_year, last_year=None):
    return {
        (span.name, span.first.isoformat(), span.last.isoformat()) for span in school_holidays(first_year, last_year or first_year)
    }


def test_school_holidays_are_whole_spans_across_weekends_public_holidays_and_the_turn_of_the_year():
    found = spans(2027)
    assert ("Himmelfahrts-/Pfingstferien", "2027-05-18", "2027-05-29") in found
    # Good Friday to Easter Monday lie in between, without being school holidays.
    assert ("Oster-/Frühjahrsferien", "2027-03-25", "2027-04-03") in found
    assert ("Weihnachtsferien", "2026-12-23", "2027-01-09") in found


def test_span_names_its_days_in_german():
    span = next(span for span in school_holidays(2027, 2027) if "Pfingst" in span.name)
    assert span.when == "18.–29. Mai 2027"


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


def test_country_without_school_holidays_has_public_ones_and_no_warning(settings):
    settings.EHRENAMT = {"HOLIDAYS_COUNTRY": "GB", "HOLIDAYS_STATE": "", "HOLIDAYS_LANGUAGE": "en_GB"}
    assert public_holidays(2027)[day("2027-12-27")]
    assert school_holidays(2027, 2027) == []
    assert missing_school_holidays(day("2027-01-01"), day("2035-01-01")) == ""


def test_state_decides_what_is_a_holiday(settings):
    assert not is_working_day(day("2027-11-01"))
    settings.EHRENAMT = {"HOLIDAYS_STATE": "BE"}
    assert is_working_day(day("2027-11-01"))
    assert not is_working_day(day("2027-03-08"))


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2027-03-24", 1, "2027-03-25"),
        ("2027-03-25", 1, "2027-03-30"),  # Good Friday, weekend, Easter Monday
        ("2027-03-24", 5, "2027-04-02"),
        ("2027-12-23", 1, "2027-12-24"),
        ("2027-12-24", 5, "2027-12-31"),  # Christmas on a weekend takes nothing away
        ("2026-12-24", 5, "2027-01-04"),  # 25 December and New Year's Day do
        ("2027-01-05", 1, "2027-01-07"),  # Epiphany
        ("2027-05-15", 1, "2027-05-18"),  # from a Saturday, Whit Monday
        ("2027-05-15", 0, "2027-05-15"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start, number, expected):
    assert add_working_days(day(start), number) == day(expected)


def test_working_days_between_counts_the_same_days_in_both_directions():
    first, last = day("2027-03-24"), day("2027-04-02")
    assert working_days_between(first, last) == 5
    assert working_days_between(last, first) == -5
    assert working_days_between(first, first) == 0
    assert working_days_between(first, add_working_days(first, 30)) == 30
