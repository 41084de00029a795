"""All figures with their definitions: what is counted, from which rows, for which days.

``docs/figures.md`` repeats them for readers; a test compares both.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.programme.models import VolunteerDayPage

from ..models import EnteredFigure, FigureKind
from .circles import CircleStatements
from .entered import Entered
from .offerings import HOURS_OF_A_DAY, Dates, OfferingsByFirstDate, TopicsWithout, TownsWithout, minutes_of
from .reviews import Decisions, Hints, Solutions
from .seats import CirclesAtOfferings, Seats
from .sources import Source
from .thanks import Thanks

setting = lazy(lambda name: str(getattr(conf, name)), str)

SOURCES: dict[str, type[Source]] = {
    "circles": CircleStatements,
    "dates": Dates,
    "offerings": OfferingsByFirstDate,
    "seats": Seats,
    "circles_at_offerings": CirclesAtOfferings,
    "thanks": Thanks,
    "decisions": Decisions,
    "hints": Hints,
    "solutions": Solutions,
    "towns_without": TownsWithout,
    "topics_without": TopicsWithout,
    "entered": Entered,
}

# Name of the address parameter's value, words.
GROUPINGS = {
    "art": _("by kind"),
    "organiser": _("by kind of organiser"),
    "town": _("by town"),
    "focus": _("by focus"),
    "circle": format_lazy(_("by {circle}"), circle=setting("CIRCLE_NAME")),
    "outcome": _("by outcome"),
    "way": _("by way"),
}

SECTIONS = {
    "circles": setting("CIRCLE_NAME_PLURAL"),
    "offerings": _("Offerings and dates"),
    "seats": _("Sign-up and attendance"),
    "days": _("Volunteer days"),
    "review": _("Review and clashes"),
    "gaps": _("Where nothing took place"),
    "entered": _("Entered figures"),
}


class Unit:
    NUMBER, HOURS, EURO, DAYS = "number", "hours", "euro", "days"


# How values become a figure


def total(values: Sequence):
    return sum(values)


def total_if_known(values: Sequence):
    """``None`` where there is nothing to add, since nobody stated anything."""
    return sum(values) if values else None


def hours(minutes: Sequence[int]) -> float:
    return sum(minutes) / 60


def middle(values: Sequence[int]) -> float | None:
    return median(values) if values else None


def ninth_tenth(values: Sequence[int]) -> int | None:
    """The least that nine of ten do not exceed."""
    return sorted(values)[math.ceil(len(values) * 9 / 10) - 1] if values else None


def one(_row) -> int:
    return 1


@dataclass(frozen=True)
class Figure:
    """A figure: the ``value`` of each row of ``source`` that ``counts``, made into one by ``combine``.

    What has the same ``key`` counts once. ``groupings`` are those of its source that it is told by. Of what ``is_people``
    small numbers are not told.
    """

    name: str
    section: str
    label: Any
    definition: Any
    source: str
    counts: Callable[[Any], bool] = bool
    value: Callable[[Any], Any] = one
    key: Callable[[Any], Any] | None = None
    combine: Callable[[Sequence], Any] = total
    unit: str = Unit.NUMBER
    is_people: bool = False
    groupings: tuple[str, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether the figure of a span is the sum of those of its parts."""
        return self.key is None and (self.combine in (total, hours) or self.source == "entered") and self.section != "gaps"

    def entries(self, rows: Iterable) -> list[tuple[Any, Any]]:
        """The rows that count, each with its value."""
        if self.key is None:
            return [(row, self.value(row)) for row in rows if self.counts(row)]
        first: dict[Any, Any] = {}
        for row in rows:
            if self.counts(row):
                first.setdefault(self.key(row), row)
        return [(row, self.value(row)) for row in first.values()]

    def amount(self, rows: Iterable):
        """What these rows make."""
        if self.key is not None:
            return self.combine([value for _row, value in self.entries(rows)])
        if self.value is one:
            return self.combine([1] * sum(map(self.counts, rows)))
        return self.combine([self.value(row) for row in rows if self.counts(row)])


def held(row) -> bool:
    return not row.is_cancelled


def is_volunteer_day(row) -> bool:
    return row.kind == VolunteerDayPage.kind and not row.is_cancelled


BY_PLACE = ("art", "organiser", "town")
BY_ALL = (*BY_PLACE, "focus")

WHICH_DATES = _(
    "Only what is published counts, also what is still to come; drafts, what was taken off the site and what was deleted do not. "
    "A date counts on the day on which it begins."
)
SEVERAL = _("What has several topics counts in each of their focuses, what takes place in several towns in each of them.")
WHICH_SEATS = _(
    "Only where people sign up on this site; an offering counts on its first date, a date with a sign-up of its own on that day. "
    "Cancelled ones do not count. The numbers stay when personal data are deleted; a supervision counts with its heads alone."
)
SMALL_NUMBERS = _(
    "Numbers of people below 5 are not told, nor what they could be computed from: then the next larger one is left out, too."
)
STATED = format_lazy(
    _(
        "What the {circles} stated for the half-year in which the span ends; what one stated for one of the two half-years before "
        "stands in where it stated nothing, as long as its page is public."
    ),
    circles=setting("CIRCLE_NAME_PLURAL"),
)


def sentences(*parts):
    return format_lazy(" ".join(["{}"] * len(parts)), *parts)


FIXED = (
    # Circles
    Figure("circles", "circles", setting("CIRCLE_NAME_PLURAL"),
           sentences(
               format_lazy(_("{circles} that stated how many volunteers they have."), circles=setting("CIRCLE_NAME_PLURAL")), STATED),
           "circles", combine=total_if_known),
    Figure("volunteers", "circles", _("Volunteers"),
           sentences(
               format_lazy(_("How many volunteers the {circles} stated, added up."), circles=setting("CIRCLE_NAME_PLURAL")),
               STATED, SMALL_NUMBERS),
           "circles",
           value=lambda row: row.figure.volunteers, combine=total_if_known, is_people=True),
    Figure("groups", "circles", _("Active groups"),
           sentences(
               format_lazy(
                   _("How many active groups the {circles} stated, added up; who stated none is left out."),
                   circles=setting("CIRCLE_NAME_PLURAL")),
               STATED),
           "circles",
           counts=lambda row: row.figure.groups is not None, value=lambda row: row.figure.groups, combine=total_if_known),
    # Offerings
    Figure("offerings", "offerings", _("Offerings"),
           sentences(_("Offerings with at least one date in the span that is not cancelled, each counted once."), WHICH_DATES,
                     SEVERAL), "offerings", counts=held, key=lambda row: row.offering, groupings=BY_ALL),
    Figure("dates", "offerings", pgettext_lazy("figures", "Dates"),
           sentences(_("Dates in the span that are not cancelled."), WHICH_DATES, SEVERAL), "dates", counts=held, groupings=BY_ALL),
    Figure("hours", "offerings", pgettext_lazy("figures", "Hours"),
           sentences(
               format_lazy(
                   _(
                       "How long the dates last that are not cancelled. A date without an end counts {default} hours, a whole day "
                       "{day} hours, and so does each day of a date that lasts longer than 24 hours."
                   ),
                   default=setting("DEFAULT_DURATION_HOURS"), day=HOURS_OF_A_DAY,
               ), WHICH_DATES, SEVERAL),
           "dates", counts=held, value=minutes_of, combine=hours, unit=Unit.HOURS, groupings=BY_ALL),
    Figure("cancelled", "offerings", _("Cancelled dates"),
           sentences(_("Dates in the span that were published and cancelled, singly or with their whole offering."), WHICH_DATES,
                     SEVERAL), "dates", counts=lambda row: row.is_cancelled, groupings=BY_ALL),
    # Sign-up
    Figure("seats", "seats", _("Seats offered"),
           sentences(_("Seats of offerings with a limit; those without a limit add nothing."), WHICH_SEATS), "seats",
           counts=lambda row: held(row) and row.offered is not None, value=lambda row: row.offered, groupings=BY_PLACE),
    Figure("taken", "seats", _("Seats taken"),
           sentences(_("People with a seat, confirmed or held for them, at the end or as of now."), WHICH_SEATS, SMALL_NUMBERS),
           "seats", counts=held, value=lambda row: row.taken, is_people=True, groupings=BY_PLACE),
    Figure("waiting", "seats", _("On the waiting list"),
           sentences(_("People who waited for a seat and got none, at the end or as of now."), WHICH_SEATS, SMALL_NUMBERS),
           "seats", counts=held, value=lambda row: row.waiting, is_people=True, groupings=BY_PLACE),
    Figure("attended", "seats", _("Attended"),
           sentences(
               _(
                   "People whom the organiser marked as present at one date at least; of a supervision the largest number of heads. "
                   "Where nobody marked attendance this is 0, so it is a lower bound."
               ), WHICH_SEATS, SMALL_NUMBERS),
           "seats", counts=held, value=lambda row: row.attended, is_people=True, groupings=BY_PLACE),
    Figure("circle_people", "seats", format_lazy(_("Participation by {circle}"), circle=setting("CIRCLE_NAME")),
           sentences(
               format_lazy(
                   _(
                       "People with a seat who named their {circle} when they signed up. Who named none is left out, and so is "
                       "supervision; whether they came is not known by {circle}."
                   ), circle=setting("CIRCLE_NAME")),
               WHICH_SEATS, SMALL_NUMBERS),
           "circles_at_offerings", value=lambda row: row.people, is_people=True, groupings=("circle",)),
    # Volunteer days
    Figure("volunteer_days", "days", _("Volunteer days"),
           sentences(_("Volunteer days with at least one date in the span that is not cancelled. What is part of a day does not "
                       "count as a day of its own."), WHICH_DATES),
           "offerings", counts=is_volunteer_day, key=lambda row: row.offering, groupings=("town",)),
    Figure("day_guests", "days", _("Guests of volunteer days who signed up"),
           sentences(
               _(
                   "People who signed up for a volunteer day and were marked as present. Who came without signing up is not among "
                   "them: all guests, as counted at the door, are an entered figure."
               ), WHICH_SEATS, SMALL_NUMBERS),
           "seats", counts=is_volunteer_day, value=lambda row: row.attended, is_people=True, groupings=("town",)),
    Figure("thanked", "days", _("People who were thanked"),
           sentences(_("People whom circles named for a letter of thanks, on the day on which they were thanked. Their names are "
                       "deleted the night after; since then the number is known."), SMALL_NUMBERS),
           "thanks", value=lambda row: row.thanked, is_people=True),
    # Review
    Figure("decisions", "review", _("Decisions"),
           _("Approvals and returns of submitted offerings and pages, on the day of the decision. Decisions stay when what they were "
             "about is deleted."), "decisions", groupings=("outcome",)),
    Figure("review_days", "review", _("Median review time"),
           _("The working days from the day of submission until the decision that half of the decisions in the span did not exceed "
             "(median). The day of submission does not count, nor do weekends and public holidays: the same day is 0. Decisions "
             "without a known submission are left out."),
           "decisions", counts=lambda row: row.days is not None, value=lambda row: row.days, combine=middle, unit=Unit.DAYS),
    Figure("review_longest", "review", _("Review time in nine of ten cases"),
           _("The working days that nine of ten decisions in the span did not exceed; one in ten took longer. Counted as the median "
             "review time."),
           "decisions", counts=lambda row: row.days is not None, value=lambda row: row.days, combine=ninth_tenth, unit=Unit.DAYS),
    Figure("in_time", "review", _("Decided in time"),
           format_lazy(_("Decisions made within the {days} working days that organisations are promised. Decisions without a known "
                         "submission are left out."), days=setting("REVIEW_WORKING_DAYS")),
           "decisions", counts=lambda row: row.is_in_time),
    Figure("hints", "review", _("Clashes found"),
           _("Submissions at which at least one hint was shown, to the organisation or to the coordination: another offering at that "
             "time near by, a similar offering, a holiday or blocked date. Each submission counts once, on its day, however many "
             "hints it had; who submits again after a return counts again. Hints shown while somebody was only typing are not kept."),
           "hints"),
    Figure("returned", "review", _("Returned because of a clash"),
           _("Returns with the reason that the date clashes or that a similar offering exists, or with another date proposed, on the "
             "day of the decision."), "decisions", counts=lambda row: row.is_for_clash),
    Figure("resolved", "review", _("Clashes resolved"),
           _("What was approved after its last return had been because of a clash, on the day of the approval, and offerings that two "
             "organisations joined, on the day when both had accepted. Who changes a date before submitting is not seen."),
           "solutions", groupings=("way",)),
    # Gaps
    Figure("towns_without", "gaps", _("Towns without an offering"),
           sentences(_("Towns of the register in which no date takes place that is not cancelled; what is online only takes place "
                       "nowhere."), WHICH_DATES), "towns_without"),
    Figure("topics_without", "gaps", _("Topics without an offering"),
           sentences(_("Topics of the register that no date is about that is not cancelled."), WHICH_DATES), "topics_without"),
)  # fmt: skip

ADDED_UP = _(
    "Entered by the coordination. Values count if all of their days lie in the span, and are added up: a value for a whole year is "
    "in no half-year."
)
UNITS = {FigureKind.Unit.NUMBER: Unit.NUMBER, FigureKind.Unit.HOURS: Unit.HOURS, FigureKind.Unit.EURO: Unit.EURO}


def entered_figures() -> list[Figure]:
    """A figure for each kind that is still counted or has values. One query."""
    values = EnteredFigure.objects.filter(kind=OuterRef("pk"))
    kinds = FigureKind.objects.filter(Q(is_active=True) | Exists(values))
    return [
        Figure(
            name=f"entered-{kind.pk}",
            section="entered",
            label=kind.name,
            definition=sentences(kind.definition, ADDED_UP, *([SMALL_NUMBERS] if kind.is_people else [])),
            source="entered",
            counts=lambda row, pk=kind.pk: row.kind == pk,
            value=lambda row: row.value,
            # Nothing entered is not 0.
            combine=total_if_known,
            unit=UNITS.get(kind.unit, Unit.NUMBER),
            is_people=kind.is_people,
        )
        for kind in kinds
    ]


def figures() -> list[Figure]:
    """All figures in the order in which they are shown. One query."""
    return [*FIXED, *entered_figures()]
