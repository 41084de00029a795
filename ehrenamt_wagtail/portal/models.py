"""What the portal keeps itself: how often a sign-in link was asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoginLinkCount(models.Model):
    """How many sign-in links were asked for with one mail address within one hour.

    Only a keyed hash of the address is kept. ``actions.request_login_link`` alone writes rows and deletes old ones.
    """

    address_hash = models.CharField(_("hash of the address"), max_length=64)
    hour = models.DateTimeField(_("hour"), db_index=True)
    number = models.PositiveIntegerField(_("number"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("count of sign-in links")
        verbose_name_plural = _("counts of sign-in links")
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "hour"], name="ehrenamt_login_links_per_address_and_hour")
        ]

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} ({self.number})"
