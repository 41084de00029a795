"""How one signs up for an offering, in the words of a brochure: what everybody may know, and what still holds when it is read.

Seats are told by how many there are, not by how many are left; only what is fully booked when the brochure is made is said to be so.
Of a supervision no number is told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.formatting import short_date
from ehrenamt_wagtail.programme.models import ListedOffering
from ehrenamt_wagtail.signups.listed import NAME, ON_REQUEST, ShownPlan, plans_in
from ehrenamt_wagtail.signups.models import SeatPlan

from .texts import shown_address

Mode = SeatPlan.Mode
# Where dates differ the first of these ways is named; the offering's address says the rest.
ORDER = (Mode.HERE, Mode.EXTERNAL, Mode.CONTACT, Mode.NONE)


@dataclass(frozen=True)
class SignUp:
    """``way`` is a value of ``SeatPlan.Mode``, „on_request“, or empty where nothing is said; ``url`` where that leads elsewhere.

    ``opens`` and ``closes`` are days in words, empty where dates differ or nothing is fixed.
    """

    way: str = ""
    url: str = ""
    seats: str = ""
    opens: str = ""
    closes: str = ""

    @property
    def shown_url(self) -> str:
        return shown_address(self.url)


def plans_of(rows: Iterable[ListedOffering]) -> dict[int, list[ShownPlan]]:
    """The plans of each offering as everybody may know them; reads nothing."""
    return {row.pk: list(plans_in(facts_of(row), row.pk).values()) for row in rows}


def facts_of(row: ListedOffering) -> dict:
    seats = getattr(row, "listed_seats", None)
    return (seats.seats if seats else {}).get(NAME) or {"plans": {}, "form": None, "is_supervision": False}


def capacities(plans: Mapping[int, list[ShownPlan]]) -> dict[int, int]:
    """The seats of those plans whose free seats everybody knows; one query."""
    known = [plan.pk for of_one in plans.values() for plan in of_one if plan.is_here and plan.free is not None]
    return dict(SeatPlan.objects.filter(pk__in=known, capacity__isnull=False).values_list("pk", "capacity"))


def sign_up_for(row: ListedOffering, plans: list[ShownPlan], capacity: Mapping[int, int], uids: set[str]) -> SignUp:
    """``uids`` are the dates that take place in the period."""
    facts = facts_of(row)
    if facts["form"] == ON_REQUEST:
        return SignUp(ON_REQUEST)
    by_uid = {plan.occurrence_uid: plan for plan in plans}
    shown = {plan.pk: plan for uid in uids if (plan := by_uid.get(uid) or by_uid.get(None))}.values()
    way = next((way for way in ORDER if any(plan.mode == way for plan in shown)), "")
    of_way = [plan for plan in shown if plan.mode == way]
    url = next((plan.external_url for plan in of_way if plan.external_url), "") if way == Mode.EXTERNAL else ""
    seats = "" if facts["is_supervision"] or way != Mode.HERE else seats_in_words(of_way, capacity)
    return SignUp(way, url, seats, day_of({plan.opens_at for plan in of_way}), day_of({plan.closes_at for plan in of_way}))


def day_of(moments: set[dt.datetime | None]) -> str:
    """„Mo 4. Januar 2027“, if there is one moment only."""
    moment = moments.pop() if len(moments) == 1 else None
    return short_date(moment, today=dt.date.min) if moment else ""


def seats_in_words(plans: list[ShownPlan], capacity: Mapping[int, int]) -> str:
    """„20 Plätze“, „je Termin 12 Plätze“; behind it that all are taken."""
    numbers = {capacity.get(plan.pk) for plan in plans} - {None}
    words = ""
    if len(numbers) == 1 and all(plan.pk in capacity for plan in plans):
        number = numbers.pop()
        words = ngettext("%(number)s seat", "%(number)s seats", number) % {"number": number}
        if len(plans) > 1:
            words = _("%(seats)s on each date") % {"seats": words}
    elif numbers:
        words = _("The number of seats is limited.")
    if plans and all(plan.is_full for plan in plans):
        full = _("fully booked – waiting list possible") if any(plan.has_waiting_list for plan in plans) else _("fully booked")
        words = f"{words}, {full}" if words and not words.endswith(".") else full
    return words
