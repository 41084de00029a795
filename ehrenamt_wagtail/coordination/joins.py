"""Joining forces: the district proposes it, both organisations accept, and two offerings become one.

All actions are atomic and write Wagtail's log. Locks are taken in one order everywhere: the rows of both pages by primary key,
then the proposal's row.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState, WorkflowState

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.actions import lock_page
from ehrenamt_wagtail.programme.models import CoHost, OfferingPage

from . import notifications, rules
from .models import JoinProposal

Status = JoinProposal.Status


def lock_pages(*page_ids: int) -> list[OfferingPage]:
    """The pages, specific and fresh, in the given order; their rows are locked by primary key. ``NotAllowed`` if one is gone."""
    locked = set(Page.objects.select_for_update().filter(pk__in=page_ids).order_by("pk").values_list("pk", flat=True))
    if locked != set(page_ids):
        raise NotAllowed(_("One of the offerings was deleted in the meantime. Nothing was changed."))
    return [lock_page(page_id) for page_id in page_ids]


@transaction.atomic
def propose_join(joining: OfferingPage, host: OfferingPage, *, actor, comment: str = "") -> JoinProposal:
    """The district proposes that the organisation of ``joining`` becomes co-host of ``host``; both organisations are told.

    Raises ``NotAllowed``; a second open proposal for ``joining`` is none.
    """
    joining, host = lock_pages(joining.pk, host.pk)
    ensure(rules.PROPOSE_JOIN, joining=joining, host=host, actor=actor)
    try:
        with transaction.atomic():
            proposal = JoinProposal.objects.create(joining_id=joining.pk, host_id=host.pk, comment=comment.strip(), proposed_by=actor)
    except IntegrityError:
        raise NotAllowed(_("Joining forces is already proposed for this offering. Nothing was changed.")) from None
    log_join(proposal, "ehrenamt.propose_join", actor)
    notifications.tell_join_proposed(proposal, actor=actor)
    return proposal


@transaction.atomic
def accept_join(proposal: JoinProposal, *, actor) -> JoinProposal:
    """Accept for the organisations that ``actor`` acts for; when both have accepted they are joined.

    Accepting a second time changes nothing. Raises ``NotAllowed``: not a member, answered in the meantime, or one of the offerings
    goes another way by now.
    """
    proposal, joining, host = lock_proposal(proposal)
    if not rules.is_party(proposal, actor):
        ensure(rules.ANSWER_JOIN, proposal=proposal, actor=actor)
    if proposal.status == Status.JOINED:
        return proposal
    ensure(rules.ACCEPT_JOIN, proposal=proposal, joining=joining, host=host, actor=actor)
    acts_for = set(Organisation.objects.of_user(actor).values_list("pk", flat=True))
    now = timezone.now()
    if joining.organisation_id in acts_for and proposal.joining_accepted_at is None:
        proposal.joining_accepted_at, proposal.joining_accepted_by = now, actor
    if host.organisation_id in acts_for and proposal.host_accepted_at is None:
        proposal.host_accepted_at, proposal.host_accepted_by = now, actor
    if proposal.joining_accepted_at and proposal.host_accepted_at:
        join(proposal, joining, host, actor=actor)
    else:
        proposal.save()
        log_join(proposal, "ehrenamt.accept_join", actor)
    return proposal


@transaction.atomic
def decline_join(proposal: JoinProposal, *, actor, comment: str = "") -> JoinProposal:
    """Decline for one of both organisations, which ends the proposal; the other one and the district are told.

    Declining a second time changes nothing. Raises ``NotAllowed``.
    """
    proposal, _joining, _host = lock_proposal(proposal)
    if proposal.status == Status.DECLINED and rules.is_party(proposal, actor):
        return proposal
    ensure(rules.ANSWER_JOIN, proposal=proposal, actor=actor)
    proposal.status, proposal.answered_at = Status.DECLINED, timezone.now()
    proposal.declined_by, proposal.answer = actor, comment.strip()
    proposal.save()
    log_join(proposal, "ehrenamt.decline_join", actor)
    notifications.tell_join_ended(proposal, actor=actor)
    return proposal


@transaction.atomic
def drop_open(condition: Q, *, actor) -> None:
    """End the open proposals that ``condition`` finds: one of their offerings goes another way. Both organisations are told.

    Called by receivers, which hold the lock of the page that changes; the proposals' rows alone are locked here.
    """
    for proposal in JoinProposal.objects.select_for_update().filter(condition, status=Status.OPEN).order_by("pk"):
        proposal.status, proposal.answered_at = Status.DROPPED, timezone.now()
        proposal.save()
        log_join(proposal, "ehrenamt.drop_join", actor)
        notifications.tell_join_ended(proposal, actor=actor)


def lock_proposal(proposal: JoinProposal) -> tuple[JoinProposal, OfferingPage, OfferingPage]:
    """Fresh and locked: the proposal with its two offerings."""
    joining, host = lock_pages(proposal.joining_id, proposal.host_id)
    JoinProposal.objects.select_for_update().get(pk=proposal.pk)
    fresh = JoinProposal.objects.select_related("joining", "host").get(pk=proposal.pk)
    return fresh, joining, host


def join(proposal: JoinProposal, joining: OfferingPage, host: OfferingPage, *, actor) -> None:
    """Both have accepted: the organisation becomes co-host, its own offering is closed and no longer counts as planned."""
    add_co_host(host, joining.organisation, actor=actor)
    close(joining, actor=actor)
    proposal.status, proposal.answered_at = Status.JOINED, timezone.now()
    proposal.save()
    log_join(proposal, "ehrenamt.join", actor)
    notifications.tell_joined(proposal, actor=actor)
    drop_open(Q(host=joining.pk), actor=actor)


def close(page: OfferingPage, *, actor) -> None:
    """Keep the draft readable, and nothing more: its review ends, and Wagtail's own lock keeps editors out."""
    review = page.current_workflow_state
    if review is not None and review.status in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES):
        review.cancel(user=actor)
    Page.objects.filter(pk=page.pk).update(locked=True, locked_at=timezone.now(), locked_by=actor)


def add_co_host(page: OfferingPage, organisation: Organisation, *, actor) -> None:
    """Name ``organisation`` as co-host of a locked page at once: without publishing anything else, without ending a review.

    The row is written to the table and to the revisions that may still be published. Unless a review runs, the newest one is
    saved as a new revision, so that a form that is open somewhere does not overwrite it. Nothing happens if it is co-host already.
    """
    rows = CoHost.objects.filter(page_id=page.pk)
    row = rows.filter(organisation=organisation).first()
    if row is None:
        row = CoHost.objects.create(page_id=page.pk, organisation=organisation, sort_order=rows.count())
    newest = page.latest_revision
    was_newest_published = page.live_revision_id == page.latest_revision_id
    for revision in revisions_to_keep(page):
        name_in(revision, row)
    if page.workflow_in_progress or newest is None:
        return
    draft = Revision.objects.get(pk=newest.pk).as_object()
    revision = draft.save_revision(user=actor, clean=False, changed=not was_newest_published)
    if was_newest_published:
        Page.objects.filter(pk=page.pk).update(live_revision=revision)


def revisions_to_keep(page: OfferingPage):
    """The newest, the published one, those in review, and those to be published at their time."""
    in_review = TaskState.objects.filter(
        workflow_state__object_id=str(page.pk),
        workflow_state__base_content_type=page.get_base_content_type(),
        status=TaskState.STATUS_IN_PROGRESS,
    )
    return page.revisions.filter(
        Q(pk__in=[page.latest_revision_id, page.live_revision_id])
        | Q(pk__in=in_review.values("revision"))
        | Q(approved_go_live_at__isnull=False)
    )


def name_in(revision: Revision, row: CoHost) -> None:
    """Write the co-host into a revision's content; the row there has the key of the stored one, so that it is found again."""
    present = revision.content.setdefault("co_hosts", [])
    if any(other["organisation"] == row.organisation_id for other in present):
        return
    present.append(get_serializable_data_for_fields(row) | {"sort_order": len(present)})
    revision.save(update_fields=["content"])


def log_join(proposal: JoinProposal, action: str, actor) -> None:
    """In the history of both offerings, each with the title of the other one."""
    pages = [proposal.joining, proposal.host]
    for page, other in (pages, reversed(pages)):
        log(instance=page.specific, action=action, user=actor, data={"other": other.draft_title, "proposal": proposal.pk})
