"""Quick choices of a period: which there are on a day, and what their links do to the filters."""

import datetime as dt
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.utils import timezone, translation

from ehrenamt_wagtail.programme.periods import QuickPeriod, quick_periods

HOLIDAYS = ("Weihnachtsferien", "Oster-/Frühjahrsferien 2027")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def choices(today: str) -> dict[str, tuple[str, str]]:
    return {period.label: (period.first.isoformat(), period.last.isoformat()) for period in quick_periods(day(today))}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        # A Wednesday.
        (
            "2026-11-25",
            {
                "Diese Woche": ("2026-11-25", "2026-11-29"),
                "Dieses Wochenende": ("2026-11-28", "2026-11-29"),
                "Dieser Monat": ("2026-11-25", "2026-11-30"),
                "Nächster Monat": ("2026-12-01", "2026-12-31"),
                "Weihnachtsferien": ("2026-12-23", "2027-01-09"),
                "Oster-/Frühjahrsferien 2027": ("2027-03-25", "2027-04-03"),
            },
        ),
        # A Saturday: what is left of the week is the weekend.
        (
            "2026-11-28",
            {
                "Dieses Wochenende": ("2026-11-28", "2026-11-29"),
                "Dieser Monat": ("2026-11-28", "2026-11-30"),
                "Nächster Monat": ("2026-12-01", "2026-12-31"),
                "Weihnachtsferien": ("2026-12-23", "2027-01-09"),
                "Oster-/Frühjahrsferien 2027": ("2027-03-25", "2027-04-03"),
            },
        ),
        # A Sunday in the holidays.
        (
            "2027-01-03",
            {
                "Dieses Wochenende": ("2027-01-03", "2027-01-03"),
                "Dieser Monat": ("2027-01-03", "2027-01-31"),
                "Nächster Monat": ("2027-02-01", "2027-02-28"),
                "Weihnachtsferien": ("2027-01-03", "2027-01-09"),
                "Oster-/Frühjahrsferien": ("2027-03-25", "2027-04-03"),
            },
        ),
        # Month and week end on the same Sunday.
        (
            "2027-01-31",
            {
                "Dieses Wochenende": ("2027-01-31", "2027-01-31"),
                "Nächster Monat": ("2027-02-01", "2027-02-28"),
                "Oster-/Frühjahrsferien": ("2027-03-25", "2027-04-03"),
                "Himmelfahrts-/Pfingstferien": ("2027-05-18", "2027-05-29"),
            },
        ),
        # The last day of a year, and of its month.
        (
            "2027-12-31",
            {
                "Diese Woche": ("2027-12-31", "2028-01-02"),
                "Dieses Wochenende": ("2028-01-01", "2028-01-02"),
                "Dieser Monat": ("2027-12-31", "2027-12-31"),
                "Nächster Monat": ("2028-01-01", "2028-01-31"),
                "Weihnachtsferien": ("2027-12-31", "2028-01-08"),
                "Oster-/Frühjahrsferien 2028": ("2028-04-13", "2028-04-22"),
            },
        ),
    ],
)
def test_choices_begin_today_and_none_is_there_twice(today, expected):
    found = choices(today)
    assert found == expected
    assert list(found) == list(expected)


def test_no_choice_is_over_or_there_twice_on_any_day():
    for number in range(800):
        today = day("2026-11-25") + dt.timedelta(days=number)
        periods = quick_periods(today)
        assert all(today <= period.first <= period.last for period in periods)
        assert len({period[1:] for period in periods}) == len(periods) == len({period.label for period in periods}), today


def test_holidays_that_the_library_does_not_know_are_absent(settings):
    assert set(HOLIDAYS) <= set(choices("2026-11-25"))
    settings.EHRENAMT = {"HOLIDAYS_COUNTRY": "GB", "HOLIDAYS_STATE": "", "HOLIDAYS_LANGUAGE": "en_GB"}
    assert list(choices("2026-11-25")) == ["Diese Woche", "Dieses Wochenende", "Dieser Monat", "Nächster Monat"]
    settings.EHRENAMT = {}
    assert list(choices("2039-11-23")) == ["Diese Woche", "Dieses Wochenende", "Dieser Monat", "Nächster Monat"]


def test_choices_speak_the_language_of_the_page():
    with translation.override("en"):
        assert quick_periods(day("2026-11-25"))[0] == QuickPeriod("This week", day("2026-11-25"), day("2026-11-29"))
    assert quick_periods(day("2026-11-25"))[0].label == "Diese Woche"


# On the page


def links(html: str) -> dict[str, tuple[dict, bool]]:
    """Label → parameters and whether it is in force, of the choices below the search."""
    part = html.partition('class="ehrenamt-periods__list" aria-labelledby="periods"')[2].partition("</ul>")[0]
    count = r'(?: <span class="ehrenamt-field__count">[^<]*</span>)?'
    link = r'<a rel="nofollow" href="\?([^"]*)"( aria-current="true")?>([^<]*?)' + count + "</a>"
    found = re.findall(link, part)
    return {unescape(label): (parse_qs(unescape(query)), bool(current)) for query, current, label in found}


def next_month() -> QuickPeriod:
    return next(period for period in quick_periods(timezone.localdate()) if period.label == "Nächster Monat")


def test_choice_sets_the_period_and_keeps_the_other_filters(client, programme):
    html = client.get("/programm/?q=asyl&art=workshop&art=vortrag&von=2020-01-01&seite=3&archiv=1").content.decode()
    period = next_month()
    expected = {"q": ["asyl"], "art": ["workshop", "vortrag"], "von": [f"{period.first}"], "bis": [f"{period.last}"]}
    assert links(html)["Nächster Monat"] == (expected, False)
    assert list(links(html)) == [period.label for period in quick_periods(timezone.localdate())]


def test_choice_in_force_is_marked_and_is_one_filter_to_remove(client, programme, live_offering, date):
    period = next_month()
    away = (period.first - timezone.localdate()).days
    live_offering("Im nächsten Monat", dates=[date(away + 3)])
    live_offering("Später", dates=[date(away + 70)])
    response = client.get(f"/programm/?art=fortbildung&von={period.first}&bis={period.last}")
    html = response.content.decode()
    assert "Im nächsten Monat" in html and "Später" not in html
    assert [label for label, (_query, current) in links(html).items() if current] == ["Nächster Monat"]
    chips = response.context["chips"]
    assert [(chip.label, chip.remove_url) for chip in chips] == [
        ("Nächster Monat", "?art=fortbildung"),
        ("Fortbildung", f"?von={period.first}&bis={period.last}"),
    ]
    assert "Filter (2 aktiv)" in html
    other = client.get(f"/programm/?von={period.first}")
    assert not any(current for _query, current in links(other.content.decode()).values())
    assert len(other.context["chips"]) == 1


def test_choice_says_what_it_leaves_also_in_the_archive_which_it_leads_out_of(client, live_offering, date):
    live_offering(dates=[date((next_month().first - timezone.localdate()).days + 3)])
    counted = 'Nächster Monat <span class="ehrenamt-field__count">(1)</span>'
    for address in ("/programm/", "/programm/karte/", "/programm/?archiv=1"):
        assert counted in client.get(address).content.decode(), address


def test_month_view_has_a_period_of_its_own(client, programme):
    today = timezone.localdate()
    html = client.get(f"/programm/kalender/{today.year}/{today.month}/").content.decode()
    assert "ehrenamt-filter" in html and "ehrenamt-periods" not in html
