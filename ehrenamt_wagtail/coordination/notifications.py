"""Who is told what about holds and about joining forces.

Rows of the outbox as part of the caller's transaction; nobody is told the same twice.
"""

from ehrenamt_wagtail.directory.queries import answerable_for, coordinators, people, people_of
from ehrenamt_wagtail.mail.actions import queue_mail, tell

from .models import DateHold, JoinProposal

HOLD_EXPIRING = "coordination/hold_expiring"
HOLD_EXPIRED = "coordination/hold_expired"
JOIN_PROPOSED = "coordination/join_proposed"
JOINED = "coordination/join_joined"
JOIN_ENDED = "coordination/join_ended"


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


def tell_join_proposed(proposal: JoinProposal, *, actor) -> None:
    """Everybody who acts for one of both organisations."""
    tell(JOIN_PROPOSED, parties_of(proposal).exclude(pk=actor.pk), proposal=proposal.pk)


def tell_joined(proposal: JoinProposal, *, actor) -> None:
    """Both organisations and the coordinators."""
    tell(JOINED, parties_and_district(proposal, actor), proposal=proposal.pk)


def tell_join_ended(proposal: JoinProposal, *, actor) -> None:
    """Both organisations and the coordinators: it was declined, or lapsed."""
    tell(JOIN_ENDED, parties_and_district(proposal, actor), proposal=proposal.pk)


def parties_of(proposal: JoinProposal):
    return people_of([proposal.joining.organisation_id, proposal.host.organisation_id])


def parties_and_district(proposal: JoinProposal, actor):
    ids = {*parties_of(proposal).values_list("pk", flat=True), *coordinators().values_list("pk", flat=True)}
    return people(ids - {actor.pk} if actor else ids)
