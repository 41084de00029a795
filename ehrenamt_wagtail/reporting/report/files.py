"""The files of a released version as answers."""

from typing import NamedTuple

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from ehrenamt_wagtail.slugs import german_slug

from ..models import ReportVersion


class FileKind(NamedTuple):
    field: str
    content_type: str


PDF = FileKind("pdf", "application/pdf")
XLSX = FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def file_response(version: ReportVersion, kind: FileKind) -> HttpResponse:
    """The file under a name that says which version it is; nobody in between keeps it."""
    name = f"{german_slug(version.title, max_length=60)}-{version.number}.{kind.field}"
    response = HttpResponse(bytes(getattr(version, kind.field)), content_type=kind.content_type)
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["Cache-Control"] = "private, no-store"
    return response
