"""Reminders before a date, and the address of an online meeting on its day: only for those who have a seat.

Each is queued once a date as participants were told it; one that has become outdated until it can be delivered is not sent.
"""

import datetime as dt
import uuid
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from django.db.models import Exists, OuterRef
from django.utils import timezone

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.programme.dates import cancellations_of_date
from ehrenamt_wagtail.programme.models import Mode, Occurrence

from . import notifications
from .changes import covers
from .models import Notice, SeatPlan, SignUp, ToldDate

# Who signed up, or was told of a change, so shortly before the reminder is due needs none.
FRESH = dt.timedelta(hours=12)
# The address of an online meeting is mailed so long before it begins.
ADDRESS_AHEAD = dt.timedelta(hours=4)
AT_ONCE = 500


@dataclass(frozen=True)
class DueMail:
    sign_up: SignUp
    dedupe: str
    params: dict


def remind(*, now: dt.datetime | None = None) -> int:
    """Queue the reminders that are due, ``conf.SIGNUP_REMINDER_DAYS`` days before each date; gives the number of new ones."""
    now = now or timezone.now()
    ahead = dt.timedelta(days=conf.SIGNUP_REMINDER_DAYS)
    dates = dates_ahead(now, starts_at__gt=now, starts_at__lte=now + ahead)
    return queue(notifications.REMINDER, due_mails(dates, reminder_of, known_before=lambda date: date.starts_at - ahead - FRESH))


def send_addresses(*, now: dt.datetime | None = None) -> int:
    """Queue the addresses of online meetings that begin soon or have begun; gives the number of new ones."""
    now = now or timezone.now()
    dates = [date for date in dates_ahead(now, starts_at__lte=now + ADDRESS_AHEAD) if is_online(date)]
    return queue(notifications.ONLINE, due_mails(dates, address_of))


def dates_ahead(now: dt.datetime, **conditions) -> list[Occurrence]:
    """Public dates with a sign-up that are neither over nor cancelled."""
    plans = SeatPlan.objects.filter(offering=OuterRef("page"))
    dates = Occurrence.objects.not_over(now).filter(Exists(plans), page__live=True, **conditions)
    return list(dates.exclude(Exists(cancellations_of_date())).select_related("page").order_by("page", "starts_at", "pk"))


def is_online(date: Occurrence) -> bool:
    return date.effective_mode() != Mode.ON_SITE and bool(date.page.online_url)


def reminder_of(sign_up: SignUp, date: Occurrence, sequence: int) -> DueMail:
    return DueMail(sign_up, f"{date.uid}:{sequence}", {"date": date.uid, "sequence": sequence})


def address_of(sign_up: SignUp, date: Occurrence, sequence: int) -> DueMail:
    """Another address is mailed again."""
    return DueMail(sign_up, f"{date.uid}:{sequence}:{zlib.crc32(date.page.online_url.encode())}", {"date": date.uid})


def due_mails(
    dates: Iterable[Occurrence],
    mail_of: Callable[[SignUp, Occurrence, int], DueMail],
    *,
    known_before: Callable[[Occurrence], dt.datetime] | None = None,
) -> Iterator[DueMail]:
    """A mail for each date and each sign-up that has a seat there; with ``known_before`` only for those who knew then already.

    Four queries an offering at most, however many dates and people.
    """
    for page_id, group in groupby(dates, key=lambda date: date.page_id):
        plans = list(SeatPlan.objects.filter(offering=page_id))
        sequences = dict(ToldDate.objects.filter(offering=page_id).values_list("occurrence_uid", "sequence"))
        told_at = last_told(page_id) if known_before else {}
        sign_ups = list(SignUp.objects.with_seat().filter(plan__in=plans).select_related("plan").order_by("pk"))
        for date in group:
            for sign_up in sign_ups:
                if not covers(sign_up.plan, date.uid, plans):
                    continue
                signed_up = sign_up.confirmed_at or sign_up.created_at
                knows_since = max(signed_up, told_at.get(str(date.uid), signed_up))
                if known_before is None or knows_since < known_before(date):
                    yield mail_of(sign_up, date, sequences.get(date.uid, 0))


def last_told(page_id: int) -> dict[str, dt.datetime]:
    """When participants were last told of a change of each date."""
    notices = Notice.objects.filter(offering=page_id).exclude(kind=Notice.Kind.MESSAGE).order_by("at", "pk")
    return {fact["uid"]: notice.at for notice in notices for fact in notice.facts}


def queue(template: str, mails: Iterable[DueMail]) -> int:
    """Write those that were not written before."""
    number = 0
    mails = iter(mails)
    while batch := list(islice(mails, AT_ONCE)):
        keys = {notifications.dedupe_key(template, mail.sign_up, mail.dedupe): mail for mail in batch}
        present = set(OutgoingMail.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
        for key, mail in keys.items():
            if key not in present:
                number += notifications.write(template, mail.sign_up, dedupe=mail.dedupe, **mail.params) is not None
    return number


# At delivery


def date_still_ahead(sign_up: SignUp, uid: str, *, now: dt.datetime) -> Occurrence | None:
    """The date, if the person has a seat there, it is public, takes place and is not over."""
    plans = list(SeatPlan.objects.filter(offering=sign_up.plan.offering_id))
    if not sign_up.has_seat or not covers(sign_up.plan, uuid.UUID(uid), plans):
        return None
    dates = dates_ahead(now, page=sign_up.plan.offering_id, uid=uid)
    return dates[0] if dates else None


def sequence_of(date: Occurrence) -> int:
    """How often participants were told another start, end or place of this date."""
    return ToldDate.objects.filter(offering=date.page_id, occurrence_uid=date.uid).values_list("sequence", flat=True).first() or 0
