"""The organiser's list of sign-ups: what it shows, filters and finds. People come from ``queries.readable_sign_ups`` alone."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from ehrenamt_wagtail.formatting import moment
from ehrenamt_wagtail.programme.dates import dated
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text

from .models import AccessNeeds, Attendance, Participant, SeatPlan, SignUp
from .seats import SeatCount, counts_of
from .shown import SHAPES

Status = SignUp.Status

# Value of the address parameter → the sign-ups that it stands for, in the order of the filter.
STATES: dict[str, Q] = {
    "platz": Q(status=Status.CONFIRMED),
    "unbestaetigt": Q(status=Status.PENDING) | Q(status=Status.WAITING, confirmed_at=None),
    "warteliste": Q(status=Status.WAITING, confirmed_at__isnull=False),
    "angeboten": Q(status=Status.OFFERED),
    "abgesagt": Q(status=Status.CANCELLED),
    "verfallen": Q(status=Status.EXPIRED),
}


# How one signs up where there is a list.
LISTED = (SeatPlan.Mode.HERE, SeatPlan.Mode.CONTACT)


def state_labels() -> dict[str, str]:
    return {
        "platz": _("have a seat"),
        "unbestaetigt": _("not confirmed yet"),
        "warteliste": _("on the waiting list"),
        "angeboten": _("were offered a seat"),
        "abgesagt": _("have cancelled"),
        "verfallen": _("lapsed"),
    }


@dataclass(frozen=True)
class PlanRow:
    """What people sign up for: a date, or several at once. ``label`` is its name in lists."""

    plan: SeatPlan
    label: str
    count: SeatCount

    @property
    def takes_people(self) -> bool:
        """Whether the organiser may enter somebody or move somebody here."""
        return self.plan.mode in LISTED


@dataclass(frozen=True)
class Row:
    """One sign-up in the list. ``state`` names the shape of ``state_label``; ``answers`` are (question, answer)."""

    pk: int
    names: list[str]
    circle: str
    email: str
    phone: str
    state: str
    state_label: str
    deadline: str
    plan_label: str
    source: str
    signed_up_at: dt.datetime
    answers: list[tuple[str, str]]
    has_needs: bool


# What one signs up for


def plan_rows(page: OfferingPage) -> list[PlanRow]:
    """What has a list of people, the whole offering first, then dates as they come; four queries.

    That is where one signs up on this site or with the organiser, who enters people by hand, and where somebody did so before.
    """
    plans = list(SeatPlan.objects.filter(offering=page.pk).filter(Q(mode__in=LISTED) | Exists(sign_ups_of_plan())))
    labels = plan_labels(page, plans)
    counts = counts_of(plans)
    order = {date.uid: number for number, date in enumerate(dated(page))}
    plans.sort(key=lambda plan: (plan.occurrence_uid is not None, order.get(plan.occurrence_uid, len(order)), plan.pk))
    return [PlanRow(plan=plan, label=labels[plan.pk], count=counts[plan.pk]) for plan in plans]


def sign_ups_of_plan() -> QuerySet[SignUp]:
    return SignUp.objects.filter(plan=OuterRef("pk"))


def plan_labels(page: OfferingPage, plans: Iterable[SeatPlan]) -> dict[int, str]:
    """Plan's primary key → „Donnerstag, 14. März 2027, 19–21 Uhr“ or „alle Termine“."""
    plans = list(plans)
    dates = {date.uid: date_text(date) for date in dated(page)}
    own = {plan.occurrence_uid for plan in plans if plan.occurrence_uid}
    labels = {}
    for plan in plans:
        if plan.occurrence_uid:
            labels[plan.pk] = dates.get(plan.occurrence_uid, _("a date that is not part of the offering any more"))
        elif own:
            labels[plan.pk] = _("all other dates")
        else:
            labels[plan.pk] = next(iter(dates.values())) if len(dates) == 1 else _("all dates")
    return labels


# Who


def filtered(sign_ups: QuerySet[SignUp], *, state: str = "", plan: SeatPlan | None = None, text: str = "") -> QuerySet[SignUp]:
    """Those in the state (one of ``STATES``), of the plan, and with every word of ``text`` in name, mail address or circle."""
    if state:
        sign_ups = sign_ups.filter(STATES[state])
    if plan is not None:
        sign_ups = sign_ups.filter(plan=plan)
    for word in text.replace("\x00", "").split():
        sign_ups = sign_ups.filter(has_word(word))
    return sign_ups


def has_word(word: str) -> Q:
    found = Q()
    # SQLite compares letters such as Ö and ö only as they are written.
    for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
        people = Participant.objects.filter(sign_up=OuterRef("pk"), name__icontains=spelling)
        found |= Q(Exists(people)) | Q(email__icontains=spelling) | Q(circle__title__icontains=spelling)
    return found


def numbers_by_state(sign_ups: QuerySet[SignUp]) -> dict[str, int]:
    """Value of the address parameter → people; one query."""
    return {
        state: number or 0
        for state, number in sign_ups.order_by()
        .aggregate(**{state: Sum("seats", filter=condition) for state, condition in STATES.items()})
        .items()
    }


def with_list_facts(sign_ups: QuerySet[SignUp]) -> QuerySet[SignUp]:
    """In the order of arrival, with all that ``rows_of`` shows; what somebody needs is not among it, only that there is something."""
    return (
        sign_ups.select_related("circle")
        .prefetch_related("participants", "answers")
        .annotate(has_needs=Exists(AccessNeeds.objects.filter(sign_up=OuterRef("pk"))))
        .order_by("created_at", "pk")
    )


def positions(plans: Iterable[SeatPlan]) -> dict[int, int]:
    """Sign-up → its place in the line of its plan, from 1; one query."""
    place = Window(RowNumber(), partition_by=F("plan"), order_by=[F("created_at").asc(), F("pk").asc()])
    line = SignUp.objects.in_line().filter(plan__in=[plan.pk for plan in plans])
    return dict(line.annotate(place=place).values_list("pk", "place"))


def state_label(sign_up: SignUp, position: int | None) -> str:
    """The state as the organiser reads it; ``position`` in the line, if there is one."""
    if sign_up.status == Status.WAITING and sign_up.confirmed_at is None:
        return _("waiting list, not confirmed yet")
    if sign_up.status == Status.WAITING:
        return _("waiting list, number %(position)s") % {"position": position} if position else _("waiting list")
    return {
        Status.PENDING: _("not confirmed yet"),
        Status.CONFIRMED: _("has a seat"),
        Status.OFFERED: _("seat offered"),
        Status.CANCELLED: _("has cancelled"),
        Status.EXPIRED: _("lapsed"),
    }[sign_up.status]


def deadline_text(sign_up: SignUp) -> str:
    """Until when a seat is kept that is not certain yet; empty for all others."""
    if sign_up.expires_at is None or not sign_up.seats_held:
        return ""
    return _("seat kept until %(moment)s") % {"moment": moment(sign_up.expires_at)}


def state_shape(sign_up: SignUp) -> str:
    return "draft" if sign_up.is_active and not sign_up.confirmed_at else SHAPES[sign_up.status]


def rows_of(sign_ups: Iterable[SignUp], *, labels: Mapping[int, str], places: Mapping[int, int]) -> list[Row]:
    """Reads nothing beyond ``with_list_facts``."""
    return [
        Row(
            pk=sign_up.pk,
            names=[person.name for person in sign_up.participants.all()],
            circle=sign_up.circle.title if sign_up.circle else "",
            email=sign_up.email,
            phone=sign_up.phone,
            state=state_shape(sign_up),
            state_label=state_label(sign_up, places.get(sign_up.pk)),
            deadline=deadline_text(sign_up),
            plan_label=labels.get(sign_up.plan_id, ""),
            source="" if sign_up.source == SignUp.Source.WEB else sign_up.get_source_display(),
            signed_up_at=sign_up.created_at,
            answers=[(answer.label, answer.text) for answer in sign_up.answers.all()],
            has_needs=sign_up.has_needs,
        )
        for sign_up in sign_ups
    ]


def numbers_present(page: OfferingPage) -> dict[uuid.UUID, int]:
    """Uid of a date → people who were there; one query."""
    rows = Attendance.objects.filter(participant__sign_up__plan__offering=page.pk).order_by().values("occurrence_uid")
    return dict(rows.annotate(number=Count("pk")).values_list("occurrence_uid", "number"))
