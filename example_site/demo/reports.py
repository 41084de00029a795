"""A status report on the latest half-year that is over: drafted, with the cover of a committee paper, to be edited and released."""

import datetime as dt

from django.contrib.auth import get_user_model

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years
from ehrenamt_wagtail.reporting.report import chapters
from ehrenamt_wagtail.reporting.report.drafting import draft


def load_report(today: dt.date) -> models.StatusReport:
    """Drafted at once; the job cluster does not run yet. A release takes the time of a PDF and is left to who looks around."""
    span = half_years(2, until=today)[0]
    before = span.year_before()
    coordinator = get_user_model().objects.get(username="koordination")
    report = models.StatusReport.objects.create(
        title="Sachstandsbericht: Koordination des Ehrenamts in der Flüchtlingshilfe",
        first_day=span.first,
        last_day=span.last,
        compared_first_day=before.first,
        compared_last_day=before.last,
        sections=[key for key, _heading in chapters.choices()],
        paper_number=f"146/{today.year}",
        department="Dezernat 4 – Jugend und Soziales",
        paper_date=today,
        committee="Sozial- und Gesundheitsausschuss",
        meeting_on=today + dt.timedelta(days=21),
        is_public=True,
        annexes="Programm für Ehrenamtliche",
        created_by=coordinator,
        changed_by=coordinator,
    )
    draft(report)
    return report
