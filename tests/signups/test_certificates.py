"""Certificates: released after the event, what they say, and the organiser's page."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.signups import attendance, certificates
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering
from tests.mails import forget_mails

from .held import evening, held, issue, mark, release, somebody

pytestmark = pytest.mark.django_db


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
    forget_mails()
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
