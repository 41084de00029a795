"""Who may submit, withdraw and decide; asked for buttons and for actions alike (see ``programme.rules``)."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.programme.models import ReviewablePage
from ehrenamt_wagtail.programme.rules import (
    must_be_in_review,
    must_be_member,
    must_have_something_to_submit,
    must_not_be_closed,
    must_not_be_in_review,
)


def must_be_our_review(*, task_state, **_facts) -> None:
    """A submission of an offering or circle page to our task; other workflows of the site are decided elsewhere."""
    from .models import ReviewTask

    page = task_state.workflow_state.content_object
    is_ours = isinstance(task_state.task.specific, ReviewTask) and isinstance(page, Page)
    if not (is_ours and issubclass(page.specific_class or Page, ReviewablePage)):
        raise NotAllowed(_("This is not a submission to the volunteer programme. Nothing was changed."))


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
    task = task_state.task.specific
    since = page.revisions.filter(pk__gt=task_state.revision_id).select_related("user")
    if any(revision.user is None or not task.get_actions(page, revision.user) for revision in since):
        raise NotAllowed(
            _(
                "This was changed after it had been submitted, so the version under review is no longer the newest. "
                "Nothing was decided. Return it, so that the organisation submits the newest version."
            )
        )


def must_be_allowed_to_publish(*, page, actor, **_facts) -> None:
    if not page.permissions_for_user(actor).can_publish():
        raise NotAllowed(
            _(
                "You decide on this, but your account may not publish below this page. Nothing was decided. Please ask whoever "
                "looks after the site to run “ehrenamt_setup”."
            )
        )


SUBMIT = [must_be_member, must_not_be_closed, must_not_be_in_review, must_have_something_to_submit]
WITHDRAW = [must_be_member, must_be_in_review]
REVIEW = [must_be_our_review, must_be_reviewer]
DECIDE = [*REVIEW, must_be_undecided]
APPROVE = [*DECIDE, must_be_allowed_to_publish, must_be_the_reviewed_version]
