"""A published brochure for everybody: as a page, as files, and each month of it as a poster. Reading sets no cookie."""

import datetime as dt

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.programme.caching import mark
from ehrenamt_wagtail.programme.presentation import Crumb
from ehrenamt_wagtail.reporting.models import Brochure, BrochureFile
from ehrenamt_wagtail.slugs import german_slug

from . import poster as posters
from .contents import Contents, contents_of
from .files import newest_files
from .pictures import linked

PAGE = "ehrenamt_wagtail/reporting/brochure/page.html"


def published_or_404(brochure_id: int) -> Brochure:
    found = Brochure.objects.select_related("period", "cover").filter(published_at__isnull=False)
    return get_object_or_404(found, pk=brochure_id)


@require_safe
def page(request: HttpRequest, brochure_id: int) -> HttpResponse:
    brochure = published_or_404(brochure_id)
    return mark(render(request, PAGE, page_context(brochure)), request)


def page_context(brochure: Brochure, *, is_preview: bool = False) -> dict:
    """What the page shows; in a preview without links to what nobody may fetch yet."""
    contents = contents_of(brochure, pictures=linked)
    return {
        "brochure": contents,
        "is_preview": is_preview,
        "files": [] if is_preview else newest_files(brochure),
        "brochure_id": brochure.pk,
        "posters": [] if is_preview else months_with_dates(brochure, contents),
        "meta_description": ", ".join(filter(None, (contents.full_title, contents.subtitle, contents.district))),
        "breadcrumb_items": breadcrumbs_of(contents),
    }


def months_with_dates(brochure: Brochure, contents: Contents) -> list:
    return [month for month in contents.months if month.first in posters.months_of_period(brochure)]


def breadcrumbs_of(contents: Contents) -> tuple[Crumb, ...]:
    if not contents.programme_url:
        return ()
    return Crumb(_("Programme"), contents.programme_url), Crumb(contents.title, "")


@require_safe
def file(request: HttpRequest, brochure_id: int, format: str) -> HttpResponse:
    """The newest file of a format, as a download."""
    brochure = published_or_404(brochure_id)
    return download(brochure, brochure.files.filter(format=format).first())


def download(brochure: Brochure, file: BrochureFile | None) -> FileResponse:
    """Raises ``Http404`` where there is no such file, or the storage has lost it."""
    if file is None:
        raise Http404
    try:
        content = file.file.open("rb")
    except OSError:
        raise Http404 from None
    name = f"{german_slug(brochure.title, fallback='programmheft', max_length=60)}-{file.format}.pdf"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")


@require_safe
def poster(request: HttpRequest, brochure_id: int, month: str) -> HttpResponse:
    return mark(poster_response(request, published_or_404(brochure_id), month), request)


def poster_response(request: HttpRequest, brochure: Brochure, month: str) -> HttpResponse:
    """A PDF to open or keep, without the extra a page to print. ``month`` is „2027-03“; ``Http404`` for one outside the period."""
    first = next((first for first in posters.months_of_period(brochure) if f"{first:%Y-%m}" == month), None)
    if first is None:
        raise Http404
    made = posters.poster_of(brochure, first)
    if not pdf.is_available():
        return HttpResponse(posters.document(posters.usual(made), is_pdf=False))
    response = HttpResponse(posters.as_pdf(made), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, poster_name(first))
    return response


def poster_name(first: dt.date) -> str:
    word = german_slug(_("Poster"))
    return f"{word}-{first:%Y-%m}.pdf"


def address_of(brochure: Brochure) -> str:
    """The path of its page."""
    return reverse("ehrenamt:brochure", args=[brochure.pk])
