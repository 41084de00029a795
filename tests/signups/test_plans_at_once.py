"""Settings changed while others change them or sign up, on a real PostgreSQL with real threads."""

import pytest
from django.db.models import Sum

from ehrenamt_wagtail.exceptions import EhrenamtError, StaleRevision
from ehrenamt_wagtail.models import PrivacyNotice, SeatPlan, SignUp
from ehrenamt_wagtail.signups import signing
from ehrenamt_wagtail.signups.plans import save_plans
from ehrenamt_wagtail.signups.settings import QuestionSettings, SignUpSettings, days_of, present_of
from tests.factories import OrganisationFactory, in_days, member_of, published_offering
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queued_jobs")]

LUNCH = QuestionSettings("Essen Sie mit?", "Für die Bestellung", kind="yes_no")


@pytest.fixture
def page():
    organisation = OrganisationFactory()
    PrivacyNotice.objects.create(organisation=organisation, controller="Verein")
    return published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])


@pytest.fixture
def actor(page):
    return member_of(page.organisation)


def errors_of(results) -> list:
    """What is no refusal."""
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, EhrenamtError)]


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize("per_date", [False, True])
def test_of_two_who_save_at_once_one_is_asked(page, actor, per_date, round_):
    def save(capacity):
        return lambda: save_plans(page, SignUpSettings(capacity=capacity, per_date=per_date), actor=actor, opened="")

    results = at_once(save(10), save(20))
    assert sorted(type(result) for result in results if result is not True) == [StaleRevision]
    winner = 10 if results[0] is True else 20
    assert [plan.capacity for plan in SeatPlan.objects.all()] == [winner] * (2 if per_date else 1)


@pytest.mark.parametrize("round_", range(3))
def test_seats_are_never_fewer_than_taken_while_people_sign_up(page, actor, round_):
    save_plans(page, SignUpSettings(capacity=20), actor=actor)
    plan = SeatPlan.objects.get()

    def sign_up(number):
        return lambda: signing.sign_up(plan, names=[f"Person {number}"], email=f"p{number}@post.example", would_wait=True)

    def change(capacity):
        return lambda: save_plans(page, SignUpSettings(capacity=capacity, questions=(LUNCH,)), actor=actor)

    results = at_once(*[sign_up(number) for number in range(12)], *[change(capacity) for capacity in (3, 8, 5, 15)])
    assert errors_of(results) == []
    plan.refresh_from_db()
    assert SignUp.objects.count() == 12
    assert (SignUp.objects.aggregate(taken=Sum("seats_held"))["taken"] or 0) <= plan.capacity


@pytest.mark.parametrize("round_", range(3))
def test_way_does_not_change_under_who_signs_up(page, actor, round_):
    save_plans(page, SignUpSettings(capacity=20), actor=actor)
    plan = SeatPlan.objects.get()
    results = at_once(
        lambda: signing.sign_up(plan, names=["Erika Muster"], email="erika@post.example"),
        lambda: save_plans(page, SignUpSettings(capacity=5, per_date=True), actor=actor),
    )
    assert errors_of(results) == []
    present = present_of(page, days_of(page))
    if present.settings.per_date:
        assert not SignUp.objects.exists()
    else:
        assert SignUp.objects.get().plan == plan
