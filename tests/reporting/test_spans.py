import datetime as dt

import pytest

from ehrenamt_wagtail.reporting.figures.shown import parts_of
from ehrenamt_wagtail.reporting.figures.spans import Span, half_year, half_years, year

D = dt.date


def days(first: str, last: str) -> tuple[dt.date, dt.date]:
    return D.fromisoformat(first), D.fromisoformat(last)


WHOLE_MONTH, LEAP_DAY = Span(D(2028, 2, 1), D(2028, 2, 29)), Span(D(2028, 2, 29), D(2028, 2, 29))
SHORT_FEBRUARY = Span(D(2029, 2, 1), D(2029, 2, 28))
PERIOD = Span(*days("2027-02-01", "2027-07-31"), "Programm")


@pytest.mark.parametrize(
    ("span", "title", "before", "year_before"),
    [
        (half_year(D(2027, 3, 1)), "1. Halbjahr 2027", days("2026-07-01", "2026-12-31"), days("2026-01-01", "2026-06-30")),
        (half_year(D(2026, 7, 1)), "2. Halbjahr 2026", days("2026-01-01", "2026-06-30"), days("2025-07-01", "2025-12-31")),
        (year(2026), "2026", days("2025-01-01", "2025-12-31"), days("2025-01-01", "2025-12-31")),
        (PERIOD, "Programm", days("2026-08-01", "2027-01-31"), days("2026-02-01", "2026-07-31")),
        (Span(D(2027, 3, 8), D(2027, 3, 14)), "8.–14. März 2027", days("2027-03-01", "2027-03-07"), days("2026-03-08", "2026-03-14")),
        (WHOLE_MONTH, "1.–29. Februar 2028", days("2028-01-01", "2028-01-31"), days("2027-02-01", "2027-02-28")),
        (SHORT_FEBRUARY, "1.–28. Februar 2029", days("2029-01-01", "2029-01-31"), days("2028-02-01", "2028-02-29")),
        (LEAP_DAY, "Dienstag, 29. Februar 2028", days("2028-02-28", "2028-02-28"), days("2027-02-28", "2027-02-28")),
    ],
)
def test_span_knows_its_name_and_what_came_before(span, title, before, year_before):
    assert span.title == title
    assert (span.before().first, span.before().last) == before
    assert (span.year_before().first, span.year_before().last) == year_before


def test_half_years_follow_each_other():
    found = half_years(4, until=D(2027, 3, 14))
    assert [span.short for span in found] == ["2. Hj. 2025", "1. Hj. 2026", "2. Hj. 2026", "1. Hj. 2027"]
    assert all(first.following == then.first for first, then in zip(found, found[1:], strict=False))


def test_parts_are_half_years_that_make_up_a_span():
    halves = half_years(4, until=D(2027, 3, 14))
    assert parts_of(year(2026), halves) == list(halves[1:3])
    assert parts_of(year(2025), halves) == parts_of(halves[0], halves) == []
    assert parts_of(Span(D(2026, 1, 1), D(2026, 12, 30)), halves) == []
    assert parts_of(Span(D(2025, 7, 1), D(2027, 6, 30)), halves) == list(halves)
    assert parts_of(Span(D(2025, 7, 1), D(2027, 6, 30)), (halves[0], halves[1], halves[3])) == []
