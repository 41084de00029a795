"""Calendar files as other programs read them: icalendar and vobject; lines, zones, versions and what is asked again."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone
from django.utils.http import http_date, parse_http_date
from icalendar import Calendar, Timezone

from ehrenamt_wagtail.models import Cancellation, Occurrence, OfferingPage
from ehrenamt_wagtail.programme import freshness
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.programme.filters import FIRST_YEAR, LAST_YEAR
from ehrenamt_wagtail.programme.listed import refresh
from ehrenamt_wagtail.programme.zones import zone_in_calendar
from tests import factories

ADDRESS = "/programm/kalender.ics"
BERLIN = ZoneInfo("Europe/Berlin")


def lines_of(content: bytes) -> list[bytes]:
    assert content.endswith(b"\r\n")
    return content[:-2].split(b"\r\n")


def events(client, address=ADDRESS):
    return Calendar.from_ical(client.get(address).content).walk("VEVENT")


@pytest.fixture
def evening(live_offering):
    """An offering on a summer evening, published a while ago."""
    page = live_offering("Wohnen", dates=[Occurrence(start=dt.datetime(2031, 7, 1, 19, tzinfo=BERLIN))])
    OfferingPage.objects.filter(pk=page.pk).update(last_published_at=timezone.now() - dt.timedelta(days=3))
    refresh([page.pk])
    return page


# Read by other programs


def test_both_libraries_read_the_same_events(client, live_offering, date):
    online = live_offering("Böse Zeichen; , \\ „“ 🎉", dates=[date(1), date(8, hours=1)], mode="online", summary="Zeile 1\n\nZeile 2")
    live_offering("Ausstellung", dates=[date(3, all_day=True, length=2)])
    first = online.occurrences.order_by("starts_at").first()
    cancel(online, actor=factories.member_of(online.organisation), occurrence_uid=first.uid, reason="Krankheit")
    content = client.get(ADDRESS).content
    by_icalendar = Calendar.from_ical(content).walk("VEVENT")
    by_vobject = vobject.readOne(content.decode()).vevent_list
    assert len(by_icalendar) == len(by_vobject) == 3
    for one, other in zip(by_icalendar, by_vobject, strict=True):
        for name in ("uid", "summary", "description", "status", "url"):
            assert str(one[name]) == getattr(other, name).value, name
        assert int(one["sequence"]) == int(other.sequence.value)
        for name in ("dtstart", "dtend", "dtstamp"):
            assert one[name].dt == getattr(other, name).value, name
    assert by_vobject[0].summary.value == "Abgesagt: Böse Zeichen; , \\ „“ 🎉"
    assert by_vobject[0].status.value == "CANCELLED"


def test_one_date_of_a_series_has_a_file_of_its_own(client, live_offering, date):
    page = live_offering(dates=[date(1), date(8)])
    first, second = page.occurrences.order_by("starts_at")
    assert [str(event["uid"]) for event in events(client, f"{page.url}termin/{second.uid}.ics")] == [str(second.uid)]
    other = live_offering("anderes", dates=[date(2)])
    for unknown in (other.occurrences.get().uid, "0" * 36):
        response = client.get(f"{page.url}termin/{unknown}.ics")
        assert response.status_code == 404 and b"VEVENT" not in response.content
    assert str(first.uid) in client.get(f"{page.url}termin.ics").content.decode()


@pytest.mark.parametrize("sign", ["ä", "€", "🎉", "a"])
def test_lines_have_at_most_75_octets_and_break_no_sign(client, live_offering, date, sign):
    """Titles of each length, so that the sign stands at each place of the border."""
    titles = {f"{'x' * shift}{sign * 100}" for shift in range(6)} | {sign * length for length in range(60, 70)}
    for title in titles:
        live_offering(title, dates=[date(1)])
    content = client.get(ADDRESS).content
    lines = lines_of(content)
    assert max(map(len, lines)) in range(72, 76)
    for line in lines:
        line.decode()
    assert {str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT")} == titles


# Zone


def test_times_are_those_of_the_clock_in_the_zone_that_the_file_describes(client, evening):
    content = client.get(ADDRESS).content.decode()
    assert "DTSTART;TZID=Europe/Berlin:20310701T190000\r\n" in content
    assert "DTEND;TZID=Europe/Berlin:20310701T210000\r\n" in content
    assert content.count("BEGIN:VTIMEZONE") == 1
    assert content.index("BEGIN:VTIMEZONE") < content.index("BEGIN:VEVENT")


def described_in(text: str, name: str):
    """The zone as vobject reads it from a file, which knows nothing else about it."""
    head, tail = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"
    return vobject.readOne(head + text.replace(name, "Nowhere/Else") + tail).vtimezone.tzinfo


@pytest.mark.parametrize("name", ["Europe/Berlin", "Europe/London"])
def test_zone_says_the_offset_of_each_hour_that_clocks_change(name):
    text = zone_in_calendar(name)
    assert text.count("RRULE:FREQ=YEARLY") == 2 and "RDATE" not in text
    described, zone = described_in(text, name), ZoneInfo(name)
    for year in range(FIRST_YEAR, LAST_YEAR + 1, 7):
        for month in (1, 3, 7, 10):
            for hour in range(0, 31 * 24):
                local = dt.datetime(year, month, 1) + dt.timedelta(hours=hour, minutes=30)
                real = local.replace(tzinfo=zone)
                # What clocks show twice, or never, is not written in local time.
                if real.utcoffset() == real.replace(fold=1).utcoffset():
                    assert local.replace(tzinfo=described).utcoffset() == real.utcoffset(), local


def test_changes_of_the_clocks_are_written_in_the_time_before_them():
    text = zone_in_calendar("Europe/Berlin")
    assert "BEGIN:DAYLIGHT\r\nDTSTART:19990328T020000\r\n" in text
    assert "BEGIN:STANDARD\r\nDTSTART:19991031T030000\r\n" in text


def test_zone_without_a_yearly_rule_lists_its_changes():
    text = zone_in_calendar("America/New_York")
    # dateutil, which vobject reads zones with, does not know lists.
    described = Timezone.from_ical(text.replace("America/New_York", "Nowhere/Else")).to_tz()
    zone = ZoneInfo("America/New_York")
    for moment in (dt.datetime(2006, 4, 1, 12), dt.datetime(2006, 4, 3), dt.datetime(2027, 3, 13), dt.datetime(2027, 3, 15)):
        assert moment.replace(tzinfo=described).utcoffset() == moment.replace(tzinfo=zone).utcoffset()
    assert zone_in_calendar("UTC") == ""
    assert zone_in_calendar("Asia/Kolkata").count("TZOFFSETTO:+0530") == 1


def test_hour_that_clocks_show_twice_is_written_in_utc(client, live_offering):
    start = dt.datetime(2031, 10, 26, 1, 30, tzinfo=BERLIN)
    live_offering(dates=[Occurrence(start=start)])
    content = client.get(ADDRESS).content.decode()
    assert "DTSTART;TZID=Europe/Berlin:20311026T013000" in content
    assert "DTEND:20311026T013000Z" in content
    (event,) = events(client)
    assert event["dtend"].dt - event["dtstart"].dt.astimezone(dt.UTC) == dt.timedelta(hours=2)


# Versions


def test_uid_stays_and_sequence_grows_with_each_change(client, evening):
    uid = str(evening.occurrences.get().uid)
    sequences = [events(client)[0]["sequence"]]
    evening.title = "Wohnen und Miete"
    evening.save_revision().publish()
    sequences.append(events(client)[0]["sequence"])
    # In the very same second.
    cancellation = cancel(evening, actor=factories.member_of(evening.organisation))
    Cancellation.objects.filter(pk=cancellation.pk).update(at=OfferingPage.objects.get(pk=evening.pk).last_published_at)
    refresh([evening.pk])
    sequences.append(events(client)[0]["sequence"])
    (event,) = events(client)
    assert (str(event["uid"]), str(event["status"])) == (uid, "CANCELLED")
    assert sequences == sorted(set(sequences))
    assert sequences[-1] < 2**31


# Asked again


def ask(client, since: str, address=ADDRESS):
    return client.get(address, headers={"if-modified-since": since})


@pytest.mark.parametrize("address", [ADDRESS, "/programm/feed.atom", "/api/angebote/", "/programm/wohnen/termin.ics"])
def test_who_asks_by_time_is_told_that_nothing_changed_until_something_does(client, evening, address, clock):
    first = client.get(address)
    since = first["Last-Modified"]
    assert parse_http_date(since) == clock.now
    unchanged = ask(client, since, address)
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", first["ETag"])
    assert ask(client, http_date(clock.now - 1), address).content == first.content
    cancel(evening, actor=factories.member_of(evening.organisation))
    changed = ask(client, since, address)
    assert changed.status_code == 200 and changed.content != first.content
    # For a moment nobody can say whether another process is just writing what it read before.
    assert "Last-Modified" not in changed
    assert "Last-Modified" not in client.get(address)
    clock.now += freshness.SETTLED_SECONDS + 1
    settled = ask(client, since, address)
    assert settled.content == changed.content and settled["Last-Modified"] > since
    assert ask(client, settled["Last-Modified"], address).status_code == 304


def test_what_returns_to_what_it_was_counts_as_changed(client, evening, date, live_offering, clock):
    first = client.get(ADDRESS)
    other = live_offering("anderes", dates=[date(1)])
    assert b"anderes" in ask(client, first["Last-Modified"]).content
    other.delete()
    clock.now += 10
    again = ask(client, first["Last-Modified"])
    assert again.status_code == 200 and again.content == first.content


def test_without_an_entry_an_answer_is_sent_once_more(client, evening, clock):
    since = client.get(ADDRESS)["Last-Modified"]
    cache.clear()
    clock.now += 1
    assert ask(client, since).status_code == 200


def test_addresses_with_unknown_parameters_leave_nothing_in_the_cache(client, evening):
    before = set(cache._cache)
    response = client.get(ADDRESS + "?utm_source=x")
    assert "Last-Modified" not in response and "ETag" in response
    assert set(cache._cache) == before


@pytest.mark.expected_errors("cannot be reached")
def test_cache_that_is_down_keeps_nobody_from_reading(client, evening, monkeypatch):
    monkeypatch.setattr(freshness.versions, "contact", freshness.versions.Contact())
    monkeypatch.setattr(LocMemCache, "add", broken)
    response = client.get(ADDRESS)
    assert response.status_code == 200 and b"VEVENT" in response.content
    assert "Last-Modified" not in response


def broken(*args, **kwargs):
    raise ConnectionError


class Clock:
    def __init__(self, now: int):
        self.now = now

    def time(self) -> float:
        return float(self.now)

    def monotonic(self) -> float:
        return float(self.now)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(int(timezone.now().timestamp()))
    monkeypatch.setattr(freshness, "time", clock)
    return clock
