"""Certificates: verified by anybody, fetched by those who were there, collected by mail."""


import pytest
from django.core import mail
from django.urls import reverse

from ehrenamt_wagtail import models, pdf
from ehrenamt_wagtail.signups import certificates, records
from ehrenamt_wagtail.signups.tokens import token_of
from tests.mails import forget_mails, link_in

from .held import held, issue, mark, release, somebody

pytestmark = pytest.mark.django_db


# Codes


def test_codes_are_long_random_and_easy_to_read():
    codes = {certificates.new_code() for _number in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    # 32 letters are 5 bits each.
    assert certificates.CODE_LENGTH * 5 >= 60


def test_code_is_read_however_it_is_typed(client):
    _page, plan, actor = held()
    erika = somebody(plan)
    mark(erika, actor)
    release(plan, actor)
    row = issue(erika)
    models.Certificate.objects.filter(pk=row.pk).update(code="0170ABCD00112233")
    ways = ["0170-ABCD-0011-2233", "o17o abcd ooll 2233", " 0 1 7 0 AbCd OOII 2233.", "\uff10170abcd00112233", "0170—abcd—0011—2233"]
    for typed in ways:
        assert certificates.find_certificate(typed) == row
    for wrong in ("", "0170", "0170ABCD00112234", "0170ABCD001122330", "💥" * 16, "Ω" * 16, "\x00" * 16):
        assert certificates.find_certificate(wrong) is None


def verified(client, code) -> str:
    return client.get(reverse("ehrenamt:certificate-verified", args=[code])).content.decode()


def test_verification_confirms_initials_and_no_name_also_when_the_data_are_gone(client):
    page, plan, actor = held(-10, -3)
    erika = somebody(plan)
    mark(erika, actor)
    release(plan, actor, hours="4")
    code = issue(erika).code
    before = verified(client, code)
    assert "Diese Bescheinigung ist echt" in before and "4 Stunden" in before and "E. M." in before
    for secret in ("Erika", "Muster<", "erika@post.example", page.organisation.name, "Rechte und Pflichten"):
        assert secret not in before
    models.SignUp.objects.all().delete()
    assert verified(client, code) == before
    page.delete()
    assert verified(client, code) == before


def test_unknown_code_is_answered_in_a_friendly_way(client):
    response = client.get(reverse("ehrenamt:certificate-verified", args=["AAAA-BBBB-CCCC-DDDD"]))
    assert response.status_code == 404
    assert "Diesen Prüfcode kennen wir nicht" in response.content.decode()
    assert response.context["form"]["code"].value() == "AAAA-BBBB-CCCC-DDDD"


def test_form_for_a_code_leads_on_or_says_what_is_wrong(client):
    url = reverse("ehrenamt:certificate-check")
    assert client.get(url, {"code": "abcd abcd abcd abcd"})["Location"] == reverse(
        "ehrenamt:certificate-verified", args=["ABCD-ABCD-ABCD-ABCD"]
    )
    assert "16 Buchstaben und Ziffern, das sind 3" in client.get(url, {"code": "abc"}).content.decode()
    assert client.get(url, {"code": ""}).context["form"].errors
    assert client.cookies == {}


# Fetching


def test_person_fetches_the_certificate_from_the_own_page(client):
    _page, plan, actor = held()
    erika = somebody(plan)
    person = erika.participants.get()
    token = token_of(erika)
    url = reverse("ehrenamt:certificate", args=[token, person.pk])
    own = reverse("ehrenamt:sign-up", args=[token])
    assert url not in client.get(own).content.decode()
    mark(erika, actor)
    assert "Sobald die Bescheinigungen freigegeben sind" in client.get(own).content.decode()
    assert "noch nicht freigegeben" in client.post(url).content.decode()
    assert not models.Certificate.objects.exists()

    release(plan, actor)
    page = client.get(own).content.decode()
    # Before when and where: the mail leads here.
    assert page.index(url) < page.index("<dt>Wann</dt>")
    assert "Bescheinigung abrufen" in client.get(url).content.decode()
    assert not models.Certificate.objects.exists()
    assert client.post(url)["Location"] == url
    assert client.get(url)["Content-Type"] == "application/pdf"
    assert client.get(url)["Cache-Control"] == "private, no-store"


def test_certificate_of_somebody_else_does_not_exist(client):
    _page, plan, actor = held()
    erika, otto = somebody(plan), somebody(plan, "Otto Muster", "otto@post.example")
    mark(erika, actor)
    mark(otto, actor)
    release(plan, actor)
    for args in ([token_of(erika), otto.participants.get().pk], ["falsch", erika.participants.get().pk]):
        url = reverse("ehrenamt:certificate", args=args)
        assert client.get(url).status_code == client.post(url).status_code == 404
    assert not models.Certificate.objects.exists()


def test_without_the_extra_a_page_says_how_to_print(client, monkeypatch):
    _page, plan, actor = held()
    erika = somebody(plan)
    mark(erika, actor)
    release(plan, actor)
    issue(erika)
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    url = reverse("ehrenamt:certificate", args=[token_of(erika), erika.participants.get().pk])
    content = client.get(url).content.decode()
    assert "Bitte drucken Sie diese Seite." in content and "Erika Muster" in content


# All of one person


def ask(client, address) -> tuple[str, int]:
    """What the page answers, and how many mails went out."""
    before = len(mail.outbox)
    response = client.post(reverse("ehrenamt:own-records"), {"email": address})
    return response["Location"], len(mail.outbox) - before


def test_record_is_collected_by_a_mailed_link_for_each_name(client, django_capture_on_commit_callbacks):
    for days, title in ((-20, "Asylrecht"), (-3, "Wohnungssuche")):
        _page, plan, actor = held(days, title=title)
        for name in ("Erika Muster", "Otto Muster"):
            mark(somebody(plan, name, "paar@post.example"), actor)
        release(plan, actor, hours="2.5")
    forget_mails()
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client, "Paar@post.example")[0] == reverse("ehrenamt:own-records-sent")
    message = mail.outbox[-1]
    assert message.subject == "Ihre Teilnahmebescheinigungen"
    url = link_in(message, "/anmeldung/nachweise/")
    assert "paar" not in url
    rows = client.get(url).context["rows"]
    assert [(row["name"], row["titles"]) for row in rows] == [
        ("Erika Muster", ["Asylrecht", "Wohnungssuche"]),
        ("Otto Muster", ["Asylrecht", "Wohnungssuche"]),
    ]
    assert not models.Certificate.objects.exists()
    document = client.post(url, {"person": rows[0]["pk"]})["Location"]
    assert models.Certificate.objects.count() == 2
    assert client.get(document)["Content-Type"] == "application/pdf"


def test_answer_and_rows_are_the_same_for_every_address(client, django_capture_on_commit_callbacks):
    _page, plan, actor = held()
    mark(somebody(plan), actor)
    release(plan, actor)
    forget_mails()
    with django_capture_on_commit_callbacks(execute=True):
        known = ask(client, "erika@post.example")
        unknown = ask(client, "niemand@post.example")
    assert known[0] == unknown[0]
    rows = models.OutgoingMail.objects.filter(template=records.MAIL)
    assert [(row.is_confidential, row.address) for row in rows.order_by("pk")] == [
        (True, "erika@post.example"),
        (True, "niemand@post.example"),
    ]
    assert [message.to for message in mail.outbox] == [["erika@post.example"]]


def test_mails_to_one_address_are_limited(client, settings):
    settings.EHRENAMT = {**getattr(settings, "EHRENAMT", {}), "SIGNUP_MAILS_PER_DAY": 2}
    answers = {ask(client, "erika@post.example")[0] for _number in range(4)}
    assert len(answers) == 1
    assert models.OutgoingMail.objects.filter(template=records.MAIL).count() == 2


def test_machine_that_fills_in_the_trap_gets_the_answer_and_no_mail(client):
    response = client.post(reverse("ehrenamt:own-records"), {"email": "erika@post.example", "website": "x"})
    assert response["Location"] == reverse("ehrenamt:own-records-sent")
    assert not models.OutgoingMail.objects.filter(template=records.MAIL).exists()


def test_link_ends_and_reaches_nobody_else(client, monkeypatch):
    _page, plan, actor = held()
    erika, otto = somebody(plan), somebody(plan, "Otto Muster", "otto@post.example")
    mark(erika, actor)
    mark(otto, actor)
    release(plan, actor)
    token = records.link_token("erika@post.example")
    url = reverse("ehrenamt:own-records-list", args=[token])
    assert client.post(url, {"person": otto.participants.get().pk}).status_code == 404
    for wrong in (token[:-2] + "xx", token_of(erika), "x"):
        answer = client.get(reverse("ehrenamt:own-records-list", args=[wrong]))
        assert (answer.status_code, "gilt nicht mehr" in answer.content.decode()) == (404, True)
    monkeypatch.setattr(records, "LINK_HOURS", -1)
    assert "gilt nicht mehr" in client.get(url).content.decode()
    assert client.post(url, {"person": erika.participants.get().pk}).status_code == 404
    assert not models.Certificate.objects.exists()
