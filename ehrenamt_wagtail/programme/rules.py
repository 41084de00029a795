"""Who may do what with a page of the programme or a circle, and why not.

Each list is asked twice: ``first_objection(RULES, …)`` decides whether a button shows, ``ensure(RULES, …)`` whether the action
runs. Every rule takes the keyword arguments ``page`` and ``actor`` and raises ``NotAllowed``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed


def must_be_member(*, page, actor, **_facts) -> None:
    """The actor acts for the page's organisation (as the database has it, not as a form says)."""
    from ehrenamt_wagtail.directory.models import Organisation

    if not Organisation.objects.of_user(actor).filter(pk=page.organisation_id).exists():
        raise NotAllowed(_("This belongs to another organisation."))


def must_be_coordinator(*, actor, **_facts) -> None:
    from ehrenamt_wagtail.directory.queries import is_coordinator

    if actor is None or not is_coordinator(actor):
        raise NotAllowed(_("Only the district's coordinators carry offerings over. Nothing was changed."))


def must_not_be_in_review(*, page, **_facts) -> None:
    if page.workflow_in_progress:
        raise NotAllowed(_("This is being reviewed by the district and cannot be changed now. Withdraw it first; nothing is lost."))


def must_not_be_closed(*, page, **_facts) -> None:
    """Wagtail's own lock: set when an offering joined another one, or by a coordinator in the editor."""
    if page.locked:
        raise NotAllowed(_("This is closed and cannot be changed any more. Nothing is lost: it stays here to be read and copied."))


def must_be_in_review(*, page, **_facts) -> None:
    if not page.workflow_in_progress:
        raise NotAllowed(_("This is not being reviewed any more. Nothing was changed."))


def must_have_something_to_submit(*, page, **_facts) -> None:
    if page.live and not page.has_unpublished_changes:
        raise NotAllowed(_("This version is already published. There is nothing to submit."))


def must_be_published(*, page, **_facts) -> None:
    if not page.live:
        raise NotAllowed(_("Only a published offering can be cancelled. Delete or withdraw a draft instead."))


def must_be_live(*, page, **_facts) -> None:
    if not page.live:
        raise NotAllowed(_("Only what is published is carried over."))


def must_not_be_over(*, page, **_facts) -> None:
    if page.is_past():
        raise NotAllowed(_("This offering is over and cannot be cancelled."))


def must_not_be_cancelled(*, page, **_facts) -> None:
    if page.is_cancelled():
        raise NotAllowed(_("This offering is already cancelled."))


def must_never_have_been_published(*, page, **_facts) -> None:
    if page.first_published_at is not None:
        raise NotAllowed(_("This was published and stays in the archive. Cancel it instead."))


CREATE = [must_be_member]
VIEW = [must_be_member]
EDIT = [must_be_member, must_not_be_closed, must_not_be_in_review]
DELETE = [must_be_member, must_never_have_been_published, must_not_be_in_review]
COPY = [must_be_member]
CARRY_OVER = [must_be_coordinator, must_be_live]
CANCEL = [must_be_member, must_be_published, must_not_be_over, must_not_be_cancelled]
