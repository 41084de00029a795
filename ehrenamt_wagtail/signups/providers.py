"""What lists and pages of the programme show of sign-ups."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.exceptions import first_objection
from ehrenamt_wagtail.programme import providers
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from . import rules
from .models import SeatPlan
from .seats import SeatCount, count_seats, counts_of, dates_of


def register() -> None:
    """Called in ``ready()``."""
    providers.register_seats(seats_in_words)
    providers.register_sign_up(sign_up_box)


def seats_in_words(pages: Iterable[OfferingPage], now: dt.datetime) -> dict[int, str]:
    """Page id → „noch 6 Plätze“ or „ausgebucht – Warteliste möglich“; of several dates the next that one signs up for here."""
    by_page = defaultdict(list)
    for plan in SeatPlan.objects.filter(offering__in=[page.pk for page in pages], mode=SeatPlan.Mode.HERE):
        by_page[plan.offering_id].append(plan)
    counts = counts_of(plan for plans in by_page.values() for plan in plans)
    return {pk: words_for(plans[0], counts[plans[0].pk]) for pk, plans in by_page.items()}


def words_for(plan: SeatPlan, count: SeatCount) -> str:
    if count.free is None:
        return ""
    if count.free:
        return ngettext("%(number)s seat left", "%(number)s seats left", count.free) % {"number": count.free}
    return _("fully booked – waiting list possible") if plan.has_waiting_list else _("fully booked")


def sign_up_box(page: OfferingPage, *, dates: Iterable[Occurrence], now: dt.datetime) -> dict | None:
    plans = {plan.occurrence_uid: plan for plan in SeatPlan.objects.filter(offering=page.pk)} if page.pk else {}
    rows = []
    for date in dates:
        plan = plans.get(date.uid) or plans.get(None)
        if plan is None or not plan.is_here:
            continue
        count = count_seats(plan)
        objection = first_objection(rules.SIGN_UP, plan=plan, now=now, dates=dates_of(plan), seats=1)
        rows.append(
            {
                "date": date,
                "url": reverse("ehrenamt:sign-up-new", args=[date.uid]),
                "words": words_for(plan, count),
                "is_full": count.is_full,
                "objection": str(objection or ""),
            }
        )
        if plan.occurrence_uid is None:
            break
    return {"template": "ehrenamt_wagtail/signups/includes/box.html", "rows": rows} if rows else None
