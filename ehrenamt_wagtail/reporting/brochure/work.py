"""The long job that makes a file of a brochure."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.long_jobs import Report
from ehrenamt_wagtail.reporting.models import Brochure, LongJob

from . import files, rendering, rules
from .contents import contents_of

# Read, lay out, write, keep.
STEPS = 4


def register() -> None:
    """Called in ``ready()``."""
    long_jobs.register_work(LongJob.Kind.BROCHURE, make_files, result_url=result_url, title=title_of)


def result_url(job: LongJob) -> str:
    """The brochure's own page, or nothing if it is gone."""
    exists = Brochure.objects.filter(pk=job.params["brochure"]).exists()
    return reverse("ehrenamt_admin:brochure", args=[job.params["brochure"]]) if exists else ""


def title_of(job: LongJob) -> str:
    brochure = Brochure.objects.filter(pk=job.params["brochure"]).first()
    return _("“%(title)s” in %(format)s") % {"title": brochure, "format": job.params["format"].upper()} if brochure else ""


def make_files(job: LongJob, report: Report) -> str:
    """Make the file of one format, in the language of the site, and put it in place of the older one.

    Nothing is kept before it is complete. Raises ``NotAllowed`` if the brochure is gone or no PDF can be made here.
    """
    ensure([rules.must_be_able_to_make_files])
    format = job.params["format"]
    brochure = Brochure.objects.select_related("period", "cover").filter(pk=job.params["brochure"]).first()
    if brochure is None:
        raise NotAllowed(_("The brochure was deleted meanwhile."))
    files.remove_orphans()
    report(0, STEPS)
    with translation.override(settings.LANGUAGE_CODE), rendering.without_collecting():
        contents = contents_of(brochure)
        report(1, STEPS)
        pages = rendering.laid_out(contents, format)
        report(2, STEPS)
        made = rendering.written(pages, contents, format)
    report(3, STEPS)
    number = len(contents.entries)
    files.keep(brochure.pk, {format: made}, offerings=number, made_by=job.started_by)
    report(STEPS, STEPS)
    sentence = ngettext(
        "The brochure with %(number)s offering is ready: %(pages)s.",
        "The brochure with %(number)s offerings is ready: %(pages)s.",
        number,
    )
    return sentence % {"number": number, "pages": pages_in_words(format, made)}


def pages_in_words(format: str, made: rendering.Made) -> str:
    """„A5 mit 24 Seiten“."""
    words = ngettext("%(format)s with %(number)s page", "%(format)s with %(number)s pages", made.pages)
    return words % {"format": format.upper(), "number": made.pages}
