"""Who may submit, withdraw and decide; asked for buttons and for actions alike (see ``programme.rules``)."""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.programme.rules import (
    must_be_in_review,
    must_be_member,
    must_have_something_to_submit,
    must_not_be_in_review,
)


def must_be_reviewer(*, task_state, actor, **_facts) -> None:
    if not task_state.task.specific.get_actions(task_state.workflow_state.content_object, actor):
        raise NotAllowed(_("Only the district's coordinators decide here. Nothing was changed."))


def must_be_undecided(*, task_state, **_facts) -> None:
    """The submission is still waiting; the sentence names who was faster."""
    if task_state.status == task_state.STATUS_IN_PROGRESS:
        return
    if task_state.status == task_state.STATUS_CANCELLED:
        raise NotAllowed(_("The organisation has withdrawn this in the meantime. Nothing was changed."))
    who = task_state.finished_by
    raise NotAllowed(
        _("%(who)s has already decided this. Nothing was changed.")
        % {"who": (who.get_full_name() or who.get_username()) if who else _("Somebody else")}
    )


def must_be_the_reviewed_version(*, page, task_state, actor, **_facts) -> None:
    """What is approved is what was reviewed: only a reviewer may have saved a newer version since."""
    if page.latest_revision_id == task_state.revision_id:
        return
    author = page.latest_revision.user
    task = task_state.task.specific
    if author is None or not task.get_actions(page, author):
        raise NotAllowed(
            _(
                "This was changed after it had been submitted, so the version under review is no longer the newest. "
                "Nothing was decided. Return it, so that the organisation submits the newest version."
            )
        )


SUBMIT = [must_be_member, must_not_be_in_review, must_have_something_to_submit]
WITHDRAW = [must_be_member, must_be_in_review]
DECIDE = [must_be_undecided, must_be_reviewer]
APPROVE = [*DECIDE, must_be_the_reviewed_version]
