"""Dates, ranges and plain text as people write them.

Pure functions without database access, for templates, mails, feeds and print
alike. Texts follow the active language. Aware datetimes are shown in the current
time zone; naive ones and plain dates are taken as local. The clock is read only
where a ``today`` may be passed and was not.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

#: A night that ends before this hour still belongs to the evening it began on.
NIGHT_ENDS = time(6, 0)


class DateBlock(NamedTuple):
    """The date as the block to the left of a list row: „Do“, „14. März“, „19 Uhr“.

    ``year`` is empty for the current year, ``time`` for whole days.
    """

    weekday: str
    day: str
    year: str
    time: str


def local(value: date | datetime) -> date | datetime:
    """Return an aware datetime in the current time zone, anything else unchanged."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def local_date(value: date | datetime) -> date:
    """Return the local calendar day of a date or datetime."""
    value = local(value)
    return value.date() if isinstance(value, datetime) else value


def long_date(value: date | datetime, *, year: bool = True) -> str:
    """„Donnerstag, 14. März 2027“; without the year if ``year`` is false."""
    return _long_date(local_date(value), year, get_language())


@lru_cache(maxsize=4096)
def _long_date(day: date, year: bool, language: str | None) -> str:
    pattern = pgettext("date format", "l, j F Y") if year else pgettext("date format without year", "l, j F")
    return date_format(day, pattern)


def short_date(value: date | datetime, *, today: date | None = None) -> str:
    """„Do 14. März“, followed by the year unless it is the year of ``today``."""
    day = local_date(value)
    if day.year == _today(today).year:
        return date_format(day, pgettext("short date format without year", "D j F"))
    return date_format(day, pgettext("short date format", "D j F Y"))


def month_name(value: date) -> str:
    """„März 2027“."""
    return date_format(value, "F Y")


def time_range(start: datetime, end: datetime | None = None) -> str:
    """„19–21 Uhr“, „19:30–21 Uhr“; „ab 19 Uhr“ without an end; the days are not shown. In English „7–9 pm“, „10 am – 1 pm“.

    An end at midnight is written as 24 o'clock.
    """
    return local_time_range(local(start), None if end is None else local(end))


def local_time_range(start: datetime, end: datetime | None = None) -> str:
    """As ``time_range``, of local times."""
    is_midnight = end is not None and end.time() == time(0) and end > start
    clocks = (start.hour, start.minute), end and (end.hour, end.minute)
    return _times(*clocks, end == start, is_midnight, get_language())


@lru_cache(maxsize=4096)
def _times(start, end, is_moment: bool, is_midnight: bool, language: str | None) -> str:
    """Few times of day stand in many lists; ``language`` is the one that is active."""
    first = _clock(time(*start))
    if end is None:
        return pgettext("time of day", "from %(time)s") % {"time": first}
    if is_moment:
        return pgettext("time of day", "at %(time)s") % {"time": first}
    last = pgettext("end of the day", "midnight") if is_midnight else _clock(time(*end))
    hour, _space, half = first.partition(" ")
    if half == last.partition(" ")[2]:
        return pgettext("times", "%(start)s–%(end)s") % {"start": hour, "end": last}
    return pgettext("times in both halves of a day", "%(start)s – %(end)s") % {"start": first, "end": last}


def date_range(start: date | datetime, end: date | datetime | None = None, all_day: bool = False) -> str:
    """Return when something happens, shortened sensibly.

    „Donnerstag, 14. März 2027, 19–21 Uhr“; „…, ab 19 Uhr“ without an end;
    „14.–16. März 2027“ for whole days (``end`` is the last day, inclusive);
    „Freitag, 12. März, 18 Uhr, bis Sonntag, 14. März 2027, 12 Uhr“ over several
    days. A night that ends before six in the morning is shown as one evening.
    A plain ``date`` as ``start`` counts as a whole day.
    """
    if all_day or not isinstance(start, datetime):
        return _day_range(local_date(start), local_date(end) if end else None)
    start = local(start)
    end = local(end) if end else None
    if end is None or _same_evening(start, end):
        return gettext("%(date)s, %(time)s") % {
            "date": long_date(start),
            "time": time_range(start, end),
        }
    return gettext("%(start_date)s, %(start_time)s, to %(end_date)s, %(end_time)s") % {
        "start_date": long_date(start, year=start.year != end.year),
        "start_time": _time_of_day(start),
        "end_date": long_date(end),
        "end_time": _time_of_day(end),
    }


def date_block(
    start: date | datetime,
    end: date | datetime | None = None,
    all_day: bool = False,
    *,
    today: date | None = None,
) -> DateBlock:
    """Return the parts of the date block of a list row; see :class:`DateBlock`."""
    first = local_date(start)
    whole_days = all_day or not isinstance(start, datetime)
    one_day = not end or (not whole_days and _same_evening(local(start), local(end)))
    last = first if one_day else local_date(end)
    weekday = date_format(first, "D")
    day = date_format(first, pgettext("date format in a date block", "j F"))
    if last > first:
        weekday = f"{weekday}–{date_format(last, 'D')}"
        day = _joined_days(first, last, pgettext("date format in a date block", "j F"))
    if whole_days:
        clock = ""
    elif one_day:
        clock = _time_of_day(start) if end else time_range(start)
    else:
        clock = time_range(start)
    year = "" if first.year == _today(today).year else str(first.year)
    return DateBlock(weekday, day, year, clock)


def moment(value: datetime, *, today: date | None = None) -> str:
    """„Mi 25. November um 2:47 Uhr“, with the year unless it is the year of ``today``."""
    return _day_and_time(short_date(value, today=today), value)


def near_moment(value: datetime, *, today: date | None = None) -> str:
    """„heute um 2:47 Uhr“; on other days like :func:`moment`. For what has just happened and soon says something else."""
    day = gettext("today") if local_date(value) == _today(today) else short_date(value, today=today)
    return _day_and_time(day, value)


def near_day(value: date | datetime, *, today: date | None = None) -> str:
    """„heute“ or „morgen“, else empty. Show it beside the date, never instead of it."""
    distance = (local_date(value) - _today(today)).days
    return {0: gettext("today"), 1: gettext("tomorrow")}.get(distance, "")


def days_since(value: date | datetime, *, today: date | None = None) -> str:
    """„seit heute“, „seit gestern“, „seit 3 Tagen“."""
    days = (_today(today) - local_date(value)).days
    if days <= 0:
        return gettext("since today")
    if days == 1:
        return gettext("since yesterday")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


def days_until(value: date | datetime, *, today: date | None = None) -> str:
    """„heute“, „morgen“, „in 3 Tagen“; empty for a day that is over."""
    days = (local_date(value) - _today(today)).days
    if days < 0:
        return ""
    if days < 2:
        return near_day(value, today=today)
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


_LINK = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"„“”]+)"
    r"|(?P<www>\bwww\.[^\s<>\"„“”/]+\.[^\s<>\"„“”]+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def paragraphs_html(text: str | None) -> SafeString:
    """Return plain text as safe HTML.

    Blank lines make paragraphs, single line breaks ``<br>``, web and mail addresses
    links with ``rel="nofollow noopener"``. Everything else is escaped.
    """
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        return mark_safe("")
    blocks = (block for block in _BLANK_LINE.split(text) if block.strip())
    return mark_safe("\n".join(f"<p>{_linked(block.strip())}</p>" for block in blocks))


def _linked(text: str) -> str:
    parts, position = [], 0
    for match in _LINK.finditer(text):
        address, rest = _without_punctuation(match.group())
        parts.append(_escaped_lines(text[position : match.start()]))
        parts.append(_link(match.lastgroup, address) + _escaped_lines(rest))
        position = match.end()
    parts.append(_escaped_lines(text[position:]))
    return "".join(parts)


def _link(kind: str, address: str) -> str:
    prefix = {"url": "", "www": "https://", "mail": "mailto:"}[kind]
    return format_html('<a href="{}{}" rel="nofollow noopener">{}</a>', prefix, address, address)


def _without_punctuation(address: str) -> tuple[str, str]:
    """Split off what ends the sentence rather than the address."""
    end = len(address)
    while end and (
        address[end - 1] in ".,;:!?'“”„«»…"
        or (address[end - 1] == ")" and address.count(")", 0, end) > address.count("(", 0, end))
    ):
        end -= 1
    return address[:end], address[end:]


def _escaped_lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _today(today: date | None) -> date:
    return today or timezone.localdate()


def _clock(value: datetime | time) -> str:
    """„19:30“, „19“; in languages that count the hours twice with the half of the day behind a space, as in „7:30 pm“."""
    pattern = pgettext("time format", "g:i A") if value.minute else pgettext("time format of a full hour", "g A")
    return time_format(local(value), pattern).lower()


def _day_and_time(day: str, value: datetime) -> str:
    return pgettext("moment", "%(day)s at %(time)s") % {"day": day, "time": _time_of_day(value)}


def _time_of_day(value: datetime) -> str:
    return pgettext("time of day", "%(time)s") % {"time": _clock(value)}


def _same_evening(start: datetime, end: datetime) -> bool:
    if end.date() == start.date():
        return True
    next_day = end.date() - start.date() == timedelta(days=1)
    return next_day and end.time() < NIGHT_ENDS and end.time() < start.time()


def _joined_days(first: date, last: date, pattern: str) -> str:
    """Join two days in ``pattern``; within one month the first is only its number."""
    if (first.year, first.month) == (last.year, last.month):
        start = date_format(first, pgettext("day of the month at the start of a range", "j"))
        return f"{start}–{date_format(last, pattern)}"
    return f"{date_format(first, pattern)} – {date_format(last, pattern)}"


def _day_range(first: date, last: date | None) -> str:
    if last is None or last <= first:
        return long_date(first)
    full = pgettext("date format of a range", "j F Y")
    if first.year != last.year or first.month == last.month:
        return _joined_days(first, last, full)
    start = date_format(first, pgettext("date format at the start of a range", "j F"))
    return f"{start} – {date_format(last, full)}"
