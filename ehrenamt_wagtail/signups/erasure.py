"""Forgetting one mail address (Art. 17 GDPR): sign-ups and mails go, accounts and published contacts are named and stay."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from ehrenamt_wagtail.mail.models import OutgoingMail

from . import figures, signing
from .deletion import Counts, delete_rows, last_days, named
from .models import DeletionRecord, SignUp
from .person_data import Place, accounts_of, confirmation_counts, places_of, same_address, sign_ups_of
from .waiting import lock_sign_up


@dataclass
class Erased:
    """``counts``: what was deleted, by model. ``accounts`` and ``places`` hold the address still, others have to decide."""

    counts: Counts = field(default_factory=Counter)
    cancelled: int = 0
    accounts: list = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def erase(address: str, *, now: dt.datetime | None = None) -> Erased:
    """Give back the seats of ``address``, offer them to the next, and delete sign-ups, mails and counts; a record of numbers stays.

    One sign-up a transaction, so that nobody who signs up meanwhile waits long; interrupted it can be run again. Figures of
    dates that are over keep counting the person. Nothing is mailed to the address.
    """
    now = now or timezone.now()
    result = Erased()
    while row := sign_ups_of(address).first():
        erase_sign_up(row, result, now)
    with transaction.atomic():
        mails = OutgoingMail.objects.filter(same_address("address", address))
        result.counts += named(mails.delete()[1]) + named(confirmation_counts(address).delete()[1])
        DeletionRecord.objects.create(reason=DeletionRecord.Reason.REQUEST, at=now, counts=dict(result.counts))
    result.accounts = list(accounts_of(address))
    result.places = list(places_of(address))
    return result


@transaction.atomic
def erase_sign_up(row: SignUp, result: Erased, now: dt.datetime) -> None:
    row = lock_sign_up(row)
    day = last_days([row.plan]).get(row.plan_id)
    is_over = day is not None and day < timezone.localdate(now)
    if is_over:
        figures.close([row.plan], now=now)
    elif row.is_active:
        signing.cancel_sign_up(row, now=now)
        result.cancelled += 1
    # Also those that the lines above have just written.
    result.counts += named(OutgoingMail.objects.filter(params__sign_up=str(row.uid)).delete()[1])
    result.counts += delete_rows(SignUp.objects.filter(pk=row.pk))
