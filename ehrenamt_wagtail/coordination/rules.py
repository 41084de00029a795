"""Who may do what in coordination, and why not; each list decides both whether a button shows and whether the action runs.

Rules of holds take the keyword arguments ``hold`` (for a new one ``organisation``), ``actor`` and ``now``, and raise ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.circles.rules import acts_for, must_act_for_organisation
from ehrenamt_wagtail.exceptions import NotAllowed

from .models import DateHold


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
