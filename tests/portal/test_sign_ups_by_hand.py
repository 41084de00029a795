"""Sign-ups that the organiser enters by hand, or moves to another date."""

import pytest

from ehrenamt_wagtail.models import OutgoingMail, SignUp
from tests.factories import circle_page, in_days, offering_with_sign_up, published_offering, sign_up_of

from .helpers import form_data, messages_of, soup, text_of
from .sign_ups import act, address, logged, offering_of

Status = SignUp.Status


@pytest.fixture
def offering(organisation):
    return offering_of(organisation)


# Adding, moving


def test_adding_by_hand_ends_at_the_confirmation_to_print(client, offering, person):
    page, plan = offering
    question = plan.questions.create(text="Kommen Sie mit dem Auto?", purpose="Parkplätze", is_required=True)
    circle = circle_page()
    url = address("sign-up-add", page)
    data = form_data(client.get(url), name="Hedwig Ohne", phone="07031 9", circle=str(circle.pk), second_name="Emil Ohne")
    response = client.post(url, {**data, f"question_{question.pk}": ""}, follow=True)
    sign_up = SignUp.objects.get()
    assert response.redirect_chain[-1][0] == address("sign-up-letter", page, sign_up.pk)
    assert [person.name for person in sign_up.participants.all()] == ["Hedwig Ohne", "Emil Ohne"]
    assert (sign_up.status, sign_up.source, sign_up.email, sign_up.phone, sign_up.circle_id) == (
        Status.CONFIRMED, "hand", "", "07031 9", circle.pk,
    )
    assert sign_up.answers.count() == 0
    assert not OutgoingMail.objects.exists()
    assert logged(page) == ["ehrenamt.add_sign_up"]
    client.post(url, data)
    assert SignUp.objects.count() == 1


def test_next_person_typed_into_the_form_of_the_back_button_is_asked_about_and_not_lost(client, offering):
    page, _plan = offering
    url = address("sign-up-add", page)
    first = form_data(client.get(url), name="Hedwig Ohne")
    client.post(url, first)
    response = client.post(url, {**first, "name": "Emil Anders"})
    assert "für jemand anderen abgeschickt" in messages_of(response)
    assert SignUp.objects.count() == 1
    again = form_data(response)
    assert again["name"] == "Emil Anders"
    client.post(url, again)
    client.post(url, again)
    assert [row.participants.get().name for row in SignUp.objects.all()] == ["Hedwig Ohne", "Emil Anders"]


def test_full_offering_refuses_a_sign_up_by_hand_and_keeps_what_was_typed(client, offering):
    page, plan = offering
    type(plan).objects.filter(pk=plan.pk).update(capacity=1)
    sign_up_of(plan)
    url = address("sign-up-add", page)
    response = client.post(url, form_data(client.get(url), name="Hedwig Ohne", phone="07031 9"))
    assert "Es wurde niemand eingetragen" in text_of(response) or "Nobody was added" in text_of(response)
    assert form_data(response)["name"] == "Hedwig Ohne" and form_data(response)["phone"] == "07031 9"
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "www.werbung.example"},
        {"email": "keine Adresse"},
        {"email": "a@post.example\nBcc: b@post.example"},
        {"email": "x" * 250 + "@post.example"},
        {"circle": "999999"},
        {"second_name": "hedwig ohne"},
    ],
)
def test_wrong_facts_by_hand_are_refused_beside_their_field(client, offering, changes):
    page, _plan = offering
    url = address("sign-up-add", page)
    response = client.post(url, form_data(client.get(url), **{"name": "Hedwig Ohne", **changes}))
    (field,) = changes
    assert soup(response).select_one(f"#id_{field}_error").get_text(strip=True).startswith("Fehler")
    assert not SignUp.objects.exists()


def test_of_several_dates_one_is_chosen_first(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    plans = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=5) for date in page.occurrences.all()]
    url = address("sign-up-add", page)
    links = [link["href"] for link in soup(client.get(url)).select(".ehrenamt-own a")]
    assert links == [f"{url}?termin={plan.pk}" for plan in plans]
    client.post(links[1], form_data(client.get(links[1]), name="Hedwig Ohne"))
    assert SignUp.objects.get().plan == plans[1]
    client.post(f"{url}?termin=999", {"name": "Nora Neu"})
    assert SignUp.objects.count() == 1


def test_people_who_call_are_entered_where_one_signs_up_by_telephone(client, organisation):
    page, plan = offering_with_sign_up(page=published_offering(organisation=organisation), mode="contact")
    url = address("sign-up-add", page)
    client.post(url, form_data(client.get(url), name="Hedwig Ohne"))
    assert SignUp.objects.get().plan == plan
    assert "Hedwig Ohne" in text_of(client.get(address("sign-ups", page)))


def test_moving_to_another_date_tells_the_person(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    first, second = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=1) for date in page.occurrences.all()]
    sign_up = sign_up_of(first)
    OutgoingMail.objects.all().delete()
    act(client, page, sign_up, "move", to=str(second.pk))
    sign_up.refresh_from_db()
    assert (sign_up.plan, sign_up.status) == (second, Status.CONFIRMED)
    assert list(OutgoingMail.objects.values_list("address", flat=True)) == ["erika@post.example"]
    assert logged(page) == ["ehrenamt.move_sign_up"]


def test_moving_to_a_full_or_foreign_date_changes_nothing(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    first, second = [page.seat_plans.create(mode="here", occurrence_uid=date.uid, capacity=1) for date in page.occurrences.all()]
    _other, foreign = offering_with_sign_up(page=published_offering(organisation=organisation))
    sign_up = sign_up_of(first)
    sign_up_of(second, name="Nora Neu", email="nora@post.example")
    for to in (second.pk, foreign.pk, first.pk, "", "x", 10**30):
        act(client, page, sign_up, "move", to=str(to))
        sign_up.refresh_from_db()
        assert (sign_up.plan, sign_up.status) == (first, Status.CONFIRMED)
    assert logged(page) == []
