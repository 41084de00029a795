"""Offerings on their way, played with the real actions, each step moved back to the day on which it happened."""

from __future__ import annotations

import datetime as dt

from ehrenamt_wagtail.exceptions import ReasonNeeded
from ehrenamt_wagtail.programme.actions import cancel, create_draft, decide_day, request_day, save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review

from .content import days, stories
from .history import age
from .programme import build_offering, publish
from .register import World
from .spec import Offering

CHECKLIST = ["facts", "access", "wording", "picture_rights"]


def load_journeys(world: World, programme) -> None:
    for original in (stories.ORIGINAL, stories.FIRST_OF_CLASH):
        publish(world, original, programme)
    for since, offering in stories.WAITING:
        submitted(world, offering, programme, since=since)
    submitted(world, stories.NEAR_DUPLICATE, programme, since=2)
    submitted(world, stories.SECOND_OF_CLASH, programme, since=0)
    returned(world, programme)
    second_attempt(world, programme)
    changed(world, programme)
    cancelled(world, programme)
    one_date_cancelled(world, programme)
    approved(world, stories.OWN, programme, since=8)
    draft(world, stories.DRAFT, programme)
    join_day(world, programme)
    circle_change(world)


def draft(world: World, offering: Offering, programme):
    actor = world.actor_for(offering.org)
    return create_draft(build_offering(world, offering), parent=programme, actor=actor)


def submit(page, *, actor):
    """Submit as in the portal: a reason is given only when it is asked for."""
    try:
        return submit_for_review(page, actor=actor)
    except ReasonNeeded:
        return submit_for_review(page, actor=actor, reason=stories.REASON_IN_SPITE_OF_CLASH)


def submitted(world: World, offering: Offering, programme, *, since: int):
    """A page that waits for review since so many days; gives it with its task state."""
    page = draft(world, offering, programme)
    age(page, dt.timedelta(hours=2))
    task_state = submit(page, actor=world.actor_for(offering.org))
    age(page, dt.timedelta(days=since))
    return page, task_state


def approved(world: World, offering: Offering, programme, *, since: int):
    page, task_state = submitted(world, offering, programme, since=3)
    approve(task_state, actor=world.users["koordination"], checklist=CHECKLIST)
    age(page, dt.timedelta(days=since))
    return fresh(page)


def returned(world: World, programme) -> None:
    page, task_state = submitted(world, stories.RETURNED, programme, since=3)
    return_to_organisation(
        task_state,
        actor=world.users["koordination"],
        reasons=["facts_missing", "picture_rights"],
        comment=stories.RETURN_COMMENT,
        checklist=["access", "wording"],
    )
    age(page, dt.timedelta(days=2))


def second_attempt(world: World, programme) -> None:
    """Returned, corrected by a colleague, submitted again, approved."""
    offering = stories.SECOND_ATTEMPT
    page, task_state = submitted(world, offering, programme, since=4)
    return_to_organisation(
        task_state,
        actor=world.users["koordination"],
        reasons=["facts_missing"],
        comment=stories.SECOND_ATTEMPT_COMMENT,
    )
    age(page, dt.timedelta(days=3))
    colleague = world.users["caritas-elsner"]
    change(page, colleague, prior_knowledge=stories.SECOND_ATTEMPT_ADDED)
    task_state = submit(page, actor=colleague)
    age(page, dt.timedelta(days=2))
    approve(
        task_state,
        actor=world.users["koordination"],
        checklist=CHECKLIST,
        comment="Vielen Dank für die schnelle Ergänzung!",
    )
    age(page, dt.timedelta(days=6))


def changed(world: World, programme) -> None:
    """Published three weeks ago; since yesterday a change waits."""
    page = publish(world, stories.CHANGED, programme)
    actor = world.actor_for(stories.CHANGED.org)
    change(page, actor, room=stories.CHANGED_ROOM, summary=stories.CHANGED_SUMMARY)
    submit(page, actor=actor)
    age(page, dt.timedelta(days=1))


def cancelled(world: World, programme) -> None:
    page = publish(world, stories.CANCELLED, programme)
    cancel(page, actor=world.actor_for(stories.CANCELLED.org), reason=stories.CANCELLED_REASON)
    age(page, dt.timedelta(days=1))


def one_date_cancelled(world: World, programme) -> None:
    page = publish(world, stories.ONE_DATE_CANCELLED, programme)
    last = page.occurrences.order_by("starts_at").last()
    cancel(
        page,
        actor=world.actor_for(stories.ONE_DATE_CANCELLED.org),
        occurrence_uid=last.uid,
        reason=stories.ONE_DATE_REASON,
    )
    age(page, dt.timedelta(days=4))


def join_day(world: World, programme) -> None:
    """Two organisations ask to be part of the coming day; the owner has agreed to one so far."""
    day = fresh(world.pages["day"])
    for offering, is_decided in ((days.ACCEPTED_CHILD, True), (days.REQUESTED_CHILD, False)):
        page = publish(world, offering, programme)
        request = request_day(page, day=day, actor=world.actor_for(offering.org))
        age(page, dt.timedelta(days=4))
        if is_decided:
            decide_day(request, accept=True, actor=world.users["koordination"], comment="Sehr gern, das passt gut.")
            age(page, dt.timedelta(days=1))


def circle_change(world: World) -> None:
    title, wanted = stories.CIRCLE_CHANGE
    page = fresh(world.pages[title])
    actor = world.users["ak-renningen"]
    change(page, actor, wanted=wanted)
    submit(page, actor=actor)
    age(page, dt.timedelta(days=2))


def change(page, actor, **facts) -> None:
    """Save a new revision with other facts, as the form does."""
    latest = fresh(page).get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(latest, name, value)
    save_draft(latest, base_revision_id=latest.latest_revision_id, actor=actor)


def fresh(page):
    return type(page).objects.get(pk=page.pk)
