from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JoinProposal(models.Model):
    """The district proposes that two organisations join forces in one offering.

    ``joining`` would be given up in favour of ``host``; both organisations must accept. Then the organisation of ``joining``
    becomes co-host of ``host``, and ``joining`` no longer counts as planned. A proposal is dropped when one of both offerings
    goes another way: ``joining`` is submitted again, ``host`` is cancelled or joins a third one.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "open")
        JOINED = "joined", pgettext_lazy("proposal", "joined")
        DECLINED = "declined", pgettext_lazy("proposal", "declined")
        DROPPED = "dropped", pgettext_lazy("proposal", "dropped")

    joining = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", verbose_name=_("offering"), on_delete=models.CASCADE, related_name="joins_proposed"
    )
    host = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage", verbose_name=_("joins"), on_delete=models.CASCADE, related_name="joins_as_host"
    )
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.OPEN)
    comment = models.TextField(_("comment"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    joining_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    joining_accepted_at = models.DateTimeField(null=True, editable=False)
    host_accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    host_accepted_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, help_text=_("Why it was declined."))
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("proposal to join forces")
        verbose_name_plural = _("proposals to join forces")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["joining"],
                condition=models.Q(status__in=["open", "joined"]),
                name="ehrenamt_one_open_join_per_offering",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joining} → {self.host}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def organisations_to_answer(self) -> list[int]:
        """Keys of the organisations that have not accepted yet, of an open proposal."""
        if not self.is_open:
            return []
        sides = [(self.joining, self.joining_accepted_at), (self.host, self.host_accepted_at)]
        return [page.organisation_id for page, accepted_at in sides if accepted_at is None]
