"""Entry points of the job cluster; all may run any number of times and side by side."""

from django.utils import timezone

from . import changes, minimums, reminders, signing
from .models import SignUp


def look_after_seats() -> int:
    """Free seats of sign-ups that were not confirmed and of offers that were not taken in time; gives their number."""
    now = timezone.now()
    due = SignUp.objects.active().filter(expires_at__lte=now).order_by("expires_at", "pk")
    return sum(signing.free_unconfirmed(sign_up, now=now) for sign_up in due)


def look_after_sign_ups() -> str:
    """What has to be done about sign-ups within the hour; returns in numbers what was.

    Tell changes that no receiver heard of, remind, mail the addresses of online meetings, and tell organisers whose day of
    decision has come.
    """
    told, reminded, addresses = changes.catch_up(), reminders.remind(), reminders.send_addresses()
    return f"{told} changes, {reminded} reminded, {addresses} addresses, {minimums.tell_minimums()} asked to decide"
