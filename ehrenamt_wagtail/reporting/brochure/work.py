"""The long job that makes the files of a brochure."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.long_jobs import Report
from ehrenamt_wagtail.reporting.models import Brochure, BrochureFile, LongJob

from . import files, rendering, rules
from .contents import contents_of

FORMATS = BrochureFile.Format.values
# Read; lay out and write each format; keep.
STEPS = 2 + 2 * len(FORMATS)


def register() -> None:
    """Called in ``ready()``."""
    long_jobs.register_work(LongJob.Kind.BROCHURE, make_files, result_url=result_url, title=title_of)


def result_url(job: LongJob) -> str:
    """The brochure's own page, or nothing if it is gone."""
    exists = Brochure.objects.filter(pk=job.params["brochure"]).exists()
    return reverse("ehrenamt_admin:brochure", args=[job.params["brochure"]]) if exists else ""


def title_of(job: LongJob) -> str:
    brochure = Brochure.objects.filter(pk=job.params["brochure"]).first()
    return _("Files of “%(title)s”") % {"title": brochure} if brochure else ""


def make_files(job: LongJob, report: Report) -> str:
    """Make all formats of one state of the programme, in the language of the site, and put them in place of the older files.

    Nothing is kept before all of it is complete. Raises ``NotAllowed`` if the brochure is gone or no PDF can be made here.
    """
    ensure([rules.must_be_able_to_make_files])
    brochure = Brochure.objects.select_related("period", "cover").filter(pk=job.params["brochure"]).first()
    if brochure is None:
        raise NotAllowed(_("The brochure was deleted meanwhile."))
    files.remove_orphans()
    report(0, STEPS)
    made = {}
    with translation.override(settings.LANGUAGE_CODE):
        contents = contents_of(brochure)
        report(1, STEPS)
        for number, format in enumerate(FORMATS):
            pages = rendering.laid_out(contents, format)
            report(2 + 2 * number, STEPS)
            made[format] = rendering.written(pages, contents, format)
            report(3 + 2 * number, STEPS)
    number = len(contents.entries)
    files.keep(brochure.pk, made, offerings=number, made_by=job.started_by)
    report(STEPS, STEPS)
    sentence = ngettext(
        "The brochure with %(number)s offering is ready: %(pages)s.",
        "The brochure with %(number)s offerings is ready: %(pages)s.",
        number,
    )
    return sentence % {"number": number, "pages": pages_in_words(made)}


def pages_in_words(made: dict[str, rendering.Made]) -> str:
    """„A4 mit 12 Seiten, A5 mit 24 Seiten“."""
    words = [
        ngettext("%(format)s with %(number)s page", "%(format)s with %(number)s pages", one.pages)
        % {"format": format.upper(), "number": one.pages}
        for format, one in made.items()
    ]
    return ", ".join(words)
