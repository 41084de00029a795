"""Who is told what about programme periods; rows of the outbox as part of the caller's transaction, nobody is told the same twice."""

import datetime as dt
from collections.abc import Collection

from ehrenamt_wagtail.directory.models import Membership
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail

from .models import ProgrammePeriod

CALLED = "reporting/period_called"
REMINDED = "reporting/period_reminder"


def tell_called(period: ProgrammePeriod, organisation_ids: Collection[int], *, day: dt.date) -> set[int]:
    """Ask all who act for these organisations for contributions; gives the organisations that somebody was written to for.

    ``day`` is the local day of the call.
    """
    return tell_people(CALLED, period, organisation_ids, day=day.isoformat())


def tell_reminded(period: ProgrammePeriod, organisation_ids: Collection[int], *, days: int) -> set[int]:
    """Remind all who act for these organisations, ``days`` before the deadline; once for each deadline that the period had."""
    return tell_people(REMINDED, period, organisation_ids, f"{period.deadline:%Y-%m-%d}:{days}:")


def tell_people(
    template: str, period: ProgrammePeriod, organisation_ids: Collection[int], part: str = "", **params: str
) -> set[int]:
    """Who acts for several organisations is written to for each."""
    told = set()
    for membership in reachable_members(organisation_ids):
        queue_mail(
            template,
            user=membership.user,
            params={"period": period.pk, "organisation": membership.organisation_id, **params},
            dedupe_key=f"{template}:{period.pk}:{part}{membership.organisation_id}:{membership.user_id}",
            is_bulk=True,
        )
        told.add(membership.organisation_id)
    return told


def reachable_members(organisation_ids: Collection[int]):
    """Memberships of active persons with a mail address in those of the organisations that are active."""
    members = Membership.objects.filter(
        organisation__in=list(organisation_ids), organisation__is_active=True, user__is_active=True
    )
    return members.exclude(user__email="").select_related("user").order_by("organisation", "user")


def organisations_reminded(period: ProgrammePeriod, days: int) -> set[int]:
    """Those that somebody was written to for, ``days`` before the present deadline; one query."""
    begins = f"{REMINDED}:{period.pk}:{period.deadline:%Y-%m-%d}:{days}:"
    mails = OutgoingMail.objects.filter(dedupe_key__startswith=begins)
    return {params["organisation"] for params in mails.values_list("params", flat=True)}
