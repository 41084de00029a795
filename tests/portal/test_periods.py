"""Programme periods in the portal: the notice, „Dieses Mal nichts“, and that what comes too late appears online only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.models import OfferingPage, PeriodAnswer, TrainingPage
from ehrenamt_wagtail.review.actions import submit_for_review
from tests.clients import signed_in
from tests.factories import MembershipFactory, OrganisationFactory, draft_offering, in_days, member_of, published_offering
from tests.reporting.periods import day as in_so_many_days
from tests.reporting.periods import make_period

from .helpers import NEW, day, facts, form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db

PORTAL = "/partner/"


def answer_url(period, organisation) -> str:
    return f"/partner/zeitraeume/{period.pk}/{organisation.pk}/"


def notice(response) -> str:
    found = soup(response).select_one("section.ehrenamt-note[aria-labelledby^=period-]")
    return " ".join(found.get_text(" ").split()) if found else ""


# The notice on the first page


def test_first_page_names_the_deadline_and_what_was_contributed(client, organisation):
    period = make_period(name="Programm bis Juli", called=-3)
    shown = notice(client.get(PORTAL))
    assert f"Programm bis Juli: Redaktionsschluss am {long_date(period.deadline)}" in shown
    assert "Von Ihnen bisher nichts." in shown and "Veranstaltung melden" in shown and "Dieses Mal nichts" in shown
    draft_offering(organisation=organisation, dates=[in_days(100)])
    assert "Bisher: 1 Entwurf noch nicht eingereicht." in notice(client.get(PORTAL))
    published_offering(organisation=organisation, dates=[in_days(100)])
    shown = notice(client.get(PORTAL))
    assert "Bisher: 1 Angebot eingereicht, 1 Entwurf noch nicht eingereicht." in shown
    assert "Dieses Mal nichts" not in shown


def test_first_page_is_silent_about_periods_that_take_no_contributions(client):
    make_period(60, 240, 30)
    make_period(300, 400, 290, called=-3, closed_at=timezone.now())
    make_period(10, 50, -1, called=-30)
    assert notice(client.get(PORTAL)) == ""


def test_each_organisation_of_a_person_has_its_own_line(client, person, organisation):
    other = OrganisationFactory(name="Zweiter Verein")
    MembershipFactory(user=person, organisation=other)
    period = make_period(called=-3)
    client.post(answer_url(period, other), {"action": "nothing"})
    shown = notice(client.get(PORTAL))
    assert "Caritasverband: Von Ihnen bisher nichts." in shown
    assert "Zweiter Verein: Sie haben gesagt, dass Sie dieses Mal nichts haben." in shown
    assert list(PeriodAnswer.objects.values_list("organisation", flat=True)) == [other.pk]


def test_first_page_asks_the_same_number_of_queries_for_2_5_and_30_organisations(client, person, organisation):
    make_period(called=-3)
    published_offering(organisation=organisation, dates=[in_days(100)])
    counted = []
    for present, wanted in ((1, 2), (2, 5), (5, 30)):
        for _number in range(present, wanted):
            MembershipFactory(user=person, organisation=OrganisationFactory())
        client.get(PORTAL)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(PORTAL)
        assert len(soup(response).select("section.ehrenamt-note[aria-labelledby^=period-] form")) == wanted
        counted.append(len(queries))
    assert counted == [counted[0]] * 3


# „Dieses Mal nichts“


def test_nothing_this_time_is_said_and_taken_back(client, person, organisation):
    period = make_period(called=-3)
    response = client.post(answer_url(period, organisation), {"action": "nothing"}, follow=True)
    assert "Danke für die Nachricht" in messages_of(response)
    assert PeriodAnswer.objects.get().by == person
    assert "Wir haben doch etwas" in notice(response)
    response = client.post(answer_url(period, organisation), {"action": "back"}, follow=True)
    assert "Zurückgenommen" in messages_of(response)
    assert not PeriodAnswer.objects.exists()
    assert "Dieses Mal nichts" in notice(response)


def test_answer_needs_a_post_and_its_token(client, person, organisation):
    period = make_period(called=-3)
    assert client.get(answer_url(period, organisation), {"action": "nothing"}).url == PORTAL
    client.handler.enforce_csrf_checks = True
    assert client.post(answer_url(period, organisation), {"action": "nothing"}).status_code == 403
    client.handler.enforce_csrf_checks = False
    client.post(answer_url(period, organisation), {"action": "delete"})
    assert not PeriodAnswer.objects.exists()


def test_nobody_answers_for_others(client, organisation):
    period, other = make_period(called=-3), OrganisationFactory()
    PeriodAnswer.objects.create(period=period, organisation=other)
    for action in ("nothing", "back"):
        assert client.post(answer_url(period, other), {"action": action}).status_code == 404
        assert signed_in(member_of()).post(answer_url(period, organisation), {"action": action}).status_code == 404
    assert client.post(f"/partner/zeitraeume/999999/{organisation.pk}/", {"action": "nothing"}).status_code == 404
    assert list(PeriodAnswer.objects.values_list("organisation", flat=True)) == [other.pk]


def test_answer_after_the_deadline_is_refused_in_words(client, organisation):
    period = make_period(10, 100, -1, called=-30)
    response = client.post(answer_url(period, organisation), {"action": "nothing"}, follow=True)
    assert "Redaktionsschluss" in messages_of(response)
    assert not PeriodAnswer.objects.exists()


# What comes too late


@pytest.fixture
def closed():
    return make_period(10, 100, -1, called=-30, name="Programm bis Juli")


def sentence(period) -> str:
    return (
        f"Der Redaktionsschluss von „{period.name}“ war am {long_date(period.deadline)}: Ihr Angebot erscheint nur online, nicht im "
        "gedruckten Programmheft."
    )


def test_form_says_it_while_dates_are_typed_and_before_submitting(client, organisation, closed):
    assert "Redaktionsschluss" not in text_of(client.get(NEW))
    data = form_data(client.get(NEW), **facts(), action="check")
    assert sentence(closed) in text_of(client.post(NEW, data))
    typed = {"dates-TOTAL_FORMS": "1", "dates-INITIAL_FORMS": "0", "dates-0-date": day(20), "dates-0-start_time": "19:30"}
    assert sentence(closed) in text_of(client.post("/partner/angebote/pruefen/?art=fortbildung", typed))
    outside = client.post("/partner/angebote/pruefen/?art=fortbildung", typed | {"dates-0-date": day(200)})
    assert "Redaktionsschluss" not in text_of(outside)
    saved = draft_offering(organisation=organisation, dates=[in_days(20)])
    for name in ("", "einreichen/"):
        assert sentence(closed) in text_of(client.get(f"/partner/angebote/{saved.pk}/{name}"))


def test_after_submitting_it_is_said_once_more(client, organisation, closed):
    data = form_data(client.get(NEW), **facts(), action="submit")
    response = client.post(NEW, data, follow=True)
    assert "Zur Prüfung eingereicht" in messages_of(response)
    assert sentence(closed) in messages_of(response)
    page = TrainingPage.objects.get()
    assert page.workflow_in_progress
    shown = client.get(f"/partner/angebote/{page.pk}/")
    assert sentence(closed) in text_of(shown)


def test_nothing_is_said_of_what_came_in_time(client, organisation, closed):
    page = published_offering(organisation=organisation, dates=[in_days(20)])
    OfferingPage.objects.filter(pk=page.pk).update(first_published_at=in_days(-5))
    assert "Redaktionsschluss" not in text_of(client.get(f"/partner/angebote/{page.pk}/"))
    open_period = make_period(200, 300, 100, called=-3)
    data = form_data(client.get(NEW), **facts(dates__0__date=in_so_many_days(220).isoformat()), action="submit")
    response = client.post(NEW, data, follow=True)
    assert "Zur Prüfung eingereicht" in messages_of(response)
    assert "nur online" not in text_of(response)
    assert open_period.is_closed() is False


def test_reviewer_reads_it_beside_what_waits(client, person, organisation, closed, django_user_model):
    page = draft_offering(organisation=organisation, dates=[in_days(20)])
    task_state = submit_for_review(page, actor=person, reason="Nur an diesem Abend.")
    in_time = draft_offering(organisation=organisation, dates=[in_days(200)])
    other = submit_for_review(in_time, actor=person, reason="Nur an diesem Abend.")
    admin = signed_in(django_user_model.objects.create_superuser("chef", "chef@landkreis.example", "x"))
    shown = text_of(admin.get(f"/verwaltung/ehrenamt/review/{task_state.pk}/"))
    assert f"Der Redaktionsschluss von „{closed.name}“ war am {long_date(closed.deadline)}" in shown
    assert "Dieses Angebot erscheint nur online, nicht im gedruckten Programmheft." in shown
    assert "Redaktionsschluss" not in text_of(admin.get(f"/verwaltung/ehrenamt/review/{other.pk}/"))
