"""The long job that writes all letters of a round."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.long_jobs import Report
from ehrenamt_wagtail.reporting.models import LongJob, ThanksLetters, ThanksRound

from . import rules
from .letters import laid_out, letters_of

STEPS = 3


def register() -> None:
    """Called in ``ready()``."""
    long_jobs.register_work(LongJob.Kind.THANKS, write, result_url=result_url, title=title_of)


def round_of(job: LongJob) -> ThanksRound | None:
    return ThanksRound.objects.filter(pk=job.params["round"]).first()


def result_url(job: LongJob) -> str:
    """The page of the round, or nothing if it is gone."""
    return reverse("ehrenamt_admin:thanks", args=[job.params["round"]]) if round_of(job) else ""


def title_of(job: LongJob) -> str:
    round = round_of(job)
    return _("Letters for “%(round)s”") % {"round": round} if round else ""


def write(job: LongJob, report: Report) -> str:
    """Write a letter to everybody who is named now, in the language of the site, in place of the letters before.

    Nothing is kept if somebody was removed meanwhile. Raises ``NotAllowed`` if the round is gone or over, nobody is named, or no
    PDF can be made here.
    """
    round = round_of(job)
    if round is None:
        raise NotAllowed(_("These thanks were deleted in the meantime."))
    ensure(rules.WRITE, round=round, actor=job.started_by)
    report(0, STEPS)
    with translation.override(settings.LANGUAGE_CODE):
        letters = letters_of(round)
        people = set(round.people.values_list("pk", flat=True))
        pages = laid_out(round, letters)
    report(1, STEPS)
    content = pdf.written(pages)
    report(2, STEPS)
    keep(round, people, content, job)
    sentence = ngettext("%(number)s letter is written.", "%(number)s letters are written.", len(letters))
    return sentence % {"number": len(letters)}


@transaction.atomic
def keep(round: ThanksRound, people: set[int], content: bytes, job: LongJob) -> None:
    locked = ThanksRound.objects.select_for_update().get(pk=round.pk)
    ensure(rules.PRINT, round=locked, actor=job.started_by)
    if people - set(locked.people.values_list("pk", flat=True)):
        raise NotAllowed(_("Somebody was removed while the letters were written. Nothing was kept; please write them again."))
    made = {"pdf": content, "number": len(people), "made_at": timezone.now(), "made_by": job.started_by, "job": job}
    ThanksLetters.objects.update_or_create(round=locked, defaults=made)
