"""Who may do what with a status report, and why not; each list decides both whether a button shows and whether the action runs.

Every rule takes the keyword arguments ``report`` and ``actor`` and raises ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed


def must_be_coordinator(*, actor, **_facts) -> None:
    if actor is None or not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators write status reports. Nothing was changed."))


def must_be_drafted(*, report, **_facts) -> None:
    if report.drafted_at is None:
        raise NotAllowed(_("This report is still being drafted. Nothing was changed."))


def must_not_be_drafted(*, report, **_facts) -> None:
    if report.drafted_at is not None:
        raise NotAllowed(_("This report is drafted already; what was written in it stays."))


def must_have_chapters(*, report, **_facts) -> None:
    if not report.body:
        raise NotAllowed(_("A report without a chapter cannot be released. Please write one first."))


def must_not_be_released(*, report, **_facts) -> None:
    if report.versions.exists():
        raise NotAllowed(_("A version of this report was released; it is kept. Nothing was deleted."))


CREATE = [must_be_coordinator]
DRAFT = [must_be_coordinator, must_not_be_drafted]
EDIT = [must_be_coordinator, must_be_drafted]
READ = [must_be_coordinator]
RELEASE = [*EDIT, must_have_chapters]
DELETE = [must_be_coordinator, must_not_be_released]
