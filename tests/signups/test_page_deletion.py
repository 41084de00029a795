"""Pages are not deleted in Wagtail's admin while people would come in vain: nobody would tell them."""

import pytest
from django.urls import reverse

from ehrenamt_wagtail.models import OfferingPage, OutgoingMail, ProgrammePage, SeatPlan, SignUp, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups import changes, signing
from tests.factories import UserFactory, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.page_lists import are_there, both_ways_to_delete, delete, delete_together, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued_jobs")]


@pytest.fixture
def admin_client(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


@both_ways_to_delete
def test_offering_that_people_wait_for_is_not_deleted(admin_client, delete):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    sign_up_of(plan, names=["Erika Muster", "Otto Muster"])
    sign_up_of(plan, name="Ida", email="ida@post.example", confirmed=False)
    before = OutgoingMail.objects.count()
    response = delete(admin_client, page)
    text = said(response)
    assert "„Grundlagen des Asylrechts“: 3 Personen sind angemeldet oder warten." in text
    assert "Nichts wurde gelöscht" in text
    assert "Erika" not in text
    assert are_there(page)
    assert (SignUp.objects.active().count(), OutgoingMail.objects.count()) == (2, before)


def test_question_whether_to_delete_is_not_even_asked(admin_client):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    response = admin_client.get(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert response.url == reverse("wagtailadmin_explore", args=[page.get_parent().pk])
    assert "1 Person ist angemeldet oder wartet." in said(response)


@both_ways_to_delete
@pytest.mark.parametrize("model", [VolunteerDayPage, ProgrammePage])
def test_parent_of_such_an_offering_is_not_deleted(admin_client, delete, model):
    programme = ProgrammePage.objects.get()
    parent = published_offering(model=VolunteerDayPage, title="Ehrenamtstag") if model is VolunteerDayPage else programme
    page, plan = offering_with_sign_up(page=published_offering(parent=parent))
    sign_up_of(plan)
    assert "„Grundlagen des Asylrechts“: 1 Person" in said(delete(admin_client, parent))
    assert are_there(parent, page)
    assert SignUp.objects.active().count() == 1


def test_all_of_several_stay_when_one_of_them_may_not_go(admin_client):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    other = published_offering(title="Ohne Anmeldung")
    text = said(delete_together(admin_client, other, page))
    assert "Grundlagen" in text
    assert "Ohne Anmeldung" not in text
    assert are_there(page, other)


def test_many_are_counted_rather_than_named(admin_client):
    for number in range(7):
        _page, plan = offering_with_sign_up(page=published_offering(title=f"Abend {number}"))
        sign_up_of(plan)
    text = said(delete(admin_client, ProgrammePage.objects.get()))
    assert "„Abend 4“" in text
    assert "Abend 5" not in text
    assert "Und 2 weitere Veranstaltungen." in text


def cancelled(page):
    cancel(page, actor=member_of(page.organisation))


def unpublished(page):
    page.unpublish()


def everybody_went(_page):
    signing.cancel_sign_up(SignUp.objects.get())


@both_ways_to_delete
@pytest.mark.parametrize("before", [cancelled, unpublished, everybody_went])
def test_what_everybody_knows_of_can_be_deleted(admin_client, delete, before):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    before(page)
    # What participants were told stays told.
    mails = set(OutgoingMail.objects.exclude(template="signups/confirm").values_list("pk", flat=True))
    delete(admin_client, TrainingPage.objects.get(pk=page.pk))
    assert not are_there(page)
    assert mails <= set(OutgoingMail.objects.values_list("pk", flat=True))


def test_offering_that_is_over_can_be_deleted(admin_client):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    now = in_days(11)
    assert changes.left_waiting([page.pk]) == {page.pk: 1}
    assert changes.left_waiting([page.pk], now=now) == {}


@pytest.mark.parametrize("dropped", [0, 1])
def test_people_of_a_cancelled_date_do_not_count(dropped):
    page = published_offering(dates=[in_days(10), in_days(17)])
    dates = list(page.occurrences.order_by("starts_at"))
    for number, date in enumerate(dates):
        plan = SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here")
        for person in range(number + 1):
            sign_up_of(plan, name=f"Person {person}", email=f"p{number}{person}@post.example")
    assert changes.left_waiting([page.pk]) == {page.pk: 3}
    cancel(page, actor=member_of(page.organisation), occurrence_uid=dates[dropped].uid)
    assert changes.left_waiting([page.pk]) == {page.pk: 2 - dropped}


def test_number_of_queries_is_the_same_for_one_and_for_many(django_assert_num_queries):
    for number in range(4):
        _page, plan = offering_with_sign_up(page=published_offering(title=f"Abend {number}"))
        sign_up_of(plan)
    pks = list(OfferingPage.objects.values_list("pk", flat=True))
    for chosen in (pks[:1], pks):
        with django_assert_num_queries(3):
            assert len(changes.left_waiting(chosen)) == len(chosen)
