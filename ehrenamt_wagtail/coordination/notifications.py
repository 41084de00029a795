"""Who is told what about holds; rows of the outbox as part of the caller's transaction, nobody is told the same twice."""

from ehrenamt_wagtail.directory.queries import answerable_for
from ehrenamt_wagtail.mail.actions import queue_mail

from .models import DateHold

HOLD_EXPIRING = "coordination/hold_expiring"
HOLD_EXPIRED = "coordination/hold_expired"


def tell_expiring(hold: DateHold) -> None:
    tell_owner(HOLD_EXPIRING, hold)


def tell_expired(hold: DateHold) -> None:
    tell_owner(HOLD_EXPIRED, hold)


def tell_owner(template: str, hold: DateHold) -> None:
    """Who made the hold if still a member of the organisation, else its members; once for each end that the hold had."""
    for user in answerable_for(hold.organisation_id, hold.created_by_id):
        queue_mail(
            template,
            user=user,
            params={"hold": hold.pk},
            dedupe_key=f"{template}:{hold.pk}:{int(hold.expires_at.timestamp())}:{user.pk}",
        )
