"""Password and mailed link."""

import datetime as dt
import re
import time

import pytest
from django.contrib.auth import get_user
from django.core import mail as django_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ehrenamt_wagtail.directory.sign_in import sign_in_url
from ehrenamt_wagtail.mail.jobs import deliver_due
from ehrenamt_wagtail.models import LoginLinkCount, OutgoingMail
from ehrenamt_wagtail.portal.mails import login_link
from tests.factories import UserFactory, coordinator_user, member_of

from .helpers import soup, text_of

LOGIN, SEND, LINK = "/partner/login/", "/partner/login/mail/", "/partner/login/link/"


def is_signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def hidden(response) -> dict:
    form = soup(response).select_one("form.ehrenamt-form")
    names = {field["name"] for field in form.select("input[type=hidden]")}
    return {name: [field["value"] for field in form.select(f"input[name='{name}']")] for name in names}


def test_password_and_csrf_token_suffice(person):
    client = Client(enforce_csrf_checks=True)
    page = client.get(LOGIN)
    token = soup(page).select_one("[name=csrfmiddlewaretoken]")["value"]
    response = client.post(LOGIN, {"username": "caritas", "password": "ehrenamt-demo", "csrfmiddlewaretoken": token})
    assert response.url == "/partner/"
    assert is_signed_in(client)


def test_wrong_password_is_said_in_words(person):
    client = Client()
    response = client.post(LOGIN, {"username": "caritas", "password": "falsch"})
    assert "Benutzername und Passwort passen nicht zusammen." in text_of(response)
    assert soup(response).select_one("[name=username]")["value"] == "caritas"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/partner/termine/?monat=2027-03", "/partner/termine/?monat=2027-03"),
        ("https://boese.example/", "/partner/"),
        ("//boese.example/", "/partner/"),
        ("/\\boese.example", "/partner/"),
        ("javascript:alert(1)", "/partner/"),
    ],
)
def test_next_stays_on_this_site(person, target, goes_to):
    client = Client()
    assert "boese.example" not in soup(client.get(LOGIN, {"next": target})).select_one("main").decode()
    response = client.post(LOGIN, {"username": "caritas", "password": "ehrenamt-demo", "next": target})
    assert response.url == goes_to


def test_opening_the_answer_again_leads_to_the_form(site):
    response = Client().get("/partner/login/mail/")
    assert response.url == LOGIN
    assert OutgoingMail.objects.count() == 0


def test_signing_out_needs_a_post(client):
    assert client.get("/partner/logout/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/partner/logout/").url == LOGIN
    assert not is_signed_in(client)


def test_two_forms_with_different_addresses(site):
    forms = soup(Client().get(LOGIN)).select("main form")
    fields = [(form["action"], {field["name"] for field in form.select("input:not([type=hidden])")}) for form in forms]
    assert fields == [(LOGIN, {"username", "password"}), (SEND, {"email"})]


@pytest.mark.parametrize("address", ["person", "nobody", "admin"])
def test_every_address_gets_the_same_answer_and_the_same_queries(person, address):
    coordinator = coordinator_user()
    email = {"person": person.email, "nobody": "niemand@post.example", "admin": coordinator.email}[address]
    client = Client()
    reference = client.post(SEND, {"email": "andere@post.example"}).content
    with CaptureQueriesContext(connection) as queries:
        response = client.post(SEND, {"email": email})
    with CaptureQueriesContext(connection) as other_queries:
        client.post(SEND, {"email": "noch.jemand@post.example"})
    strip = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub(b"", response.content) == strip.sub(b"", reference)
    assert len(queries) == len(other_queries)
    mail = OutgoingMail.objects.get(address=email)
    assert (mail.template, mail.is_confidential, mail.params) == ("portal/login_link", True, {})
    assert (login_link(mail) is None) == (address != "person")


def test_malformed_address_is_named_and_nothing_is_queued(site):
    response = Client().post(SEND, {"email": "petra"})
    assert field_errors_of_login(response) == ["Fehler: Das ist keine E-Mail-Adresse. Sie sieht so aus: name@example.org"]
    assert (OutgoingMail.objects.count(), LoginLinkCount.objects.count()) == (0, 0)


def field_errors_of_login(response) -> list[str]:
    return [error.get_text(" ", strip=True) for error in soup(response).select(".ehrenamt-field__error")]


def test_requests_are_limited_per_address_and_hour(person, settings):
    settings.EHRENAMT = {"LOGIN_LINKS_PER_HOUR": 3}
    client = Client()
    LoginLinkCount.objects.create(address_hash="alt", hour=timezone.now() - dt.timedelta(days=3), number=1)
    answers = [client.post(SEND, {"email": email}) for email in [person.email, person.email.upper()] * 3]
    assert {answer.status_code for answer in answers} == {200}
    assert OutgoingMail.objects.count() == 3
    count = LoginLinkCount.objects.get()
    assert (count.number, person.email in count.address_hash) == (3, False)
    client.post(SEND, {"email": "andere@post.example"})
    assert OutgoingMail.objects.count() == 4
    LoginLinkCount.objects.update(hour=timezone.now() - dt.timedelta(hours=2))
    client.post(SEND, {"email": person.email})
    assert OutgoingMail.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_mailed_link_signs_in_once_however_often_a_scanner_fetches_it(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    person = member_of(first_name="Clara", last_name="Muster")
    client = Client()
    client.post(SEND, {"email": person.email})
    mail = OutgoingMail.objects.get()
    if mail.status != OutgoingMail.Status.SENT:
        deliver_due()
    message = django_mail.outbox[-1]
    assert message.to == [person.email]
    assert "Clara Muster" in message.body
    url = re.search(r"https?://\S+/partner/login/link/\S+", message.body)[0]
    token = url.partition("=")[2]
    assert token not in repr(OutgoingMail.objects.values_list())

    scanner = Client()
    for _time in range(3):
        assert "Noch ein Klick" in text_of(scanner.get(path_of(url)))
        assert scanner.head(path_of(url)).status_code == 200
    assert not is_signed_in(scanner)

    page = client.get(path_of(url))
    assert page["Cache-Control"] == "private, no-store"
    session = client.session
    session["before"] = "x"
    session.save()
    key = client.session.session_key
    response = client.post(LINK, hidden(page) | {"person": person.pk})
    assert response.url == "/partner/"
    assert is_signed_in(client)
    assert client.session.session_key != key

    late = Client()
    response = late.post(LINK, hidden(page) | {"person": person.pk})
    assert "Dieser Link gilt nicht mehr" in text_of(response)
    assert "Dieser Link gilt nicht mehr" in text_of(late.get(path_of(url)))
    assert not is_signed_in(late)


def test_expired_and_forged_links_get_a_friendly_page(person, settings):
    url = path_of(sign_in_url([person]))
    settings.EHRENAMT = {"LOGIN_LINK_MINUTES": 0}
    time.sleep(1.1)
    client = Client()
    for address in (url, f"{LINK}?t=gefaelscht", LINK):
        assert "Dieser Link gilt nicht mehr" in text_of(client.get(address))
    assert not is_signed_in(client)


def test_shared_address_asks_who_is_acting(site):
    first = member_of(first_name="Anna", last_name="Amt", email="pfarramt@post.example")
    second = member_of(first_name="Berta", last_name="Büro", email="pfarramt@post.example")
    client = Client()
    page = client.get(path_of(sign_in_url([first, second])))
    assert "Wer sind Sie?" in text_of(page)
    assert [button.get_text(strip=True) for button in soup(page).select("form.ehrenamt-form button")] == ["Anna Amt", "Berta Büro"]
    outsider = member_of()
    for wrong in ("", outsider.pk, "x"):
        client.post(LINK, hidden(page) | {"person": wrong})
        assert not is_signed_in(client)
    client.post(LINK, hidden(page) | {"person": second.pk})
    assert get_user(client) == second


def test_account_that_got_admin_access_is_not_signed_in_by_an_older_link(person):
    url = path_of(sign_in_url([person]))
    page = Client().get(url)
    person.is_superuser = True
    person.save()
    client = Client()
    response = client.post(LINK, hidden(page) | {"person": person.pk})
    assert "Dieser Link gilt nicht mehr" in text_of(response)
    assert not is_signed_in(client)


def test_look_alike_address_gets_no_link(site, monkeypatch):
    # Databases fold the Turkish dotless i to i; this one perhaps does not.
    user = UserFactory(email="mike@post.example")
    monkeypatch.setattr("ehrenamt_wagtail.portal.mails.users_of_address", lambda address: [user])
    mail = OutgoingMail(template="portal/login_link", address="mıke@post.example", language="de")
    assert login_link(mail) is None


def test_switched_off_account_is_not_signed_in(person):
    url = path_of(sign_in_url([person]))
    person.is_active = False
    person.save()
    assert "Dieser Link gilt nicht mehr" in text_of(Client().get(url))
