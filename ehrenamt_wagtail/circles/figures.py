"""What circles state twice a year: how many volunteers and active groups they have. What was stated is never changed or deleted.

::

    stated ──► stated anew ──► …        of each circle and half-year one row counts (``is_current``), all others are history
       ▲            │
       └────────────┘   taken back: stated by mistake, it never counts again

Both actions are atomic, lock the circle's page and write Wagtail's log, by nobody where a circle states by its link.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Page

from ehrenamt_wagtail.exceptions import StaleRevision, ensure
from ehrenamt_wagtail.programme.found import grouped
from ehrenamt_wagtail.programme.queries import at_or_below

from . import rules
from .half_years import HalfYear
from .models import CircleFigure, CirclePage

# More than any district has; whoever types more has mistyped.
LARGEST = 100_000
LONGEST_REMARKS = 1000
# What ``seen`` says where the form showed no figure.
NOTHING_SEEN = 0
# An earlier figure stands in for a missing one for so many half-years.
COUNTS_ON = 2

# What is stated; what differs in none of these is the same statement.
FACTS = ("volunteers", "groups", "remarks")


# Stating


@transaction.atomic
def state_figure(
    circle: CirclePage,
    *,
    year: int,
    half: int,
    volunteers: int,
    groups: int | None = None,
    remarks: str = "",
    actor=None,
    is_by_link: bool = False,
    seen: int | None = None,
) -> CircleFigure:
    """What ``circle`` has in that half-year, from now on; gives the row that counts.

    Stating what counts already (a second click, the back button) writes nothing and gives that row. Otherwise a new row is
    written, and the one before becomes history. ``actor`` is the member or coordinator who states it; with ``is_by_link`` the
    circle itself does, and nobody is noted. ``seen`` is the primary key of the row that the form showed, ``NOTHING_SEEN`` if
    there was none; ``None`` asks for no comparison.

    Raises ``NotAllowed`` for who may not and for a half-year that has not begun, ``StaleRevision`` (its ``latest`` is the row
    that counts) if something newer than ``seen`` was stated, ``ValidationError`` for what is out of bounds; nothing is written
    then. The public pages show the number with the commit.
    """
    half_year = HalfYear(year, half)
    ensure(rules.STATE_FIGURE, circle=circle, half_year=half_year, actor=actor, is_by_link=is_by_link)
    stated = CircleFigure(
        circle_id=circle.pk,
        year=year,
        half=half,
        volunteers=volunteers,
        groups=groups,
        remarks=remarks.strip(),
        stated_at=timezone.now(),
        stated_by=None if is_by_link else actor,
        is_by_link=is_by_link,
    )
    check(stated)
    lock_circle(circle)
    present = current_figure(circle, half_year)
    if present is not None and says_the_same(present, stated):
        return present
    if seen is not None and seen != (present.pk if present else NOTHING_SEEN):
        raise StaleRevision(stale_words(present), present)
    if present is not None:
        retire(present)
    stated.save()
    log(instance=stated, action="ehrenamt.state_figure", user=stated.stated_by, data={"half_year": half_year.code})
    return stated


@transaction.atomic
def take_back_figure(figure: CircleFigure, *, actor) -> CircleFigure | None:
    """``figure`` was stated by mistake, as for another circle: it stays in the history and never counts again.

    What was stated for the half-year before it, and was not taken back itself, counts again; gives that row, ``None`` if there
    is none. Nobody is said to have stated anything anew. Raises ``NotAllowed`` for who is no coordinator and for a figure that
    does not count any more.
    """
    lock_circle(figure.circle)
    figure = CircleFigure.objects.select_related("circle").get(pk=figure.pk)
    ensure(rules.TAKE_BACK_FIGURE, figure=figure, actor=actor)
    figure.taken_back_at = timezone.now()
    figure.is_current = False
    figure.save(update_fields=["taken_back_at", "is_current"])
    before = history_of(figure.circle, half_year_of_figure(figure)).filter(taken_back_at=None, pk__lt=figure.pk).first()
    if before is not None:
        before.is_current = True
        before.save(update_fields=["is_current"])
    log(instance=figure, action="ehrenamt.take_back_figure", user=actor, data={"half_year": half_year_of_figure(figure).code})
    return before


def check(figure: CircleFigure) -> None:
    """Raises ``ValidationError`` with the fields that are wrong."""
    figure.clean_fields()
    if len(figure.remarks) > LONGEST_REMARKS:
        raise ValidationError({"remarks": _("The remarks are too long.")})
    too_large = [name for name in ("volunteers", "groups") if (getattr(figure, name) or 0) > LARGEST]
    if too_large:
        raise ValidationError(dict.fromkeys(too_large, too_large_words()))


def too_large_words() -> str:
    return _("Please check this number: at most %(largest)s can be stated.") % {"largest": grouped(LARGEST)}


def lock_circle(circle: CirclePage) -> None:
    """Statements about one circle come one after the other. Held to the end of the transaction."""
    CirclePage.objects.select_for_update(of=("self",), no_key=True).get(pk=circle.pk)


def says_the_same(one: CircleFigure, other: CircleFigure) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in FACTS)


def retire(figure: CircleFigure) -> None:
    figure.is_current = False
    figure.save(update_fields=["is_current"])


def stale_words(present: CircleFigure | None) -> str:
    """Without names: whoever has the link reads it."""
    if present is None:
        return _("Nothing was saved: the figures were taken back in the meantime. What you typed stands below; send it again.")
    return _(
        "Nothing was saved: %(number)s volunteers were stated for this half-year in the meantime. What you typed stands below; "
        "compare it, and send it again if it is right."
    ) % {"number": grouped(present.volunteers)}


# Reading


def figures_of(circle: CirclePage) -> QuerySet[CircleFigure]:
    """What counts, the newest half-year first."""
    return CircleFigure.objects.filter(circle=circle.pk, is_current=True).order_by("-year", "-half")


def stated_in(half_year: HalfYear) -> QuerySet[CircleFigure]:
    """What all circles stated for the half-year, as it counts."""
    return CircleFigure.objects.filter(is_current=True, year=half_year.year, half=half_year.half)


def current_figure(circle: CirclePage, half_year: HalfYear) -> CircleFigure | None:
    """What counts for the half-year."""
    return stated_in(half_year).filter(circle=circle.pk).select_related("stated_by").first()


def figure_before(circle: CirclePage, half_year: HalfYear) -> CircleFigure | None:
    """What counts for the latest half-year before."""
    return figures_of(circle).filter(Q(year__lt=half_year.year) | Q(year=half_year.year, half__lt=half_year.half)).first()


def history_of(circle: CirclePage, half_year: HalfYear | None = None) -> QuerySet[CircleFigure]:
    """All that was ever stated, the newest half-year and in it the newest statement first; with ``half_year`` of this one only."""
    rows = CircleFigure.objects.filter(circle=circle.pk)
    if half_year is not None:
        rows = rows.filter(year=half_year.year, half=half_year.half)
    return rows.select_related("stated_by").order_by("-year", "-half", "-pk")


def circles_with_figures(pages: Iterable[Page]) -> QuerySet[CirclePage]:
    """Circles at or below ``pages`` for which something was stated that was not taken back."""
    return at_or_below(pages, CirclePage).filter(pk__in=CircleFigure.objects.filter(taken_back_at=None).values("circle"))


def half_year_of_figure(figure: CircleFigure) -> HalfYear:
    return HalfYear(figure.year, figure.half)


def numbers_of(figure: CircleFigure) -> str:
    """„34 Ehrenamtliche, 3 aktive Gruppen“, exactly: for the circle itself and the coordinators, not for the public."""
    parts = [ngettext("%(number)s volunteer", "%(number)s volunteers", figure.volunteers) % {"number": grouped(figure.volunteers)}]
    if figure.groups is not None:
        text = ngettext("%(number)s active group", "%(number)s active groups", figure.groups)
        parts.append(text % {"number": grouped(figure.groups)})
    return ", ".join(parts)


# Summing up


@dataclass(frozen=True)
class Counted:
    """A figure that counts in a half-year. ``is_carried``: the circle stated nothing for it, its latest figure before stands in."""

    figure: CircleFigure
    is_carried: bool


@dataclass(frozen=True)
class CircleSums:
    """What all circles have in a half-year; see ``series_of``. The ``carried_`` ones are part of the others."""

    half_year: HalfYear
    circles: int
    volunteers: int
    # Of the circles that said how many; ``None`` if none did.
    groups: int | None
    carried_circles: int
    carried_volunteers: int
    carried_groups: int


def counted_in(half_years: Iterable[HalfYear]) -> dict[HalfYear, list[Counted]]:
    """The figures that count in each half-year, one for each circle at most, by town and name. Two queries, however many.

    What a circle stated for the half-year counts. Where it stated nothing, the latest that it stated for one of the two
    half-years before counts on (``is_carried``), so at most for a year, and only as long as its page is public: a circle that
    was dissolved no longer counts. Half-years that have not begun yet have no figures.
    """
    wanted = sorted({HalfYear(*half_year) for half_year in half_years})
    stated: dict[HalfYear, dict[int, CircleFigure]] = defaultdict(dict)
    if wanted:
        first, last = wanted[0].later(-COUNTS_ON), wanted[-1]
        circles = CirclePage.objects.select_related("municipality").in_bulk()
        for figure in CircleFigure.objects.filter(is_current=True, year__gte=first.year, year__lte=last.year).order_by("pk"):
            # Deleted in this very moment.
            if figure.circle_id in circles:
                figure.circle = circles[figure.circle_id]
                stated[half_year_of_figure(figure)][figure.circle_id] = figure
    return {half_year: figures_in(half_year, stated) if half_year.has_begun() else [] for half_year in wanted}


def figures_in(half_year: HalfYear, stated: dict[HalfYear, dict[int, CircleFigure]]) -> list[Counted]:
    found: dict[int, Counted] = {}
    for age in range(COUNTS_ON + 1):
        for circle_id, figure in stated.get(half_year.later(-age), {}).items():
            if circle_id not in found and (age == 0 or figure.circle.live):
                found[circle_id] = Counted(figure, is_carried=age > 0)
    return sorted(found.values(), key=place_of)


def place_of(counted: Counted) -> tuple:
    circle = counted.figure.circle
    return circle.municipality.name if circle.municipality else "", circle.title, circle.pk


def series_of(half_years: Iterable[HalfYear]) -> list[CircleSums]:
    """Circles, volunteers and active groups in each of the half-years, by time. Two queries, however many half-years and circles.

    Summed are the figures of ``counted_in``: what circles stated for the half-year, and for those that stated nothing their
    latest earlier figure if it is not older than a year; these stand in the ``carried_`` numbers, too. A circle that stated 0
    counts as a circle. Groups are summed over the circles that said how many, in the same row as their volunteers.
    """
    return [sums_of(half_year, counted) for half_year, counted in counted_in(half_years).items()]


def sums_of(half_year: HalfYear, counted: list[Counted]) -> CircleSums:
    carried = [one for one in counted if one.is_carried]
    groups = [one.figure.groups for one in counted if one.figure.groups is not None]
    return CircleSums(
        half_year=half_year,
        circles=len(counted),
        volunteers=sum(one.figure.volunteers for one in counted),
        groups=sum(groups) if groups else None,
        carried_circles=len(carried),
        carried_volunteers=sum(one.figure.volunteers for one in carried),
        carried_groups=sum(one.figure.groups or 0 for one in carried),
    )
