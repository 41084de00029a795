import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from ehrenamt_wagtail.conf import conf


class Mode(models.TextChoices):
    ON_SITE = "on_site", _("on site")
    ONLINE = "online", _("online")
    BOTH = "both", _("on site and online")


class OccurrenceQuerySet(models.QuerySet):
    def not_over(self, now: dt.datetime) -> "OccurrenceQuerySet":
        return self.filter(ends_at__gt=now)

    def over(self, now: dt.datetime) -> "OccurrenceQuerySet":
        return self.filter(ends_at__lte=now)

    def between(self, start: dt.datetime, end: dt.datetime) -> "OccurrenceQuerySet":
        """Those that touch the half-open interval ``[start, end)``, aware datetimes."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Occurrence(Orderable):
    """One date of an offering.

    Either ``start`` (and perhaps ``end``), aware datetimes stored in UTC, or ``start_date`` (and perhaps ``end_date``), local
    dates of the site's zone, for whole days. ``starts_at`` and ``ends_at`` are derived from them on save, for ordering and
    filtering: a missing end counts as ``conf.DEFAULT_DURATION_HOURS``, a whole day ends at the following local midnight.

    ``uid`` names the date everywhere outside this room: in sign-ups, cancellations and calendars. It stays the same through
    all revisions and is new on a copy.
    """

    page = ParentalKey("ehrenamt_wagtail.OfferingPage", on_delete=models.CASCADE, related_name="occurrences")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    start_date = models.DateField(_("first whole day"), null=True, blank=True)
    end_date = models.DateField(_("last whole day"), null=True, blank=True)
    venue = models.ForeignKey(
        "ehrenamt_wagtail.Venue",
        verbose_name=_("venue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Only if it differs from the offering's."),
    )
    room = models.CharField(_("room"), max_length=100, blank=True)
    mode = models.CharField(_("on site or online"), max_length=10, choices=Mode, blank=True)
    starts_at = models.DateTimeField(editable=False, null=True, db_index=True)
    ends_at = models.DateTimeField(editable=False, null=True, db_index=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta(Orderable.Meta):
        verbose_name = pgettext_lazy("offering", "date")
        verbose_name_plural = _("dates")
        constraints = [
            models.UniqueConstraint(fields=["page", "uid"], name="ehrenamt_occurrence_uid_per_page"),
        ]

    def __str__(self) -> str:
        return str(self.start_date or (self.start and timezone.localtime(self.start)) or "")

    @property
    def is_all_day(self) -> bool:
        return self.start_date is not None

    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Start and end as aware datetimes (end exclusive), or ``None`` while neither start nor first day is given."""
        if self.start_date:
            last = self.end_date or self.start_date
            midnight = dt.time.min
            return (
                timezone.make_aware(dt.datetime.combine(self.start_date, midnight)),
                timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), midnight)),
            )
        if self.start:
            # Hours that pass, also in the night when summer time ends.
            return self.start, self.end or self.start.astimezone(dt.UTC) + dt.timedelta(hours=conf.DEFAULT_DURATION_HOURS)
        return None

    def clean(self) -> None:
        super().clean()
        if self.start and self.start_date:
            raise ValidationError(_("Enter either times or whole days, not both."))
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": _("The end lies before the start.")})
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": _("The last day lies before the first.")})

    def save(self, *args, **kwargs):
        """Save; a date that its page is saved with and that says what its row says stays as it is."""
        self.starts_at, self.ends_at = self.span() or (None, None)
        before = self.page.before if Occurrence.page.is_cached(self) else None
        if before is not None and not (args or kwargs) and before.says(self):
            self._state.adding = False
            return
        if self.pk is None and Occurrence.objects.filter(uid=self.uid).exclude(page_id=self.page_id).exists():
            self.uid = uuid.uuid4()  # a copied page brings the original's dates
        super().save(*args, **kwargs)

    def effective_venue(self):
        return self.venue or self.page.venue

    def effective_mode(self) -> str:
        return self.mode or self.page.mode
