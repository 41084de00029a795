"""The review: Wagtail's workflow with our task, and what was decided."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import EhrenamtError


class Reason(models.TextChoices):
    FACTS_MISSING = "facts_missing", _("Facts are missing")
    PICTURE_RIGHTS = "picture_rights", _("The rights to the picture are not clear")
    DATE_CLASH = "date_clash", _("The date clashes with another offering")
    SIMILAR_OFFERING = "similar_offering", _("A similar offering exists")
    AUDIENCE = "audience", _("Not for this audience")
    NOT_PUBLIC = "not_public", _("Not public")
    ADVERTISING = "advertising", _("Advertising")
    PARTY_POLITICS = "party_politics", _("Party politics")
    DISCRIMINATING = "discriminating", _("Discriminating")
    TOO_LATE = "too_late", _("Submitted too late")
    OTHER = "other", _("Another reason")


class CheckItem(models.TextChoices):
    FACTS = "facts", _("The facts are complete")
    ACCESS = "access", _("Access for people with disabilities is stated")
    WORDING = "wording", _("The wording is clear and friendly")
    PICTURE_RIGHTS = "picture_rights", _("The rights to the picture are clear")


class ReviewTask(AbstractGroupApprovalTask):
    """The district approves or returns what an organisation submitted.

    Both Wagtail's editor and our queue end in ``on_action``, which hands over to ``review.actions``.
    """

    class Meta:
        verbose_name = _("review by the district")
        verbose_name_plural = _("reviews by the district")

    @classmethod
    def get_description(cls):
        return _("The district's coordinators approve what partner organisations submit, or return it with reasons.")

    def get_actions(self, obj, user):
        """Only actions that open the form: nothing is decided without it."""
        if not (user.is_superuser or self._user_in_groups(user)):
            return []
        return [
            # Wagtail appends "and publish" itself.
            ("approve", _("Approve"), True),
            ("reject", _("Return"), True),
        ]

    def get_form_for_action(self, action):
        from .forms import ApproveForm, ReturnForm

        return {"approve": ApproveForm, "reject": ReturnForm}.get(action) or super().get_form_for_action(action)

    def on_action(self, task_state, user, action_name, /, **kwargs) -> str | None:
        """Wagtail's way to decide. A refusal is not raised, since Wagtail's views would answer it with an error page.

        It is left on ``user`` for the hook that runs after the view (see ``review.editor``), and the address of the review page,
        which says the same, is returned. Code that decides calls ``review.actions``, which raises.
        """
        from . import actions, editor

        try:
            actions.decide_from_editor(task_state, actor=user, action_name=action_name, data=kwargs)
        except EhrenamtError as refusal:
            return editor.leave_refusal(user, task_state, refusal)
        return None


class ReviewDecision(models.Model):
    """What a coordinator decided about one submission, when and why. Written once, never changed."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    # Like Wagtail's log these rows stay when the page is deleted, and keep the keys of what is gone.
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.DO_NOTHING, db_constraint=False, related_name="ehrenamt_decisions"
    )
    task_state = models.OneToOneField(
        TaskState,
        null=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="ehrenamt_decision",
    )
    revision = models.ForeignKey(Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    checklist = models.JSONField(_("checklist"), default=list, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    # „Return: other date“: for which date, and what is proposed instead; aware datetimes, the end may be open.
    proposed_for = models.UUIDField(_("proposed for"), null=True, blank=True, editable=False)
    proposed_start = models.DateTimeField(_("proposed start"), null=True, blank=True, editable=False)
    proposed_end = models.DateTimeField(_("proposed end"), null=True, blank=True, editable=False)
    # What was on the screen when it was decided, as sentences, the strongest first.
    warnings = models.JSONField(_("warnings shown"), default=list, blank=True, editable=False)
    is_own_offering = models.BooleanField(_("own offering of the reviewer"), default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.get_outcome_display()}"

    def reason_labels(self) -> list[str]:
        return [str(Reason(reason).label) for reason in self.reasons if reason in Reason.values]

    def checklist_labels(self) -> list[str]:
        return [str(CheckItem(item).label) for item in self.checklist if item in CheckItem.values]


class ReviewRequest(models.Model):
    """What an organisation said and saw when it submitted. Written once, never changed.

    ``reason`` says why it submits in spite of a strong clash; ``warnings`` are the sentences shown to it, the strongest first.
    """

    # Kept like decisions when the page is deleted.
    page = models.ForeignKey(
        Page, verbose_name=_("page"), on_delete=models.DO_NOTHING, db_constraint=False, related_name="ehrenamt_requests"
    )
    task_state = models.OneToOneField(
        TaskState,
        null=True,
        editable=False,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="ehrenamt_request",
    )
    revision = models.ForeignKey(Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    warnings = models.JSONField(_("warnings shown"), default=list, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("submitted by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("submitted at"), default=timezone.now)

    class Meta:
        verbose_name = _("request for review")
        verbose_name_plural = _("requests for review")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.at:%Y-%m-%d}"


class ReviewClaimQuerySet(models.QuerySet):
    def current(self) -> "ReviewClaimQuerySet":
        """Those that still count: made in the last ``conf.REVIEW_CLAIM_HOURS`` hours."""
        return self.filter(at__gt=timezone.now() - dt.timedelta(hours=conf.REVIEW_CLAIM_HOURS))


class ReviewClaim(models.Model):
    """„In Bearbeitung bei …“: who has a submission open; given up by leaving it to others, gone with the decision."""

    task_state = models.OneToOneField(TaskState, on_delete=models.CASCADE, related_name="ehrenamt_claim")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("since"), default=timezone.now)

    objects = ReviewClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("review in progress")
        verbose_name_plural = _("reviews in progress")

    def __str__(self) -> str:
        return f"{self.task_state}: {self.user}"

    @property
    def person(self) -> str:
        return self.user.get_full_name() or self.user.get_username()
