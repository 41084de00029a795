"""Who is told what about needs; rows of the outbox as part of the caller's transaction, nobody is told the same twice."""

from ehrenamt_wagtail.directory.queries import answerable_for, coordinators
from ehrenamt_wagtail.mail.actions import queue_mail, tell

from .models import Need

REPORTED = "circles/need_reported"
TAKEN = "circles/need_taken"
ANSWERED = "circles/need_answered"
OPEN_AGAIN = "circles/need_open_again"


def tell_reported(need: Need, *, actor) -> None:
    tell(REPORTED, coordinators().exclude(pk=actor.pk), need=need.pk)


def tell_taken(need: Need, *, actor) -> None:
    tell_asking(TAKEN, need, without=actor.pk)


def tell_answered(need: Need) -> None:
    tell_asking(ANSWERED, need)


def tell_open_again(need: Need) -> None:
    """Called while the need still says who had taken it up."""
    tell_asking(OPEN_AGAIN, need)


def tell_asking(template: str, need: Need, *, without: int | None = None) -> None:
    """Once for each time the need is taken up: it may be open again and taken up by others."""
    taking = int(need.taken_at.timestamp() * 1000)
    for user in answerable_for(need.organisation_id, need.created_by_id).exclude(pk=without):
        queue_mail(
            template,
            user=user,
            params={"need": need.pk, "organisation": need.taken_by_id},
            dedupe_key=f"{template}:{need.pk}:{taking}:{user.pk}",
        )
