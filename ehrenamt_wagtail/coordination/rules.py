"""Who may do what in coordination, and why not; each list decides both whether a button shows and whether the action runs.

Rules of holds take the keyword arguments ``hold`` (for a new one ``organisation``), ``actor`` and ``now``, and raise ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.circles.rules import acts_for, must_act_for_organisation
from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed

from .models import DateHold, JoinProposal


def must_own_hold(*, hold, actor, own=None, **_facts) -> None:
    must_act_for_organisation(organisation=hold.organisation, actor=actor, own=own)


def must_be_member_of_holder(*, hold, actor, own=None, **_facts) -> None:
    """A draft belongs to the organisation: the district does not write one for others."""
    if not acts_for(actor, hold.organisation, own):
        raise NotAllowed(_("Only the organisation itself can make an offering of this date. Nothing was changed."))


def must_be_active(*, hold, now, **_facts) -> None:
    """Neither used, given back nor expired; expired counts from its moment on, whether or not the job has run."""
    if hold.status == DateHold.Status.USED:
        raise NotAllowed(_("This held date has already become an offering. Nothing was changed."))
    if hold.status == DateHold.Status.RELEASED:
        raise NotAllowed(_("This held date was already given back. Nothing was changed."))
    if hold.status == DateHold.Status.EXPIRED or hold.expires_at <= now:
        raise NotAllowed(_("This held date has expired and is open to others again. Please hold it anew if it is still free."))


def must_not_be_prolonged(*, hold, **_facts) -> None:
    if hold.prolonged_at is not None:
        raise NotAllowed(_("A held date can be prolonged once only. Nothing was changed; make it an offering, or give it back."))


def must_leave_time_to_prolong(*, hold, **_facts) -> None:
    """It lasts until the date itself at most."""
    if hold.expires_at >= hold.span()[0]:
        raise NotAllowed(_("This hold already lasts until the date itself. Nothing was changed."))


HOLD = [must_act_for_organisation]
RELEASE = [must_own_hold, must_be_active]
PROLONG = [must_own_hold, must_be_active, must_not_be_prolonged, must_leave_time_to_prolong]
BECOME_OFFERING = [must_be_member_of_holder, must_be_active]


# Joining forces. Facts: ``proposal`` or, for a new one, the pages ``joining`` and ``host``; and ``actor``.


def is_party(proposal, actor) -> bool:
    """Whether the person acts for one of the two organisations."""
    parties = [proposal.joining.organisation_id, proposal.host.organisation_id]
    return Organisation.objects.of_user(actor).filter(pk__in=parties).exists()


def must_be_party(*, proposal, actor, **_facts) -> None:
    if not is_party(proposal, actor):
        raise NotAllowed(_("This belongs to other organisations. Nothing was changed."))


def must_be_open_proposal(*, proposal, **_facts) -> None:
    if proposal.status == JoinProposal.Status.JOINED:
        raise NotAllowed(_("Both organisations have already accepted. Nothing was changed; the district can help you further."))
    if proposal.status == JoinProposal.Status.DECLINED:
        raise NotAllowed(_("This proposal was declined in the meantime. Nothing was changed."))
    if proposal.status == JoinProposal.Status.DROPPED:
        raise NotAllowed(_("This proposal has lapsed: one of the offerings goes its own way. Nothing was changed."))


def must_propose_for_district(*, actor, **_facts) -> None:
    if not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators propose to join forces. Nothing was changed."))


def must_be_of_two_organisations(*, joining, host, **_facts) -> None:
    if not (joining.organisation_id and host.organisation_id) or joining.organisation_id == host.organisation_id:
        raise NotAllowed(_("To join forces takes two offerings of different organisations. Nothing was changed."))


def must_not_be_public_yet(*, joining, **_facts) -> None:
    """People may have noted the date of a published offering: giving it up means to cancel it."""
    if joining.live:
        raise NotAllowed(
            _("“%(title)s” is already published and cannot join another offering. It can be cancelled. Nothing was changed.")
            % {"title": joining.title}
        )


def must_not_be_joined_by_others(*, joining, **_facts) -> None:
    if JoinProposal.objects.filter(host=joining.pk, status=JoinProposal.Status.JOINED).exists():
        raise NotAllowed(
            _("Another organisation has already joined “%(title)s”, so it cannot be given up. Nothing was changed.")
            % {"title": joining.title}
        )


def host_must_take_place(*, host, **_facts) -> None:
    """Neither cancelled, over, nor given up in favour of a third one."""
    newest = host.get_latest_revision_as_object()
    if host.is_cancelled():
        problem = _("“%(title)s” is cancelled. Nothing was changed.")
    elif newest.is_past():
        problem = _("“%(title)s” is over. Nothing was changed.")
    elif JoinProposal.objects.filter(joining=host.pk, status=JoinProposal.Status.JOINED).exists():
        problem = _("“%(title)s” has itself joined another offering. Nothing was changed.")
    else:
        return
    raise NotAllowed(problem % {"title": newest.title})


PROPOSE_JOIN = [
    must_propose_for_district,
    must_be_of_two_organisations,
    must_not_be_public_yet,
    must_not_be_joined_by_others,
    host_must_take_place,
]
ANSWER_JOIN = [must_be_party, must_be_open_proposal]
ACCEPT_JOIN = [
    *ANSWER_JOIN,
    must_be_of_two_organisations,
    must_not_be_public_yet,
    must_not_be_joined_by_others,
    host_must_take_place,
]
