"""Certificates as documents: the texts that the templates below ``signups/pdf/`` show."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import date_range, local_date, short_date
from ehrenamt_wagtail.mail.registry import absolute_url
from ehrenamt_wagtail.pdf import document_response, printable, qr_image
from ehrenamt_wagtail.slugs import german_slug

from .certificates import shown_code
from .models import Certificate

# More dates than these are written one after the other.
MANY_DATES = 6
# Characters from which on smaller letters are needed, that everything stays on one page.
LONG, LONGEST = 900, 1700


def paper_of(certificate: Certificate, name: str) -> dict:
    """What the document of one certificate says about the person called ``name``."""
    spans = [span_of(pair) for pair in certificate.dates]
    own_address = absolute_url(reverse("ehrenamt:certificate-verified", args=[shown_code(certificate.code)]))
    paper = {
        "name": printable(name),
        "title": printable(certificate.title),
        "module": printable(certificate.module),
        "organiser": printable(certificate.organiser) or conf.DISTRICT_NAME,
        "dates": [date_range(start, end, is_all_day) for start, end, is_all_day in spans],
        "short_dates": short_dates(spans) if len(spans) > MANY_DATES else "",
        "period": period_of(spans),
        "hours": number(certificate.hours),
        "hours_in_words": hours_in_words(certificate.hours),
        "is_whole_series": certificate.is_whole_series,
        "contents": printable(certificate.contents),
        "issued_at": certificate.issued_at,
        "code": shown_code(certificate.code),
        "check_address": check_address(),
        "qr": qr_image(own_address),
    }
    return {**paper, "size": size_of(paper)}


def size_of(paper: dict) -> str:
    """How small the letters must be: „long“, „longest“ or nothing. Headings take twice the room, each line most of a line."""
    number = 2 * sum(len(paper[part]) for part in ("name", "title")) + 3 * len(paper["organiser"])
    number += len(paper["contents"]) + len(paper["short_dates"])
    number += 60 * (paper["contents"].count("\n") + (0 if paper["short_dates"] else len(paper["dates"])))
    return "longest" if number > LONGEST else "long" if number > LONG else ""


def check_address() -> str:
    return absolute_url(reverse("ehrenamt:certificate-check"))


def span_of(pair: list) -> tuple[dt.date | dt.datetime, dt.date | dt.datetime | None, bool]:
    """Start, end and whether whole days are meant, of a pair as ``Certificate.dates`` keeps it."""
    is_all_day = len(pair[0]) == len("2027-03-14")
    read = dt.date.fromisoformat if is_all_day else dt.datetime.fromisoformat
    return read(pair[0]), read(pair[1]) if pair[1] else None, is_all_day


def dates_in_words(certificate: Certificate) -> list[str]:
    return [date_range(*span_of(pair)) for pair in certificate.dates]


def short_dates(spans: Iterable[tuple]) -> str:
    return "; ".join(short_date(start, today=dt.date.min) for start, _end, _is_all_day in spans)


def period_of(spans: list[tuple]) -> str:
    """„4. März 2027“, or the first and the last day."""
    days = [local_date(start) for start, _end, _is_all_day in spans]
    if not days or days[0] == days[-1]:
        return date_format(days[0]) if days else ""
    return date_range(days[0], days[-1], True)


def number(hours: Decimal) -> str:
    """„2,5“."""
    places = max(0, -hours.normalize().as_tuple().exponent)
    return number_format(hours, decimal_pos=places)


def hours_in_words(hours: Decimal) -> str:
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if hours == 1 else 2) % {"hours": number(hours)}


# Answers


def certificates_response(request: HttpRequest, named: list[tuple[Certificate, str]]) -> HttpResponse:
    """One page for each of the (certificate, name of the person)."""
    papers = [paper_of(certificate, name) for certificate, name in named]
    file_name = f"{german_slug(_('Certificate of attendance'))}-{german_slug(papers[0]['title'], max_length=60)}.pdf"
    context = {"papers": papers, "district": conf.DISTRICT_NAME}
    return document_response(request, "ehrenamt_wagtail/signups/pdf/certificates.html", context, file_name=file_name)


def records_response(request: HttpRequest, certificates: Iterable[Certificate], name: str) -> HttpResponse:
    """All certificates of one person in a table, the oldest first, with the sum of the hours."""
    certificates = sorted(certificates, key=lambda row: (row.dates[0][0][:10] if row.dates else "", row.pk))
    total = sum((row.hours for row in certificates), Decimal(0))
    context = {
        "name": printable(name),
        "papers": [paper_of(row, name) for row in certificates],
        "total": hours_in_words(total),
        "total_number": number(total),
        "district": conf.DISTRICT_NAME,
        "today": timezone.localdate(),
        "check_address": check_address(),
    }
    file_name = f"{german_slug(_('Record of trainings attended'))}.pdf"
    return document_response(request, "ehrenamt_wagtail/signups/pdf/records.html", context, file_name=file_name)
