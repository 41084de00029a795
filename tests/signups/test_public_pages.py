"""The form to sign up, what it asks and promises, and what happens when things change meanwhile."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ehrenamt_wagtail.models import (
    AccessNeeds,
    Answer,
    OfferingPage,
    OutgoingMail,
    PrivacyNotice,
    Question,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionSetup,
)
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.signups.supervision import promise_of
from tests.factories import UserFactory, circle_page, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

from .public import fill_in, form_url, text_of

pytestmark = pytest.mark.django_db


def test_form_shows_the_facts_and_asks_no_more_than_needed(client):
    page, plan = offering_with_sign_up(capacity=6)
    answer = client.get(form_url(page))
    text = text_of(answer)
    assert page.title in text
    assert "Gemeindehaus" in text
    assert "noch 6 Plätze" in text
    assert list(answer.context["form"].fields) == ["name", "email", "circle", "needs", "needs_consent", "note", "uid"]
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.content.decode()


def test_everything_that_is_asked_is_stored(client):
    page, plan = offering_with_sign_up(capacity=6, asks_phone=True, seats_per_sign_up=2)
    circle = circle_page(title="Asyl Renningen")
    facts = {"plan": plan, "purpose": "für die Küche"}
    text = Question.objects.create(text="Was wollen Sie wissen?", **facts)
    choice = Question.objects.create(text="Essen?", kind="choice", choices=["Suppe", "Salat"], is_required=True, **facts)
    yes = Question.objects.create(text="Kommen Sie mit der Bahn?", kind="yes_no", **facts)
    assert "Wofür: für die Küche" in text_of(client.get(form_url(page)))
    answer = fill_in(
        client,
        page,
        second_name="Otto Muster",
        phone="07031 663",
        circle=circle.pk,
        needs="Platz für den Rollstuhl",
        needs_consent="on",
        **{f"question_{text.pk}": "Alles", f"question_{choice.pk}": "Suppe", f"question_{yes.pk}": "Ja"},
    )
    assert answer["Location"].endswith("gesendet/?platz=seat")
    row = SignUp.objects.get()
    assert [person.name for person in row.participants.all()] == ["Erika Muster", "Otto Muster"]
    assert (row.seats, row.phone, row.circle, row.needs.text) == (2, "07031 663", circle, "Platz für den Rollstuhl")
    assert sorted(Answer.objects.values_list("label", "text")) == [
        ("Essen?", "Suppe"),
        ("Kommen Sie mit der Bahn?", "Ja"),
        ("Was wollen Sie wissen?", "Alles"),
    ]


def test_needs_are_kept_only_with_the_tick_and_never_lost_silently(client):
    page, plan = offering_with_sign_up()
    answer = fill_in(client, page, needs="Gebärdensprache")
    assert "Was brauchen Sie, um teilzunehmen? Das dürfen wir nur mit Ihrem Einverständnis speichern." in text_of(answer)
    assert "Gebärdensprache" in answer.content.decode()
    assert '<details class="ehrenamt-fold" open>' in answer.content.decode()
    assert SignUp.objects.count() == AccessNeeds.objects.count() == 0
    fill_in(client, page, needs="", needs_consent="on")
    assert SignUp.objects.count() == 1
    assert AccessNeeds.objects.count() == 0


def test_machine_that_fills_in_everything_gets_the_same_answer_and_no_seat(client):
    page, plan = offering_with_sign_up(capacity=1)
    answer = fill_in(client, page, note="Buy now")
    assert answer["Location"].endswith("gesendet/?platz=seat")
    assert SignUp.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("law", "words"), [("gdpr", "Art. 77 DSGVO"), ("kdg", "§ 48 KDG"), ("dsg_ekd", "§ 46 DSG-EKD"), (None, "Art. 77 DSGVO")]
)
def test_privacy_notice_of_the_organisation_names_its_law(client, law, words):
    page, plan = offering_with_sign_up()
    if law:
        PrivacyNotice.objects.create(
            organisation=page.organisation, law=law, controller="Pfarramt, Kirchgasse 1", data_protection_officer="Frau Wächter"
        )
    text = text_of(client.get(form_url(page)))
    assert words in text
    assert ("Pfarramt, Kirchgasse 1" in text) == ("Frau Wächter" in text) == bool(law)
    assert page.organisation.name in text
    assert "6 Monate nach dem letzten Termin gelöscht" in text


def test_supervision_promises_what_is_kept_and_nothing_more(client):
    page, plan = offering_with_sign_up(page=published_offering(model=SupervisionPage))
    supervisor = UserFactory(first_name="Frank", last_name="Morgenroth")
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=supervisor)
    text = text_of(client.get(form_url(page)))
    promise = promise_of(page)
    assert promise
    assert "Frank Morgenroth" in promise[0]
    assert "Datenbank" in promise[-1]
    for sentence in promise:
        assert sentence in text
    assert "sieht nur die Leitung der Supervision" in text
    assert "Vertraulich" not in text_of(client.get(form_url(offering_with_sign_up()[0])))
    fill_in(client, page)
    assert SignUp.objects.get().reader == supervisor


# Meanwhile


def test_51st_of_50_keeps_what_was_typed_and_is_offered_the_waiting_list(client):
    page, plan = offering_with_sign_up(capacity=50, asks_phone=True)
    assert 'value="sign-up"' in client.get(form_url(page)).content.decode()
    SeatPlan.objects.update(capacity=1)
    sign_up_of(plan, name="Letzte")
    answer = fill_in(client, page, name="Nummer 51", email="n51@post.example", phone="0711")
    html = answer.content.decode()
    assert "Der letzte Platz wurde gerade vergeben." in html
    for typed in ("Nummer 51", "n51@post.example", "0711"):
        assert f'value="{typed}"' in html
    assert 'value="wait"' in html
    assert 'value="sign-up"' not in html
    assert SignUp.objects.count() == 1
    assert fill_in(client, page, name="Nummer 51", email="n51@post.example", action="wait")["Location"].endswith("platz=waiting")
    assert SignUp.objects.get(email="n51@post.example").status == "waiting"


def test_two_wanted_and_one_free_are_told_and_choose(client):
    page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    answer = fill_in(client, page, second_name="Otto Muster")
    html = answer.content.decode()
    assert "Es ist nur noch ein Platz frei." in html
    assert "Nur Erika Muster anmelden" in html
    assert "Beide auf die Warteliste setzen" in html
    assert SignUp.objects.count() == 0
    fill_in(client, page, second_name="Otto Muster", action="one")
    row = SignUp.objects.get()
    assert (row.seats_held, [person.name for person in row.participants.all()]) == (1, ["Erika Muster"])


def test_two_who_would_wait_wait_together(client):
    page, plan = offering_with_sign_up(capacity=1, seats_per_sign_up=2)
    fill_in(client, page, second_name="Otto Muster", action="wait")
    row = SignUp.objects.get()
    assert (row.status, row.seats, row.seats_held) == ("waiting", 2, 0)


def test_closed_meanwhile_keeps_what_was_typed_and_names_other_dates(client):
    page = published_offering(dates=[in_days(5), in_days(12)])
    first, second = sorted(page.occurrences.all(), key=lambda date: date.starts_at)
    closed = SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=first.uid, mode="here")
    SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=second.uid, mode="here")
    SeatPlan.objects.filter(pk=closed.pk).update(closes_at=timezone.now() - dt.timedelta(minutes=1))
    answer = fill_in(client, page, name="Zu Spät")
    html = answer.content.decode()
    assert "Die Anmeldefrist ist vorbei." in html
    assert 'value="Zu Spät"' in html
    assert f'formaction="{form_url(page, 1)}"' in html
    assert "petra@post.example" in html
    assert SignUp.objects.count() == 0
    carried = fill_in(client, page, number=1, name="Zu Spät", action="carry")
    assert 'value="Zu Spät"' in carried.content.decode()
    assert SignUp.objects.count() == 0


def test_cancelled_meanwhile_says_so_and_stores_nothing(client):
    page, plan = offering_with_sign_up()
    cancel(page, reason="krank", actor=member_of(page.organisation))
    answer = fill_in(client, page, name="Zu Spät")
    assert "Das wurde abgesagt." in text_of(answer)
    assert 'value="Zu Spät"' in answer.content.decode()
    assert SignUp.objects.count() == 0


def test_not_yet_open_and_elsewhere_show_words_instead_of_the_form(client):
    page, plan = offering_with_sign_up(opens_at=in_days(1))
    answer = client.get(form_url(page))
    assert "Sie können sich ab " in text_of(answer)
    assert 'name="email"' not in answer.content.decode()
    SeatPlan.objects.update(mode="external", opens_at=None)
    assert "meldet man sich nicht hier an" in text_of(client.get(form_url(page)))
    fill_in(client, page)
    assert SignUp.objects.count() == 0


# The answer


def test_answer_is_the_same_for_who_had_signed_up_and_who_had_not(client, django_capture_on_commit_callbacks):
    page, plan = offering_with_sign_up()
    sign_up_of(plan)
    answers = []
    for name in ("Erika Muster", "Otto Muster"):
        with django_capture_on_commit_callbacks(execute=True):
            answers.append(fill_in(client, page, name=name))
    assert answers[0]["Location"] == answers[1]["Location"]
    pages = [client.get(answer["Location"]).content for answer in answers]
    assert pages[0] == pages[1]
    assert [message.subject.split(":")[0] for message in mail.outbox[-2:]] == ["Sie sind schon angemeldet", "Bitte bestätigen"]


def test_sent_page_says_what_to_do_without_a_mail(client, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_MAILS_PER_DAY": 4}
    page, plan = offering_with_sign_up()
    text = text_of(client.get(form_url(page) + "gesendet/?platz=waiting"))
    assert "Spam-Ordner" in text
    assert "höchstens 4 E-Mails" in text
    assert "petra@post.example" in text
    assert "Warteliste" in text


def test_beyond_the_mails_of_a_day_the_answer_stays_the_same(client, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "SIGNUP_MAILS_PER_DAY": 2}
    page, plan = offering_with_sign_up()
    answers = {fill_in(client, page, name=f"Person {letter}")["Location"] for letter in "abcd"}
    assert len(answers) == 1
    assert SignUp.objects.count() == OutgoingMail.objects.count() == 2


def test_reading_sets_no_session_and_a_form_without_its_mark_is_refused():
    client = Client(enforce_csrf_checks=True)
    page, plan = offering_with_sign_up()
    assert set(client.get(form_url(page)).cookies) == {"csrftoken"}
    assert fill_in(client, page).status_code == 403
    assert SignUp.objects.count() == 0


def test_date_of_a_hidden_page_is_unknown(client):
    page, plan = offering_with_sign_up()
    OfferingPage.objects.filter(pk=page.pk).update(live=False)
    assert client.get(form_url(page)).status_code == 404
    assert fill_in(client, page).status_code == 404
    assert SignUp.objects.count() == 0
