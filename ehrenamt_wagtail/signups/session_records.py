"""Supervisions that took place, for invoicing (*Einsatznachweis*): date, hours, number of people, form. Never who."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.models import Cancellation, Occurrence, OfferingPage

from . import supervision_requests
from .models import HeldSession, SignUp, SupervisionRequest, SupervisionSetup
from .seats import plan_for

QUARTER = Decimal("0.25")


# Recording


def must_have_supervised(*, page, actor, **_facts) -> None:
    """Who is the supervisor, or was it for somebody who signed up."""
    is_named = SupervisionSetup.objects.filter(offering=page.pk, supervisor=actor.pk).exists()
    was_named = SignUp.objects.filter(plan__offering=page.pk, is_confidential=True, reader=actor.pk).exists()
    if not actor.is_active or not (is_named or was_named):
        raise NotAllowed(_("Only the supervisor records what took place. Nothing was changed."))


def must_have_begun(*, day, now, **_facts) -> None:
    if day > timezone.localdate(now):
        raise NotAllowed(_("This day has not come yet. Record the supervision when it has taken place."))


RECORD = [must_have_supervised, must_have_begun]
RECORD_REQUEST = [supervision_requests.must_take_part, supervision_requests.must_be_supervisor, must_have_begun]


@transaction.atomic
def record_date(
    page: OfferingPage, *, uid: uuid.UUID, hours: Decimal, head_count: int, actor, now: dt.datetime | None = None
) -> HeldSession:
    """A date of the offering took place; recorded again it is corrected. Writes Wagtail's log at the offering.

    Raises ``NotAllowed``, or ``ValidationError`` for hours or people that cannot be.
    """
    now = now or timezone.now()
    date = Occurrence.objects.filter(page=page.pk, uid=uid).exclude(starts_at=None).first()
    if date is None or is_cancelled(page, uid):
        raise NotAllowed(_("This date did not take place. Nothing was changed."))
    day = timezone.localdate(date.starts_at)
    ensure(RECORD, page=page, actor=actor, day=day, now=now)
    return write_record({"offering_id": page.pk, "occurrence_uid": uid}, day, hours, head_count, actor, now)


@transaction.atomic
def record_request(
    request: SupervisionRequest, *, day: dt.date, hours: Decimal, head_count: int, actor, now: dt.datetime | None = None
) -> HeldSession:
    """A supervision on request took place on ``day``; recorded again for that day it is corrected.

    The record does not say for which circle, but to the supervisor. Raises ``NotAllowed`` or ``ValidationError``.
    """
    now = now or timezone.now()
    ensure(RECORD_REQUEST, request=request, actor=actor, day=day, now=now)
    return write_record({"offering_id": request.offering_id, "request": request, "date": day}, day, hours, head_count, actor, now)


def write_record(identity: dict, day: dt.date, hours: Decimal, head_count: int, actor, now: dt.datetime) -> HeldSession:
    facts = {"date": day, "hours": hours, "head_count": head_count, "recorded_by": actor, "recorded_at": now}
    session, is_new = HeldSession.objects.select_for_update().get_or_create(**identity, defaults=facts)
    if not is_new:
        for name, value in facts.items():
            setattr(session, name, value)
    session.full_clean(validate_unique=False, validate_constraints=False)
    session.save()
    log(instance=session.offering, action="ehrenamt.record_session", user=actor, data={"date": str(day)})
    return session


def is_cancelled(page: OfferingPage, uid: uuid.UUID) -> bool:
    return Cancellation.objects.filter(offering=page.pk, occurrence_uid__in=[uid]).exists() or (
        Cancellation.objects.filter(offering=page.pk, occurrence_uid=None).exists()
    )


def suggested_hours(start: dt.datetime | None, end: dt.datetime | None) -> Decimal | None:
    """From start to end, in quarters of an hour; ``None`` where no end is known."""
    if start is None or end is None or end <= start:
        return None
    hours = Decimal((end - start).total_seconds()) / 3600
    return min((hours / QUARTER).quantize(Decimal(1)) * QUARTER, Decimal(24))


def suggested_head_count(page: OfferingPage, uid: uuid.UUID) -> int:
    """People with a seat for the date."""
    plan = plan_for(page.pk, uid)
    return (SignUp.objects.with_seat().filter(plan=plan).aggregate(number=Sum("seats"))["number"] or 0) if plan else 0


# What the district and the organisation read


@dataclass(frozen=True)
class Record:
    """One supervision that took place."""

    date: dt.date
    hours: Decimal
    head_count: int
    form: str
    title: str
    organisation: str
    supervisor: str


def records_between(first: dt.date, last: dt.date, *, organisations: Iterable[Organisation] | None = None) -> list[Record]:
    """What took place from ``first`` to ``last``, both included, by date; of these organisations or of all. One query."""
    sessions = HeldSession.objects.filter(date__gte=first, date__lte=last)
    if organisations is not None:
        sessions = sessions.filter(offering__organisation__in=list(organisations))
    return [record_of(session) for session in with_facts(sessions)]


def with_facts(sessions: QuerySet[HeldSession]) -> QuerySet[HeldSession]:
    related = ("offering__organisation", "offering__supervision_setup", "recorded_by")
    return sessions.select_related(*related).order_by("date", "offering__title", "pk")


def record_of(session: HeldSession) -> Record:
    return Record(
        date=session.date,
        hours=session.hours,
        head_count=session.head_count,
        form=form_of(session),
        title=session.offering.title,
        organisation=session.offering.organisation.name if session.offering.organisation else "",
        supervisor=(session.recorded_by.get_full_name() or session.recorded_by.get_username()) if session.recorded_by else "",
    )


def form_of(session: HeldSession) -> str:
    setup = getattr(session.offering, "supervision_setup", None)
    if session.request_id is not None:
        return str(SupervisionSetup.Form.ON_REQUEST.label)
    if setup is None:
        return ""
    if setup.information_uid and setup.information_uid == session.occurrence_uid:
        return _("information evening")
    return str(setup.get_form_display())


def sum_of_hours(records: Iterable[Record]) -> Decimal:
    return sum((record.hours for record in records), Decimal(0))
