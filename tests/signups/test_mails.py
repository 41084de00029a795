"""What the mails about a sign-up say, as their recipient reads them."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from ehrenamt_wagtail.models import OfferingPage, SignUp, SupervisionPage, SupervisionSetup
from ehrenamt_wagtail.signups import organising, signing, waiting
from tests.factories import UserFactory, member_of, offering_with_sign_up, published_offering, sign_up_of

from .public import fill_in, own_url

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """Gives the mails that ``act()`` sent."""

    def told(act) -> list:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return mail.outbox[before:]

    return told


def first_line(message) -> str:
    """The sentence after the greeting."""
    parts = message.body.split("\n\n")
    return parts[parts.index(next(part for part in parts if part.startswith("Guten Tag") or part.startswith("Hallo"))) + 1]


def html_of(message) -> str:
    return message.alternatives[0][0]


def test_request_to_confirm_says_until_when_and_has_one_button(client, told):
    page, plan = offering_with_sign_up()
    [message] = told(lambda: fill_in(client, page))
    assert message.subject == f"Bitte bestätigen: {page.title}"
    assert first_line(message).startswith(f"für Sie ist ein Platz bei „{page.title}“ freigehalten. Bitte bestätigen Sie")
    assert "verfällt die Anmeldung" in first_line(message)
    assert message.reply_to == ["petra@post.example"]
    assert message.attachments == []
    assert html_of(message).count('class="ehrenamt-button"') == 1
    assert "Für: Erika Muster" in message.body
    assert page.organisation.name in message.body


def test_two_people_read_of_two_seats(client, told):
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    [message] = told(lambda: fill_in(client, page, second_name="Otto Muster"))
    words = f"für Sie sind zwei Plätze bei „{page.title}“ freigehalten."
    assert first_line(message).startswith(words)
    assert words in html_of(message)
    assert "Ihre zwei Plätze sind für Sie freigehalten." in client.get(own_url(SignUp.objects.get())).content.decode()


def test_confirmation_attaches_the_calendar_entry(client, told):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan, confirmed=False)
    messages = told(lambda: signing.confirm(row))
    message = messages[-1]
    assert first_line(message) == f"Sie haben einen Platz bei „{page.title}“. Wir freuen uns auf Sie."
    [attachment] = message.attachments
    assert (attachment[0], attachment[2]) == ("termin.ics", "text/calendar")
    assert "METHOD:PUBLISH" in str(attachment[1])
    assert own_url(row) in message.body
    assert own_url(row) in html_of(message)


def test_waiting_list_tells_the_place(told):
    page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan)
    row = sign_up_of(plan, name="Otto Muster", confirmed=False)
    message = told(lambda: signing.confirm(row))[-1]
    assert message.subject == f"Auf der Warteliste: {page.title}"
    assert first_line(message) == f"Sie stehen an Stelle 1 der Warteliste für „{page.title}“."
    assert message.attachments == []


def test_offer_explains_itself_and_its_deadline(told):
    page, plan = offering_with_sign_up(capacity=1)
    seat, row = sign_up_of(plan), sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    offer = next(message for message in told(lambda: signing.cancel_sign_up(seat)) if message.to == ["otto@post.example"])
    assert offer.subject == f"Ein Platz ist für Sie frei: {page.title}"
    assert "Sie sind an der Reihe. Er ist bis " in first_line(offer)
    assert "Hören wir bis dahin nichts" in offer.body
    assert own_url(row) in offer.body


def test_offer_of_one_seat_for_two_explains_the_choice(told):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    seat, _other = sign_up_of(plan), sign_up_of(plan, name="Berta Zwei")
    sign_up_of(plan, names=["Clara Drei", "Dora Vier"], email="clara@post.example")
    offer = next(message for message in told(lambda: signing.cancel_sign_up(seat)) if message.to == ["clara@post.example"])
    assert "Sie wollten zwei Plätze." in offer.body
    assert "Clara Drei nimmt den Platz, und Dora Vier bleibt" in offer.body
    assert offer.subject.startswith("Ein Platz ist")


def test_offer_of_two_seats_speaks_of_two(told):
    page, plan = offering_with_sign_up(capacity=2, seats_per_sign_up=2)
    pair = sign_up_of(plan, names=["Anna Eins", "Berta Zwei"])
    sign_up_of(plan, names=["Clara Drei", "Dora Vier"], email="clara@post.example")
    offer = next(message for message in told(lambda: signing.cancel_sign_up(pair)) if message.to == ["clara@post.example"])
    assert offer.subject == f"Zwei Plätze sind für Sie frei: {page.title}"
    assert first_line(offer).startswith(f"bei „{page.title}“ sind zwei Plätze frei geworden")
    assert "nehmen Sie das Angebot an" in offer.body and "Nehmen Sie ihn" not in offer.body


def test_lapsed_mails_say_what_lapsed(told):
    page, plan = offering_with_sign_up(capacity=1)
    later = timezone.now() + dt.timedelta(days=9)
    seat, row = sign_up_of(plan), sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    signing.cancel_sign_up(seat)
    message = told(lambda: signing.free_unconfirmed(row, now=later))[-1]
    assert "ging an die Nächsten auf der Warteliste" in first_line(message)
    pending = sign_up_of(plan, name="Ute Drei", confirmed=False)
    message = told(lambda: signing.free_unconfirmed(pending, now=later))[-1]
    assert "wurde nicht rechtzeitig bestätigt und ist verfallen" in first_line(message)


def test_cancellation_takes_the_date_out_of_the_calendar(told):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan)
    message = told(lambda: signing.cancel_sign_up(row))[-1]
    assert first_line(message).startswith(f"Sie haben Ihre Teilnahme an „{page.title}“ abgesagt.")
    assert "METHOD:CANCEL" in str(message.attachments[0][1])


@pytest.mark.parametrize(("state", "files"), [("seat", 1), ("open", 0), ("line", 0)])
def test_who_is_cancelled_for_by_the_organiser_reads_so_and_gets_a_file_only_for_a_seat(told, state, files):
    page, plan = offering_with_sign_up(capacity=1 if state == "line" else 5)
    if state == "line":
        sign_up_of(plan, name="Sitzt Schon", email="sitzt@post.example")
    row = sign_up_of(plan, confirmed=state != "open")
    actor = member_of(page.organisation)
    message = told(lambda: organising.cancel_for(row, actor=actor, seen=organising.version_of(row)))[-1]
    assert message.subject == f"Für Sie abgesagt: {page.title}"
    assert first_line(message).startswith(f"Ihre Teilnahme an „{page.title}“ wurde für Sie abgesagt")
    assert len(message.attachments) == files
    assert ("angehängte Datei" in message.body) == ("angehängte Datei" in html_of(message)) == bool(files)


@pytest.mark.parametrize(
    ("state", "words"), [("seat", "Sie haben einen Platz."), ("open", "noch nicht bestätigt"), ("line", "Stelle 1")]
)
def test_who_signs_up_again_is_told_where_they_stand(client, told, state, words):
    page, plan = offering_with_sign_up(capacity=1 if state == "line" else 5)
    if state == "line":
        sign_up_of(plan, name="Sitzt Schon")
    sign_up_of(plan, confirmed=state != "open")
    [message] = told(lambda: fill_in(client, page, action="wait"))[-1:]
    assert message.subject == f"Sie sind schon angemeldet: {page.title}"
    assert "es hat sich nichts geändert" in first_line(message)
    assert words in message.body


def test_couple_with_one_address_gets_mails_that_name_whom_they_are_for(client, told):
    page, plan = offering_with_sign_up()
    first, second = told(lambda: [fill_in(client, page, name=name) for name in ("Erika Muster", "Otto Muster")])
    assert first.to == second.to == ["erika@post.example"]
    assert "Für: Erika Muster" in first.body
    assert "Für: Otto Muster" in second.body
    assert first.body != second.body


def test_mail_about_what_changed_meanwhile_is_not_sent(told):
    page, plan = offering_with_sign_up(capacity=1)
    seat, row = sign_up_of(plan), sign_up_of(plan, name="Otto Muster", email="otto@post.example")

    def offer_and_accept():
        signing.cancel_sign_up(seat)
        waiting.accept_offer(row)

    subjects = [message.subject for message in told(offer_and_accept) if message.to == ["otto@post.example"]]
    assert subjects[-1] == f"Angemeldet: {page.title}"
    assert f"Ein Platz ist für Sie frei: {page.title}" not in subjects


def test_plain_text_says_all_that_html_says(client, told):
    page, plan = offering_with_sign_up()
    [message] = told(lambda: fill_in(client, page))
    for words in (page.title, "Gemeindehaus", "Erika Muster", "Sie haben sich nicht angemeldet?", page.organisation.name):
        assert words in message.body
        assert words in html_of(message)


def test_names_are_escaped_in_html_and_plain_in_text(client, told):
    page, plan = offering_with_sign_up()
    [message] = told(lambda: fill_in(client, page, name="Erika <b>Muster</b> & Co"))
    assert "Erika <b>Muster</b> & Co" in message.body
    assert "<b>Muster" not in html_of(message)


def test_answers_about_a_supervision_reach_the_supervisor_alone(client, told):
    page, plan = offering_with_sign_up(page=published_offering(model=SupervisionPage))
    OfferingPage.objects.filter(pk=page.pk).update(contact_phone="07031 663")
    SupervisionSetup.objects.create(offering_id=page.pk, supervisor=UserFactory(email="frank@post.example"))
    [message] = told(lambda: fill_in(client, page))
    assert message.reply_to == ["frank@post.example"]
    assert "petra@post.example" not in message.body
    assert "07031 663" not in message.body
