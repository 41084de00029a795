"""Statements at the same moment, on a real PostgreSQL with real threads: one figure counts, and nothing is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from ehrenamt_wagtail.circles.asking import ask
from ehrenamt_wagtail.circles.figures import NOTHING_SEEN, state_figure, take_back_figure
from ehrenamt_wagtail.circles.half_years import present_half_year
from ehrenamt_wagtail.circles.tokens import token_of
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision
from ehrenamt_wagtail.models import CircleFigure, OutgoingMail
from tests.factories import circle_page, coordinator_user, make_site
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]


@pytest.fixture
def circle():
    make_site(setup=False)
    return circle_page(contact_email="kontakt@renningen.example")


def state(circle, volunteers: int, **facts) -> CircleFigure:
    half_year = present_half_year()
    return state_figure(circle, year=half_year.year, half=half_year.half, volunteers=volunteers, is_by_link=True, **facts)


def current() -> list[int]:
    return list(CircleFigure.objects.filter(is_current=True).values_list("volunteers", flat=True))


@pytest.mark.parametrize("round_", range(3))
def test_of_statements_at_once_the_last_counts_and_all_stay(circle, round_):
    results = at_once(*[lambda number=number: state(circle, number) for number in range(30, 36)])
    assert sorted(result.volunteers for result in results) == list(range(30, 36))
    newest = CircleFigure.objects.order_by("pk").last()
    assert (CircleFigure.objects.count(), current()) == (6, [newest.volunteers])


@pytest.mark.parametrize("round_", range(3))
def test_the_same_statement_at_once_is_stored_once(circle, round_):
    results = at_once(*[lambda: state(circle, 34, seen=NOTHING_SEEN)] * 6)
    assert len({result.pk for result in results}) == CircleFigure.objects.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_of_two_forms_sent_at_once_one_is_asked(circle, round_):
    url = reverse("ehrenamt:circle-figures", args=[token_of(circle, present_half_year())])
    responses = at_once(*[lambda n=n: Client().post(url, {"volunteers": n, "seen": NOTHING_SEEN}) for n in ("34", "43")])
    assert sorted(response.status_code for response in responses) == [302, 409]
    winner = next(("34", "43")[place] for place, response in enumerate(responses) if response.status_code == 302)
    assert current() == [int(winner)]


@pytest.mark.parametrize("round_", range(3))
def test_taking_back_and_stating_at_once_leave_one_figure(circle, round_):
    state(circle, 34)
    mistake = state(circle, 500)
    coordinator = coordinator_user()
    results = at_once(lambda: take_back_figure(mistake, actor=coordinator), lambda: state(circle, 35, seen=mistake.pk))
    outcome = [type(result) if isinstance(result, Exception) else "done" for result in results]
    # Whoever comes second is refused, since it is another figure that counts now.
    assert outcome in (["done", StaleRevision], [NotAllowed, "done"])
    assert current() == ([34] if outcome[0] == "done" else [35])


@pytest.mark.parametrize("round_", range(3))
def test_two_coordinators_asking_at_once_write_one_mail(circle, round_):
    people = [coordinator_user() for _number in range(4)]
    results = at_once(*[lambda actor=actor: ask([circle], half_year=present_half_year(), actor=actor) for actor in people])
    assert not [result for result in results if isinstance(result, Exception)]
    assert OutgoingMail.objects.count() == 1
