"""Reads of the coordination calendar. What of others' plans is shown decides ``visibility`` alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.formatting import NIGHT_ENDS, short_date, time_range
from ehrenamt_wagtail.programme.models.occurrence import Mode

from .filters import PlanFilters, matching_plans
from .models import PlannedDate, PlanState
from .models.planned import CHANGES
from .periods import Period
from .visibility import PlanView, Viewer, views_of


@dataclass(frozen=True)
class Entry:
    """A planned date as one viewer may read it, with the local days it touches. ``note`` says what is to change."""

    view: PlanView
    days: tuple[dt.date, ...]
    time: str
    place: str
    town_key: str
    topic_keys: tuple[str, ...]
    organiser_key: str
    note: str = ""

    @property
    def title(self) -> str:
        """The title where it may be shown, else what kind of thing it is."""
        return self.view.title or self.view.kind_label or _("Offering")

    @property
    def topics(self) -> str:
        return ", ".join(self.view.topics)

    @property
    def kind(self) -> str:
        """The kind, unless it stands in place of the title or says the same as the state."""
        return "" if self.view.state == "hold" or not self.view.title else self.view.kind_label


def planned_entries(period: Period, filters: PlanFilters, viewer: Viewer) -> list[Entry]:
    """Everything that anybody plans in ``period``, cancelled dates included, by time; a constant number of queries."""
    start, end = period.span()
    rows = list(PlannedDate.objects.between(start, end).filter(matching_plans(filters)).order_by("starts_at", "pk"))
    others = counterparts(rows)
    views = views_of([*rows, *others], viewer)
    changes = changes_by_date(zip([*rows, *others], views, strict=True))
    entries = [
        entry_of(row, view, changes[row.offering_id, row.uid]) for row, view in zip(rows, views[: len(rows)], strict=True)
    ]
    return [entry for entry in entries if any(period.first <= day < period.following for day in entry.days)]


def counterparts(rows: list[PlannedDate]) -> list[PlannedDate]:
    """The pending changes of the public dates among ``rows``, and the public dates of the changes; one query."""
    public = {row.offering_id for row in rows if row.state == PlanState.PUBLISHED}
    changed = {row.offering_id for row in rows if row.state in CHANGES}
    wanted = Q(state__in=CHANGES, offering__in=public) | Q(state=PlanState.PUBLISHED, offering__in=changed)
    known = {row.pk for row in rows}
    return [row for row in PlannedDate.objects.filter(wanted) if row.pk not in known]


def changes_by_date(pairs: Iterable[tuple[PlannedDate, PlanView]]) -> dict:
    """The public row and the changed one, with their views, by offering and uid of the date."""
    found: dict = defaultdict(dict)
    for row, view in pairs:
        if row.state == PlanState.PUBLISHED or row.state in CHANGES:
            found[row.offering_id, row.uid]["public" if row.is_public else "change"] = (row, view)
    return found


def entry_of(row: PlannedDate, view: PlanView, pair: dict) -> Entry:
    days = days_of(row)
    return Entry(
        view=view,
        days=tuple(days),
        time=time_of(row, days),
        place=place_of(row, view),
        town_key="online" if row.mode == Mode.ONLINE else (row.municipality.slug if row.municipality else ""),
        topic_keys=tuple(topic.slug for topic in row.topics.all()),
        organiser_key=row.organisation.slug if row.organisation else "",
        note=note_of(row, pair),
    )


def days_of(row: PlannedDate) -> list[dt.date]:
    """The local days that a date touches; a night that ends before six in the morning counts to its evening."""
    start, end = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    first, last = start.date(), end.date()
    if row.is_all_day:
        last = timezone.localtime(row.ends_at - dt.timedelta(seconds=1)).date()
    elif last > first and end.time() < NIGHT_ENDS:
        last -= dt.timedelta(days=1)
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def time_of(row: PlannedDate, days: list[dt.date]) -> str:
    """„19–21 Uhr“, „ab 19 Uhr“ without an end or over several days; empty for whole days."""
    if row.is_all_day:
        return ""
    return time_range(row.starts_at, row.ends_at if row.has_end and len(days) == 1 else None)


def place_of(row: PlannedDate, view: PlanView) -> str:
    return _("online") if row.mode == Mode.ONLINE else view.town


def note_of(row: PlannedDate, pair: dict) -> str:
    """What a pending change does to a public date, or what a change replaces; with the other date in words."""
    if "public" not in pair or "change" not in pair:
        return ""
    if row.is_public:
        other, view = pair["change"]
        moved, elsewhere = _("moved to %(when)s (%(state)s)"), _("to take place in another place: %(place)s (%(state)s)")
    else:
        other, view = pair["public"]
        moved, elsewhere = _("instead of %(when)s"), _("instead of the place %(place)s")
    place = place_of(other, view)
    if (other.starts_at, other.ends_at) != (row.starts_at, row.ends_at):
        return moved % {"when": short_when(other), "state": view.state_label}
    return elsewhere % {"place": place or _("open"), "state": view.state_label}


def short_when(row: PlannedDate) -> str:
    """„Do 14. März, 19–21 Uhr“."""
    time = time_of(row, days_of(row))
    return f"{short_date(row.starts_at)}, {time}" if time else short_date(row.starts_at)
