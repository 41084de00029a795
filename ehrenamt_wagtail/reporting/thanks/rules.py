"""Who may do what about thanks, and why not; each list decides both whether a button shows and whether the action runs.

Every rule takes ``round``, ``actor`` and ``is_by_link`` as keyword arguments and raises ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed


def must_be_coordinator(*, actor, **_facts) -> None:
    if actor is None or not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators can do this. Nothing was changed."))


def must_speak_for_circle(*, actor, is_by_link=False, **_facts) -> None:
    """Who has the circle's link, or the district for it."""
    if not is_by_link:
        must_be_coordinator(actor=actor)


def must_take_names(*, round, is_by_link=False, **_facts) -> None:
    """Coordinators may add somebody until the day itself."""
    if is_by_link and not round.takes_names:
        raise NotAllowed(_("The time to name people is over. Nothing was saved; please ask the district's coordinators."))


def must_not_be_over(*, round, **_facts) -> None:
    if round.is_over or round.deleted_at:
        raise NotAllowed(_("The day is over, and the names are deleted. Nothing was changed."))


def must_have_people(*, round, **_facts) -> None:
    if not round.people.exists():
        raise NotAllowed(_("Nobody has been named yet, so there is no letter to write."))


def must_be_able_to_make_files(**_facts) -> None:
    if not pdf.is_available():
        raise NotAllowed(_("This site cannot make PDF files itself at the moment. Please print the pages instead."))


NAME = [must_speak_for_circle, must_not_be_over, must_take_names]
# Whoever withdraws the consent must not be kept from it by a deadline.
REMOVE = [must_speak_for_circle, must_not_be_over]
ASK = [must_be_coordinator, must_not_be_over, must_take_names]
READ = [must_be_coordinator]
PRINT = [must_be_coordinator, must_not_be_over, must_have_people]
WRITE = [*PRINT, must_be_able_to_make_files]
