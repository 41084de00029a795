"""What the mail about drafts that were carried over says, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import carrying
from .models import CarriedOver, ProgrammePeriod


def register() -> None:
    """Make the mail known; called in ``ready()``."""
    register_mail(carrying.CARRIED, carried_over, label=gettext_lazy("Drafts carried over"))


def carried_over(mail: OutgoingMail) -> dict | None:
    """To one of the people of an organisation; nothing to who does not act for it any more, or when all drafts are gone."""
    period = ProgrammePeriod.objects.filter(pk=mail.params["period"]).first()
    organisation = Organisation.objects.of_user(mail.user).filter(pk=mail.params["organisation"]).first() if mail.user else None
    if period is None or organisation is None:
        return None
    rows = CarriedOver.objects.filter(pk__in=mail.params["carried"], copy__organisation=organisation)
    titles = list(rows.order_by("copy__draft_title", "pk").values_list("copy__draft_title", flat=True))
    if not titles:
        return None
    return {
        "period": period.name,
        "organisation": organisation.name,
        "titles": titles,
        "number": len(titles),
        "deadline": None if period.is_closed() else period.deadline,
        "button_url": absolute_url(reverse("ehrenamt:portal")),
        "button_label": _("Open in the partner portal"),
    }
