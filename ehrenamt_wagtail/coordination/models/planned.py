import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ehrenamt_wagtail.programme.models.occurrence import Mode


class PlanState(models.TextChoices):
    """Where what is planned stands; as words for people see ``coordination.visibility``."""

    HOLD = "hold", _("Hold")
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    CHANGE_DRAFT = "change_draft", _("Change not submitted")
    CHANGE_IN_REVIEW = "change_in_review", _("Change in review")
    CHANGE_RETURNED = "change_returned", _("Change returned")


CHANGES = ["change_draft", "change_in_review", "change_returned"]


class PlannedDateQuerySet(models.QuerySet):
    def between(self, start: dt.datetime, end: dt.datetime) -> "PlannedDateQuerySet":
        """Those that touch the half-open interval ``[start, end)``, aware datetimes."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def competing(self, now: dt.datetime) -> "PlannedDateQuerySet":
        """What takes place and is not over: cancelled and past dates do not compete."""
        return self.filter(is_cancelled=False, ends_at__gt=now)


class PlannedDate(models.Model):
    """One date that somebody plans: of an offering in any state, or of a hold. Derived, never edited.

    Rows are written by ``coordination.planning`` alone, whenever what they are derived from changes, and can be rebuilt. An
    offering that was never published has a row for each date of its newest revision. A published one has a row for each date
    the public knows (state ``published``), and one more for each date of its newest revision whose time or place differs
    (states ``change_…``). Rows of drafts and changes hold what is not public: who may see it says ``coordination.visibility``.

    ``starts_at`` and ``ends_at`` are aware datetimes (end exclusive; without a given end counted as
    ``conf.DEFAULT_DURATION_HOURS``), ``latitude`` and ``longitude`` WGS 84 degrees of the venue or else the town, none online.
    """

    # No use of a venue, topic or organisation of its own: see ``directory.queries.usage_of``.
    is_derived = True

    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", null=True, on_delete=models.CASCADE, related_name="planned_dates"
    )
    hold = models.ForeignKey("ehrenamt_wagtail.DateHold", null=True, on_delete=models.CASCADE, related_name="planned_dates")
    uid = models.UUIDField(pgettext_lazy("offering", "date"), help_text=_("Uid of the offering's date, or of the hold."))
    state = models.CharField(_("state"), max_length=20, choices=PlanState)
    is_cancelled = models.BooleanField(_("cancelled"), default=False)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    is_all_day = models.BooleanField(_("all day"), default=False)
    has_end = models.BooleanField(_("end is given"), default=True)
    mode = models.CharField(_("on site or online"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation", verbose_name=_("organisation"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality", verbose_name=_("municipality"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    venue = models.ForeignKey(
        "ehrenamt_wagtail.Venue", verbose_name=_("venue"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    kind = models.CharField(_("kind"), max_length=50, blank=True)
    art = models.CharField(_("kind as in addresses"), max_length=50, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    audience = models.CharField(_("audience"), max_length=255, blank=True)
    text = models.TextField(_("short description and contents"), blank=True)
    topics = models.ManyToManyField("ehrenamt_wagtail.Topic", verbose_name=_("topics"), blank=True, related_name="+")

    objects = PlannedDateQuerySet.as_manager()

    class Meta:
        verbose_name = _("planned date")
        verbose_name_plural = _("planned dates")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "uid"],
                condition=models.Q(offering__isnull=False) & ~models.Q(state__in=CHANGES),
                name="ehrenamt_planned_once",
            ),
            models.UniqueConstraint(
                fields=["offering", "uid"],
                condition=models.Q(offering__isnull=False, state__in=CHANGES),
                name="ehrenamt_planned_change_once",
            ),
            models.UniqueConstraint(fields=["hold"], condition=models.Q(hold__isnull=False), name="ehrenamt_planned_hold_once"),
            models.CheckConstraint(
                condition=models.Q(offering__isnull=True) ^ models.Q(hold__isnull=True),
                name="ehrenamt_planned_offering_or_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="ehrenamt_planned_span"),
            models.Index(fields=["municipality", "starts_at"], name="ehrenamt_planned_town"),
            models.Index(fields=["latitude", "longitude", "starts_at"], name="ehrenamt_planned_area"),
            models.Index(fields=["mode", "starts_at"], name="ehrenamt_planned_mode"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        """Whether what the row says stands on the site for everybody."""
        return self.state == PlanState.PUBLISHED
