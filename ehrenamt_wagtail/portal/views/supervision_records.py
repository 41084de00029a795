"""What took place, for invoicing (*Einsatznachweis*), and how full the dates are: numbers for the district and the organisation."""

import csv
import io

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.formatting import local_date
from ehrenamt_wagtail.portal.forms.supervision import PeriodForm
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.programme.dates import shown_start
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.review.history_csv import BYTE_ORDER_MARK, DELIMITER, safe
from ehrenamt_wagtail.signups.occupancy import occupancies, supervisions_of
from ehrenamt_wagtail.signups.session_records import Record, records_between, sum_of_hours

from .supervision import may_see_records, seats_text
from .supervision_access import personal_view, render_supervision


@personal_view
def records(request: HttpRequest) -> HttpResponse:
    """Of all organisations for coordinators, of the own ones for members of an organisation that offers supervision."""
    organisations = organisations_for(request)
    form = PeriodForm(tidy_data(request.GET) if request.GET else {})
    first, last = form.period()
    found = records_between(first, last, organisations=organisations)
    title = _("Record of supervisions")
    query = urlencode({"von": first.isoformat(), "bis": last.isoformat()})
    context = {
        "page_title": title,
        "form": PeriodForm(initial={"von": first, "bis": last}) if form.is_valid() else form,
        "first": first,
        "last": last,
        "rows": found,
        "hours": sum_of_hours(found),
        "people": sum(record.head_count for record in found),
        "is_district": organisations is None,
        "organisations": organisations or [],
        "csv_url": f"{reverse('ehrenamt:supervision-records-csv')}?{query}",
        "seats": seats_between(first, last, organisations),
    }
    return render_supervision(request, "records.html", context, steps=((title, reverse("ehrenamt:supervision-records")),))


@personal_view
def records_csv(request: HttpRequest) -> HttpResponse:
    organisations = organisations_for(request)
    first, last = PeriodForm(tidy_data(request.GET) if request.GET else {}).period()
    response = HttpResponse(
        text_of(records_between(first, last, organisations=organisations)), content_type="text/csv; charset=utf-8"
    )
    name = pgettext("file name", "record-of-supervisions")
    response["Content-Disposition"] = f'attachment; filename="{name}-{first.isoformat()}-{last.isoformat()}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def organisations_for(request: HttpRequest) -> list | None:
    """Whose records are read: ``None`` for all. To accounts without any the page does not exist."""
    if not may_see_records(request):
        raise Http404
    return None if is_coordinator(request.user) else request.organisations


def text_of(found: list[Record]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=DELIMITER, lineterminator="\r\n")
    numbers = [pgettext("day", "Date"), _("Hours"), _("Number of people")]
    writer.writerow([*numbers, pgettext("supervision", "Form"), _("Supervision"), _("Organisation"), _("Supervisor")])
    for record in found:
        cells = [record.form, record.title, record.organisation, record.supervisor]
        day = date_format(record.date, "SHORT_DATE_FORMAT")
        writer.writerow([day, localize(record.hours), record.head_count, *(safe(cell) for cell in cells)])
    writer.writerow([_("Sum"), localize(sum_of_hours(found)), sum(record.head_count for record in found), "", "", "", ""])
    return BYTE_ORDER_MARK + target.getvalue()


def seats_between(first, last, organisations) -> list[dict]:
    """Offered and taken of each date of the period and of those to come, by its first date."""
    today = timezone.localdate()
    pages = {page.pk: page for page in supervisions_of(organisations)}
    rows = []
    for pk, found in occupancies(pages).items():
        for row in found:
            days = [local_date(shown_start(date)) for date in row.dates]
            if any(first <= day <= last or day >= today for day in days):
                rows.append(
                    {
                        "sort": row.dates[0].starts_at,
                        "title": pages[pk].title,
                        "organisation": str(pages[pk].organisation or ""),
                        "dates": [date_text(date) for date in row.dates],
                        "text": seats_text(row),
                    }
                )
    return sorted(rows, key=lambda row: row["sort"])
