"""Long work that somebody waits for: carrying a period over, making a brochure, a report or letters."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LongJob(models.Model):
    """One piece of long work, how far it is, and what became of it.

    ``subject`` names what it is about, such as ``period:7``; of each kind and subject one is under way at most. Attempts are
    counted before the work begins; ``seen_at`` is when the work was last seen to go on, so that a job whose process died can
    be told from one that takes long.
    """

    class Kind(models.TextChoices):
        CARRY_OVER = "carry_over", _("carry a period over")
        BROCHURE = "brochure", _("make a brochure")
        REPORT_DRAFT = "report_draft", _("draft a status report")
        REPORT_RELEASE = "report_release", _("release a status report")
        THANKS = "thanks", _("write letters of thanks")

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("job", "waiting")
        RUNNING = "running", pgettext_lazy("job", "running")
        DONE = "done", pgettext_lazy("job", "done")
        FAILED = "failed", pgettext_lazy("job", "failed")

    UNDER_WAY = ["waiting", "running"]

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    subject = models.CharField(_("subject"), max_length=100)
    # Ids alone, as the outbox keeps them.
    params = models.JSONField(default=dict)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    message = models.CharField(_("message"), max_length=500, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("long job")
        verbose_name_plural = _("long jobs")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(status__in=["waiting", "running"]),
                name="ehrenamt_one_job_under_way",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"

    @property
    def is_under_way(self) -> bool:
        return self.status in self.UNDER_WAY
