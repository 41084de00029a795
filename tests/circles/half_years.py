"""A present that does not move, for what half-years decide: 20 November 2026."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.circles.half_years import HalfYear

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
PRESENT, BEFORE, LONG_AGO = HalfYear(2026, 2), HalfYear(2026, 1), HalfYear(2025, 2)
NEXT = HalfYear(2027, 1)


def stop_clock(monkeypatch, moment: dt.datetime = NOW) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)
