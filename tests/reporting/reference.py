"""The same figures counted anew, one after the other in plain Python over pages and rows; shares nothing with the catalogue."""

import datetime as dt
from collections import defaultdict

from django.utils import timezone
from wagtail.models import TaskState

from ehrenamt_wagtail import models
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.days_off import working_days_between


class Reference:
    """``amounts`` by name of the figure, ``groups`` by name and grouping; for the days from ``first`` to ``last``."""

    def __init__(self, first: dt.date, last: dt.date):
        self.first, self.last = first, last
        self.amounts: dict = {}
        self.groups: dict[tuple[str, str], dict] = defaultdict(dict)
        for count in (self.offerings, self.seats, self.thanks, self.circles, self.decisions, self.hints, self.solutions, self.entered):
            count()

    def has(self, day) -> bool:
        if isinstance(day, dt.datetime):
            day = timezone.localtime(day).date()
        return self.first <= day <= self.last

    def add(self, name, amount, **groups):
        """``groups`` are the keys of each grouping."""
        self.amounts[name] = self.amounts.get(name, 0) + amount
        for grouping, keys in groups.items():
            for key in keys:
                self.groups[name, grouping][key] = self.groups[name, grouping].get(key, 0) + amount

    # Offerings

    def offerings(self):
        for name in ("offerings", "dates", "hours", "cancelled", "volunteer_days"):
            self.amounts[name] = 0
        towns, topics = set(), set()
        for page in models.OfferingPage.objects.specific():
            if not page.live or page.alias_of_id:
                continue
            held_groups = defaultdict(set)
            for date in page.occurrences.all():
                start = date.start_date or timezone.localtime(date.start).date()
                if not self.has(start):
                    continue
                groups = self.groups_of(page, date)
                if any(row.occurrence_uid in (None, date.uid) for row in page.cancellations.all()):
                    self.add("cancelled", 1, **groups)
                    continue
                self.add("dates", 1, **groups)
                self.add("hours", self.hours_of(date), **groups)
                for grouping, keys in groups.items():
                    held_groups[grouping] |= set(keys)
                towns |= set(groups["town"])
                topics |= {topic.pk for topic in page.topics.all()}
            if held_groups:
                self.add("offerings", 1, **held_groups)
                if isinstance(page, models.VolunteerDayPage):
                    self.add("volunteer_days", 1, town=held_groups["town"])
        self.amounts["towns_without"] = sum(town.name not in towns for town in models.Municipality.objects.all())
        self.amounts["topics_without"] = sum(topic.pk not in topics for topic in models.Topic.objects.all())

    def groups_of(self, page, date) -> dict:
        venue = date.venue or page.venue
        if (date.mode or page.mode) == "online":
            town = "online"
        else:
            municipality = venue.municipality if venue else page.municipality
            town = municipality.name if municipality else ""
        return {
            "art": [page.art],
            "organiser": [page.organisation.kind if page.organisation else ""],
            "town": [town],
            "focus": {topic.focus for topic in page.topics.all()} or {""},
        }

    def hours_of(self, date) -> float:
        if date.start_date:
            return 8 * (((date.end_date or date.start_date) - date.start_date).days + 1)
        if date.end is None:
            return conf.DEFAULT_DURATION_HOURS
        hours = (date.end - date.start).total_seconds() / 3600
        if hours <= 24:
            return hours
        first = timezone.localtime(date.start).date()
        last = timezone.localtime(date.end - dt.timedelta(seconds=1)).date()
        return 8 * ((last - first).days + 1)

    # Seats

    def seats(self):
        names = ("seats", "taken", "waiting", "attended", "circle_people", "day_guests")
        self.amounts |= dict.fromkeys(names, 0)
        arts = {"training": "fortbildung", "workshop": "workshop", "lecture": "vortrag", "exchange": "austausch"}
        kinds = {"supervision": "supervision", "volunteer_day": "ehrenamtstag"}
        for figure in models.SeatFigure.objects.all():
            if figure.is_cancelled or not self.has(figure.date):
                continue
            groups = {
                "art": [arts.get(figure.format) or kinds.get(figure.kind, figure.kind)],
                "organiser": [figure.organisation_kind],
                "town": [figure.municipality],
            }
            if figure.offered is not None:
                self.add("seats", figure.offered, **groups)
            for name in ("taken", "waiting", "attended"):
                self.add(name, getattr(figure, name), **groups)
            for circle, people in figure.by_circle.items():
                self.add("circle_people", people, circle=[circle])
            if figure.kind == "volunteer_day":
                self.add("day_guests", figure.attended, town=groups["town"])

    # Thanks

    def thanks(self):
        self.amounts["thanked"] = sum(
            round.thanked for round in models.ThanksRound.objects.all() if round.thanked is not None and self.has(round.day)
        )

    # Circles

    def circles(self):
        half = (self.last.year, 1 if self.last.month <= 6 else 2)
        today = timezone.localdate()
        found = []
        if dt.date(half[0], 1 if half[1] == 1 else 7, 1) <= today:
            number = half[0] * 2 + half[1]
            for circle in models.CirclePage.objects.all():
                rows = [row for row in circle.figures.all() if row.is_current and number - 2 <= row.year * 2 + row.half <= number]
                newest = max(rows, key=lambda row: (row.year, row.half), default=None)
                if newest and (circle.live or (newest.year, newest.half) == half):
                    found.append(newest)
        self.amounts["circles"] = len(found) or None
        self.amounts["volunteers"] = sum(row.volunteers for row in found) if found else None
        groups = [row.groups for row in found if row.groups is not None]
        self.amounts["groups"] = sum(groups) if groups else None

    # Review

    def decisions(self):
        self.amounts |= dict.fromkeys(("decisions", "in_time", "returned"), 0)
        days = []
        for decision in models.ReviewDecision.objects.all():
            if not self.has(decision.at):
                continue
            self.add("decisions", 1, outcome=[decision.outcome])
            if is_return_for_clash(decision):
                self.add("returned", 1)
            submitted = submitted_at(decision)
            if submitted:
                days.append(working_days_between(timezone.localdate(submitted), timezone.localdate(decision.at)))
        self.amounts["in_time"] = sum(number <= conf.REVIEW_WORKING_DAYS for number in days)
        self.amounts["review_days"] = self.amounts["review_longest"] = None
        if days:
            days.sort()
            middle = len(days) // 2
            self.amounts["review_days"] = days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) / 2
            self.amounts["review_longest"] = next(day for day in days if sum(other <= day for other in days) * 10 >= 9 * len(days))

    def hints(self):
        decisions = list(models.ReviewDecision.objects.all())
        requests = list(models.ReviewRequest.objects.all())
        number = 0
        for request in requests:
            own = [row for row in decisions if row.task_state_id and row.task_state_id == request.task_state_id]
            number += self.has(request.at) and bool(request.warnings or any(row.warnings for row in own))
        requested = {row.task_state_id for row in requests} - {None}
        for decision in decisions:
            if decision.task_state_id not in requested:
                number += self.has(decision.at) and bool(decision.warnings)
        self.amounts["hints"] = number

    def solutions(self):
        self.amounts["resolved"] = 0
        for decision in models.ReviewDecision.objects.filter(outcome="approved"):
            earlier = [row for row in models.ReviewDecision.objects.filter(page_id=decision.page_id) if row.at < decision.at]
            before = max(earlier, key=lambda row: row.at, default=None)
            if self.has(decision.at) and before and is_return_for_clash(before):
                self.add("resolved", 1, way=["approved"])
        for proposal in models.JoinProposal.objects.filter(status="joined"):
            if self.has(proposal.answered_at):
                self.add("resolved", 1, way=["joined"])

    # Entered

    def entered(self):
        for kind in models.FigureKind.objects.all():
            values = [row.value for row in kind.values.all() if self.first <= row.first_day and row.last_day <= self.last]
            self.amounts[f"entered-{kind.pk}"] = sum(values) if values else None


def is_return_for_clash(decision) -> bool:
    if decision.outcome != "returned":
        return False
    return bool({"date_clash", "similar_offering"} & set(decision.reasons)) or decision.proposed_start is not None


def submitted_at(decision):
    state = TaskState.objects.filter(pk=decision.task_state_id).first()
    request = models.ReviewRequest.objects.filter(task_state_id=decision.task_state_id).first() if decision.task_state_id else None
    return state.started_at if state else request.at if request else None
