from datetime import date, datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from ehrenamt_wagtail import formatting

TODAY = date(2027, 3, 14)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3, year: int = 2027) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


RANGES = [
    (at(14, 19), at(14, 21), False, "Sonntag, 14. März 2027, 19–21 Uhr", "Sunday, 14 March 2027, 7–9 pm"),
    (at(14, 19, 30), at(14, 21), False, "Sonntag, 14. März 2027, 19:30–21 Uhr", "Sunday, 14 March 2027, 7:30–9 pm"),
    (at(14, 9), at(14, 12, 5), False, "Sonntag, 14. März 2027, 9–12:05 Uhr", "Sunday, 14 March 2027, 9 am – 12:05 pm"),
    (at(14, 12), at(14, 12, 30), False, "Sonntag, 14. März 2027, 12–12:30 Uhr", "Sunday, 14 March 2027, 12–12:30 pm"),
    (at(14, 19), None, False, "Sonntag, 14. März 2027, ab 19 Uhr", "Sunday, 14 March 2027, from 7 pm"),
    (at(14, 19), at(14, 19), False, "Sonntag, 14. März 2027, 19 Uhr", "Sunday, 14 March 2027, at 7 pm"),
    (at(14, 0), at(14, 1), False, "Sonntag, 14. März 2027, 0–1 Uhr", "Sunday, 14 March 2027, 12–1 am"),
    (at(14, 19), at(15, 0), False, "Sonntag, 14. März 2027, 19–24 Uhr", "Sunday, 14 March 2027, 7 pm – midnight"),
    (at(14, 20), at(15, 2), False, "Sonntag, 14. März 2027, 20–2 Uhr", "Sunday, 14 March 2027, 8 pm – 2 am"),
    (
        at(12, 18),
        at(14, 12),
        False,
        "Freitag, 12. März, 18 Uhr, bis Sonntag, 14. März 2027, 12 Uhr",
        "Friday, 12 March, 6 pm, to Sunday, 14 March 2027, 12 pm",
    ),
    (
        at(30, 18, month=12),
        at(2, 12, 30, month=1, year=2028),
        False,
        "Donnerstag, 30. Dezember 2027, 18 Uhr, bis Sonntag, 2. Januar 2028, 12:30 Uhr",
        "Thursday, 30 December 2027, 6 pm, to Sunday, 2 January 2028, 12:30 pm",
    ),
    (date(2027, 3, 14), None, True, "Sonntag, 14. März 2027", "Sunday, 14 March 2027"),
    (date(2027, 3, 14), date(2027, 3, 14), True, "Sonntag, 14. März 2027", "Sunday, 14 March 2027"),
    (date(2027, 3, 14), date(2027, 3, 16), False, "14.–16. März 2027", "14–16 March 2027"),
    (at(14, 0), at(16, 0), True, "14.–16. März 2027", "14–16 March 2027"),
    (date(2027, 2, 28), date(2027, 3, 2), True, "28. Februar – 2. März 2027", "28 February – 2 March 2027"),
    (date(2027, 12, 30), date(2028, 1, 2), True, "30. Dezember 2027 – 2. Januar 2028", "30 December 2027 – 2 January 2028"),
    (date(2027, 3, 30), date(2028, 3, 2), True, "30. März 2027 – 2. März 2028", "30 March 2027 – 2 March 2028"),
]


@pytest.mark.parametrize(("start", "end", "all_day", "german", "english"), RANGES)
def test_date_range_is_written_as_people_write_it(start, end, all_day, german, english):
    with override("de"):
        assert formatting.date_range(start, end, all_day) == german
    with override("en"):
        assert formatting.date_range(start, end, all_day) == english


def test_date_range_shows_the_local_day_and_hour():
    start = datetime(2027, 3, 14, 23, 30, tzinfo=ZoneInfo("UTC"))
    end = datetime(2027, 3, 15, 1, 0, tzinfo=ZoneInfo("UTC"))
    assert formatting.date_range(start, end) == "Montag, 15. März 2027, 0:30–2 Uhr"


def test_date_range_follows_the_clock_when_summer_time_begins():
    start = datetime(2027, 3, 28, 0, 30, tzinfo=ZoneInfo("UTC"))
    end = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("UTC"))
    assert formatting.date_range(start, end) == "Sonntag, 28. März 2027, 1:30–3:30 Uhr"


@pytest.mark.parametrize(
    ("start", "end", "all_day", "expected"),
    [
        (at(14, 19), at(14, 21), False, ("So", "14. März", "", "19 Uhr")),
        (at(14, 19), None, False, ("So", "14. März", "", "ab 19 Uhr")),
        (at(14, 20), at(15, 2), False, ("So", "14. März", "", "20 Uhr")),
        (at(12, 18), at(14, 12), False, ("Fr–So", "12.–14. März", "", "ab 18 Uhr")),
        (date(2027, 3, 14), None, True, ("So", "14. März", "", "")),
        (date(2028, 2, 28), date(2028, 3, 1), True, ("Mo–Mi", "28. Februar – 1. März", "2028", "")),
    ],
)
def test_date_block_holds_the_parts_of_a_list_row(start, end, all_day, expected):
    assert formatting.date_block(start, end, all_day, today=TODAY) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(at(18, 19), "Do 18. März"), (date(2027, 9, 1), "Mi 1. September"), (date(2028, 3, 14), "Di 14. März 2028")],
)
def test_short_date_names_the_year_only_if_it_is_another(value, expected):
    assert formatting.short_date(value, today=TODAY) == expected


def test_moment_is_written_as_people_say_it():
    assert formatting.moment(at(14, 2, 47), today=TODAY) == "So 14. März um 2:47 Uhr"
    assert formatting.moment(at(13, 19), today=TODAY) == "Sa 13. März um 19 Uhr"
    assert formatting.moment(at(14, 19, year=2028), today=TODAY) == "Di 14. März 2028 um 19 Uhr"
    assert formatting.near_moment(at(14, 2, 47), today=TODAY) == "heute um 2:47 Uhr"
    assert formatting.near_moment(at(13, 19), today=TODAY) == "Sa 13. März um 19 Uhr"
    with override("en"):
        assert formatting.near_moment(at(14, 2, 47), today=TODAY) == "today at 2:47 am"


def test_long_date_and_month_name_are_written_out():
    assert formatting.long_date(TODAY) == "Sonntag, 14. März 2027"
    assert formatting.long_date(TODAY, year=False) == "Sonntag, 14. März"
    assert formatting.month_name(TODAY) == "März 2027"


@pytest.mark.parametrize(
    ("day", "near", "since", "until"),
    [
        (date(2027, 3, 11), "", "seit 3 Tagen", ""),
        (date(2027, 3, 13), "", "seit gestern", ""),
        (date(2027, 3, 14), "heute", "seit heute", "heute"),
        (date(2027, 3, 15), "morgen", "seit heute", "morgen"),
        (date(2027, 3, 16), "", "seit heute", "in 2 Tagen"),
    ],
)
def test_distances_are_said_in_words(day, near, since, until):
    assert formatting.near_day(day, today=TODAY) == near
    assert formatting.days_since(day, today=TODAY) == since
    assert formatting.days_until(day, today=TODAY) == until


LINK = '<a href="{}" rel="nofollow noopener">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (None, ""),
        (" \n \n", ""),
        ("Eins\nzwei\r\n\r\n\r\n  \nDrei", "<p>Eins<br>zwei</p>\n<p>Drei</p>"),
        ('<script>alert("1")</script>', "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;</p>"),
        ("(https://a.example/x?y=1&z=(2)).", "<p>(" + LINK.format(*["https://a.example/x?y=1&amp;z=(2)"] * 2) + ").</p>"),
        ("www.a.example, gut", "<p>" + LINK.format("https://www.a.example", "www.a.example") + ", gut</p>"),
        ("an b.c@d-e.example!", "<p>an " + LINK.format("mailto:b.c@d-e.example", "b.c@d-e.example") + "!</p>"),
        ("javascript:alert(1) a.example", "<p>javascript:alert(1) a.example</p>"),
        ('https://a.example/"onclick="x', "<p>" + LINK.format(*["https://a.example/"] * 2) + "&quot;onclick=&quot;x</p>"),
        ("https://", "<p>https://</p>"),
    ],
)
def test_paragraphs_escape_everything_but_addresses(text, html):
    assert formatting.paragraphs_html(text) == html


@pytest.mark.parametrize("text", ["a" * 100_000, "a@" * 50_000, "www." * 25_000, "\n " * 50_000, "a." * 50_000 + "@"])
def test_paragraphs_stay_quick_for_hostile_text(text):
    began = perf_counter()
    formatting.paragraphs_html(text)
    assert perf_counter() - began < 3
