"""What the page of a status report shows and offers: a released version of a public report, and nothing else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from ehrenamt_wagtail.programme.presentation import breadcrumbs

from ..models import ReportVersion, StatusReportPage
from .files import PDF, XLSX, FileKind, file_response


def public_version(page: StatusReportPage, *fields: str) -> ReportVersion | None:
    """The version that the editor chose, with these fields alone; nothing if it is not public."""
    return ReportVersion.objects.filter(pk=page.version_id, is_public=True).only("number", "title", *fields).first()


def page_context(page: StatusReportPage, request: HttpRequest) -> dict:
    version = public_version(page, "html")
    url = page.get_url(request) or ""
    has_pdf = version is not None and ReportVersion.objects.filter(pk=version.pk, pdf__isnull=False).exists()
    return {
        # Escaped when it was frozen.
        "article": mark_safe(version.html) if version else "",
        "pdf_url": f"{url}{page.reverse_subpage('report_pdf')}" if has_pdf else "",
        "xlsx_url": f"{url}{page.reverse_subpage('report_xlsx')}" if version else "",
        "breadcrumb_items": breadcrumbs(page, request),
    }


def pdf_of(page: StatusReportPage) -> HttpResponse:
    return file_of(page, PDF)


def xlsx_of(page: StatusReportPage) -> HttpResponse:
    return file_of(page, XLSX)


def file_of(page: StatusReportPage, kind: FileKind) -> HttpResponse:
    version = public_version(page, kind.field)
    if version is None or getattr(version, kind.field) is None:
        raise Http404
    return file_response(version, kind)
