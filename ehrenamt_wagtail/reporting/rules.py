"""Who may do what with a programme period, and why not; each list decides both whether a button shows and whether the action runs.

Rules take the keyword arguments ``period``, ``actor`` and ``now`` (those of answers also ``organisation``) and raise ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.circles.rules import must_act_for_organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.formatting import long_date

from .models import CarriedOver
from .periods import last_day_of_editing
from .progress import contribution_of


def must_coordinate(*, actor, **_facts) -> None:
    if not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators look after programme periods. Nothing was changed."))


def must_take_contributions(*, period, now, **_facts) -> None:
    """Before the editorial deadline, and not closed by the coordinators."""
    if period.is_closed(now):
        raise NotAllowed(
            _("The editorial deadline of “%(period)s” was on %(day)s. Nothing was changed; a new deadline opens it again.")
            % {"period": period.name, "day": long_date(last_day_of_editing(period))}
        )


def must_be_called(*, period, **_facts) -> None:
    if period.called_at is None:
        raise NotAllowed(_("Nobody was asked for contributions to “%(period)s” yet. Nothing was changed.") % {"period": period.name})


def must_be_closed(*, period, now, **_facts) -> None:
    if not period.is_closed(now):
        raise NotAllowed(
            _("“%(period)s” is open. Nothing was changed; to move its deadline, edit the period.") % {"period": period.name}
        )


def must_not_be_over(*, period, now, **_facts) -> None:
    if now >= period.span()[1]:
        raise NotAllowed(_("“%(period)s” is over. Nothing was changed.") % {"period": period.name})


def must_not_be_called(*, period, **_facts) -> None:
    if period.called_at is not None:
        raise NotAllowed(
            _("“%(period)s” cannot be deleted: organisations were already asked for contributions to it. Nothing was changed.")
            % {"period": period.name}
        )


def must_have_no_brochure(*, period, **_facts) -> None:
    if period.brochures.exists():
        raise NotAllowed(_("“%(period)s” cannot be deleted: it has a brochure. Nothing was changed.") % {"period": period.name})


def must_not_be_carried_over(*, period, **_facts) -> None:
    if CarriedOver.objects.filter(period=period).exists():
        raise NotAllowed(
            _("“%(period)s” cannot be deleted: organisations were given drafts for it. Nothing was changed.")
            % {"period": period.name}
        )


def must_have_submitted_nothing(*, period, organisation, **_facts) -> None:
    if contribution_of(period, organisation.pk).has_entry:
        raise NotAllowed(
            _("%(organisation)s has already contributed to “%(period)s”. Nothing was changed.")
            % {"organisation": organisation.name, "period": period.name}
        )


SAVE = [must_coordinate]
DELETE = [must_coordinate, must_not_be_called, must_have_no_brochure, must_not_be_carried_over]
CALL = [must_coordinate, must_take_contributions]
CLOSE = [must_coordinate, must_be_called, must_take_contributions]
REOPEN = [must_coordinate, must_be_called, must_be_closed, must_not_be_over]
# Answers of organisations
TAKE_ANSWER_BACK = [must_act_for_organisation, must_be_called, must_take_contributions]
ANSWER_NOTHING = [*TAKE_ANSWER_BACK, must_have_submitted_nothing]
