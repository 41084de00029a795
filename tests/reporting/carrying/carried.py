"""A period that the half-year a year before is carried over to, for tests."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.models import CarriedOver, LongJob, ProgrammePeriod
from ehrenamt_wagtail.reporting import carrying

# The source is the half-year from Friday, 1 February 2030 on; summer time begins on 31 March in both years.
SOURCE = (dt.date(2030, 2, 1), dt.date(2030, 7, 31))


def make_period(year: int = 2031) -> ProgrammePeriod:
    """From February to July."""
    return ProgrammePeriod.objects.create(
        name=f"Programm bis Juli {year}",
        first_day=dt.date(year, 2, 1),
        last_day=dt.date(year, 7, 31),
        deadline=dt.date(year - 1, 12, 15),
    )


def carrying_over(on_commit, actor, period: ProgrammePeriod):
    """Starts and does a job; gives it as it is then. ``on_commit`` is pytest-django's fixture that captures callbacks."""

    def carry(source=SOURCE, to: ProgrammePeriod | None = None) -> LongJob:
        with on_commit(execute=True):
            job = carrying.carry_over(to or period, source, actor=actor)
        job.refresh_from_db()
        return job

    return carry


def at(month: int, day: int, hour: int = 19, *, year: int = 2030) -> dt.datetime:
    return timezone.make_aware(dt.datetime(year, month, day, hour))


def copies(period) -> list:
    rows = CarriedOver.objects.filter(period=period, copy__isnull=False).order_by("copy__title", "pk")
    return [row.copy.specific for row in rows.select_related("copy")]


def titles(period) -> list[str]:
    return [page.title for page in copies(period)]


def local_starts(page) -> list[dt.datetime]:
    return [timezone.localtime(date.start).replace(tzinfo=None) for date in page.occurrences.order_by("starts_at")]
