import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.models.occurrence import Mode


class DateHoldQuerySet(models.QuerySet):
    def active(self) -> "DateHoldQuerySet":
        return self.filter(status=DateHold.Status.ACTIVE)


class DateHold(models.Model):
    """A tentative date of an organisation. It competes like a draft until it expires, is given back or becomes an offering.

    Either ``start`` (and perhaps ``end``), aware datetimes, or ``start_date`` for a whole day in the site's zone.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("hold", "active")
        USED = "used", pgettext_lazy("hold", "became an offering")
        RELEASED = "released", pgettext_lazy("hold", "given back")
        EXPIRED = "expired", pgettext_lazy("hold", "expired")

    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation", verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="holds"
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    start = models.DateTimeField(_("start"), null=True, blank=True)
    end = models.DateTimeField(_("end"), null=True, blank=True)
    start_date = models.DateField(_("whole day"), null=True, blank=True)
    mode = models.CharField(_("on site or online"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality",
        verbose_name=_("town or municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="holds",
    )
    topic = models.ForeignKey(
        "ehrenamt_wagtail.Topic", verbose_name=_("topic"), null=True, blank=True, on_delete=models.SET_NULL, related_name="holds"
    )
    need = models.ForeignKey(
        "ehrenamt_wagtail.Need",
        verbose_name=_("need"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="holds",
        help_text=_("The need that this date answers."),
    )
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.ACTIVE)
    expires_at = models.DateTimeField(_("expires"))
    prolonged_at = models.DateTimeField(_("prolonged"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage",
        verbose_name=_("offering"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="holds",
        help_text=_("What the hold became."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    objects = DateHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["start", "start_date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__isnull=True) ^ models.Q(start_date__isnull=True), name="ehrenamt_hold_time_or_day"
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gt=models.F("start")), name="ehrenamt_hold_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title or (self.when if self.start or self.start_date else "")

    @classmethod
    def not_over(cls, rows: models.QuerySet) -> models.QuerySet:
        """Those that still keep what they name from being deleted; see ``directory.queries.usage_of``."""
        return rows.filter(status=cls.Status.ACTIVE)

    @property
    def is_all_day(self) -> bool:
        return self.start_date is not None

    @property
    def when(self) -> str:
        """„Donnerstag, 14. März 2027, 19–21 Uhr“ in the site's zone."""
        if self.start_date:
            return date_range(self.start_date, all_day=True)
        return date_range(self.start, self.end)

    def span(self) -> tuple[dt.datetime, dt.datetime] | None:
        """Start and end as aware datetimes (end exclusive), counted as those of an ``Occurrence``."""
        if self.start_date:
            midnight = dt.time.min
            return (
                timezone.make_aware(dt.datetime.combine(self.start_date, midnight)),
                timezone.make_aware(dt.datetime.combine(self.start_date + dt.timedelta(days=1), midnight)),
            )
        if self.start:
            # Hours that pass, also in the night when summer time ends.
            return self.start, self.end or self.start.astimezone(dt.UTC) + dt.timedelta(hours=conf.DEFAULT_DURATION_HOURS)
        return None

    def clean(self) -> None:
        super().clean()
        if bool(self.start) == bool(self.start_date):
            raise ValidationError(_("Enter either times or a whole day."))
        if self.start and self.end and self.end <= self.start:
            raise ValidationError({"end": _("The end lies before the start.")})
