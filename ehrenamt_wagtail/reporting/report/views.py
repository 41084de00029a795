"""Status reports in the Wagtail admin: beginning one, its own page with versions and buttons, preview, files."""

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, first_objection

from ..figures.spans import Span
from ..models import LongJob, ReportVersion, StatusReport
from . import actions, documents, rules
from .content import content_of
from .files import PDF, XLSX, file_response
from .forms import NewReportForm


def register_url(action: str, *args) -> str:
    return reverse(f"ehrenamt_wagtail_statusreport_modeladmin_{action}", args=args)


class ReportAdminView(CoordinatorView):
    """What all have in common: the way back, the icon."""

    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict]:
        *before, own = super().get_breadcrumbs_items()
        label = capfirst(StatusReport._meta.verbose_name_plural)
        return [*before, {"url": register_url("index"), "label": label}, own]


class NewReportView(ReportAdminView):
    page_title = gettext_lazy("New status report")
    template_name = "ehrenamt_wagtail/reporting/report/admin/new.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**{"form": NewReportForm(), **kwargs}, action_url=reverse("ehrenamt_admin:report_new"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewReportForm(request.POST)
        if not form.is_valid():
            messages.validation_error(request, _("No report was begun yet. Please look at the notes."), form)
            return self.render_to_response(self.get_context_data(form=form))
        try:
            report = actions.create_report(actor=request.user, **form.values())
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return redirect(register_url("index"))
        return redirect("ehrenamt_admin:long_job", last_job(report).pk)


class OneReportView(ReportAdminView):
    """A view of the report that the address names."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.report_id = kwargs["report_id"]

    @cached_property
    def report(self) -> StatusReport:
        return get_object_or_404(StatusReport.objects.select_related("changed_by"), pk=self.report_id)

    @property
    def page_title(self) -> str:
        return self.report.title

    def get(self, request: HttpRequest, **_kwargs) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def back(self) -> HttpResponse:
        return redirect("ehrenamt_admin:report", self.report.pk)


class ReportView(OneReportView):
    """The report's own page: where it stands, what can be done, its versions."""

    template_name = "ehrenamt_wagtail/reporting/report/admin/report.html"

    def get_context_data(self, **kwargs) -> dict:
        report, facts = self.report, {"report": self.report, "actor": self.request.user}
        job = last_job(report)
        return super().get_context_data(
            report=report,
            span=Span(*report.span),
            compared=Span(*report.compared_span) if report.compared_span else None,
            changed_by=actions.person(report.changed_by),
            versions=versions_of(report),
            job=job if job and (job.is_under_way or job.status == LongJob.Status.FAILED) else None,
            is_drafted=report.drafted_at is not None,
            edit_url=register_url("edit", report.pk) if first_objection(rules.EDIT, **facts) is None else "",
            may_draft=first_objection(rules.DRAFT, **facts) is None,
            objection=first_objection(rules.RELEASE, **facts),
            next_number=actions.next_number(report),
            **kwargs,
        )


def versions_of(report: StatusReport):
    """The newest first, without what they hold; ``has_pdf`` says whether there is one."""
    has_pdf = ExpressionWrapper(Q(pdf__isnull=False), output_field=BooleanField())
    return report.versions.order_by("-number").defer("content", "html", "pdf", "xlsx").annotate(has_pdf=has_pdf)


def last_job(report: StatusReport) -> LongJob | None:
    return LongJob.objects.filter(subject=actions.subject_of(report)).order_by("-created_at", "-pk").first()


class DraftView(OneReportView):
    """Begins a draft again whose job failed; POST only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs) -> HttpResponse:
        try:
            job = actions.start_draft(self.report, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return self.back()
        return redirect("ehrenamt_admin:long_job", job.pk)


class ReleaseView(OneReportView):
    """POST only, with the edition and the number of the next version that the page showed."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs) -> HttpResponse:
        seen = {name: number_in(request, name) for name in ("edition", "number")}
        try:
            job = actions.start_release(self.report, **seen, actor=request.user)
        except EhrenamtError as objection:
            messages.error(request, objection.message)
            return self.back()
        return redirect("ehrenamt_admin:long_job", job.pk)


def number_in(request: HttpRequest, name: str) -> int:
    """-1, which nothing is, for what is no number."""
    posted = request.POST.get(name, "")
    return int(posted) if posted.isdecimal() else -1


class PreviewView(OneReportView):
    """The report as it would be released now."""

    template_name = "ehrenamt_wagtail/reporting/report/admin/shown.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            article=mark_safe(documents.html_of(content_of(self.report))), report=self.report, version=None, **kwargs
        )


# Versions


class OneVersionView(OneReportView):
    """A view of one released version."""

    deferred: tuple[str, ...] = ()

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.number = kwargs["number"]

    @cached_property
    def version(self) -> ReportVersion:
        return get_object_or_404(ReportVersion.objects.defer(*self.deferred), report=self.report_id, number=self.number)

    @property
    def page_title(self) -> str:
        return str(self.version)


class VersionView(OneVersionView):
    template_name = "ehrenamt_wagtail/reporting/report/admin/shown.html"
    deferred = ("content", "pdf", "xlsx")

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(
            article=mark_safe(self.version.html), report=self.report, version=self.version, **kwargs
        )


class PdfView(OneVersionView):
    deferred = ("content", "html", "xlsx")
    kind = PDF

    def get(self, request: HttpRequest, **_kwargs) -> HttpResponse:
        if getattr(self.version, self.kind.field) is None:
            raise Http404
        return file_response(self.version, self.kind)


class XlsxView(PdfView):
    deferred = ("content", "html", "pdf")
    kind = XLSX
