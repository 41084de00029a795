"""Changes of state of needs.

::

    open ──► taken ──► answered        open, taken ──► closed
      ▲        │
      └────────┘   the hold expired or was given back, the draft was deleted

All are atomic, lock the need, write Wagtail's log and tell by mail those who asked. Whoever holds other rows locks the need last.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.programme.actions import create_draft
from ehrenamt_wagtail.programme.models import OfferingPage

from . import notifications, rules
from .models import CirclePage, Need

# What the organisation itself writes.
FACTS = ("title", "description", "topic", "municipality", "group_size", "from_date", "until_date")


@transaction.atomic
def report_need(*, organisation, actor, circle: CirclePage | None = None, **facts) -> Need:
    """A new open need of ``organisation``; ``facts`` are those of ``FACTS``, the town is its own unless another is named.

    Sent twice within an hour by the same person, the same words are one need. Tells the coordinators. Raises ``NotAllowed``, or
    ``ValidationError`` for facts that are wrong.
    """
    ensure(rules.REPORT, organisation=organisation, actor=actor)
    need = Need(organisation=organisation, circle=circle or own_circle(organisation), created_by=actor, **facts)
    if need.municipality is None:
        need.municipality = organisation.municipality
    need.full_clean()
    # Two clicks at the same moment come one after the other.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if (present := just_reported(need)) is not None:
        return present
    need.save()
    log(instance=need, action="ehrenamt.report_need", user=actor)
    notifications.tell_reported(need, actor=actor)
    return need


def just_reported(need: Need) -> Need | None:
    facts = {name: getattr(need, name) for name in FACTS}
    recent = Need.objects.filter(created_at__gte=need.created_at - dt.timedelta(hours=1), status=Need.Status.OPEN)
    return recent.filter(organisation=need.organisation, created_by=need.created_by, **equal(facts)).first()


def equal(facts: dict) -> dict:
    return {f"{name}__isnull" if value is None else name: True if value is None else value for name, value in facts.items()}


@transaction.atomic
def edit_need(need: Need, *, actor, **facts) -> Need:
    """Change the facts of an open need. Raises ``NotAllowed`` or ``ValidationError``."""
    need = lock_need(need.pk)
    ensure(rules.EDIT, need=need, actor=actor)
    for name in FACTS:
        if name in facts:
            setattr(need, name, facts[name])
    need.full_clean()
    need.save()
    log(instance=need, action="wagtail.edit", user=actor)
    return need


@transaction.atomic
def close_need(need: Need, *, actor) -> Need:
    """It is not needed any more, or was answered elsewhere; a draft or hold that answered it stays. Raises ``NotAllowed``."""
    need = lock_need(need.pk)
    ensure(rules.CLOSE, need=need, actor=actor)
    need.status = Need.Status.CLOSED
    need.save(update_fields=["status"])
    log(instance=need, action="ehrenamt.close_need", user=actor)
    return need


@transaction.atomic
def take_up(need: Need, *, organisation, actor, offering: OfferingPage | None = None) -> Need:
    """``organisation`` answers the need, with ``offering`` or, later, with a hold. Tells who asked.

    Raises ``NotAllowed`` with the name of whoever was faster.
    """
    need = lock_need(need.pk)
    ensure(rules.TAKE_UP, need=need, organisation=organisation, actor=actor)
    need.status, need.taken_by, need.taken_at, need.offering = Need.Status.TAKEN, organisation, timezone.now(), offering
    need.save(update_fields=["status", "taken_by", "taken_at", "offering"])
    log(instance=need, action="ehrenamt.take_up_need", user=actor, data={"organisation": organisation.name})
    notifications.tell_taken(need, actor=actor)
    return need


@transaction.atomic
def answer_with_draft(need: Need, page: OfferingPage, *, parent: Page, actor) -> OfferingPage:
    """Take up the need with ``page``, an unsaved offering of the answering organisation. Raises ``NotAllowed``."""
    locked = lock_need(need.pk)
    ensure(rules.TAKE_UP, need=locked, organisation=page.organisation, actor=actor)
    page = create_draft(page, parent=parent, actor=actor)
    take_up(locked, organisation=page.organisation, actor=actor, offering=page)
    return page


@transaction.atomic
def link_offering(need: Need, offering: OfferingPage) -> None:
    """The hold that answers the need became ``offering``. A need that was closed meanwhile stays as it is."""
    need = lock_need(need.pk)
    if need.status == Need.Status.TAKEN:
        need.offering = offering
        need.save(update_fields=["offering"])


@transaction.atomic
def reopen(need: Need) -> bool:
    """What should have answered it came to nothing: others may take it up again. Tells who asked; whether there was need to."""
    need = lock_need(need.pk)
    if need.status != Need.Status.TAKEN:
        return False
    notifications.tell_open_again(need)
    need.status, need.taken_by, need.taken_at, need.offering = Need.Status.OPEN, None, None, None
    need.save(update_fields=["status", "taken_by", "taken_at", "offering"])
    log(instance=need, action="ehrenamt.reopen_need")
    return True


@transaction.atomic
def answer(need: Need) -> bool:
    """Its offering is published. Tells who asked; whether this was new."""
    need = lock_need(need.pk)
    if need.status != Need.Status.TAKEN or need.offering_id is None:
        return False
    need.status = Need.Status.ANSWERED
    need.save(update_fields=["status"])
    log(instance=need, action="ehrenamt.answer_need", data={"offering": need.offering.title})
    notifications.tell_answered(need)
    return True


def lock_need(pk: int) -> Need:
    """The need, fresh, its row locked until the end of the transaction."""
    Need.objects.select_for_update().get(pk=pk)
    return Need.objects.select_related("organisation", "taken_by", "offering").get(pk=pk)


def own_circle(organisation) -> CirclePage | None:
    """The circle that the organisation is, if there is exactly one."""
    circles = list(CirclePage.objects.filter(organisation=organisation)[:2])
    return circles[0] if len(circles) == 1 else None
