"""What participants were told, whom it reached, and writing to them."""

import re
import uuid

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import (
    Notice,
    NoticeRecipient,
    Occurrence,
    OutgoingMail,
    SeatPlan,
    SignUp,
    SupervisionPage,
    SupervisionSetup,
)
from ehrenamt_wagtail.signups import changes
from ehrenamt_wagtail.signups import notices as told
from tests.clients import signed_in
from tests.factories import UserFactory, in_days, member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.portal.helpers import field_errors, form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering(organisation):
    """Three with a seat (one of them without a mail address), one unconfirmed, one on the waiting list."""
    page, plan = offering_with_sign_up(page=published_offering(organisation=organisation), capacity=4)
    sign_up_of(plan)
    sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    sign_up_of(plan, name="Tilda Telefon", email="tilda@post.example")
    SignUp.objects.filter(email="tilda@post.example").update(email="", phone="07031 12345")
    sign_up_of(plan, name="Offen", email="offen@post.example", confirmed=False)
    sign_up_of(plan, name="Wanda Wartet", email="wanda@post.example")
    OutgoingMail.objects.all().delete()
    mail.outbox.clear()
    return page


def url(name: str, page, *args) -> str:
    return reverse(f"ehrenamt:{name}", args=[page.pk, *args])


def typed(client, page, **changed) -> dict:
    facts = {"subject": "Bitte früher kommen", "text": "Liebe Runde,\n\nwir öffnen um 18 Uhr.", **changed}
    return form_data(client.get(url("notice-new", page)), **facts)


def message(page, actor, **facts) -> Notice:
    facts = {"audience": "all", "subject": "Hallo", "text": "Bis bald", "uid": uuid.uuid4(), **facts}
    return told.send_message(page, actor=actor, **facts)


# Writing


def test_message_is_shown_before_it_is_sent_and_goes_to_everybody(client, offering, django_capture_on_commit_callbacks):
    answer = client.post(url("notice-new", offering), {**typed(client, offering), "action": "preview"})
    assert "geht an 3 Personen" in text_of(answer)
    assert "1 weitere Person hat keine E-Mail-Adresse" in text_of(answer)
    assert "Antworten gehen an petra@post.example" in text_of(answer)
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (0, 0)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("notice-new", offering), {**form_data(answer), "action": "send"}, follow=True)
    assert "Ihre Nachricht ist unterwegs" in messages_of(answer)
    assert {sent.to[0] for sent in mail.outbox} == {"erika@post.example", "otto@post.example", "wanda@post.example"}
    sent = mail.outbox[0]
    assert sent.subject == "Bitte früher kommen"
    assert "Liebe Runde,\n\nwir öffnen um 18 Uhr." in sent.body
    assert sent.reply_to == ["petra@post.example"]
    assert set(OutgoingMail.objects.values_list("is_bulk", flat=True)) == {True}
    assert "Tilda Telefon" in text_of(answer)
    assert "keine E-Mail-Adresse: bitte anrufen" in text_of(answer)
    assert "07031 12345" in text_of(answer)
    # Neither text nor names.
    entry = PageLogEntry.objects.get(action="ehrenamt.message")
    assert entry.data == {"audience": "all", "recipients": 4}


@pytest.mark.parametrize(
    ("audience", "recipients"),
    [
        ("all", {"erika@post.example", "otto@post.example", "", "wanda@post.example"}),
        ("seats", {"erika@post.example", "otto@post.example", ""}),
        ("waiting", {"wanda@post.example"}),
    ],
)
def test_audience_chooses_the_recipients(offering, person, audience, recipients):
    notice = message(offering, person, audience=audience)
    assert set(notice.recipients.values_list("sign_up__email", flat=True)) == recipients


def test_double_click_sends_once(client, offering):
    data = {**typed(client, offering), "action": "send"}
    first, second = (client.post(url("notice-new", offering), data) for _click in range(2))
    assert first["Location"] == second["Location"]
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 3)


def test_form_of_another_message_sends_nothing(offering, person):
    other, plan = offering_with_sign_up(page=published_offering(organisation=offering.organisation))
    sign_up_of(plan)
    notice = message(offering, person)
    with pytest.raises(NotAllowed):
        message(other, person, uid=notice.uid)
    assert Notice.objects.count() == 1


def test_going_back_keeps_what_was_typed(client, offering):
    answer = client.post(url("notice-new", offering), {**typed(client, offering, audience="seats"), "action": "edit"})
    form = soup(answer).select_one("form.ehrenamt-form")
    assert form.select_one("[name=subject]")["value"] == "Bitte früher kommen"
    assert "wir öffnen um 18 Uhr." in form.select_one("textarea").get_text()
    assert form.select_one("[name=audience][checked]")["value"] == "seats"


def test_empty_message_is_refused_next_to_the_field(client, offering):
    answer = client.post(url("notice-new", offering), {**typed(client, offering, text=" \n "), "action": "send"})
    assert "Die Nachricht ist noch leer." in field_errors(answer, "text")[0]
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("field", ["subject", "text"])
def test_too_long_message_is_refused(client, offering, field):
    answer = client.post(url("notice-new", offering), {**typed(client, offering, **{field: "a" * 5001}), "action": "send"})
    assert field_errors(answer, field)
    assert Notice.objects.count() == 0


def test_line_breaks_in_a_subject_make_no_header(client, offering, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        data = typed(client, offering, subject="Hallo\r\nBcc: fremd@post.example")
        client.post(url("notice-new", offering), {**data, "action": "send"})
    assert mail.outbox[0].subject == "Hallo Bcc: fremd@post.example"
    assert {address for sent in mail.outbox for address in sent.recipients()} == {
        "erika@post.example", "otto@post.example", "wanda@post.example",
    }  # fmt: skip


def test_nobody_on_the_waiting_list_is_said(client, offering):
    SignUp.objects.filter(status="waiting").delete()
    answer = client.post(url("notice-new", offering), {**typed(client, offering, audience="waiting"), "action": "send"})
    assert "würde niemanden erreichen" in text_of(answer)
    assert Notice.objects.count() == 0


def test_number_of_messages_a_day_is_limited(client, offering, person):
    for _number in range(told.MESSAGES_PER_DAY):
        message(offering, person)
    with pytest.raises(NotAllowed):
        message(offering, person)
    assert "bitte warten Sie bis morgen" in text_of(client.get(url("notice-new", offering)))
    assert Notice.objects.count() == told.MESSAGES_PER_DAY
    assert message(offering, person, now=timezone.now() + timezone.timedelta(days=1, minutes=1))


def test_message_for_one_date(client, organisation):
    page = published_offering(organisation=organisation, dates=[in_days(10), in_days(17)])
    for number, uid in enumerate(page.occurrences.order_by("starts_at").values_list("uid", flat=True)):
        plan = SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, mode="here")
        sign_up_of(plan, email=f"person{number}@post.example")
    client.post(url("notice-new", page), {**typed(client, page, plan=str(plan.pk)), "action": "send"})
    assert NoticeRecipient.objects.get().sign_up.email == "person1@post.example"


def test_stranger_cannot_write(offering):
    stranger = member_of()
    answer = signed_in(stranger).post(url("notice-new", offering), {"audience": "all", "subject": "x", "text": "y"})
    assert answer.status_code == 404
    with pytest.raises(NotAllowed):
        message(offering, stranger)
    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (0, 0)


# Whom it reached


def test_list_says_how_many_were_reached(client, offering, person):
    message(offering, person)
    OutgoingMail.objects.filter(address="erika@post.example").update(status="sent")
    OutgoingMail.objects.filter(address="otto@post.example").update(status="given_up")
    text = text_of(client.get(url("notices", offering)))
    assert "2 nicht per E-Mail erreicht: bitte anrufen" in text
    assert "1 abgeschickt" in text
    assert "1 E-Mail unterwegs" in text


def test_those_to_call_come_first(client, offering, person):
    notice = message(offering, person)
    for address, status in [("erika@post.example", "sent"), ("otto@post.example", "given_up"), ("wanda@post.example", "unclear")]:
        OutgoingMail.objects.filter(address=address).update(status=status)
    rows = soup(client.get(url("notice", offering, notice.pk))).select("tbody tr")
    texts = [row.get_text(" ", strip=True) for row in rows]
    assert [re.match(r"\w+", text)[0] for text in texts] == ["Otto", "Tilda", "Wanda", "Erika"]
    assert "nicht zustellbar: bitte anrufen" in texts[0]
    assert "unklar, ob angekommen" in texts[2]
    assert "abgeschickt" in texts[3]


def test_change_is_listed_with_what_was_and_what_is(client, offering):
    Occurrence.objects.filter(page=offering.pk).update(room="Raum 2")
    changes.tell_changes(offering.pk)
    text = text_of(client.get(url("notices", offering)))
    assert "Anderer Ort" in text
    assert "Raum 2" in text


def test_notice_of_another_offering_is_not_found(client, offering, person):
    other = published_offering(organisation=offering.organisation)
    notice = message(offering, person)
    assert client.get(url("notice", other, notice.pk)).status_code == 404
    assert "Bis bald" in text_of(client.get(url("notice", offering, notice.pk)))


def test_supervision_shows_numbers_and_no_names(client, organisation, person):
    page = published_offering(model=SupervisionPage, organisation=organisation)
    supervisor = UserFactory()
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=supervisor)
    plan = SeatPlan.objects.create(offering_id=page.pk, mode="here")
    sign_up_of(plan, name="Xaveria Still", email="xaveria@post.example")
    Occurrence.objects.filter(page=page.pk).update(room="Raum 2")
    notice = changes.tell_changes(page.pk)
    facts = {"kind": "message", "subject": "Geheimes", "text": "Vertrauliches", "by": supervisor}
    hidden = Notice.objects.create(offering_id=page.pk, **facts)
    addresses = [url("notices", page), url("notice", page, notice.pk), url("notice", page, hidden.pk)]
    answers = [client.get(address) for address in addresses]
    assert "1 E-Mail unterwegs" in text_of(answers[0])
    assert "1 E-Mail unterwegs" in text_of(answers[1])
    for answer in answers:
        for secret in ("Xaveria", "xaveria@", "Geheimes", "Vertrauliches"):
            assert secret not in answer.content.decode()
    assert OutgoingMail.objects.filter(is_confidential=False, template="signups/changed").count() == 0
    with pytest.raises(NotAllowed):
        message(page, person)
    assert "Nur die benannte" in text_of(client.get(url("notice-new", page)))


@pytest.mark.parametrize("name", ["notices", "notice"])
def test_queries_stay_the_same_however_many_rows(client, offering, person, name):
    def number() -> int:
        args = [Notice.objects.order_by("pk").first().pk] if name == "notice" else []
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name, offering, *args)).status_code == 200
        return len(queries)

    notice = message(offering, person, audience="waiting")
    Occurrence.objects.filter(page=offering.pk).update(room="Raum")
    changes.tell_changes(offering.pk)
    number()
    one = number()
    plan = SeatPlan.objects.get(offering=offering.pk)
    for count in range(12):
        facts = {"status": "waiting", "seats": 1, "confirmed_at": timezone.now()}
        row = SignUp.objects.create(plan=plan, email=f"p{count}@post.example", **facts)
        row.participants.create(name=f"Person {count}")
        NoticeRecipient.objects.create(notice=notice, sign_up=row)
    for count in range(3):
        message(offering, person)
        Occurrence.objects.filter(page=offering.pk).update(room=f"Raum {count}")
        changes.tell_changes(offering.pk)
    assert number() == one
