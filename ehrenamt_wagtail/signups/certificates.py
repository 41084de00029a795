"""Certificates: released by the organiser after the event, made when they are fetched, verified for ever.

There is one release for each plan: for the dates that people signed up for together, or for a single one. What a certificate
says is copied into its row, so that it can be verified after offering and personal data are gone.
"""

import datetime as dt
import secrets
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage

from . import notifications, rules
from .models import Attendance, Certificate, CertificateRelease, Participant, SeatPlan
from .seats import dates_of, lock_plan, normal_name

# The mail that says so.
READY = "signups/certificate"
# Without I, L, O and U, which are read as 1, 1, 0 and V; 16 letters are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
MISREAD = str.maketrans("ILOU", "110V")
# Contents that fit on the one page.
LONGEST_CONTENTS = 1200
HOURS_OF_A_WHOLE_DAY = 8
QUARTER = Decimal("0.25")
ACADEMIC = ("dr.", "prof.", "dr", "prof", "dipl.-ing.")


# Codes


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _position in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """„7K2M-9QXB-…“: in groups of four, to be typed from paper."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str:
    """A code as people type it: small letters, blanks and dashes anywhere, O for 0, l for 1."""
    text = unicodedata.normalize("NFKC", text)[:200].upper()
    return "".join(letter for letter in text if letter.isalnum()).translate(MISREAD)


def find_certificate(text: str) -> Certificate | None:
    """The certificate with this code, however it is typed."""
    code = read_code(text)
    return Certificate.objects.filter(code=code).first() if len(code) == CODE_LENGTH and code.isascii() else None


def initials_of(name: str) -> str:
    """„E. M.“ of „Dr. Erika Muster“: the first letter of the first and of the last word."""
    words = [word for word in normal_name(name).split(" ") if word.lower() not in ACADEMIC and word[:1].isalpha()]
    ends = words[:1] + words[1:][-1:]
    return " ".join(f"{word[0].upper()}." for word in ends)


# What a release covers


def release_of(plan: SeatPlan) -> CertificateRelease | None:
    return CertificateRelease.objects.filter(offering=plan.offering_id, occurrence_uid=plan.occurrence_uid).first()


def plan_of(release: CertificateRelease) -> SeatPlan | None:
    return SeatPlan.objects.filter(offering=release.offering_id, occurrence_uid=release.occurrence_uid).first()


def present_at(plan: SeatPlan) -> QuerySet[Participant]:
    """Who was there at one date at least."""
    present = Attendance.objects.filter(participant__sign_up__plan=plan).values("participant")
    return Participant.objects.filter(pk__in=present, sign_up__is_confidential=False)


def attended_dates(participant: Participant, offering_id: int) -> list[Occurrence]:
    """The dates at which the person was there, by start; those that the page no longer names are left out."""
    uids = Attendance.objects.filter(participant=participant).values("occurrence_uid")
    rows = Occurrence.objects.filter(page=offering_id, uid__in=uids).exclude(starts_at=None)
    return list(rows.order_by("starts_at", "pk"))


def hours_of(date: Occurrence) -> Decimal:
    """Hours that pass, to the quarter; a whole day counts as eight."""
    if date.is_all_day:
        days = ((date.end_date or date.start_date) - date.start_date).days + 1
        return Decimal(days * HOURS_OF_A_WHOLE_DAY)
    return to_quarter(Decimal((date.ends_at - date.starts_at).total_seconds()) / 3600)


def to_quarter(hours: Decimal) -> Decimal:
    return (hours / QUARTER).quantize(Decimal(1), ROUND_HALF_UP) * QUARTER


def suggested_hours(dates: Iterable[Occurrence]) -> Decimal:
    return sum((hours_of(date) for date in dates), Decimal(0))


def suggested_contents(page: OfferingPage) -> str:
    """What the page says it is about, up to the end of a sentence that fits."""
    text = (page.contents or page.summary).replace("\r\n", "\n").strip()
    if len(text) <= LONGEST_CONTENTS:
        return text
    text = text[:LONGEST_CONTENTS]
    end = max(text.rfind(mark) for mark in (". ", ".\n", "! ", "? ", "\n"))
    return text[: end + 1].strip() if end > 0 else text


# Releasing


@transaction.atomic
def release_certificates(
    plan: SeatPlan, *, hours: Decimal, contents: str, actor, now: dt.datetime | None = None
) -> CertificateRelease:
    """From now on those who were there can fetch their certificate, and are told so by mail once.

    Again it changes hours and contents; certificates that were made already say the new ones and keep their codes. Writes Wagtail's
    log at the offering. Raises ``NotAllowed`` before the last date is over, while nobody is marked as present, and for supervision.
    """
    now = now or timezone.now()
    plan = lock_plan(plan.pk)
    page = plan.offering
    ensure(rules.RELEASE, page=page, actor=actor, dates=dates_of(plan), now=now)
    present = list(present_at(plan).select_related("sign_up"))
    release = release_of(plan)
    if release is None and not present:
        raise NotAllowed(_("Nobody is marked as present yet. Please mark first who was there; nothing is lost."))
    facts = {"hours": hours, "contents": contents}
    if release is None:
        release = CertificateRelease.objects.create(
            offering=page, occurrence_uid=plan.occurrence_uid, by=actor, at=now, **facts
        )
        log(instance=page, action="ehrenamt.release_certificates", user=actor, data={"number": len(present)})
    else:
        CertificateRelease.objects.filter(pk=release.pk).update(**facts)
        release.hours, release.contents = hours, contents
    for participant in present:
        correct(participant)
    return release


@transaction.atomic
def take_release_back(release: CertificateRelease, *, actor) -> None:
    """Nobody can fetch a certificate any more. Writes Wagtail's log at the offering.

    Raises ``NotAllowed`` when one was made already: somebody may hold it in their hands.
    """
    page = release.offering
    ensure(rules.CERTIFY, page=page, actor=actor)
    plan = plan_of(release)
    if plan is not None:
        lock_plan(plan.pk)
    number = release.certificates.count()
    if number:
        raise NotAllowed(
            _("%(number)s certificates were made already, so the release stays. You can still correct hours, contents and presence.")
            % {"number": number}
        )
    release.delete()
    log(instance=page, action="ehrenamt.take_certificates_back", user=actor)


# Making


@transaction.atomic
def issue(participant: Participant) -> Certificate:
    """The person's certificate, made at the first time and the same ever after.

    Raises ``NotAllowed`` when it was not released or the person is not marked as present.
    """
    plan = lock_plan(participant.sign_up.plan_id)
    release = release_of(plan)
    dates = attended_dates(participant, plan.offering_id)
    if release is None or participant.sign_up.is_confidential:
        raise NotAllowed(_("The organiser has not released the certificates yet. Please try again later."))
    if not dates:
        raise NotAllowed(_("You are not marked as present. If you were there, please tell the organiser; nothing is lost."))
    certificate = Certificate.objects.filter(release=release, participant=participant).first()
    if certificate is None:
        certificate = Certificate(release=release, participant=participant, code=new_code())
    return write(certificate, plan, dates)


@transaction.atomic
def issue_all(release: CertificateRelease, *, participants: Iterable[Participant], actor) -> list[Certificate]:
    """Certificates to print for people without a mail address, or for all. Raises ``NotAllowed`` as ``issue`` does."""
    ensure(rules.CERTIFY, page=release.offering, actor=actor)
    return [issue(participant) for participant in participants]


def correct(participant: Participant) -> None:
    """Bring a certificate in line with who was there now; one of somebody who was not is withdrawn. The plan is locked.

    Tells the person once that it can be fetched.
    """
    plan = participant.sign_up.plan
    release = release_of(plan)
    if release is None:
        return
    certificate = Certificate.objects.filter(release=release, participant=participant).first()
    dates = attended_dates(participant, plan.offering_id)
    if dates:
        notifications.write(READY, participant.sign_up, dedupe=str(release.pk))
    if certificate is not None and dates:
        write(certificate, plan, dates)
    elif certificate is not None:
        certificate.delete()


def write(certificate: Certificate, plan: SeatPlan, dates: list[Occurrence]) -> Certificate:
    """Copy what the certificate says into its row."""
    page, release = plan.offering, certificate.release
    planned = dates_of(plan)
    attended = {date.uid for date in dates}
    is_whole = bool(planned) and {date.uid for date in planned} <= attended
    certificate.initials = initials_of(certificate.participant.name)
    certificate.title = page.title
    certificate.module = module_of(page)
    certificate.organiser = page.organisation.name if page.organisation else ""
    certificate.dates = [[moment_in(date, date.starts_at), end_of(date)] for date in dates]
    certificate.hours = release.hours if is_whole else share_of(release.hours, planned, dates)
    certificate.is_whole_series = is_whole and len(planned) > 1
    certificate.contents = release.contents
    certificate.save()
    return certificate


def share_of(hours: Decimal, planned: list[Occurrence], attended: list[Occurrence]) -> Decimal:
    """Hours of somebody who missed a date: as much of the whole as the attended dates last, to the quarter, never more."""
    whole = suggested_hours({date.uid: date for date in [*planned, *attended]}.values())
    part = suggested_hours(attended)
    return min(hours, to_quarter(hours * part / whole)) if whole else hours


def moment_in(date: Occurrence, moment: dt.datetime) -> str:
    return date.start_date.isoformat() if date.is_all_day else timezone.localtime(moment).isoformat()


def end_of(date: Occurrence) -> str | None:
    end = date.end_date if date.is_all_day else date.end and timezone.localtime(date.end)
    return end.isoformat() if end else None


def module_of(page: OfferingPage) -> str:
    """„Modul 2 der Reihe „Grundkurs 2027““."""
    if not page.series_title:
        return ""
    facts = {"number": page.module_number, "series": page.series_title}
    text = _("Module %(number)s of the series “%(series)s”") if page.module_number else _("Part of the series “%(series)s”")
    return (text % facts)[:255]


# What somebody has


def fetchable(participants: QuerySet[Participant]) -> list[Participant]:
    """Of these people those whose certificate was released; ``certificate`` is the one that was made, or ``None``."""
    present = Attendance.objects.values("participant")
    people = participants.filter(pk__in=present, sign_up__is_confidential=False).select_related("sign_up__plan__offering")
    people = list(people.order_by("pk"))
    releases = {
        (row.offering_id, row.occurrence_uid): row
        for row in CertificateRelease.objects.filter(offering__in={person.sign_up.plan.offering_id for person in people})
    }
    made = {
        (row.release_id, row.participant_id): row for row in Certificate.objects.filter(participant__in=people, release__isnull=False)
    }
    found = []
    for person in people:
        plan = person.sign_up.plan
        release = releases.get((plan.offering_id, plan.occurrence_uid))
        if release is not None:
            person.certificate = made.get((release.pk, person.pk))
            found.append(person)
    return found


def of_address(email: str) -> QuerySet[Participant]:
    return Participant.objects.filter(sign_up__email__iexact=email.strip()) if email.strip() else Participant.objects.none()


def by_person(participants: Iterable[Participant]) -> dict[str, list[Participant]]:
    """Who shares a mail address: one list for each name, however it is spelt in upper and lower case."""
    people: dict[str, list[Participant]] = {}
    for participant in participants:
        people.setdefault(normal_name(participant.name).casefold(), []).append(participant)
    return people
