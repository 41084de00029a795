"""Sign-ups of the demonstration: of every kind, never more than there are seats, invented, and quiet."""

import re
from collections import Counter

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.signups.seats import counts_of
from example_site.demo.content import sign_ups
from example_site.demo.content.sign_ups import PLANS

Status = models.SignUp.Status


def plans_of(title):
    return models.SeatPlan.objects.filter(offering__title=title)


def test_most_offerings_to_come_can_be_signed_up_for(demo):
    coming = [page for page in models.OfferingPage.objects.live().specific() if not page.is_past()]
    with_plan = [page for page in coming if page.seat_plans.exists()]
    assert len(with_plan) > len(coming) / 2
    assert Counter(models.SeatPlan.objects.values_list("mode", flat=True)).keys() == {"here", "external", "contact"}
    assert models.SeatPlan.objects.filter(mode="external").exclude(external_url__startswith="https://").count() == 0


def test_every_state_of_a_sign_up_is_shown_and_no_seat_is_sold_twice(demo):
    present = Counter(models.SignUp.objects.values_list("status", flat=True))
    assert set(present) == set(Status.values) - {Status.EXPIRED}
    assert present[Status.CONFIRMED] > 200 and present[Status.WAITING] >= 5 and present[Status.OFFERED] == 1
    counts = counts_of(models.SeatPlan.objects.all())
    assert all(count.free is None or count.taken <= count.capacity for count in counts.values())
    (full,) = plans_of("Asylrecht – eine Einführung")
    assert counts[full.pk].is_full and counts[full.pk].waiting == 3
    (offering,) = plans_of("Stammtischparolen gekonnt kontern!")
    assert offering.sign_ups.get(status=Status.OFFERED).expires_at > demo
    assert 140 <= models.Participant.objects.values("name").distinct().count() <= 170
    assert models.SignUp.objects.filter(seats=2).count() >= 5
    assert not models.SignUp.objects.filter(created_at__gt=timezone.now()).exists()


def test_questions_are_answered_and_needs_are_told(demo):
    assert {question.kind for question in models.Question.objects.all()} == set(models.Question.Kind.values)
    for question in models.Question.objects.filter(kind="choice"):
        assert {answer.text for answer in question.answers.all()} <= set(question.choices)
    assert models.AccessNeeds.objects.count() >= 4


def test_past_evenings_have_attendance_and_certificates(demo):
    (plan,) = plans_of("Ankommen verstehen")
    assert models.Attendance.objects.filter(participant__sign_up__plan=plan).count() == 12
    assert models.CertificateRelease.objects.filter(offering=plan.offering).get().hours > 0
    figure = models.SeatFigure.objects.get(offering=plan.offering)
    assert (figure.offered, figure.taken, figure.attended) == (24, 14, 12)


def test_each_organisation_names_the_law_that_applies_to_it(demo):
    laws = dict(models.PrivacyNotice.objects.values_list("organisation__name", "law"))
    assert len(laws) == 14
    assert laws["Caritas-Zentrum Böblingen"] == laws["Katholische Seelsorgeeinheit Oberes Gäu"] == "kdg"
    assert laws["Evangelische Kirchengemeinde Leonberg"] == laws["Diakonische Bezirksstelle Herrenberg"] == "dsg_ekd"
    assert laws["Stadt Herrenberg"] == "gdpr"


def test_supervision_is_shown_in_all_forms_for_its_supervisor_alone(demo):
    setups = models.SupervisionSetup.objects.all()
    assert {setup.form for setup in setups} == set(models.SupervisionSetup.Form.values)
    assert {setup.supervisor.username for setup in setups} == {"supervision"}
    theirs = models.SignUp.objects.filter(plan__offering__in=setups.values("offering"))
    assert theirs.count() > 10
    assert set(theirs.values_list("is_confidential", "reader__username")) == {(True, "supervision")}
    assert not models.SignUp.objects.filter(is_confidential=True).exclude(plan__offering__in=setups.values("offering")).exists()
    request = models.SupervisionRequest.objects.get(status="open")
    assert [message.author.username for message in request.messages.all()] == ["ak-renningen", "supervision", "ak-renningen"]
    assert models.HeldSession.objects.exclude(request=None).get().head_count == 9
    supervised = models.SeatFigure.objects.filter(kind="supervision")
    assert supervised.exists() and all(figure.by_circle == {} for figure in supervised)


def test_only_what_happened_just_now_was_mailed(demo):
    mails = Counter(models.OutgoingMail.objects.filter(template__startswith="signups/").values_list("template", flat=True))
    just_now = sum(plan.just_now for plan in PLANS)
    assert mails["signups/confirm"] == just_now >= 4
    assert mails["signups/offer"] == mails["signups/confirmed"] == 1
    assert sum(mails.values()) < 12


def test_people_are_invented(demo):
    emails = set(models.SignUp.objects.values_list("email", flat=True))
    assert len(emails) > 100
    assert {email for email in emails if not re.fullmatch(r"[a-z0-9.]+@post\.example", email)} == set()
    names = [f"{first} {last}" for first in sign_ups.FIRST_NAMES for last in sign_ups.LAST_NAMES]
    assert set(models.Participant.objects.values_list("name", flat=True)) <= set(names)
