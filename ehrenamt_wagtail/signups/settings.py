"""What an organiser says about signing up, taken together: read from the plans, and what is wrong with it.

Reads only. Moments are aware; days are local days of the site's zone.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.exceptions import first_objection
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from . import rules
from .models import Question, SeatPlan, SupervisionSetup
from .models.plan import LARGEST_CAPACITY

MOST_QUESTIONS = 5
MOST_CHOICES = 20
LONGEST_CHOICE = 200
SHARED = (
    "external_url", "has_waiting_list", "opens_at", "closes_at", "minimum", "minimum_decided_on", "seats_per_sign_up", "asks_phone",
)  # fmt: skip
check_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class QuestionSettings:
    text: str
    purpose: str
    kind: str = Question.Kind.TEXT
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class SignUpSettings:
    """One set for the whole offering or, with ``per_date``, for each of its dates.

    ``capacities`` names the dates whose number of seats is another one than ``capacity``.
    """

    mode: str = SeatPlan.Mode.HERE
    per_date: bool = False
    capacity: int | None = None
    capacities: Mapping[uuid.UUID, int] = field(default_factory=dict)
    external_url: str = ""
    has_waiting_list: bool = True
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    minimum: int | None = None
    minimum_decided_on: dt.date | None = None
    seats_per_sign_up: int = 1
    asks_phone: bool = False
    questions: tuple[QuestionSettings, ...] = ()

    def capacity_of(self, uid: uuid.UUID | None) -> int | None:
        return self.capacities.get(uid, self.capacity)


@dataclass(frozen=True)
class Day:
    """A date that one may sign up for, as it stands now; ``is_public``: the public knows it, not only the newest version."""

    date: Occurrence
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_cancelled: bool
    is_over: bool
    is_public: bool

    @property
    def uid(self) -> uuid.UUID:
        return self.date.uid

    @property
    def is_to_come(self) -> bool:
        return not (self.is_cancelled or self.is_over)


@dataclass(frozen=True)
class Present:
    """How an offering is set up now; ``settings`` is ``None`` where nobody has said anything yet."""

    settings: SignUpSettings | None
    plans: tuple[SeatPlan, ...]
    # Of a closed supervision group: the date that is open to all and has seats of its own.
    information_uid: uuid.UUID | None = None

    @property
    def last(self) -> SeatPlan | None:
        """The plan that was changed last."""
        return max(self.plans, key=lambda plan: (plan.updated_at, plan.pk), default=None)

    @property
    def stamp(self) -> str:
        """Says which state a form was opened with."""
        return self.last.updated_at.isoformat() if self.last else ""

    def wanted(self, settings: SignUpSettings, days: Iterable[Day]) -> list[uuid.UUID | None]:
        """What gets a plan: each date to come, or the whole offering and, of a closed group, its information evening."""
        to_come = [day.uid for day in days if day.is_to_come]
        if settings.per_date:
            return to_come
        return [None, *(uid for uid in to_come if uid == self.information_uid)]

    def without_plan(self, days: Iterable[Day]) -> list[Day]:
        """Dates to come that nobody can sign up for, because they were added after the others were set up."""
        if self.settings is None:
            return []
        planned = {plan.occurrence_uid for plan in self.plans}
        wanted = set(self.wanted(self.settings, days)) - planned
        return [day for day in days if day.uid in wanted]


def days_of(page: OfferingPage, now: dt.datetime | None = None) -> list[Day]:
    """All dates of ``page`` by start, those of its newest version included; dates without a day are left out."""
    now = now or timezone.now()
    public = {date.uid: date for date in page.stored_dates()} if page.live else {}
    newest = {date.uid: date for date in page.get_latest_revision_as_object().occurrences.all()}
    cancellations = {row.occurrence_uid for row in page.all_cancellations()}
    days = [
        Day(
            date=date,
            starts_at=span[0],
            ends_at=span[1],
            is_cancelled=bool({None, uid} & cancellations),
            is_over=span[1] <= now,
            is_public=uid in public,
        )
        for uid, date in (newest | public).items()
        if (span := date.span())
    ]
    return sorted(days, key=lambda day: (day.starts_at, str(day.uid)))


def present_of(page: OfferingPage, days: Iterable[Day], plans: Iterable[SeatPlan] | None = None) -> Present:
    """As the database has it; ``days`` are those of ``days_of``, ``plans`` are given by a caller who has locked them."""
    plans = tuple(SeatPlan.objects.filter(offering=page.pk).order_by("pk") if plans is None else plans)
    setup = SupervisionSetup.objects.filter(offering=page.pk).first()
    information_uid = setup.information_uid if setup and setup.form == SupervisionSetup.Form.GROUP else None
    to_come = {day.uid for day in days if day.is_to_come}
    return Present(settings=settings_in(plans, to_come, information_uid), plans=plans, information_uid=information_uid)


def settings_in(plans: Iterable[SeatPlan], to_come: set[uuid.UUID], information_uid: uuid.UUID | None) -> SignUpSettings | None:
    """What the plans of dates to come say; if there are none any more, what the others said."""
    whole = next((plan for plan in plans if plan.occurrence_uid is None), None)
    single = [plan for plan in plans if plan.occurrence_uid is not None]
    single = [plan for plan in single if plan.occurrence_uid in to_come] or single
    per_date = whole is None and any(plan.occurrence_uid != information_uid for plan in single)
    model = max(single, key=lambda plan: (plan.updated_at, plan.pk)) if per_date else whole
    if model is None:
        return None
    capacity = most_common(plan.capacity for plan in single) if per_date else model.capacity
    return SignUpSettings(
        mode=model.mode,
        per_date=per_date,
        capacity=capacity,
        capacities={plan.occurrence_uid: plan.capacity for plan in single if plan.capacity not in (None, capacity)},
        questions=tuple(
            QuestionSettings(question.text, question.purpose, question.kind, tuple(question.choices), question.is_required)
            for question in model.questions.all()
        ),
        **{name: getattr(model, name) for name in SHARED},
    )


def most_common(capacities: Iterable[int | None]) -> int | None:
    """What most dates have; none where one is without limit, since only a number can be said of a single date."""
    counts = Counter(capacities)
    return None if None in counts else counts.most_common(1)[0][0]


# What is wrong


def errors_in(
    settings: SignUpSettings, *, page: OfferingPage, days: Iterable[Day], before: SignUpSettings | None, today: dt.date
) -> dict[str, list[str]]:
    """Field → sentences; empty when the settings can be used. ``before`` is what holds now: a day in the past may stay."""
    errors: dict[str, list[str]] = {}
    to_come = [day for day in days if day.is_to_come]

    def add(name: str, sentence: str) -> None:
        errors.setdefault(name, []).append(sentence)

    if settings.mode not in SeatPlan.Mode.values:
        add("mode", _("Please choose how people sign up."))
    if settings.mode == SeatPlan.Mode.HERE and (objection := first_objection(rules.OFFER_HERE, page=page)):
        add("mode", objection.message)
    if settings.mode == SeatPlan.Mode.EXTERNAL and (sentence := error_of_url(settings.external_url)):
        add("external_url", sentence)
    if settings.per_date and not to_come:
        add("per_date", _("There is no date to come yet. Enter the dates of the event first, or take one sign-up for all."))
    if not is_number(settings.capacity):
        add("capacity", number_sentence())
    for uid, capacity in settings.capacities.items():
        if not is_number(capacity):
            add(f"capacity_{uid}", number_sentence())
    if settings.seats_per_sign_up not in (1, 2):
        add("seats_per_sign_up", _("One or two people can be signed up together."))
    add_errors_of_times(settings, to_come, add)
    add_errors_of_minimum(settings, to_come, before, today, add)
    for position, sentence in errors_of_questions(settings.questions):
        add(f"questions_{position}", sentence)
    return errors


def is_number(number: int | None) -> bool:
    return number is None or 1 <= number <= LARGEST_CAPACITY


def number_sentence() -> str:
    return _("Please enter a number from 1 to 10,000, or leave it empty.")


def error_of_url(address: str) -> str:
    if not address:
        return _("Enter the address of the page where people sign up.")
    try:
        check_url(address)
    except ValidationError:
        return _("This is no address of a web page. It begins with https://.")
    return ""


def add_errors_of_times(settings: SignUpSettings, to_come: list[Day], add) -> None:
    opens, closes = settings.opens_at, settings.closes_at
    last = max((day.ends_at for day in to_come), default=None)
    if opens and closes and closes <= opens:
        add("closes_date", _("The sign-up would close before it opens."))
    elif closes and last and closes > last:
        add("closes_date", _("Then the last date is already over. Please choose an earlier day."))
    elif opens and last and opens >= last:
        add("opens_date", _("Then the last date is already over. Please choose an earlier day."))


def add_errors_of_minimum(settings: SignUpSettings, to_come: list[Day], before: SignUpSettings | None, today: dt.date, add) -> None:
    minimum, day = settings.minimum, settings.minimum_decided_on
    if not is_number(minimum):
        add("minimum", number_sentence())
        return
    if minimum is None:
        if day is not None:
            add("minimum", _("Say from how many people on it takes place, or leave the day of the decision empty."))
        return
    least = min((number for number in [settings.capacity, *settings.capacities.values()] if number is not None), default=None)
    if least is not None and minimum > least:
        add("minimum", _("This is more than there are seats (%(seats)s).") % {"seats": least})
    if day is None:
        add("minimum_decided_on", _("Say on which day you decide whether it takes place."))
        return
    if before and (before.minimum, before.minimum_decided_on) == (minimum, day):
        return
    first = min((timezone.localdate(day.starts_at) for day in to_come), default=None)
    if day < today:
        add("minimum_decided_on", _("This day is over. Please choose a day to come."))
    elif first and day >= first:
        add("minimum_decided_on", _("Please decide at least one day before the first date, so that people learn of it in time."))


def errors_of_questions(questions: tuple[QuestionSettings, ...]) -> Iterable[tuple[int, str]]:
    """Position from 0 and sentence."""
    if len(questions) > MOST_QUESTIONS:
        yield MOST_QUESTIONS, _("At most five questions are possible.")
    seen = set()
    for position, question in enumerate(questions):
        key = question.text.casefold()
        if not question.text:
            yield position, _("Write down what you ask.")
        elif key in seen:
            yield position, _("This is asked twice. Please remove one of both.")
        if not question.purpose:
            yield position, _("Say what the answer is needed for. Whoever signs up reads it.")
        if question.kind == Question.Kind.CHOICE:
            yield from ((position, sentence) for sentence in errors_of_choices(question.choices))
        elif question.kind not in Question.Kind.values:
            yield position, _("Please choose what kind of answer you expect.")
        seen.add(key)


def errors_of_choices(choices: tuple[str, ...]) -> Iterable[str]:
    if len({choice.casefold() for choice in choices}) < max(2, len(choices)):
        yield _("Write at least two different answers, one in each line.")
    if len(choices) > MOST_CHOICES:
        yield ngettext("At most %(most)s answer.", "At most %(most)s answers.", MOST_CHOICES) % {"most": MOST_CHOICES}
    if any(len(choice) > LONGEST_CHOICE for choice in choices):
        yield _("An answer is too long: at most %(limit)s characters.") % {"limit": LONGEST_CHOICE}
