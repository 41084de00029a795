"""Certificates: released after the event, fetched by those who were there, verified by anybody, collected by mail."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.signups import attendance, certificates, pdf, records
from ehrenamt_wagtail.signups.tokens import token_of
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

pytestmark = pytest.mark.django_db


def evening(days: int, hours: int = 2) -> models.Occurrence:
    start = in_days(days, 19)
    return models.Occurrence(start=start, end=start + dt.timedelta(hours=hours))


def held(*days, **facts):
    """A series that is over, its plan and a member of its organisation; people still signed up in time."""
    page = published_offering(dates=[evening(day) for day in days or (-3,)], **facts)
    page, plan = offering_with_sign_up(page=page)
    return page, plan, member_of(page.organisation)


def somebody(plan, name="Erika Muster", email="erika@post.example", **facts):
    """A sign-up made before the event."""
    early = timezone.now() - dt.timedelta(days=300)
    return sign_up_of(plan, name=name, email=email, now=early, **facts)


def mark(sign_up, actor, *dates):
    page = sign_up.plan.offering
    for person in sign_up.participants.all():
        for date in dates or page.occurrences.order_by("starts_at"):
            attendance.mark_present(person, date=attendance.date_of(page, date.uid), actor=actor)


def release(plan, actor, hours="2", contents="Rechte und Pflichten"):
    return certificates.release_certificates(plan, hours=Decimal(hours), contents=contents, actor=actor)


def issue(sign_up):
    return certificates.issue(sign_up.participants.first())


# Releasing


def test_release_waits_for_the_last_date(client):
    page, plan, actor = held(-3, 4)
    mark(somebody(plan), actor, page.occurrences.order_by("starts_at").first())
    with pytest.raises(NotAllowed, match="wenn der letzte Termin vorbei ist"):
        release(plan, actor)
    assert not models.CertificateRelease.objects.exists()


def test_release_needs_somebody_who_was_there():
    _page, plan, actor = held()
    somebody(plan)
    with pytest.raises(NotAllowed, match="niemand als anwesend"):
        release(plan, actor)
    assert not models.CertificateRelease.objects.exists()


def test_release_is_for_the_own_organisation_only():
    _page, plan, actor = held()
    mark(somebody(plan), actor)
    with pytest.raises(NotAllowed):
        release(plan, member_of())
    assert not models.CertificateRelease.objects.exists()


def test_supervision_has_neither_marks_nor_certificates():
    page = published_offering(model=models.SupervisionPage, dates=[evening(-3)])
    page, plan = offering_with_sign_up(page=page)
    actor = member_of(page.organisation)
    row = models.SignUp.objects.create(plan=plan, status="confirmed", seats=1, seats_held=1)
    person = models.Participant.objects.create(sign_up=row, name="Erika Muster")
    with pytest.raises(NotAllowed, match="vertraulich"):
        attendance.mark_present(person, date=attendance.date_of(page, page.occurrences.get().uid), actor=actor)
    models.Attendance.objects.create(participant=person, occurrence_uid=page.occurrences.get().uid)
    with pytest.raises(NotAllowed, match="vertraulich"):
        release(plan, actor)
    assert not models.CertificateRelease.objects.exists()


def test_release_is_taken_back_until_a_certificate_was_made():
    _page, plan, actor = held()
    erika = somebody(plan)
    mark(erika, actor)
    certificates.take_release_back(release(plan, actor), actor=actor)
    with pytest.raises(NotAllowed, match="noch nicht freigegeben"):
        issue(erika)
    row = release(plan, actor)
    issue(erika)
    with pytest.raises(NotAllowed, match="schon Bescheinigungen ausgestellt"):
        certificates.take_release_back(row, actor=actor)
    assert models.CertificateRelease.objects.count() == models.Certificate.objects.count() == 1


def test_released_certificates_are_told_once(django_capture_on_commit_callbacks):
    _page, plan, actor = held()
    mark(somebody(plan), actor)
    absent = somebody(plan, "Otto Muster", "otto@post.example")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        release(plan, actor)
        release(plan, actor, hours="3")
    assert [(message.to, message.subject) for message in mail.outbox] == [
        (["erika@post.example"], "Teilnahmebescheinigung: Grundlagen des Asylrechts")
    ]
    with django_capture_on_commit_callbacks(execute=True):
        mark(absent, actor)
    assert [message.to for message in mail.outbox[1:]] == [["otto@post.example"]]


# What a certificate says


def test_certificate_says_what_was_attended():
    page, plan, actor = held(-17, -10, -3, series_title="Grundkurs 2027", module_number="2")
    erika, otto = somebody(plan), somebody(plan, "Otto Muster", "otto@post.example")
    mark(erika, actor)
    mark(otto, actor, page.occurrences.order_by("starts_at").first())
    release(plan, actor, hours="6.5")
    whole, part = issue(erika), issue(otto)
    assert (whole.hours, whole.is_whole_series, len(whole.dates)) == (Decimal("6.5"), True, 3)
    assert (part.hours, part.is_whole_series, len(part.dates)) == (Decimal("2.25"), False, 1)
    assert (whole.title, whole.module) == (page.title, "Modul 2 der Reihe „Grundkurs 2027“")
    assert (whole.organiser, whole.contents, whole.initials) == (page.organisation.name, "Rechte und Pflichten", "E. M.")


def test_certificate_is_made_once_and_follows_corrections():
    page, plan, actor = held(-10, -3)
    erika = somebody(plan)
    mark(erika, actor)
    release(plan, actor, hours="4")
    code = issue(erika).code
    release(plan, actor, hours="5")
    assert (issue(erika).code, models.Certificate.objects.get().hours) == (code, 5)

    person = erika.participants.get()
    first, second = (attendance.date_of(page, date.uid) for date in page.occurrences.order_by("starts_at"))
    attendance.take_back(person, date=first, actor=actor)
    row = models.Certificate.objects.get()
    assert (row.code, row.hours, row.is_whole_series) == (code, Decimal("2.5"), False)
    attendance.take_back(person, date=second, actor=actor)
    assert not models.Certificate.objects.exists()


def test_each_of_two_people_has_a_certificate():
    _page, plan, actor = held()
    models.SeatPlan.objects.filter(pk=plan.pk).update(seats_per_sign_up=2)
    plan.refresh_from_db()
    both = somebody(plan, names=["Erika Muster", "Otto Muster"])
    mark(both, actor)
    release(plan, actor)
    codes = {certificates.issue(person).code for person in both.participants.all()}
    assert len(codes) == 2


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Erika Muster", "E. M."),
        ("Dr. Anna-Lena von der Müller-Schmidt", "A. M."),
        ("prof. dr. özlem şahin", "Ö. Ş."),
        ("Madonna", "M."),
        ("أحمد علي", "أ. ع."),
        ("😀 Zoe 😀", "Z."),
    ],
)
def test_initials_tell_no_name(name, initials):
    assert certificates.initials_of(name) == initials


def test_whole_days_count_eight_hours_and_minutes_go_to_the_quarter():
    day = dt.date(2027, 3, 12)
    weekend = models.Occurrence(start_date=day, end_date=day + dt.timedelta(days=1))
    assert certificates.hours_of(weekend) == 16
    start = in_days(3)
    end = start + dt.timedelta(minutes=100)
    odd = models.Occurrence(start=start, end=end, starts_at=start, ends_at=end)
    assert certificates.hours_of(odd) == Decimal("1.75")


def test_suggested_contents_end_with_a_sentence():
    page = models.TrainingPage(contents="Ein Satz über Rechte. " * 100)
    text = certificates.suggested_contents(page)
    assert len(text) <= certificates.LONGEST_CONTENTS and text.endswith("Rechte.")


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
    assert url in client.get(own).content.decode()
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
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert ask(client, "Paar@post.example")[0] == reverse("ehrenamt:own-records-sent")
    message = mail.outbox[-1]
    assert message.subject == "Ihre Teilnahmebescheinigungen"
    assert "paar" not in re.search(r"https?://\S+/nachweise/\S+", message.body)[0]
    url = re.search(r"https?://[^/\s]+(/anmeldung/nachweise/\S+)", message.body)[1]
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
    mail.outbox.clear()
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


# The organiser's page


def test_organiser_releases_corrects_and_prints(client):
    page, plan, actor = held(-10, -3)
    for name, email in (("Erika Muster", "erika@post.example"), ("Otto Muster", "otto@post.example")):
        mark(somebody(plan, name, email), actor)
    client.force_login(actor)
    url = reverse("ehrenamt:certificates", args=[page.pk])
    form = client.get(url).context["sections"][0].form
    assert (form.initial["hours"], form.initial["contents"]) == (4, page.summary)
    prefix = f"plan-{plan.pk}"
    data = {"plan": plan.pk, "action": "release", f"{prefix}-hours": "4,5", f"{prefix}-contents": "Neu"}
    client.post(url, data)
    assert models.CertificateRelease.objects.get().hours == Decimal("4.5")

    client.post(url, {**data, f"{prefix}-hours": "0"})
    client.post(url, {**data, f"{prefix}-hours": "viele"})
    refused = client.post(url, {**data, f"{prefix}-contents": "x" * 1201})
    assert "1201 Zeichen" in refused.content.decode()
    assert models.CertificateRelease.objects.get().hours == Decimal("4.5")

    answer = client.post(url, {"plan": plan.pk, "action": "print", "person": ""})
    assert models.Certificate.objects.count() == 2
    assert client.get(answer["Location"])["Content-Type"] == "application/pdf"
    client.post(url, {"plan": plan.pk, "action": "take-back"})
    assert models.CertificateRelease.objects.count() == 1


@pytest.mark.parametrize("action", ["release", "print", "take-back"])
def test_certificates_of_another_organisation_do_not_exist(action, client):
    page, plan, actor = held()
    mark(somebody(plan), actor)
    row = release(plan, actor)
    client.force_login(member_of())
    url = reverse("ehrenamt:certificates", args=[page.pk])
    data = {"plan": plan.pk, "action": action, f"plan-{plan.pk}-hours": "9"}
    assert client.get(url).status_code == client.post(url, data).status_code == 404
    assert client.get(reverse("ehrenamt:certificates-print", args=[page.pk, row.pk])).status_code == 404
    row.refresh_from_db()
    assert (row.hours, models.Certificate.objects.count()) == (2, 0)


@pytest.mark.parametrize("number", [1, 3, 100])
def test_page_asks_the_same_number_of_queries_however_many_were_there(number, client, django_assert_max_num_queries):
    page, plan, actor = held()
    mark(somebody(plan), actor)
    release(plan, actor)
    rows = models.SignUp.objects.bulk_create(
        models.SignUp(plan=plan, status="confirmed", seats=1, seats_held=1, email=f"p{n}@post.example") for n in range(number - 1)
    )
    people = models.Participant.objects.bulk_create(models.Participant(sign_up=row, name=f"Person {row.pk}") for row in rows)
    uid = page.occurrences.get().uid
    models.Attendance.objects.bulk_create(models.Attendance(participant=row, occurrence_uid=uid) for row in people)
    client.force_login(actor)
    client.get(reverse("ehrenamt:certificates", args=[page.pk]))
    with django_assert_max_num_queries(40) as captured:
        section = client.get(reverse("ehrenamt:certificates", args=[page.pk])).context["sections"][0]
    assert len(section.people) == number
    QUERIES.add(len(captured))
    assert len(QUERIES) == 1


QUERIES: set[int] = set()
