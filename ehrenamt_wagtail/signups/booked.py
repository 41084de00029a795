"""How far offerings are booked, in numbers alone: for the organiser's overview, supervision included."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.programme.models import OfferingPage

from .models import SeatPlan
from .seats import SeatCount, counts_of


@dataclass(frozen=True)
class Booked:
    """How one signs up for an offering and, where it is done here, how many have; ``dates`` counts those that have own seats."""

    mode: str
    count: SeatCount
    dates: int

    @property
    def is_here(self) -> bool:
        return self.mode == SeatPlan.Mode.HERE

    def in_words(self) -> str:
        """„12 von 20 Plätzen, 3 auf der Warteliste“."""
        if not self.is_here:
            return str(SeatPlan.Mode(self.mode).label)
        return ", ".join(filter(None, [self.seats_in_words(), self.waiting_in_words()]))

    def seats_in_words(self) -> str:
        taken, capacity = self.count.taken, self.count.capacity
        if capacity is None:
            return ngettext("%(taken)s seat taken", "%(taken)s seats taken", taken) % {"taken": taken}
        if self.dates > 1:
            text = _("%(taken)s of %(capacity)s seats on %(dates)s dates")
            return text % {"taken": taken, "capacity": capacity, "dates": self.dates}
        text = ngettext("%(taken)s of %(capacity)s seat", "%(taken)s of %(capacity)s seats", capacity)
        return text % {"taken": taken, "capacity": capacity}

    def waiting_in_words(self) -> str:
        waiting = self.count.waiting
        return _("%(waiting)s on the waiting list") % {"waiting": waiting} if waiting else ""


def booked_seats(pages: Iterable[OfferingPage], now: dt.datetime) -> dict[int, Booked]:
    """Page id → how far it is booked, for those that were set up; two queries however many ``pages`` (their dates prefetched).

    Of single dates those count that are not over; when all are, all of them.
    """
    by_page: dict[int, list[SeatPlan]] = defaultdict(list)
    for plan in SeatPlan.objects.filter(offering__in=[page.pk for page in pages]).order_by("pk"):
        by_page[plan.offering_id].append(plan)
    shown = {page.pk: plans_to_show(page, by_page[page.pk], now) for page in pages if page.pk in by_page}
    counts = counts_of(plan for plans in shown.values() for plan in plans if plan.is_here)
    return {pk: booked_in(plans, counts) for pk, plans in shown.items()}


def plans_to_show(page: OfferingPage, plans: list[SeatPlan], now: dt.datetime) -> list[SeatPlan]:
    over = {date.uid for date in page.occurrences.all() if (span := date.span()) and span[1] <= now}
    return [plan for plan in plans if plan.occurrence_uid not in over] or plans


def booked_in(plans: list[SeatPlan], counts: dict[int, SeatCount]) -> Booked:
    here = [counts[plan.pk] for plan in plans if plan.is_here]
    capacities = [count.capacity for count in here]
    count = SeatCount(
        capacity=None if None in capacities or not here else sum(capacities),
        taken=sum(count.taken for count in here),
        waiting=sum(count.waiting for count in here),
    )
    return Booked(mode=SeatPlan.Mode.HERE if here else plans[0].mode, count=count, dates=len(here))
