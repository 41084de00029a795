"""The pages of supervision: setting it up, the supervisor's own pages, requests, the record of what took place."""

import datetime as dt
import uuid

import pytest
from django.core import mail
from django.utils import timezone

from ehrenamt_wagtail.models import (
    HeldSession,
    Notice,
    Occurrence,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionRequest,
    SupervisionSetup,
)
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import supervision, supervision_requests
from tests.clients import signed_in
from tests.factories import (
    OrganisationFactory,
    UserFactory,
    coordinator_user,
    in_days,
    member_of,
    published_offering,
    sign_up_of,
)
from tests.mails import forget_mails
from tests.portal.helpers import field_errors, messages_of, soup, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(site):
    """Somebody without any membership, named by the coordinators."""
    user = UserFactory(first_name="Frank", last_name="Morgenroth", email="frank@post.example")
    supervision.name_supervisor(user, actor=coordinator_user())
    return user


@pytest.fixture
def page(organisation):
    dates = [Occurrence(start=in_days(-3), end=in_days(-3, hour=21)), in_days(10), in_days(24)]
    page = published_offering(model=SupervisionPage, organisation=organisation, title="Supervision in Herrenberg", dates=dates)
    for date in page.occurrences.all():
        SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here", capacity=8)
    return page


@pytest.fixture
def set_up(page, supervisor, person):
    supervision.setup_supervision(page, form="single", supervisor=supervisor, actor=person)
    return page


def plans(page) -> list[SeatPlan]:
    dates = Occurrence.objects.filter(page=page.pk).order_by("starts_at")
    return [SeatPlan.objects.get(offering=page.pk, occurrence_uid=date.uid) for date in dates]


def own_url(page) -> str:
    return f"/partner/supervision/{page.pk}/"


def setup_url(page) -> str:
    return f"/partner/angebote/{page.pk}/supervision/"


# Setting up


def test_organisation_names_the_supervisor(client, page, supervisor):
    response = client.post(setup_url(page), {"form": "single", "supervisor": supervisor.pk, "information": ""}, follow=True)
    assert SupervisionSetup.objects.get().supervisor == supervisor
    assert "Frank Morgenroth" in text_of(response)


def test_setup_says_what_is_missing(client, page):
    response = client.post(setup_url(page), {"form": "", "supervisor": ""})
    assert field_errors(response, "supervisor") != []
    assert not SupervisionSetup.objects.exists()


def test_changing_the_supervisor_is_refused_with_the_number(client, set_up, supervisor, person):
    sign_up_of(plans(set_up)[1])
    response = client.post(setup_url(set_up), {"form": "single", "supervisor": person.pk, "information": ""})
    assert response.status_code == 200
    assert "1 Person" in text_of(response)
    assert SupervisionSetup.objects.get().supervisor == supervisor


def test_setup_shows_seats_and_no_names(client, set_up):
    sign_up_of(plans(set_up)[1], name="Erika Geheim", email="geheim@post.example")
    text = client.get(setup_url(set_up)).content.decode()
    assert "1 von 8" in text
    assert "Geheim" not in text and "geheim" not in text


@pytest.mark.parametrize("who", [coordinator_user, member_of, lambda: UserFactory(is_superuser=True)])
def test_setup_does_not_exist_for_others(set_up, who):
    client = signed_in(who())
    for response in (client.get(setup_url(set_up)), client.post(setup_url(set_up), {"form": "group"})):
        assert response.status_code in (403, 404)
    assert SupervisionSetup.objects.get().form == "single"


def test_setup_does_not_exist_for_trainings(client, organisation):
    training = published_offering(organisation=organisation)
    assert client.get(setup_url(training)).status_code == 404
    assert not SupervisionSetup.objects.exists()


def test_coordinators_name_supervisors(site, django_capture_on_commit_callbacks):
    client = signed_in(coordinator_user())
    person = {"action": "add", "first_name": "Sabine", "last_name": "Still", "email": "sabine@post.example"}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post("/partner/supervision/personen/", person, follow=True)
    user = supervision.named_supervisors().get()
    assert (user.get_full_name(), user.has_usable_password(), user.is_staff) == ("Sabine Still", False, False)
    assert "Sabine Still" in messages_of(response)
    assert mail.outbox[-1].to == ["sabine@post.example"]
    client.post("/partner/supervision/personen/", {"action": "remove", "person": user.pk})
    assert not supervision.named_supervisors().exists()


def test_others_name_nobody(client):
    person = {"action": "add", "first_name": "Sabine", "last_name": "Still", "email": "sabine@post.example"}
    assert client.post("/partner/supervision/personen/", person).status_code == 404
    assert not supervision.named_supervisors().exists()


# The supervisor's pages


def test_supervisor_without_membership_finds_the_page_after_signing_in(set_up, supervisor):
    response = signed_in(supervisor).get("/partner/", follow=True)
    assert response.redirect_chain == [("/partner/supervision/", 302)]
    assert "Supervision in Herrenberg" in text_of(response)
    assert response.context["subnav"] == [
        {"url": "/partner/supervision/", "label": "Supervision", "current": True, "count": 0}
    ]


def test_supervisor_with_membership_is_led_from_the_first_page(page, organisation):
    member = member_of(organisation)
    supervision.setup_supervision(page, form="single", supervisor=member, actor=member)
    entries = [entry["url"] for entry in signed_in(member).get("/partner/").context["subnav"]]
    assert "/partner/supervision/" in entries


def test_supervisor_reads_who_comes(set_up, supervisor):
    sign_up_of(plans(set_up)[1], name="Erika Geheim", email="geheim@post.example", phone="0711 123")
    text = text_of(signed_in(supervisor).get(own_url(set_up)))
    for secret in ("Erika Geheim", "geheim@post.example", "0711 123", "1 von 8"):
        assert secret in text


@pytest.mark.parametrize("who", [coordinator_user, member_of, lambda: UserFactory(is_superuser=True), UserFactory])
def test_pages_of_the_supervisor_do_not_exist_for_others(set_up, who, organisation):
    plan = plans(set_up)[1]
    sign_up = sign_up_of(plan)
    for client in (signed_in(who()), signed_in(member_of(organisation))):
        for url in (
            own_url(set_up),
            f"{own_url(set_up)}{plan.pk}/person/",
            f"{own_url(set_up)}{plan.pk}/nachricht/",
            f"{own_url(set_up)}stattgefunden/{plans(set_up)[0].occurrence_uid}/",
        ):
            data = {"action": "cancel", "sign_up": sign_up.pk, "name": "X", "subject": "X", "text": "X", "uid": uuid.uuid4()}
            for response in (client.get(url), client.post(url, {**data, "hours": "2", "head_count": "3"})):
                assert response.status_code in (403, 404)
    assert [row.status for row in SignUp.objects.all()] == ["confirmed"]
    assert not Notice.objects.exists() and not HeldSession.objects.exists()


def test_supervisor_cancels_for_somebody(set_up, supervisor):
    sign_up = sign_up_of(plans(set_up)[1])
    other_page_sign_up = 10**6
    client = signed_in(supervisor)
    assert client.post(own_url(set_up), {"action": "cancel", "sign_up": other_page_sign_up}).status_code == 404
    assert "Die Person erhält eine E-Mail darüber." in text_of(client.get(own_url(set_up)))
    answer = client.post(own_url(set_up), {"action": "cancel", "sign_up": sign_up.pk}, follow=True)
    sign_up.refresh_from_db()
    assert sign_up.status == "cancelled"
    assert "wird per E-Mail benachrichtigt" in text_of(answer)


def test_supervisor_reads_whom_no_mail_reaches(set_up, supervisor):
    plan, client = plans(set_up)[1], signed_in(supervisor)
    client.post(f"{own_url(set_up)}{plan.pk}/person/", {"name": "Otto Alt", "email": "", "phone": ""})
    assert "Bitte sagen Sie der Person selbst Bescheid." in text_of(client.get(own_url(set_up)))
    answer = client.post(own_url(set_up), {"action": "cancel", "sign_up": SignUp.objects.get().pk}, follow=True)
    assert "Bitte sagen Sie der Person Bescheid" in text_of(answer)
    assert SignUp.objects.get().status == "cancelled"


def test_supervisor_adds_a_person_without_mail_address(set_up, supervisor):
    plan = plans(set_up)[1]
    url = f"{own_url(set_up)}{plan.pk}/person/"
    client = signed_in(supervisor)
    assert field_errors(client.post(url, {"name": ""}), "name") != []
    assert field_errors(client.post(url, {"name": "Otto", "email": "otto@"}), "email") != []
    assert not SignUp.objects.exists()
    client.post(url, {"name": "Otto Alt", "email": "", "phone": "07031 1"})
    sign_up = SignUp.objects.get()
    assert (sign_up.reader, sign_up.is_confidential, sign_up.phone) == (supervisor, True, "07031 1")


def test_supervisor_writes_to_a_date(set_up, supervisor, django_capture_on_commit_callbacks):
    first, second = plans(set_up)[1:]
    sign_up_of(first)
    sign_up_of(second, name="Otto", email="otto@post.example")
    forget_mails()
    url = f"{own_url(set_up)}{first.pk}/nachricht/"
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(supervisor).post(url, {"subject": "Raum", "text": "Saal 2", "uid": uuid.uuid4()})
    assert [message.to for message in mail.outbox] == [["erika@post.example"]]
    assert "Raum" not in mail.outbox[0].subject


def test_supervisor_records_what_took_place(set_up, supervisor):
    sign_up_of(plans(set_up)[1])
    client, uid = signed_in(supervisor), plans(set_up)[0].occurrence_uid
    url = f"{own_url(set_up)}stattgefunden/{uid}/"
    form = client.get(url).context["form"]
    assert form["hours"].value() == 2
    for wrong in ({"hours": "30", "head_count": "5"}, {"hours": "x", "head_count": "-1"}, {"hours": "", "head_count": ""}):
        assert client.post(url, wrong).status_code == 200
    assert not HeldSession.objects.exists()
    client.post(url, {"hours": "1,5", "head_count": "6"})
    assert [(str(row.hours), row.head_count) for row in HeldSession.objects.all()] == [("1.50", 6)]
    assert client.get(f"{own_url(set_up)}stattgefunden/{plans(set_up)[1].occurrence_uid}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3, 30])
def test_supervisor_page_asks_the_database_the_same_however_many(
    set_up, supervisor, number, django_assert_max_num_queries, settings
):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_MAILS_PER_DAY": 1000}
    SeatPlan.objects.update(capacity=100)
    for index in range(number):
        sign_up_of(plans(set_up)[1], name=f"Person {index}", email=f"p{index}@post.example")
    client = signed_in(supervisor)
    with django_assert_max_num_queries(26) as queries:
        client.get(own_url(set_up))
    assert len(queries) == QUERIES.setdefault("one", len(queries))


QUERIES: dict[str, int] = {}


# On request


@pytest.fixture
def circle(site):
    return OrganisationFactory(name="AK Renningen", kind="circle")


@pytest.fixture
def asker(circle):
    return member_of(circle, first_name="Anna", last_name="Renner")


@pytest.fixture
def on_request(organisation, supervisor, person):
    page = published_offering(model=SupervisionPage, organisation=organisation, title="Supervision für Teams")
    supervision.setup_supervision(page, form="on_request", supervisor=supervisor, actor=person)
    return page


@pytest.fixture
def request_(on_request, circle, asker):
    return supervision_requests.ask(on_request, organisation=circle, text="Haben Sie Zeit?", actor=asker)


def request_url(request) -> str:
    return f"/partner/supervision/anfragen/{request.pk}/"


def test_circle_asks_and_both_see_it(on_request, asker, supervisor):
    client = signed_in(asker)
    url = f"{own_url(on_request)}anfragen/"
    assert field_errors(client.post(url, {"text": ""}), "text") != []
    assert not SupervisionRequest.objects.exists()
    response = client.post(url, {"text": "Wir brauchen Rat."}, follow=True)
    assert "Wir brauchen Rat." in text_of(response)
    request = SupervisionRequest.objects.get()
    text = text_of(signed_in(supervisor).get(request_url(request)))
    assert "Wir brauchen Rat." in text and "Anna Renner" in text and "AK Renningen" in text


def test_who_acts_for_no_circle_is_told_so(on_request, client):
    url = f"{own_url(on_request)}anfragen/"
    for response in (client.get(url), client.post(url, {"text": "Hallo"})):
        assert response.status_code == 403
    assert not SupervisionRequest.objects.exists()


@pytest.mark.parametrize("action", ["write", "agree", "held", "decline", "withdraw"])
def test_request_does_not_exist_for_others(request_, circle, organisation, action):
    others = (member_of(circle), member_of(organisation), coordinator_user(), UserFactory(is_superuser=True))
    for user in others:
        client = signed_in(user)
        assert client.get(request_url(request_)).status_code == 404
        assert client.post(request_url(request_), {"action": action, "text": "Hallo"}).status_code == 404
    request_.refresh_from_db()
    assert (request_.status, request_.messages.count()) == ("open", 1)


def test_the_two_agree_on_a_date(request_, supervisor, asker):
    client = signed_in(supervisor)
    client.post(request_url(request_), {"action": "write", "text": "Passt der 20.?"})
    day = in_days(20).strftime("%Y-%m-%d")
    wrong = client.post(request_url(request_), {"action": "agree", "agree-date": day, "agree-start_time": "19:00"})
    assert wrong.status_code == 200
    request_.refresh_from_db()
    assert request_.status == "open"
    facts = {"agree-date": day, "agree-start_time": "19:00", "agree-end_time": "21:00", "agree-place": "Rathaus"}
    client.post(request_url(request_), {"action": "agree", **facts})
    text = text_of(signed_in(asker).get(request_url(request_)))
    assert "Rathaus" in text and "Passt der 20.?" in text


def test_supervisor_records_a_supervision_on_request(request_, supervisor, asker):
    start = timezone.now() - dt.timedelta(days=1)
    SupervisionRequest.objects.update(status="agreed", agreed_start=start, agreed_end=start + dt.timedelta(hours=2))
    day = timezone.localdate(start).isoformat()
    data = {"action": "held", "held-date": day, "held-hours": "2", "held-head_count": "7"}
    signed_in(asker).post(request_url(request_), data)
    assert not HeldSession.objects.exists()
    signed_in(supervisor).post(request_url(request_), data)
    assert HeldSession.objects.get().head_count == 7


# The record


@pytest.fixture
def recorded(set_up, supervisor):
    return HeldSession.objects.create(
        offering_id=set_up.pk, date=timezone.localdate(), hours="1.5", head_count=6, recorded_by=supervisor
    )


def test_organisation_and_district_read_what_took_place(recorded, client):
    for reader in (client, signed_in(coordinator_user())):
        response = reader.get("/partner/supervision/nachweis/")
        assert "1,50" in text_of(response) and "Supervision in Herrenberg" in text_of(response)
        table = reader.get("/partner/supervision/nachweis.csv/").content.decode("utf-8-sig").splitlines()
        assert table[1].split(";")[1:4] == ["1,50", "6", "Einzeltermine"]
        assert table[-1].split(";")[:3] == ["Summe", "1,50", "6"]


def test_record_shows_how_full_the_dates_to_come_are(set_up, client):
    sign_up_of(plans(set_up)[1])
    coming = Occurrence.objects.get(page=set_up.pk, uid=plans(set_up)[1].occurrence_uid)
    assert coming.starts_at > timezone.now()
    for query in ("", f"?von=2020-01-01&bis={timezone.localdate().isoformat()}"):
        answer = signed_in(coordinator_user()).get(f"/partner/supervision/nachweis/{query}")
        rows = soup(answer).select("[aria-labelledby=seats] tbody tr")
        assert any(date_text(coming) in row.get_text() and "1 von" in row.get_text() for row in rows), query
    assert "Erika" not in client.get("/partner/supervision/nachweis/").content.decode()


def test_other_organisations_read_no_record(recorded, asker):
    for path in ("/partner/supervision/nachweis/", "/partner/supervision/nachweis.csv/"):
        assert signed_in(asker).get(path).status_code == 404


def test_record_is_of_the_chosen_period(recorded, client):
    text = text_of(client.get("/partner/supervision/nachweis/?von=2020-01-01&bis=2020-12-31"))
    assert "1,50" not in text
    wrong = client.get("/partner/supervision/nachweis/?von=2021-01-01&bis=2020-01-01")
    assert "Der letzte Tag liegt vor dem ersten." in text_of(wrong)
