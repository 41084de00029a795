"""What people and machines type into the form to sign up."""

import uuid

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from ehrenamt_wagtail.models import OutgoingMail, Question, SignUp
from tests.factories import offering_with_sign_up, sign_up_of

from .public import fill_in, form_url, press, text_of

pytestmark = pytest.mark.django_db

LONGEST = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".de"  # 64 + 1 + 185 = 250
ADDRESSES = ["erika+kurs@post.example", "erika@müller.example", "erika@xn--mller-kva.example", "o'neill@post.example", LONGEST]


@pytest.mark.parametrize("email", ADDRESSES)
def test_unusual_addresses_are_taken_and_written_to(client, email, django_capture_on_commit_callbacks):
    page, plan = offering_with_sign_up()
    with django_capture_on_commit_callbacks(execute=True):
        fill_in(client, page, email=email)
    assert SignUp.objects.get().email == email
    assert len(mail.outbox) == 1
    assert mail.outbox[0].message()["To"]


def test_254_characters_are_taken_and_255_are_not(client):
    page, plan = offering_with_sign_up()
    domain = ".".join(["b" * 62] * 3) + ".de"
    longest = "a" * (254 - len(domain) - 1) + "@" + domain
    assert len(longest) == 254
    fill_in(client, page, email="a" + longest)
    assert SignUp.objects.count() == 0
    fill_in(client, page, email=longest)
    assert SignUp.objects.get().email == longest


@pytest.mark.parametrize(
    "email",
    [
        "erika@post.example\nBcc: alle@post.example",
        "erika@post.example\r\nSubject: Kauft",
        "erika@post.example, otto@post.example",
        "Erika <erika@post.example>",
        "erika\x00@post.example",
        "erika@post",
        "erika@@post.example",
        "@post.example",
        "erika@post.example\u202e",
        "erika",
    ],
)
def test_what_is_no_address_gets_an_error_at_the_field(client, email):
    page, plan = offering_with_sign_up()
    answer = fill_in(client, page, email=email)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert "Fehler" in text_of(answer)
    assert 'value="Erika Muster"' in answer.content.decode()
    assert SignUp.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("  Erika \t Muster ", "Erika Muster"),
        ("Erika\r\nBcc: alle@post.example", "Erika Bcc: alle@post.example"),
        ("\u202eretsuM akirE", "retsuM akirE"),
        ("=1+1 cmd|' /C calc'!A0", "=1+1 cmd|' /C calc'!A0"),
        ("محمد علي", "محمد علي"),
        ("Zo\u200dë", "Zo\u200dë"),
        ("x" * 200, "x" * 200),
    ],
)
def test_names_are_stored_as_people_write_them(client, name, stored, django_capture_on_commit_callbacks):
    page, plan = offering_with_sign_up()
    with django_capture_on_commit_callbacks(execute=True):
        fill_in(client, page, name=name)
    assert SignUp.objects.get().participants.get().name == stored
    message = mail.outbox[0]
    assert isinstance(message, EmailMessage)
    assert "\n" not in message.subject
    assert message.recipients() == ["erika@post.example"]


@pytest.mark.parametrize(
    "name", ["", "   ", "\u202e\u2066", "123", "x" * 5000, "Erika\x00", "Gewinn auf https://kauft.example", "WWW.kauft.example Erika"]
)
def test_what_is_no_name_gets_an_error_and_nothing_is_sent(client, name):
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    answer = fill_in(client, page, name=name)
    assert answer.context["form"].errors["name"]
    assert SignUp.objects.count() == OutgoingMail.objects.count() == 0


@pytest.mark.parametrize("name", ["123", "x" * 5000, "Erika\x00", "https://kauft.example"])
def test_second_name_is_looked_at_as_closely(client, name):
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    assert fill_in(client, page, second_name=name).context["form"].errors["second_name"]
    assert SignUp.objects.count() == 0


def test_second_name_like_the_first_is_refused(client):
    page, plan = offering_with_sign_up(seats_per_sign_up=2)
    answer = fill_in(client, page, second_name="erika muster")
    assert "Beide Namen sind gleich." in text_of(answer)
    assert SignUp.objects.count() == 0


def test_second_person_is_ignored_where_one_comes_alone(client):
    page, plan = offering_with_sign_up(seats_per_sign_up=1)
    fill_in(client, page, second_name="Otto Muster")
    assert SignUp.objects.get().seats == 1


@pytest.mark.parametrize("uid", ["", "kein-uid", "0" * 5000])
def test_form_without_its_mark_still_signs_up(client, uid):
    page, plan = offering_with_sign_up()
    fill_in(client, page, uid=uid)
    assert SignUp.objects.count() == 1


def test_form_sent_twice_makes_one_sign_up_and_one_mail(client):
    page, plan = offering_with_sign_up()
    uid = uuid.uuid4()
    answers = {fill_in(client, page, uid=uid)["Location"] for _time in range(3)}
    assert len(answers) == 1
    assert SignUp.objects.count() == OutgoingMail.objects.count() == 1


def test_answers_that_were_not_asked_are_errors_or_ignored(client):
    page, plan = offering_with_sign_up()
    foreign = Question.objects.create(plan=offering_with_sign_up()[1], text="Fremd?", purpose="x")
    choice = Question.objects.create(plan=plan, text="Essen?", kind="choice", choices=["Suppe"], purpose="x", is_required=True)
    answer = fill_in(client, page, **{f"question_{choice.pk}": "Salat"})
    assert answer.context["form"].errors[f"question_{choice.pk}"]
    assert "Essen?" in text_of(fill_in(client, page))
    assert SignUp.objects.count() == 0
    fill_in(client, page, **{f"question_{choice.pk}": "Suppe", f"question_{foreign.pk}": "hinein"})
    assert [answer.text for answer in SignUp.objects.get().answers.all()] == ["Suppe"]


def test_markup_in_questions_and_purposes_is_shown_as_text(client):
    page, plan = offering_with_sign_up()
    Question.objects.create(plan=plan, text="<b>Wie?</b>", purpose="<script>alert(1)</script> {0}")
    html = client.get(form_url(page)).content.decode()
    assert "<b>Wie?" not in html
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {0}" in html


@pytest.mark.parametrize("circle", ["0", "x", "99999999999999999999"])
def test_circle_that_does_not_exist_is_an_error(client, circle):
    page, plan = offering_with_sign_up()
    assert fill_in(client, page, circle=circle).context["form"].errors["circle"]
    assert SignUp.objects.count() == 0


@pytest.mark.parametrize("action", ["", "loeschen", "confirm\x00", "x" * 5000])
def test_unknown_action_changes_nothing(client, action):
    page, plan = offering_with_sign_up()
    row = sign_up_of(plan, confirmed=False)
    assert press(client, row, action).status_code == 200
    assert SignUp.objects.get().status == "pending"


@pytest.mark.parametrize("field", ["needs", "phone"])
def test_texts_have_an_end(client, field):
    page, plan = offering_with_sign_up(asks_phone=True)
    answer = fill_in(client, page, needs_consent="on", **{field: "x" * 5000})
    assert answer.context["form"].errors[field]
    assert SignUp.objects.count() == 0
