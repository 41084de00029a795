"""Figures without names: what they count, when they are final, and that they outlive what they counted."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.models import SeatFigure
from ehrenamt_wagtail.signups import figures, jobs
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    circle_page,
    coordinator_user,
    in_days,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)

pytestmark = pytest.mark.django_db


def later(days):
    return timezone.now() + dt.timedelta(days=days)


def attend(plan, number=None):
    page = plan.offering
    people = models.Participant.objects.filter(sign_up__plan=plan, sign_up__status="confirmed").order_by("pk")[:number]
    for person in people:
        models.Attendance.objects.create(participant=person, occurrence_uid=page.occurrences.first().uid)


def test_figure_counts_seats_people_who_wait_and_circles():
    town = MunicipalityFactory(name="Musterstadt")
    organisation = OrganisationFactory(name="Stadt Musterstadt", kind="municipality", municipality=town)
    page, plan = offering_with_sign_up(
        page=published_offering(organisation=organisation, training_format="workshop"), capacity=3, seats_per_sign_up=2
    )
    circle = circle_page(title="Arbeitskreis Musterstadt")
    sign_up_of(plan, names=["Anna A", "Bert A"], email="a@post.example", circle=circle)
    sign_up_of(plan, name="Cora C", email="c@post.example")
    sign_up_of(plan, name="Dora D", email="d@post.example", circle=circle)
    attend(plan, 2)
    assert jobs.keep_figures() == 1
    figure = SeatFigure.objects.get()
    assert (figure.offered, figure.taken, figure.waiting, figure.attended) == (3, 3, 1, 2)
    # Who waits has no seat and is counted with no circle.
    assert figure.by_circle == {"Arbeitskreis Musterstadt": 2}
    assert (figure.title, figure.kind, figure.format) == (page.title, "training", "workshop")
    assert (figure.organisation, figure.organisation_kind, figure.municipality) == ("Stadt Musterstadt", "municipality", "Musterstadt")
    assert figure.date == timezone.localdate(in_days(10)) and not figure.is_cancelled and not figure.is_final


def test_figure_is_taken_again_until_it_is_final():
    page, plan = offering_with_sign_up(capacity=5)
    sign_up_of(plan, email="a@post.example")
    figures.refresh()
    sign_up_of(plan, email="b@post.example")
    figures.refresh(now=later(10 + figures.FINAL_AFTER_DAYS))
    figure = SeatFigure.objects.get()
    assert (figure.taken, figure.is_final) == (2, False)
    figures.refresh(now=later(11 + figures.FINAL_AFTER_DAYS))
    figure.refresh_from_db()
    assert (figure.taken, figure.is_final) == (2, True)
    models.SignUp.objects.all().delete()
    assert figures.refresh(now=later(50)) == 0
    assert figures.close([plan], now=later(60))
    figure.refresh_from_db()
    assert (figure.taken, figure.is_final) == (2, True)


def test_each_date_with_its_own_sign_up_has_its_own_figure():
    page = published_offering(dates=[in_days(5), in_days(12), in_days(19)])
    first, second, third = page.occurrences.order_by("starts_at")
    for occurrence in (None, second.uid):
        models.SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=occurrence, mode="here", capacity=4)
    models.Cancellation.objects.create(offering_id=page.pk, occurrence_uid=second.uid)
    models.Cancellation.objects.create(offering_id=page.pk, occurrence_uid=first.uid)
    figures.refresh()
    whole, single = SeatFigure.objects.get(occurrence_uid=None), SeatFigure.objects.get(occurrence_uid=second.uid)
    # The first date is off, so the whole offering begins with the third.
    assert (whole.date, whole.is_cancelled) == (timezone.localdate(third.starts_at), False)
    assert (single.date, single.is_cancelled) == (timezone.localdate(second.starts_at), True)


def test_sign_up_elsewhere_and_drafts_are_not_counted():
    offering_with_sign_up(mode="external", external_url="https://anderswo.example/")
    _page, plan = offering_with_sign_up()
    models.OfferingPage.objects.filter(pk=plan.offering_id).update(first_published_at=None)
    assert figures.refresh() == 0
    assert not SeatFigure.objects.exists()


def test_figure_stays_when_the_offering_is_deleted():
    page, plan = offering_with_sign_up(capacity=5)
    sign_up_of(plan)
    page.delete()
    figure = SeatFigure.objects.get()
    assert figure.offering is None
    assert (figure.title, figure.offered, figure.taken, figure.is_final) == (page.title, 5, 1, True)

    page, plan = offering_with_sign_up(capacity=7)
    figures.refresh()
    page.delete()
    assert sorted(SeatFigure.objects.values_list("offering", "offered")) == [(None, 5), (None, 7)]


def test_supervision_counts_heads_and_tells_no_circle():
    supervisor = member_of()
    page = published_offering(model=models.SupervisionPage)
    models.SupervisionSetup.objects.create(offering_id=page.pk, form="group", supervisor=supervisor)
    _page, plan = offering_with_sign_up(page=page, capacity=8)
    sign_up_of(plan, circle=circle_page())
    models.HeldSession.objects.create(offering_id=page.pk, date=timezone.localdate(), hours=2, head_count=1)
    figures.refresh()
    figure = SeatFigure.objects.get()
    assert (figure.kind, figure.taken, figure.attended, figure.by_circle) == ("supervision", 1, 1, {})


def test_counting_needs_one_query_a_plan_at_most(django_assert_max_num_queries):
    for _number in range(20):
        offering_with_sign_up(capacity=5)
    with django_assert_max_num_queries(16):
        assert figures.refresh() == 20
    with django_assert_max_num_queries(36):
        assert figures.refresh() == 20
    assert SeatFigure.objects.count() == 20


# Summed up


def figure(**facts):
    facts = {"title": "Abend", "kind": "training", "format": "lecture", "date": dt.date(2027, 3, 4), "offered": 10, **facts}
    return SeatFigure.objects.create(**facts)


def test_totals_sum_a_period_by_kind_town_and_organiser():
    figure(taken=4, waiting=1, attended=3, municipality="Böblingen", organisation="Stadt", by_circle={"AK Nord": 2, "AK Süd": 1})
    figure(taken=6, attended=5, municipality="Böblingen", organisation="Verein", offered=None, by_circle={"AK Nord": 1})
    figure(taken=9, municipality="Herrenberg", organisation="Verein", format="workshop", is_cancelled=True, by_circle={"AK West": 9})
    figure(taken=7, municipality="Böblingen", date=dt.date(2027, 7, 1), by_circle={"AK Ost": 7})
    period = {"since": dt.date(2027, 3, 4), "until": dt.date(2027, 6, 30)}
    total = figures.Total
    assert figures.totals(figures.BY_TOWN, **period) == [
        total(key=("Böblingen",), held=2, cancelled=0, offered=10, taken=10, waiting=1, attended=8),
        total(key=("Herrenberg",), held=0, cancelled=1, offered=0, taken=0, waiting=0, attended=0),
    ]
    assert [(row.key, row.taken) for row in figures.totals(figures.BY_KIND, **period)] == [
        (("training", "lecture"), 10), (("training", "workshop"), 0),
    ]  # fmt: skip
    assert [(row.key, row.taken) for row in figures.totals(figures.BY_ORGANISER, **period)] == [(("Stadt",), 4), (("Verein",), 6)]
    (everything,) = figures.totals((), **period)
    assert (everything.key, everything.held, everything.cancelled, everything.taken) == ((), 2, 1, 10)
    assert figures.by_circle(**period) == {"AK Nord": 3, "AK Süd": 1}
    assert list(figures.by_circle(**period)) == ["AK Nord", "AK Süd"]
    empty = {"since": dt.date(2030, 1, 1), "until": dt.date(2030, 1, 2)}
    assert figures.totals(figures.BY_TOWN, **empty) == [] and figures.totals((), **empty)[0].taken == 0


# The registers


REGISTER = "/verwaltung/ehrenamt_wagtail/seatfigure/"


def test_coordinator_reads_filters_and_exports_figures(client):
    figure(title="Asylrecht", municipality="Böblingen", taken=4, by_circle={"AK Nord": 2})
    figure(title="Wohnungssuche", municipality="Herrenberg", kind="supervision", format="")
    client.force_login(coordinator_user())
    text = client.get(REGISTER).content.decode()
    assert "Asylrecht" in text and "Wohnungssuche" in text and "Informationsvortrag" in text
    text = client.get(REGISTER, {"municipality": "Böblingen"}).content.decode()
    assert "Asylrecht" in text and "Wohnungssuche" not in text
    assert b"AK Nord: 2" in b"".join(client.get(REGISTER, {"export": "csv"}).streaming_content)
    models.DeletionRecord.objects.create(reason="age", counts={"SignUp": 12})
    assert "12 × Anmeldung" in client.get("/verwaltung/ehrenamt_wagtail/deletionrecord/").content.decode()


def test_filters_of_the_register_speak_the_words_of_the_list(client):
    figure(title="Asylrecht")
    figure(title="Wohnungssuche", kind="supervision", format="")
    client.force_login(coordinator_user())
    changelist = client.get(REGISTER).context_data["view"]
    words = {spec.title: [choice["display"] for choice in spec.choices(changelist)] for spec in changelist.filter_specs}
    assert words["Art"] == ["Alle", "Supervision", "Fortbildung"]
    assert words["Format"] == ["Alle", "Informationsvortrag"]


def test_registers_change_nothing_for_superusers_neither(client, admin_user):
    row = figure()
    client.force_login(admin_user)
    for path in (f"edit/{row.pk}/", f"delete/{row.pk}/", "create/"):
        client.post(REGISTER + path, {"taken": 99})
    row.refresh_from_db()
    assert (SeatFigure.objects.count(), row.taken) == (1, 0)


def test_partner_reads_no_figures(client):
    figure(title="Asylrecht")
    partner = member_of()
    partner.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(partner)
    assert "Asylrecht" not in client.get(REGISTER, follow=True).content.decode()


def test_register_lists_any_number_with_the_same_queries(client):
    client.force_login(coordinator_user())
    numbers = []
    for rows in (1, 2, 40):  # 1, 3, 43
        for _row in range(rows):
            figure()
        client.get(REGISTER)
        with CaptureQueriesContext(connection) as queries:
            client.get(REGISTER)
        numbers.append(len(queries))
    assert len(set(numbers)) == 1


def test_one_figure_is_shown_with_its_circles(client):
    row = figure(title="Asylrecht", by_circle={"AK Süd": 1, "AK Nord": 2})
    client.force_login(coordinator_user())
    text = client.get(f"{REGISTER}inspect/{row.pk}/").content.decode()
    assert "AK Nord: 2, AK Süd: 1" in text and "Informationsvortrag" in text
