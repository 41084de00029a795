"""Stating a circle's figures, taking them back, and what the history keeps."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.circles.figures import (
    NOTHING_SEEN,
    current_figure,
    figure_before,
    history_of,
    numbers_of,
    state_figure,
    take_back_figure,
)
from ehrenamt_wagtail.circles.half_years import HalfYear, half_year_of, read_half_year
from ehrenamt_wagtail.circles.queries import latest_figure
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.models import CircleFigure
from tests.factories import OrganisationFactory, circle_page, coordinator_user, member_of

from .half_years import BEFORE, LONG_AGO, NEXT, NOW, PRESENT, stop_clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def present(ready_site, monkeypatch):
    stop_clock(monkeypatch)


@pytest.fixture
def circle():
    return circle_page()


def state(circle, half_year=PRESENT, volunteers=34, groups=3, remarks="", **facts) -> CircleFigure:
    facts.setdefault("is_by_link", "actor" not in facts)
    return state_figure(
        circle, year=half_year.year, half=half_year.half, volunteers=volunteers, groups=groups, remarks=remarks, **facts
    )


def rows() -> list[tuple]:
    return list(CircleFigure.objects.order_by("pk").values_list("year", "half", "volunteers", "groups", "remarks", "is_current"))


# Half-years


@pytest.mark.parametrize(
    ("day", "code", "title"),
    [
        (dt.date(2026, 6, 30), "2026-1", "Januar bis Juni 2026"),
        (dt.date(2026, 7, 1), "2026-2", "Juli bis Dezember 2026"),
        (dt.date(2026, 12, 31), "2026-2", "Juli bis Dezember 2026"),
    ],
)
def test_half_year_of_a_day(day, code, title):
    half_year = half_year_of(day)
    assert (half_year.code, half_year.title, read_half_year(code)) == (code, title, half_year)
    assert half_year.first <= day <= half_year.last


def test_half_years_follow_one_another():
    assert [PRESENT.later(number) for number in (-3, -2, -1, 1, 2)] == [HalfYear(2025, 1), LONG_AGO, BEFORE, NEXT, HalfYear(2027, 2)]
    assert (PRESENT.since(LONG_AGO), LONG_AGO.since(PRESENT), BEFORE < PRESENT < NEXT) == (2, -2, True)
    assert [read_half_year(code) for code in ("", "2026", "2026-3", "1999-1", "2101-1", "2026-1 ", "26-1")] == [None] * 7


# Stating


def test_what_is_stated_by_link_is_stored_without_a_person(circle):
    figure = state(circle, remarks="  Zwei Gruppen wurden eine.\n ")
    assert rows() == [(2026, 2, 34, 3, "Zwei Gruppen wurden eine.", True)]
    assert (figure.stated_at, figure.stated_by, figure.is_by_link) == (NOW, None, True)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.data) == ("ehrenamt.state_figure", None, {"half_year": "2026-2"})


@pytest.mark.parametrize("who", ["member", "coordinator"])
def test_member_and_coordinator_state_by_their_account(circle, who):
    actor = member_of(circle.organisation) if who == "member" else coordinator_user()
    figure = state(circle, actor=actor)
    assert (figure.stated_by, figure.is_by_link) == (actor, False)
    assert ModelLogEntry.objects.get().user == actor


def test_stating_the_same_twice_writes_nothing(circle):
    first = state(circle)
    assert state(circle) == first
    assert state(circle, seen=NOTHING_SEEN) == first
    assert state(circle, actor=coordinator_user()) == first
    assert len(rows()) == ModelLogEntry.objects.count() == 1


def test_stating_anew_makes_history_and_overwrites_nothing(circle):
    first = state(circle, volunteers=43, remarks="getippt")
    second = state(circle, seen=first.pk)
    assert rows() == [(2026, 2, 43, 3, "getippt", False), (2026, 2, 34, 3, "", True)]
    assert list(history_of(circle)) == [second, first]
    first.refresh_from_db()
    assert first.stated_at == NOW
    assert current_figure(circle, PRESENT) == second


def test_half_years_count_beside_each_other(circle):
    old, new = state(circle, BEFORE, volunteers=40), state(circle)
    assert [row[-1] for row in rows()] == [True, True]
    assert (figure_before(circle, PRESENT), figure_before(circle, BEFORE)) == (old, None)
    assert (latest_figure(circle), figure_before(circle, NEXT)) == (new, new)
    # Stated late, it does not become the latest.
    state(circle, LONG_AGO, volunteers=50)
    assert latest_figure(circle) == new


@pytest.mark.parametrize(
    ("actor", "half_year", "message"),
    [
        (None, PRESENT, "Für diesen Arbeitskreis"),
        ("stranger", PRESENT, "Für diesen Arbeitskreis"),
        ("inactive", PRESENT, "Für diesen Arbeitskreis"),
        ("coordinator", NEXT, "noch nicht begonnen"),
    ],
)
def test_who_may_not_or_too_early_is_refused_and_writes_nothing(circle, actor, half_year, message):
    state(circle, volunteers=12)
    people = {"stranger": member_of, "coordinator": coordinator_user, "inactive": lambda: member_of(circle.organisation)}
    person = people[actor]() if actor else None
    if actor == "inactive":
        circle.organisation.is_active = False
        circle.organisation.save()
    with pytest.raises(NotAllowed, match=message):
        state(circle, half_year, actor=person)
    assert rows() == [(2026, 2, 12, 3, "", True)]


def test_circle_without_organisation_is_stated_by_coordinators_only(circle):
    type(circle).objects.update(organisation=None)
    circle.refresh_from_db()
    with pytest.raises(NotAllowed):
        state(circle, actor=member_of())
    assert rows() == []
    state(circle, actor=coordinator_user())
    assert len(rows()) == 1


@pytest.mark.parametrize(
    "facts", [{"volunteers": -1}, {"volunteers": 100_001}, {"groups": -1}, {"groups": 100_001}, {"remarks": "x" * 1001}]
)
def test_numbers_out_of_bounds_are_refused(circle, facts):
    with pytest.raises(ValidationError):
        state(circle, **facts)
    assert rows() == []
    state(circle, volunteers=100_000, groups=None)
    assert rows() == [(2026, 2, 100_000, None, "", True)]


def test_what_was_stated_since_is_named_and_not_replaced(circle):
    state(circle, volunteers=1200)
    for seen in (NOTHING_SEEN, 999_999):
        with pytest.raises(StaleRevision, match="1.200 Ehrenamtliche") as refusal:
            state(circle, seen=seen)
        assert refusal.value.latest.volunteers == 1200
    assert rows() == [(2026, 2, 1200, 3, "", True)]


# Taking back


def test_what_was_taken_back_stays_and_the_statement_before_counts_again(circle):
    first, mistake = state(circle), state(circle, volunteers=500)
    assert take_back_figure(mistake, actor=coordinator_user()) == first
    assert rows() == [(2026, 2, 34, 3, "", True), (2026, 2, 500, 3, "", False)]
    mistake.refresh_from_db()
    assert mistake.taken_back_at == NOW
    assert ModelLogEntry.objects.get(action="ehrenamt.take_back_figure").data == {"half_year": "2026-2"}
    # Nor does it come back when what was stated after it is taken back.
    assert take_back_figure(state(circle, volunteers=35), actor=coordinator_user()) == first
    # The first alone may be taken back now; then nothing counts, and the mistake does not come back either.
    assert take_back_figure(first, actor=coordinator_user()) is None
    assert not any(row[-1] for row in rows())
    assert (current_figure(circle, PRESENT), latest_figure(circle)) == (None, None)
    third = state(circle, volunteers=35)
    fourth = state(circle, volunteers=36)
    assert take_back_figure(fourth, actor=coordinator_user()) == third


@pytest.mark.parametrize("who", ["member", "coordinator"])
def test_member_takes_nothing_back_and_nobody_what_does_not_count(circle, who):
    first, second = state(circle), state(circle, volunteers=500)
    actor, figure = (member_of(circle.organisation), second) if who == "member" else (coordinator_user(), first)
    before = rows()
    with pytest.raises(NotAllowed):
        take_back_figure(figure, actor=actor)
    assert rows() == before
    assert not CircleFigure.objects.exclude(taken_back_at=None).exists()


def test_form_from_before_a_figure_was_taken_back_is_compared(circle):
    mistake = state(circle)
    take_back_figure(mistake, actor=coordinator_user())
    with pytest.raises(StaleRevision, match="zurückgenommen"):
        state(circle, volunteers=30, seen=mistake.pk)
    assert len(rows()) == 1
    # What was taken back is no double click.
    assert state(circle).pk != mistake.pk


def test_history_belongs_to_one_circle(circle):
    other = circle_page(organisation=OrganisationFactory(kind="circle"), title="Freundeskreis")
    state(circle, BEFORE)
    state(circle)
    state(circle, volunteers=35)
    state(other, volunteers=99)
    assert [(row.half, row.volunteers) for row in history_of(circle)] == [(2, 35), (2, 34), (1, 34)]
    assert [row.volunteers for row in history_of(circle, BEFORE)] == [34]


@pytest.mark.parametrize(
    ("volunteers", "groups", "words"),
    [
        (1, 1, "1 Ehrenamtliche oder Ehrenamtlicher, 1 aktive Gruppe"),
        (1200, None, "1.200 Ehrenamtliche"),
        (0, 0, "0 Ehrenamtliche, 0 aktive Gruppen"),
    ],
)
def test_numbers_in_words(volunteers, groups, words):
    assert numbers_of(CircleFigure(volunteers=volunteers, groups=groups)) == words
