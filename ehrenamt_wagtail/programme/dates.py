"""The dates of a page and what became of them, read from its rows; works on a page that was never saved, too."""

import datetime as dt

from django.db.models import OuterRef, Q

from .models import Cancellation, Occurrence, OfferingPage


def dated(page: OfferingPage) -> list[Occurrence]:
    """The dates of a page in their order, without those that have no start yet.

    Each knows ``page`` as given, so that asking it for its venue reads nothing.
    """
    dates = []
    for date in page.occurrences.all():
        if (span := date.span()) is not None:
            date.starts_at, date.ends_at = span
            date.page = page
            dates.append(date)
    return sorted(dates, key=lambda date: (date.starts_at, date.ends_at, date.pk or 0))


def shown_start(date: Occurrence) -> dt.date | dt.datetime:
    return date.start_date or date.start


def shown_end(date: Occurrence) -> dt.date | dt.datetime | None:
    return date.end_date if date.is_all_day else date.end


def cancellation_of(date: Occurrence, page: OfferingPage) -> Cancellation | None:
    """What cancels this date: a decision about the date itself or about the whole offering."""
    rows = [row for row in page.all_cancellations() if row.occurrence_uid in (None, date.uid)]
    return next((row for row in rows if row.occurrence_uid), rows[0] if rows else None)


def updated_at(page: OfferingPage) -> dt.datetime:
    """When what the public sees of an offering last changed: published or cancelled."""
    moments = [row.at for row in page.all_cancellations()]
    moments.append(page.last_published_at or page.latest_revision_created_at or dt.datetime.fromtimestamp(0, dt.UTC))
    return max(moments)


def cancellations_of_date():
    """The cancellations that hit the date of the outer query: its own or one of the whole offering."""
    whole_or_date = Q(occurrence_uid=None) | Q(occurrence_uid=OuterRef("uid"))
    return Cancellation.objects.filter(whole_or_date, offering=OuterRef("page"))
