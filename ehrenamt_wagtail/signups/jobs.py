"""Entry points of the job cluster; all may run any number of times and side by side."""

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.utils import timezone

from ehrenamt_wagtail.exceptions import NotAllowed

from . import changes, deletion, figures, minimums, reminders, signing, waiting
from .models import SignUp

logger = logging.getLogger(__name__)


def look_after_seats() -> int:
    """Free seats of sign-ups that were not confirmed and of offers that were not taken in time; gives their number.

    Offers what is free, reminds those who have not confirmed once half of their time is over, and forgets yesterday's counts.
    """
    now = timezone.now()
    due = SignUp.objects.active().filter(expires_at__lte=now).order_by("expires_at", "pk")
    freed = one_by_one(signing.free_unconfirmed, due, now)
    one_by_one(waiting.serve_plan, waiting.plans_to_serve(now), now)
    one_by_one(signing.remind_to_confirm, signing.unreminded(now), now)
    signing.forget_counts(now)
    return freed


def one_by_one(action: Callable, rows: Iterable, now: dt.datetime) -> int:
    """How many of the rows something was done about. One that fails keeps no other from its seat; the next run tries it again."""
    done = 0
    for row in rows:
        try:
            done += bool(action(row, now=now))
        except NotAllowed:
            # Moved or deleted in this very moment.
            continue
        except Exception as error:
            # Without the error's own text, which may quote a name.
            logger.error("%s failed for #%s: %s", action.__name__, row.pk, type(error).__name__)
    return done


def look_after_sign_ups() -> str:
    """What has to be done about sign-ups within the hour; returns in numbers what was.

    Tell changes that no receiver heard of, remind, mail the addresses of online meetings, and tell organisers whose day of
    decision has come.
    """
    told, reminded, addresses = changes.catch_up(), reminders.remind(), reminders.send_addresses()
    return f"{told} changes, {reminded} reminded, {addresses} addresses, {minimums.tell_minimums()} asked to decide"


def keep_figures() -> int:
    """Take the figures again that are not final; gives their number."""
    return figures.refresh()


def delete_personal_data() -> str:
    """Delete what is no longer kept; returns how much of what."""
    return ", ".join(f"{number} {name}" for name, number in sorted(deletion.delete_due().items())) or "nothing"
