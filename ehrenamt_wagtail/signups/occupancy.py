"""How full dates are, in numbers only: of one offering or of many, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage, SupervisionPage

from .models import SeatPlan
from .seats import SeatCount, counts_of


@dataclass(frozen=True)
class Occupancy:
    """The seats of one plan with the dates it is for, by start, cancelled ones left out."""

    plan: SeatPlan
    dates: list[Occurrence]
    count: SeatCount


def occupancy_of(page: OfferingPage) -> list[Occupancy]:
    return occupancies([page.pk])[page.pk]


def occupancies(page_ids: Iterable[int]) -> dict[int, list[Occupancy]]:
    """Offering's primary key → its plans for sign-up on this site, by their first date; those without a date are left out."""
    page_ids = list(page_ids)
    plans = list(SeatPlan.objects.filter(offering__in=page_ids, mode=SeatPlan.Mode.HERE))
    own = {(plan.offering_id, plan.occurrence_uid): plan for plan in plans}
    dates: dict[int, list[Occurrence]] = {plan.pk: [] for plan in plans}
    for date in taking_place(page_ids):
        plan = own.get((date.page_id, date.uid)) or own.get((date.page_id, None))
        if plan is not None:
            dates[plan.pk].append(date)
    counts = counts_of(plans)
    found: dict[int, list[Occupancy]] = {pk: [] for pk in page_ids}
    for plan in plans:
        if dates[plan.pk]:
            found[plan.offering_id].append(Occupancy(plan, dates[plan.pk], counts[plan.pk]))
    for rows in found.values():
        rows.sort(key=lambda row: (row.dates[0].starts_at, row.plan.pk))
    return found


def taking_place(page_ids: Iterable[int]) -> list[Occurrence]:
    """The dates of these offerings that were not cancelled, by start."""
    page_ids = list(page_ids)
    off = set(Cancellation.objects.filter(offering__in=page_ids).values_list("offering", "occurrence_uid"))
    dates = Occurrence.objects.filter(page__in=page_ids).exclude(starts_at=None).order_by("starts_at", "pk")
    return [date for date in dates if not {(date.page_id, None), (date.page_id, date.uid)} & off]


def supervisions_of(organisations: Iterable[Organisation] | None) -> QuerySet[SupervisionPage]:
    """Published supervisions, of these organisations or of all, by title."""
    pages = SupervisionPage.objects.live().select_related("organisation").order_by("title", "pk")
    return pages if organisations is None else pages.filter(organisation__in=list(organisations))
