"""The status report: what is written and chosen for it, its released versions, and the page that shows one of these."""

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from ..report.blocks import BodyBlock, HeadlineBlock, ReportField
from .job import LongJob

MOST_DEVELOPMENTS = 3


class StatusReport(models.Model):
    """A report to the committee on the days from ``first_day`` to ``last_day``, both included, beside those it is compared with.

    Texts are kept as they are written, figures and charts as what they show: they are live until ``release`` freezes them in a
    ``ReportVersion``. ``edition`` counts the saves, so that a form knows whether somebody else saved meanwhile. Until ``drafted_at``
    is set, nothing of it can be edited.
    """

    class Purpose(models.TextChoices):
        INFORMATION = "information", _("for information")
        DECISION = "decision", _("with a proposed decision")

    title = models.CharField(_("title"), max_length=200)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    compared_first_day = models.DateField(_("first day of the comparison"), null=True, blank=True)
    compared_last_day = models.DateField(_("last day of the comparison"), null=True, blank=True)
    # Which chapters were asked for, by the keys of ``report.chapters``.
    sections = models.JSONField(_("chapters"), default=list, editable=False)

    paper_number = models.CharField(_("number of the paper"), max_length=50, blank=True, help_text=_("For example “146/2017”."))
    department = models.CharField(_("department"), max_length=150, blank=True)
    paper_date = models.DateField(_("date of the paper"), null=True, blank=True)
    committee = models.CharField(_("committee"), max_length=200, blank=True)
    meeting_on = models.DateField(_("meeting on"), null=True, blank=True)
    is_public = models.BooleanField(
        _("for a public meeting"), default=False, help_text=_("Only public reports can be shown as a page of the website.")
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose, default=Purpose.INFORMATION)
    proposed_decision = models.TextField(_("proposed decision"), max_length=3000, blank=True)
    annexes = models.TextField(_("annexes"), max_length=1000, blank=True, help_text=_("One a line, besides the figures at the end."))

    headlines = ReportField(HeadlineBlock, verbose_name=_("five figures"), blank=True)
    developments = models.TextField(
        _("three developments"), max_length=2000, blank=True, help_text=_("Three at most; a blank line stands between them.")
    )
    need_for_action = models.TextField(_("need for action"), max_length=2000, blank=True)
    body = ReportField(BodyBlock, verbose_name=_("chapters"), blank=True)

    edition = models.PositiveIntegerField(default=0, editable=False)
    drafted_at = models.DateTimeField(_("drafted at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("created by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("status report")
        verbose_name_plural = _("status reports")
        ordering = ["-last_day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="ehrenamt_report_ends_later"),
            models.CheckConstraint(
                condition=models.Q(compared_first_day=None, compared_last_day=None)
                | models.Q(compared_last_day__gte=models.F("compared_first_day")),
                name="ehrenamt_report_compared_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        errors = {}
        if self.first_day and self.last_day and self.last_day < self.first_day:
            errors["last_day"] = _("The last day lies before the first one.")
        first, last = self.compared_first_day, self.compared_last_day
        if bool(first) != bool(last):
            errors["compared_last_day" if first else "compared_first_day"] = _("Please enter both days of the comparison, or none.")
        elif first and last and last < first:
            errors["compared_last_day"] = _("The last day lies before the first one.")
        if len(self.development_list) > MOST_DEVELOPMENTS:
            errors["developments"] = _("Please name three developments at most; a blank line stands between them.")
        if self.purpose == self.Purpose.DECISION and not self.proposed_decision.strip():
            errors["proposed_decision"] = _("Please write what is proposed to be decided, or choose “for information”.")
        if errors:
            raise ValidationError(errors)

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        return self.first_day, self.last_day

    @property
    def compared_span(self) -> tuple[dt.date, dt.date] | None:
        if self.compared_first_day is None or self.compared_last_day is None:
            return None
        return self.compared_first_day, self.compared_last_day

    @property
    def development_list(self) -> list[str]:
        paragraphs = self.developments.replace("\r\n", "\n").split("\n\n")
        return [text for text in (" ".join(paragraph.split()) for paragraph in paragraphs) if text]

    @property
    def annex_list(self) -> list[str]:
        return [line.strip() for line in self.annexes.splitlines() if line.strip()]


class ReportVersion(models.Model):
    """A status report as it was released: all texts, figures and charts as values. Written once, never changed.

    ``content`` is what the documents are made of, ``html`` the report as it was shown; the files lie in the row, since whatever lies
    among the media is open to everybody. ``pdf`` is missing where PDFs cannot be made.
    """

    report = models.ForeignKey(StatusReport, verbose_name=_("status report"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(pgettext_lazy("report", "version"))
    title = models.CharField(_("title"), max_length=200)
    is_public = models.BooleanField(_("for a public meeting"), default=False)
    content = models.JSONField(editable=False)
    html = models.TextField(editable=False)
    pdf = models.BinaryField(null=True)
    xlsx = models.BinaryField(null=True)
    released_at = models.DateTimeField(_("released at"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("released by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Stays when the account goes.
    released_by_name = models.CharField(_("released by"), max_length=200, blank=True)
    # A job that runs again after a break releases nothing twice.
    job = models.OneToOneField(LongJob, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("released version")
        verbose_name_plural = _("released versions")
        ordering = ["-released_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="ehrenamt_report_version_once")]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {"title": self.title, "number": self.number}

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("A released version never changes.")
        super().save(*args, **kwargs)


class StatusReportPage(RoutablePageMixin, Page):
    """Shows a released version of a public report; the editor of the website chooses which."""

    template = "ehrenamt_wagtail/reporting/report/status_report_page.html"

    intro = models.TextField(_("introduction"), blank=True, help_text=_("Plain text above the report."))
    version = models.ForeignKey(
        ReportVersion,
        verbose_name=_("released version"),
        null=True,
        on_delete=models.PROTECT,
        related_name="pages",
        limit_choices_to={"is_public": True},
        help_text=_("Only versions of reports for public meetings can be chosen."),
    )

    subpage_types: list[str] = []

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("version")]

    class Meta:
        verbose_name = _("page of a status report")
        verbose_name_plural = _("pages of status reports")

    def get_context(self, request, *args, **kwargs):
        from ..report.page import page_context

        return super().get_context(request, *args, **kwargs) | page_context(self, request)

    @path("pdf/", name="report_pdf")
    def pdf_route(self, _request):
        from ..report.page import pdf_of

        return pdf_of(self)

    @path("zahlen/", name="report_xlsx")
    def xlsx_route(self, _request):
        from ..report.page import xlsx_of

        return xlsx_of(self)
