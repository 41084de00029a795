"""Who may do what with a need or a figure, and why not; each list decides both whether a button shows and whether the action runs.

Every rule about needs takes the keyword arguments ``need`` and ``actor`` (``REPORT`` and ``TAKE_UP`` also ``organisation``), the
rules about figures ``actor`` and what they are about (``circle`` and ``half_year``, or ``figure``). All raise ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed

from .half_years import askable_half_years
from .models import Need


def must_act_for_organisation(*, organisation, actor, own=None, **_facts) -> None:
    """A member of the organisation, or the district for it."""
    if not organisation.is_active or not (is_coordinator(actor) or acts_for(actor, organisation, own)):
        raise NotAllowed(_("You cannot act for this organisation. Nothing was changed."))


def acts_for(actor, organisation: Organisation, own=None) -> bool:
    """Whether the person is a member; ``own`` are the person's organisations where lists know them already."""
    if own is not None:
        return organisation in own
    return Organisation.objects.of_user(actor).filter(pk=organisation.pk).exists()


def must_own_need(*, need, actor, **_facts) -> None:
    must_act_for_organisation(organisation=need.organisation, actor=actor)


def must_be_open(*, need, **_facts) -> None:
    """The sentence says who was faster."""
    if need.status == Need.Status.OPEN:
        return
    if need.status == Need.Status.CLOSED:
        raise NotAllowed(_("This need was closed in the meantime. Nothing was changed."))
    who = need.taken_by.name if need.taken_by else _("Somebody else")
    raise NotAllowed(_("%(who)s has already taken up this need. Nothing was changed.") % {"who": who})


def must_not_be_over(*, need, **_facts) -> None:
    if need.status == Need.Status.ANSWERED:
        raise NotAllowed(_("This need is already answered. Nothing was changed."))
    if need.status == Need.Status.CLOSED:
        raise NotAllowed(_("This need is already closed. Nothing was changed."))


# Figures


def must_speak_for_circle(*, circle, actor, is_by_link=False, **_facts) -> None:
    """Who has the circle's link, a member of its organisation, or the district for it."""
    if is_by_link or (actor is not None and is_coordinator(actor)):
        return
    organisation = circle.organisation
    if actor is None or organisation is None or not acts_for(actor, organisation):
        raise NotAllowed(_("You cannot state figures for this circle. Nothing was saved."))


def must_have_begun(*, half_year, **_facts) -> None:
    if not half_year.has_begun():
        raise NotAllowed(_("This half-year has not begun yet. Nothing was saved."))


def must_be_coordinator(*, actor, **_facts) -> None:
    if not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators can do this. Nothing was changed."))


def must_count(*, figure, **_facts) -> None:
    if not figure.is_current:
        raise NotAllowed(_("This figure does not count any more: it was replaced or taken back. Nothing was changed."))


def must_be_asked_for(*, half_year, **_facts) -> None:
    if half_year not in askable_half_years():
        raise NotAllowed(_("Circles are asked for the present half-year and the one before. Nobody was written to."))


TAKE_BACK_FIGURE = [must_be_coordinator, must_count]
STATE_FIGURE = [must_speak_for_circle, must_have_begun]
ASK_FIGURES = [must_be_coordinator, must_be_asked_for]

REPORT = [must_act_for_organisation]
EDIT = [must_own_need, must_be_open]
CLOSE = [must_own_need, must_not_be_over]
TAKE_UP = [must_act_for_organisation, must_be_open]
