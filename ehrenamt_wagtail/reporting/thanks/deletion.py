"""Names of people who were thanked go the day after; how many there were stays."""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.utils import timezone

from ehrenamt_wagtail.reporting.models import ThankedPerson, ThanksLetters, ThanksRound
from ehrenamt_wagtail.signups.deletion import record
from ehrenamt_wagtail.signups.models import DeletionRecord


def delete_names(*, now: dt.datetime | None = None) -> int:
    """Delete names and letters of all rounds whose day has passed, with a record of how many; gives the number of names.

    May run any number of times and side by side. A round whose day was put off after its deletion keeps what was counted first.
    """
    now = now or timezone.now()
    due = ThanksRound.objects.filter(day__lt=timezone.localdate(now), deleted_at=None).values_list("pk", flat=True)
    return sum(delete_names_of(pk, now) for pk in list(due))


@transaction.atomic
def delete_names_of(round_id: int, now: dt.datetime) -> int:
    round = ThanksRound.objects.select_for_update().filter(pk=round_id, deleted_at=None, day__lt=timezone.localdate(now)).first()
    if round is None:
        return 0
    people = ThankedPerson.objects.filter(round=round)
    round.circles = people.order_by().values("circle").distinct().count()
    round.thanked, _deleted = people.delete()
    letters, _deleted = ThanksLetters.objects.filter(round=round).delete()
    round.deleted_at = now
    round.save(update_fields=["circles", "thanked", "deleted_at"])
    record(DeletionRecord.Reason.THANKS, +Counter({"ThankedPerson": round.thanked, "ThanksLetters": letters}), now)
    return round.thanked
