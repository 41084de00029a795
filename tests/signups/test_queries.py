"""Who reads which people: the one place where names are kept."""

import pytest

from ehrenamt_wagtail.models import Organisation, SignUp, SupervisionPage
from ehrenamt_wagtail.signups import listing
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    in_days,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)

Status = SignUp.Status


def test_members_of_the_organisation_alone_read_the_sign_ups(db):
    page, plan = offering_with_sign_up()
    sign_up = sign_up_of(plan)
    member = member_of(page.organisation)
    retired = member_of(page.organisation)
    retired.is_active = False
    coordinator = coordinator_user()
    OrganisationFactory(kind=Organisation.Kind.DISTRICT).memberships.create(user=coordinator)
    others = [member_of(), coordinator, UserFactory(is_superuser=True, is_staff=True), retired]
    assert list(readable_sign_ups(page, user=member)) == [sign_up]
    assert [list(readable_sign_ups(page, user=user)) for user in others] == [[], [], [], []]


def test_confidential_sign_ups_are_read_by_the_account_named_then_and_nobody_else(db):
    page, plan = offering_with_sign_up(page=published_offering(model=SupervisionPage))
    supervisor, next_one = UserFactory(), UserFactory()
    member = member_of(page.organisation)
    sign_up = SignUp.objects.create(plan=plan, status=Status.CONFIRMED, seats_held=1, is_confidential=True, reader=supervisor)
    orphan = SignUp.objects.create(plan=plan, status=Status.CONFIRMED, seats_held=1, is_confidential=True)
    assert list(readable_sign_ups(page, user=supervisor)) == [sign_up]
    for user in (next_one, member, UserFactory(is_superuser=True)):
        assert list(readable_sign_ups(page, user=user)) == []
    assert orphan.reader is None


def test_sign_ups_of_another_offering_are_not_among_them(db):
    page, _plan = offering_with_sign_up()
    _other, plan = offering_with_sign_up(page=published_offering(organisation=page.organisation))
    sign_up_of(plan)
    assert list(readable_sign_ups(page, user=member_of(page.organisation))) == []


@pytest.mark.parametrize("text, is_found", [("%", False), ("_", False), ("\\", False), ("'", False), ("\x00", True), ("  ", True)])
def test_search_takes_signs_as_they_are(db, text, is_found):
    _page, plan = offering_with_sign_up()
    sign_up_of(plan, name="Erika Muster")
    assert listing.filtered(SignUp.objects.filter(plan=plan), text=text).exists() is is_found


def test_positions_count_those_who_confirmed_per_plan(db):
    page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    unconfirmed = sign_up_of(plan, name="A", email="a@post.example", confirmed=False)
    first = sign_up_of(plan, name="B", email="b@post.example")
    second = sign_up_of(plan, name="C", email="c@post.example")
    _other, other_plan = offering_with_sign_up(page=published_offering(), capacity=1)
    sign_up_of(other_plan)
    elsewhere = sign_up_of(other_plan, name="D", email="d@post.example")
    assert listing.positions([plan, other_plan]) == {first.pk: 1, second.pk: 2, elsewhere.pk: 1}
    assert unconfirmed.status == Status.WAITING


def test_labels_name_the_date_or_say_that_all_are_meant(db):
    page = published_offering(dates=[in_days(10), in_days(17)])
    page, series = offering_with_sign_up(page=page)
    assert listing.plan_labels(page, [series]) == {series.pk: "alle Termine"}
    own = page.seat_plans.create(mode="here", occurrence_uid=page.occurrences.last().uid)
    gone = page.seat_plans.create(mode="here", occurrence_uid="00000000-0000-0000-0000-000000000001")
    labels = [row.label for row in listing.plan_rows(page)]
    assert labels[0] == "alle übrigen Termine"
    assert labels[1].endswith("19 Uhr") and labels[2] == "ein Termin, der nicht mehr zum Angebot gehört"
    assert [row.plan for row in listing.plan_rows(page)] == [series, own, gone]


def test_plan_of_another_site_is_listed_only_with_people(db):
    page, plan = offering_with_sign_up(mode="external")
    assert listing.plan_rows(page) == []
    SignUp.objects.create(plan=plan, status=Status.CONFIRMED, seats_held=1)
    assert [row.plan for row in listing.plan_rows(page)] == [plan]
