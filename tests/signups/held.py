"""Events that are over, and sign-ups with all that comes to hang on one."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.signups import attendance, certificates
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of


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


def full_sign_up(plan, **facts):
    """A sign-up with everything that can hang on one."""
    row = sign_up_of(plan, **{"needs": "Ich komme mit dem Rollstuhl.", **facts})
    person = row.participants.first()
    question = models.Question.objects.create(plan=plan, text="Was essen Sie?", purpose="Für den Einkauf")
    models.Answer.objects.create(sign_up=row, question=question, label=question.text, text="Alles")
    models.Attendance.objects.create(participant=person, occurrence_uid=plan.offering.occurrences.first().uid)
    notice = models.Notice.objects.create(offering=plan.offering, kind="message", subject="Parken", text="Bitte hinter dem Haus.")
    models.NoticeRecipient.objects.create(notice=notice, sign_up=row, mail=models.OutgoingMail.objects.first())
    models.Certificate.objects.create(participant=person, code=f"CODE{row.pk}", initials="E. M.", title="Abend", hours=2)
    return row
