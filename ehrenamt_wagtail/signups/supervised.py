"""What one account supervises. Reads only; every list of people of a supervision begins at ``people_of``."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from .models import HeldSession, SeatPlan, SignUp, SupervisionRequest, SupervisionSetup
from .occupancy import Occupancy, occupancies, taking_place
from .queries import readable_sign_ups


def supervised_pages(user) -> QuerySet[OfferingPage]:
    """Offerings whose supervisor ``user`` is, or was for somebody who signed up; ``is_current`` says which."""
    if not (user.is_authenticated and user.is_active):
        return OfferingPage.objects.none()
    own = SupervisionSetup.objects.filter(offering=OuterRef("pk"), supervisor=user.pk)
    former = SignUp.objects.filter(plan__offering=OuterRef("pk"), is_confidential=True, reader=user.pk)
    pages = OfferingPage.objects.annotate(is_current=Exists(own))
    return pages.filter(Q(is_current=True) | Exists(former)).order_by("title", "pk")


def has_supervisions(user) -> bool:
    """Whether the account supervises anything, or writes with somebody about a supervision."""
    if not (user.is_authenticated and user.is_active):
        return False
    mine = Q(supervisor=user.pk) | Q(requested_by=user.pk)
    return supervised_pages(user).exists() or SupervisionRequest.objects.filter(mine).exists()


def people_of(page: OfferingPage, *, user) -> QuerySet[SignUp]:
    """The sign-ups whose reader ``user`` is, with all that a list shows."""
    sign_ups = readable_sign_ups(page, user=user).filter(is_confidential=True)
    return sign_ups.select_related("plan", "circle", "needs").prefetch_related("participants", "answers").order_by("created_at", "pk")


@dataclass
class SupervisedDate:
    """A date that took place or will, and what was recorded of it."""

    date: Occurrence
    session: HeldSession | None

    def is_over(self, now: dt.datetime) -> bool:
        return self.date.ends_at <= now


@dataclass
class Group:
    """Those who signed up for a date, or for all dates of a closed group together."""

    plan: SeatPlan
    occupancy: Occupancy
    dates: list[SupervisedDate]
    people: list[SignUp]

    def is_over(self, now: dt.datetime) -> bool:
        return all(date.is_over(now) for date in self.dates)


def groups_of(page: OfferingPage, *, user) -> list[Group]:
    """By first date, in a fixed number of queries; people only those whom ``user`` may read."""
    sessions = {session.occurrence_uid: session for session in HeldSession.objects.filter(offering=page.pk, request=None)}
    people: dict[int, list[SignUp]] = {}
    for sign_up in people_of(page, user=user):
        people.setdefault(sign_up.plan_id, []).append(sign_up)
    return [
        Group(
            plan=row.plan,
            occupancy=row,
            dates=[SupervisedDate(date, sessions.get(date.uid)) for date in row.dates],
            people=people.get(row.plan.pk, []),
        )
        for row in occupancies([page.pk])[page.pk]
    ]


def dates_without_group(page: OfferingPage, groups: list[Group]) -> list[SupervisedDate]:
    """Dates that one does not sign up for here; they may be recorded all the same."""
    known = {date.date.uid for group in groups for date in group.dates}
    sessions = {session.occurrence_uid: session for session in HeldSession.objects.filter(offering=page.pk, request=None)}
    return [SupervisedDate(date, sessions.get(date.uid)) for date in taking_place([page.pk]) if date.uid not in known]
