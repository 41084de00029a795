"""What a form says about when, where and what, read as far as it can be understood: half filled, wrong, not saved.

Leaner than the editor: nothing of it is judged, shown or kept, and lists are asked for once, however many dates there are.
"""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.plans import Plan, PlannedSpan, place_of
from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic, Venue
from ehrenamt_wagtail.programme.models import Mode, Occurrence, OfferingPage, TrainingPage

from .dates import DateRow
from .rows import make_rows, number_in

PREFIX = "dates"


@dataclass(frozen=True)
class ReadPlan:
    """``left_out`` says for each date that cannot be compared which one it is and why: („Termin 2“, „…“)."""

    plan: Plan
    left_out: tuple[tuple[int, str], ...] = ()


class CheckedDate(DateRow):
    """A date whose venue is looked up together with all others."""

    venue = forms.CharField(required=False)

    def known_date(self) -> None:
        """Of an hour that happens twice, the first is good enough to compare; saves asking for the stored dates."""
        return None

    def occurrence(self) -> Occurrence:
        data = self.cleaned_data
        if data["all_day"]:
            return Occurrence(start_date=data["date"], end_date=data["until_date"])
        return Occurrence(start=data["start"], end=data["end"])


def read_plan(data: QueryDict, page: OfferingPage, organisation: Organisation) -> ReadPlan:
    """The plan that the sent form describes; ``page`` is the offering, or a new one of the chosen kind. Never fails, writes nothing.

    What cannot be understood is left out: unknown topics, places and kinds silently, dates by ``left_out``. Dates of ``page`` that
    are cancelled do not count.
    """
    cancelled = {str(uid) for uid in page.cancelled_uids()}
    rows = date_rows(data, page, cancelled)
    asked_for = [data.get("venue", ""), *(row["venue"].value() or "" for row in rows)]
    venues = known_venues(asked_for, organisation, page)
    mode = data.get("mode", "")
    mode = mode if mode in Mode.values else Mode.ON_SITE
    venue, town = venues.get(data.get("venue", "")), known_town(data.get("municipality", ""))
    spans, left_out = [], []
    for number, row in enumerate(rows, start=1):
        if not row.is_valid():
            left_out.append((number, first_error(row)))
        elif not row.is_blank() and row.cleaned_data["uid"] not in cancelled:
            own_venue, own_mode = venues.get(row.cleaned_data["venue"]), row.cleaned_data["mode"]
            differs = own_venue or own_mode
            own = place_of(mode=own_mode or mode, venue=own_venue or venue, municipality=town) if differs else None
            spans.append(span_of(row.occurrence(), own))
    return ReadPlan(
        plan=Plan(
            dates=tuple(sorted(spans, key=lambda span: (span.starts_at, span.ends_at))),
            place=place_of(mode=mode, venue=venue, municipality=town),
            topics=known_topics(data.getlist("topics")),
            audience=" ".join(data.get("audience", "").split()),
            kind=kind_in(data, page),
            title=" ".join(data.get("title", "").split()),
            text="\n\n".join(filter(None, [data.get("summary", "").strip(), data.get("contents", "").strip()])),
            organisation_id=organisation.pk,
            offering_id=page.pk,
        ),
        left_out=tuple(left_out),
    )


def date_rows(data: QueryDict, page: OfferingPage, cancelled: set[str]) -> list[CheckedDate]:
    rows = make_rows(
        CheckedDate,
        PREFIX,
        data=data.copy(),
        most=conf.MAX_OCCURRENCES,
        page=page,
        venues=None,
        venue_choices=(),
        cancelled=cancelled,
    )
    return list(rows.forms[: conf.MAX_OCCURRENCES]) if rows.is_bound and rows.management_form.is_valid() else []


def span_of(date: Occurrence, place) -> PlannedSpan:
    starts_at, ends_at = date.span()
    return PlannedSpan(
        starts_at=starts_at,
        ends_at=ends_at,
        is_all_day=date.is_all_day,
        has_end=date.is_all_day or date.end is not None,
        place=place,
    )


def first_error(row: CheckedDate) -> str:
    return next(str(sentence) for sentences in row.errors.values() for sentence in sentences)


def known_venues(values: list[str], organisation: Organisation, page: OfferingPage) -> dict[str, Venue]:
    keys = {key for value in values if (key := number_in(str(value))) is not None}
    if not keys:
        return {}
    venues = Venue.objects.usable_by(organisation)
    if page.venue_id:
        venues = venues | Venue.objects.filter(pk=page.venue_id)
    return {str(venue.pk): venue for venue in venues.filter(pk__in=keys).select_related("municipality")}


def known_town(value: str) -> Municipality | None:
    key = number_in(value)
    return Municipality.objects.filter(pk=key).first() if key is not None else None


def known_topics(values: list[str]) -> frozenset[int]:
    keys = {key for value in values if (key := number_in(value)) is not None}
    return frozenset(Topic.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else frozenset()


def kind_in(data: QueryDict, page: OfferingPage) -> str:
    if isinstance(page, TrainingPage) and (chosen := data.get("training_format", "")) in TrainingPage.Format.values:
        return TrainingPage.ART_OF_FORMAT[chosen]
    return page.art
