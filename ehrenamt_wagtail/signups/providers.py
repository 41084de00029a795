"""What lists and pages of the programme show of sign-ups: lists without a query, pages with a few where they are not listed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import date_range, long_date, short_date
from ehrenamt_wagtail.programme import providers
from ehrenamt_wagtail.programme.facts import DateFacts
from ehrenamt_wagtail.programme.models import OfferingPage, SupervisionPage

from . import listed, rules
from .listed import ShownPlan
from .models import SeatPlan
from .queries import Confidentiality
from .shown import contact_of

# What the rule about cancellations asks the database for is known here for all dates at once.
LISTED = [rule for rule in rules.SIGN_UP if rule is not rules.must_take_place]
# So many dates stand in the box of an offering; the others are folded below.
DATES_IN_BOX = 5

Plans = dict  # uid of a date as text, or None for the whole offering → its plan


class Seats:
    """What the read model keeps of sign-ups."""

    name = listed.NAME
    lock = staticmethod(listed.lock_plans)
    facts = staticmethod(listed.facts_of)
    is_free = staticmethod(listed.is_free)

    @staticmethod
    def words(facts: dict, offering, now: dt.datetime) -> str:
        """„noch 6 Plätze“ or „ausgebucht – Warteliste möglich“: of the next date that one can sign up for here."""
        plans = listed.plans_in(facts, offering.id)
        if not any(plan.is_here for plan in plans.values()):
            return ""
        return next_words(bookables(plans, offering.dates, listed.confidentiality_in(facts)), now)


def register() -> None:
    """Called in ``ready()``."""
    providers.register_seats(Seats)
    providers.register_sign_up(sign_up_box)
    providers.register_moments(next_opening_or_closing)


@dataclass
class Bookable:
    """A plan and the dates it is for, those that were cancelled apart; by start."""

    plan: ShownPlan
    offering: Confidentiality
    dates: list[DateFacts] = field(default_factory=list)
    cancelled: list[DateFacts] = field(default_factory=list)

    def is_over(self, now: dt.datetime) -> bool:
        return bool(self.dates) and all(date.ends_at <= now for date in self.dates)

    def is_early(self, now: dt.datetime) -> bool:
        return self.plan.opens_at is not None and now < self.plan.opens_at

    def objection(self, now: dt.datetime) -> NotAllowed | None:
        """Why nobody can sign up now; ``None`` if one can."""
        return first_objection(LISTED, plan=self.plan, offering=self.offering, now=now, dates=self.dates, seats=1)


def bookables(plans: Plans, dates: Iterable[DateFacts], offering: Confidentiality) -> list[Bookable]:
    """Dates by the plan that one signs up with, in the order of their first date."""
    found: dict[int, Bookable] = {}
    for date in sorted(dates, key=lambda date: date.starts_at):
        plan = plans.get(date.uid) or plans.get(None)
        if plan is not None:
            bookable = found.setdefault(plan.pk, Bookable(plan, offering))
            (bookable.cancelled if date.cancelled else bookable.dates).append(date)
    return list(found.values())


def next_opening_or_closing(now: dt.datetime) -> dt.datetime | None:
    """When the next sign-up opens or closes by the clock alone; one that closes with its date ends with it."""
    opens = Min("opens_at", filter=Q(opens_at__gt=now))
    closes = Min("closes_at", filter=Q(closes_at__gt=now))
    row = SeatPlan.objects.aggregate(opens=opens, closes=closes)
    return min((moment for moment in row.values() if moment is not None), default=None)


# Lists


def next_words(found: list[Bookable], now: dt.datetime) -> str:
    """Of the first date with a seat or a place in line; without one that it is full, or when one can sign up."""
    later = ""
    for bookable in found:
        plan = bookable.plan
        if not plan.is_here or not bookable.dates or bookable.is_over(now):
            continue
        if bookable.is_early(now):
            later = later or _("sign-up from %(day)s") % {"day": short_date(plan.opens_at)}
        elif bookable.objection(now) is None:
            if not plan.is_full or plan.has_waiting_list:
                return words_for(plan.free, plan.has_waiting_list)
            later = later or words_for(plan.free, plan.has_waiting_list)
    return later


def words_for(free: int | None, has_waiting_list: bool) -> str:
    """The seats of one plan; nothing where there is no limit."""
    if free is None:
        return ""
    if free:
        return ngettext("%(number)s seat left", "%(number)s seats left", free) % {"number": free}
    return _("fully booked – waiting list possible") if has_waiting_list else _("fully booked")


# The box on the page of an offering


def sign_up_box(page: OfferingPage, *, dates: Iterable[DateFacts], now: dt.datetime, seats: dict | None = None) -> dict | None:
    """How one signs up, as ``includes/box.html`` shows it; ``None`` for an offering that nobody has said anything of.

    ``seats`` is what the read model keeps of it; without it, as in a preview, it is asked for.
    """
    if seats is None:
        seats = listed.facts_of([page.pk]) if page.pk else {}
        seats = {Seats.name: seats[page.pk]} if page.pk in seats else {}
    facts = seats.get(Seats.name)
    if facts is None:
        return None
    if isinstance(page, SupervisionPage) and facts["form"] == listed.ON_REQUEST:
        return request_box(page)
    offering = listed.confidentiality_in(facts)
    found = bookables(listed.plans_in(facts, page.pk), dates, offering)
    rows = [box_row(bookable, now=now, is_only=len(found) == 1) for bookable in found]
    open_rows = [row for row in rows if row["url"]]
    for row in sorted(open_rows, key=lambda row: row["is_full"])[:1]:
        row["is_primary"] = True
    if not rows:
        return None
    shown, folded = shown_rows(rows)
    return {
        "template": "ehrenamt_wagtail/signups/includes/box.html",
        "rows": shown,
        "folded": folded,
        "has_button": bool(open_rows),
        "by_contact": any(row["mode"] == SeatPlan.Mode.CONTACT and not row["note"] for row in rows),
        # Who calls the organiser about a supervision tells them who takes part.
        "or_contact": not offering.is_supervision and any(row["mode"] == SeatPlan.Mode.HERE for row in open_rows),
        "contact": contact_of(page),
    }


def request_box(page: SupervisionPage) -> dict:
    """How a circle asks for a supervision on request."""
    url = reverse("ehrenamt:supervision-ask", args=[page.pk])
    return {"template": "ehrenamt_wagtail/signups/includes/request_box.html", "rows": [], "folded": [], "has_button": True, "url": url}


def shown_rows(rows: list[dict]) -> tuple[list[dict], list[dict]]:
    """Few dates all stand there; of many those that one can still do something with, and the others are folded."""
    if len(rows) <= DATES_IN_BOX + 1:
        return rows, []
    shown = [row for row in rows if not row["is_over"]][:DATES_IN_BOX]
    return shown, [row for row in rows if row not in shown]


def box_row(bookable: Bookable, *, now: dt.datetime, is_only: bool) -> dict:
    plan = bookable.plan
    note = note_of(bookable, now)
    is_open = not note and plan.mode in (SeatPlan.Mode.HERE, SeatPlan.Mode.EXTERNAL)
    is_here = plan.is_here and not note
    can_join = not plan.is_full or plan.has_waiting_list
    return {
        "plan": plan.pk,
        "mode": plan.mode,
        "label": "" if is_only else label_of(bookable),
        "note": note,
        "words": words_for(plan.free, plan.has_waiting_list) if is_here else "",
        "url": address_of(bookable) if is_open and (can_join or not plan.is_here) else "",
        "host": urlsplit(plan.external_url).hostname or "",
        "is_full": plan.is_full,
        "is_primary": False,
        "is_over": bool(note) and not bookable.is_early(now) and plan.mode != SeatPlan.Mode.NONE,
        "minimum": minimum_words(plan, now) if not note else "",
        "closes_at": plan.closes_at if is_here else None,
    }


def address_of(bookable: Bookable) -> str:
    if bookable.plan.mode == SeatPlan.Mode.EXTERNAL:
        return bookable.plan.external_url
    return reverse("ehrenamt:sign-up-new", args=[bookable.dates[0].uid])


def label_of(bookable: Bookable) -> str:
    """The date; of several the first and the number of further ones."""
    dates = bookable.dates or bookable.cancelled
    text = date_range(dates[0].start, dates[0].end, dates[0].all_day)
    if len(dates) == 1:
        return text
    more = len(dates) - 1
    return ngettext("%(date)s and %(number)s more date", "%(date)s and %(number)s more dates", more) % {
        "date": text,
        "number": more,
    }


def note_of(bookable: Bookable, now: dt.datetime) -> str:
    """Why one cannot sign up, in words; empty if one can."""
    plan = bookable.plan
    if not bookable.dates:
        return pgettext("date", "cancelled")
    if bookable.is_over(now):
        return _("over")
    if plan.mode == SeatPlan.Mode.NONE:
        return _("No sign-up is necessary: just come.")
    if plan.is_here:
        return str(bookable.objection(now) or "")
    if bookable.is_early(now):
        return str(first_objection([rules.must_have_opened], plan=plan, now=now))
    return str(first_objection([rules.must_not_have_closed], plan=plan, now=now, dates=bookable.dates) or "")


def minimum_words(plan: ShownPlan, now: dt.datetime) -> str:
    if not plan.minimum or plan.minimum < 2:
        return ""
    day = plan.minimum_decided_on
    if day is None:
        return _("Takes place if at least %(number)s people sign up.") % {"number": plan.minimum}
    return _("Takes place if at least %(number)s people sign up; this is decided on %(day)s.") % {
        "number": plan.minimum,
        "day": long_date(day),
    }
