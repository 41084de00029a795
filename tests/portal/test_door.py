"""Who is there: the list at the door, walk-ins, the waiting list; nothing of it for strangers or for supervision."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.portal.views.door import PEOPLE_PER_PAGE
from ehrenamt_wagtail.signups.tokens import token_of
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tonight(client):
    """Page, plan and address of the door of an evening that takes place today; the client is signed in for its organisation."""
    page = published_offering(title="Asylrecht", dates=[models.Occurrence(start=in_days(0, 20), end=in_days(0, 22))])
    page, plan = offering_with_sign_up(page=page, capacity=3)
    # Signing up has closed by the clock when tests run late.
    models.SeatPlan.objects.filter(pk=plan.pk).update(closes_at=timezone.now() + dt.timedelta(days=1))
    plan.refresh_from_db()
    client.force_login(member_of(page.organisation))
    return page, plan, reverse("ehrenamt:door", args=[page.pk, page.occurrences.get().uid])


def person(sign_up):
    return sign_up.participants.get()


def present():
    return sorted(models.Attendance.objects.values_list("participant__name", flat=True))


def test_one_tap_marks_and_another_takes_back(client, tonight):
    _page, plan, url = tonight
    erika = person(sign_up_of(plan, name="Erika Muster"))
    response = client.post(url, {"present": erika.pk})
    assert response["Location"] == f"{url}#person-{erika.pk}"
    client.post(url, {"present": erika.pk})
    assert present() == ["Erika Muster"]
    assert "1 von 1 da" in client.get(url).content.decode()

    client.post(url, {"absent": erika.pk})
    client.post(url, {"absent": erika.pk})
    assert present() == []
    assert "0 von 1 da" in client.get(url).content.decode()


def test_search_finds_all_words_without_marks_and_goes_back_to_everybody(client, tonight):
    _page, plan, url = tonight
    ayse = person(sign_up_of(plan, name="Ayşe Öztürk", email="a@post.example"))
    sign_up_of(plan, name="Otto Muster", email="o@post.example")
    found = client.get(url, {"q": "ozturk AYSE"})
    assert [entry.name for entry in found.context["seated"]] == ["Ayşe Öztürk"]
    response = client.post(url, {"present": ayse.pk, "q": "ozturk"})
    assert response["Location"] == f"{url}?zuletzt={ayse.pk}#door"
    content = client.get(response["Location"]).content.decode()
    assert "ist da." in content and "Otto Muster" in content


def test_who_waits_stands_apart_and_gets_only_a_free_seat(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=1)
    seated = sign_up_of(plan, name="Erika Muster", email="e@post.example")
    waiting = sign_up_of(plan, name="Otto Muster", email="o@post.example")
    answer = client.get(url)
    assert [entry.name for entry in answer.context["seated"]] == ["Erika Muster"]
    assert [entry.name for entry in answer.context["waiting"]] == ["Otto Muster"]

    refused = client.post(url, {"present": person(waiting).pk})
    assert "hat keinen Platz" in refused.content.decode()
    refused = client.post(url, {"seat": person(waiting).pk})
    assert "1 von 1 Plätzen" in refused.content.decode()
    waiting.refresh_from_db()
    assert (present(), waiting.status) == ([], "waiting")

    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=2)
    client.post(url, {"seat": person(waiting).pk})
    waiting.refresh_from_db()
    assert (waiting.status, waiting.seats_held, seated.status) == ("confirmed", 1, "confirmed")


def test_cancelled_person_is_shown_as_such_and_cannot_be_marked(client, tonight):
    from ehrenamt_wagtail.signups.signing import cancel_sign_up

    _page, plan, url = tonight
    gone = cancel_sign_up(sign_up_of(plan, name="Erika Muster"))
    content = client.get(url).content.decode()
    assert "Kommen nicht" in content and "abgesagt" in content
    client.post(url, {"present": person(gone).pk})
    assert present() == []


def test_unconfirmed_person_who_comes_keeps_the_seat(client, tonight):
    _page, plan, url = tonight
    pending = sign_up_of(plan, confirmed=False)
    assert "noch nicht bestätigt" in client.get(url).content.decode()
    client.post(url, {"present": person(pending).pk})
    pending.refresh_from_db()
    assert (pending.status, pending.expires_at, present()) == ("confirmed", None, ["Erika Muster"])


def test_walk_in_takes_a_free_seat_once_and_is_present(client, tonight):
    _page, plan, url = tonight
    form = {"action": "walk-in", "name": "  Zoe   Neu ", "email": "", "uid": uuid.uuid4()}
    client.post(url, form)
    client.post(url, form)
    row = models.SignUp.objects.get()
    assert (row.source, row.status, row.seats_held, present()) == ("door", "confirmed", 1, ["Zoe Neu"])
    assert "kam ohne Anmeldung" in client.get(url).content.decode()


def test_walk_in_who_had_signed_up_is_only_marked(client, tonight):
    _page, plan, url = tonight
    sign_up_of(plan, name="Erika Muster", email="erika@post.example")
    client.post(url, {"action": "walk-in", "name": "erika muster", "email": "Erika@post.example"})
    assert (models.SignUp.objects.count(), present()) == (1, ["Erika Muster"])


def test_walk_in_with_the_mark_of_two_other_people_changes_nothing(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(seats_per_sign_up=2)
    plan.refresh_from_db()
    two = sign_up_of(plan, names=["Erika Muster", "Otto Muster"])
    models.SignUp.objects.filter(pk=two.pk).update(source="hand")
    response = client.post(url, {"action": "walk-in", "name": "Zoe Neu", "uid": two.uid})
    assert "für jemand anderen abgeschickt" in response.content.decode()
    assert response.context["form"]["name"].value() == "Zoe Neu"
    assert (models.SignUp.objects.count(), models.Participant.objects.count(), present()) == (1, 2, [])


def test_next_person_typed_into_the_form_of_the_back_button_is_not_lost(client, tonight):
    _page, _plan, url = tonight
    form = {"action": "walk-in", "name": "Zoe Neu", "uid": str(uuid.uuid4())}
    client.post(url, form)
    answer = client.post(url, {**form, "name": "Max Neu"})
    assert present() == ["Zoe Neu"]
    mark = answer.context["form"]["uid"].value()
    assert str(mark) != form["uid"]
    client.post(url, {**form, "name": "Max Neu", "uid": mark})
    client.post(url, {**form, "name": "Max Neu", "uid": mark})
    assert present() == ["Max Neu", "Zoe Neu"]


def test_walk_in_without_a_free_seat_is_refused_with_the_numbers(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=1)
    sign_up_of(plan)
    response = client.post(url, {"action": "walk-in", "name": "Zoe Neu"})
    assert "1 von 1 Plätzen" in response.content.decode()
    assert (models.SignUp.objects.count(), present()) == (1, [])


def test_walk_in_without_a_name_says_so(client, tonight):
    _page, _plan, url = tonight
    response = client.post(url, {"action": "walk-in", "name": "  ", "email": "kein-at"})
    assert set(response.context["form"].errors) == {"name", "email"}
    assert models.SignUp.objects.count() == 0


def test_long_before_nobody_can_be_marked(client):
    page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(10)]))
    client.force_login(member_of(page.organisation))
    url = reverse("ehrenamt:door", args=[page.pk, page.occurrences.get().uid])
    erika = person(sign_up_of(plan))
    assert "Es ist noch früh" in client.get(url).content.decode()
    response = client.post(url, {"present": erika.pk})
    assert "Es ist noch früh" in response.content.decode()
    client.post(url, {"action": "walk-in", "name": "Zoe Neu"})
    assert (present(), models.SignUp.objects.count()) == ([], 1)


def test_cancelled_date_takes_no_marks(client, tonight):
    page, plan, url = tonight
    erika = person(sign_up_of(plan))
    models.Cancellation.objects.create(offering=page, reason="Krankheit")
    assert "abgesagt" in client.post(url, {"present": erika.pk}).content.decode()
    assert present() == []


@pytest.mark.parametrize("who", ["stranger", "coordinator", "superuser"])
def test_door_of_another_organisation_does_not_exist(who, client, tonight):
    from tests.factories import UserFactory, coordinator_user

    _page, plan, url = tonight
    erika = person(sign_up_of(plan))
    people = {"stranger": member_of, "coordinator": lambda: coordinator_user(), "superuser": lambda: UserFactory(is_superuser=True)}
    user = people[who]()
    models.Membership.objects.get_or_create(user=user, defaults={"organisation": member_of().ehrenamt_memberships.get().organisation})
    client.force_login(user)
    assert client.get(url).status_code == client.post(url, {"present": erika.pk}).status_code == 404
    assert present() == []


def test_person_of_another_offering_is_not_marked_through_this_one(client, tonight):
    _page, _plan, url = tonight
    _other, other_plan = offering_with_sign_up()
    stranger = person(sign_up_of(other_plan, name="Frida Fremd"))
    assert "Frida" not in client.post(url, {"present": stranger.pk}).content.decode()
    for nonsense in ("", "0", "x", "9" * 30):
        client.post(url, {"present": nonsense})
    assert present() == []


def test_there_is_no_door_for_supervision(client):
    page = published_offering(model=models.SupervisionPage, dates=[in_days(0, 20)])
    page, plan = offering_with_sign_up(page=page)
    client.force_login(member_of(page.organisation))
    url = reverse("ehrenamt:door", args=[page.pk, page.occurrences.get().uid])
    assert client.get(url).status_code == client.post(url, {"action": "walk-in", "name": "Zoe Neu"}).status_code == 404
    assert models.SignUp.objects.count() == 0


def test_date_that_does_not_exist_answers_404(client, tonight):
    page, _plan, _url = tonight
    assert client.get(reverse("ehrenamt:door", args=[page.pk, uuid.uuid4()])).status_code == 404


def test_todays_date_comes_first_among_the_others(client):
    days = (-7, 0, 7)
    page = published_offering(dates=[models.Occurrence(start=in_days(day, 0), end=in_days(day, 23)) for day in days])
    page, _plan = offering_with_sign_up(page=page)
    client.force_login(member_of(page.organisation))
    first, today, last = page.occurrences.order_by("starts_at")
    answer = client.get(reverse("ehrenamt:door", args=[page.pk, last.uid]))
    assert [str(today.uid) in row["url"] for row in answer.context["other_dates"]] == [True, False]


def test_code_of_a_confirmation_marks_for_the_organisation_only(client, tonight):
    page, plan, url = tonight
    erika = sign_up_of(plan)
    own = reverse("ehrenamt:sign-up", args=[token_of(erika)])
    content = client.get(own).content.decode()
    assert "Erika Muster als anwesend markieren" in content and url in content
    response = client.post(url, {"present": person(erika).pk, "from": "code"})
    assert response["Location"] == f"{url}?zuletzt={person(erika).pk}#door"
    assert "ist als anwesend markiert" in client.get(own).content.decode()

    client.force_login(member_of())
    assert "als anwesend markieren" not in client.get(own).content.decode()
    client.logout()
    assert url not in client.get(own).content.decode()


def crowd(plan, number, *, name="Person", **facts):
    """So many people with numbers for names, as ``facts`` say; gives their participants."""
    facts = {"status": "confirmed", "seats": 1, "seats_held": 1, **facts}
    first = models.SignUp.objects.count()
    rows = models.SignUp.objects.bulk_create(
        models.SignUp(plan=plan, email=f"p{first + n}@post.example", **facts) for n in range(number)
    )
    named = (models.Participant(sign_up=row, name=f"{name} {place:05}") for place, row in enumerate(rows))
    return models.Participant.objects.bulk_create(named)


def marked_names(answer) -> list[str]:
    return [entry.name for part in ("seated", "waiting", "gone") for entry in answer.context[part]]


def test_long_list_is_shown_page_by_page_and_names_everybody_once(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=None)
    people = crowd(plan, 2 * PEOPLE_PER_PAGE + 5)
    crowd(plan, 7, name="Wartend", status="waiting", seats_held=0, confirmed_at=timezone.now())
    first, second, third = (client.get(url, {"seite": number} if number > 1 else {}) for number in (1, 2, 3))
    shown = [name for answer in (first, second, third) for name in marked_names(answer)]
    assert shown == [*(entry.name for entry in people), *(f"Wartend {number:05}" for number in range(7))]
    assert len(marked_names(first)) == len(marked_names(second)) == PEOPLE_PER_PAGE
    assert f"0 von {len(people)} da" in second.content.decode()
    link = '<a href="?seite=3#waiting-heading">Auf der Warteliste (7)</a>'
    assert link in first.content.decode() and link not in third.content.decode()
    assert 'id="waiting-heading"' in third.content.decode() and 'id="waiting-heading"' not in first.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "99999", "abc", "9" * 30])
def test_page_that_does_not_exist_shows_another(number, client, tonight):
    _page, plan, url = tonight
    erika = sign_up_of(plan, name="Erika Muster")
    assert marked_names(client.get(url, {"seite": number})) == [person(erika).name]


def test_tap_on_a_later_page_leads_back_to_it(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=None)
    people = crowd(plan, 2 * PEOPLE_PER_PAGE)
    last = people[-1]
    assert client.post(url, {"present": last.pk})["Location"] == f"{url}?seite=2#person-{last.pk}"
    assert client.post(url, {"present": people[0].pk})["Location"] == f"{url}#person-{people[0].pk}"
    assert present() == [people[0].name, last.name]
    assert client.post(url, {"absent": last.pk})["Location"] == f"{url}?seite=2#person-{last.pk}"
    assert present() == [people[0].name]


def test_who_gets_a_seat_is_shown_where_those_with_a_seat_stand(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=PEOPLE_PER_PAGE + 3)
    crowd(plan, PEOPLE_PER_PAGE + 1)
    [waiting] = crowd(plan, 1, status="waiting", seats_held=0, confirmed_at=timezone.now())
    models.Participant.objects.filter(pk=waiting.pk).update(name="Zoe Zuletzt")
    response = client.post(url, {"seat": waiting.pk, "q": "zuletzt"})
    assert response["Location"] == f"{url}?seite=2#person-{waiting.pk}"
    assert "Zoe Zuletzt" in [entry.name for entry in client.get(response["Location"]).context["seated"]]


def test_search_finds_people_of_every_page_and_has_pages_itself(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=None)
    crowd(plan, 2 * PEOPLE_PER_PAGE)
    erika = sign_up_of(plan, name="Erika Zuletzt")
    assert marked_names(client.get(url, {"q": "zuletzt"})) == ["Erika Zuletzt"]
    assert marked_names(client.get(url, {"q": "zuletzt", "seite": "2"})) == ["Erika Zuletzt"]
    found = client.get(url, {"q": "person", "seite": "2"})
    assert marked_names(found)[0] == f"Person {PEOPLE_PER_PAGE:05}"
    assert "?q=person&amp;seite=1" in found.content.decode()
    client.post(url, {"present": person(erika).pk, "q": "zuletzt"})
    assert present() == ["Erika Zuletzt"]


def test_ten_thousand_people_make_no_large_page(client, tonight):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=None)
    crowd(plan, 10_000)
    answer = client.get(url, {"seite": "100"})
    assert marked_names(answer)[-1] == "Person 09999"
    assert "0 von 10000 da" in answer.content.decode().replace(".", "").replace("\xa0", "")
    assert len(answer.content) < 150_000


@pytest.mark.parametrize("number", [1, 3, 300])
def test_list_asks_the_same_number_of_queries_however_many_come(number, client, tonight, django_assert_max_num_queries):
    _page, plan, url = tonight
    models.SeatPlan.objects.filter(pk=plan.pk).update(capacity=None)
    people = crowd(plan, number)
    uid = plan.offering.occurrences.get().uid
    models.Attendance.objects.bulk_create(models.Attendance(participant=row, occurrence_uid=uid) for row in people[::2])
    client.get(url)
    with django_assert_max_num_queries(40) as captured:
        assert len(client.get(url).context["seated"]) == min(number, PEOPLE_PER_PAGE)
    QUERIES.add(len(captured))
    assert len(QUERIES) == 1


QUERIES: set[int] = set()
