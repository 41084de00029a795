"""Public and school holidays and working days, as the library ``holidays`` knows them for the state."""

import datetime as dt

import pytest

from ehrenamt_wagtail.days_off import (
    add_working_days,
    are_school_holidays_complete,
    is_working_day,
    public_holidays,
    school_holidays,
    working_days_between,
)


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


def test_country_without_school_holidays_has_public_ones_and_misses_none(settings):
    settings.EHRENAMT = {"HOLIDAYS_COUNTRY": "GB", "HOLIDAYS_STATE": "", "HOLIDAYS_LANGUAGE": "en_GB"}
    assert public_holidays(2027)[day("2027-12-27")]
    assert school_holidays(2027, 2027) == []
    assert are_school_holidays_complete(2035)


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
