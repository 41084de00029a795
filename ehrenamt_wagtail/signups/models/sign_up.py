"""Who takes part. Nothing here appears in registers, logs or search: ``__str__`` names nobody."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .plan import Question, SeatPlan


class SignUpQuerySet(models.QuerySet):
    def active(self) -> "SignUpQuerySet":
        """Those that hold a seat or wait for one."""
        return self.filter(status__in=SignUp.ACTIVE)

    def with_seat(self) -> "SignUpQuerySet":
        return self.filter(status=SignUp.Status.CONFIRMED)

    def in_line(self) -> "SignUpQuerySet":
        """Those who wait and have confirmed their address, in the order of arrival."""
        return self.filter(status=SignUp.Status.WAITING).exclude(confirmed_at=None).order_by("created_at", "pk")


class SignUp(models.Model):
    """One sign-up of one or two people. The states::

        pending ──► confirmed          pending: has a seat until ``expires_at``, the address is not confirmed yet
           │           │               waiting: on the waiting list; offers reach it once ``confirmed_at`` is set
           ▼           ▼               offered: has ``seats_held`` seats until ``expires_at`` and was asked to accept
        expired     cancelled ◄─┐
           ▲                    │
        waiting ──► offered ────┘──► confirmed

    ``seats`` is wanted, ``seats_held`` counts against the capacity: both for a seat, fewer for an offer that is smaller than the
    wish, none for those who wait or have gone. ``uid`` names the sign-up in mails and makes its secret token; a form that is sent
    twice carries the same one.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("not confirmed yet")
        CONFIRMED = "confirmed", _("has a seat")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("was offered a seat")
        CANCELLED = "cancelled", _("does not come")
        EXPIRED = "expired", _("lapsed")

    class Source(models.TextChoices):
        WEB = "web", _("on this site")
        HAND = "hand", _("entered by the organiser")
        DOOR = "door", _("came without sign-up")

    HOLDING = (Status.PENDING, Status.CONFIRMED, Status.OFFERED)
    ACTIVE = (*HOLDING, Status.WAITING)

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="sign_ups")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("state"), max_length=10, choices=Status)
    source = models.CharField(_("came"), max_length=10, choices=Source, default=Source.WEB)
    email = models.EmailField(_("mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    circle = models.ForeignKey(
        "ehrenamt_wagtail.CirclePage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=10, blank=True)
    seats = models.PositiveSmallIntegerField(_("people"), default=1)
    seats_held = models.PositiveSmallIntegerField(default=0)
    # Was offered fewer seats than wanted and rather waits for all of them.
    waits_for_all = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("signed up at"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # How often the calendar entry was changed by the person; added to that of the date itself.
    sequence = models.PositiveIntegerField(default=0)
    # Supervision: the one account that may read who this is. Fixed when somebody signs up, whoever is named later.
    is_confidential = models.BooleanField(default=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = SignUpQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["plan", "status", "created_at"], name="ehrenamt_sign_up_line"),
            models.Index(fields=["status", "expires_at"], name="ehrenamt_sign_up_due"),
            models.Index(fields=["email"], name="ehrenamt_sign_up_email"),
        ]
        constraints = [
            models.CheckConstraint(
                name="ehrenamt_sign_up_holds_seats",
                condition=models.Q(status__in=["pending", "confirmed"], seats_held=models.F("seats"))
                | models.Q(status="offered", seats_held__gte=1, seats_held__lte=models.F("seats"))
                | models.Q(status__in=["waiting", "cancelled", "expired"], seats_held=0),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def has_seat(self) -> bool:
        return self.status == self.Status.CONFIRMED


class Participant(models.Model):
    """A person of a sign-up, the first one being who signed up. ``active_key`` allows one active sign-up a person and plan."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="participants")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    active_key = models.CharField(max_length=64, null=True, unique=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Answer(models.Model):
    """An answer to a question of the organiser; ``label`` keeps the question as it was asked."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="answers")
    label = models.CharField(max_length=200)
    text = models.CharField(max_length=500)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"#{self.pk}"


class AccessNeeds(models.Model):
    """What somebody needs to take part, given voluntarily and for this alone; deleted the day after."""

    sign_up = models.OneToOneField(SignUp, on_delete=models.CASCADE, related_name="needs")
    text = models.CharField(_("what you need"), max_length=500)
    consented_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("needs of a participant")
        verbose_name_plural = _("needs of participants")

    def __str__(self) -> str:
        return f"#{self.pk}"


class ConfirmationCount(models.Model):
    """How many mails that ask for confirmation went to one address on one local day; only a keyed hash of it is kept."""

    address_hash = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    number = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("count of confirmation mails")
        verbose_name_plural = _("counts of confirmation mails")
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "day"], name="ehrenamt_confirmations_per_address_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} ({self.number})"
