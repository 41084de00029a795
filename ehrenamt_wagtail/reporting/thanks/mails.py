"""What the mail says by which circles are asked, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.circles.mails import is_recipient
from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.directory.models import Coordinator
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail
from ehrenamt_wagtail.reporting.models import ThanksRound

from .asking import ASKED
from .tokens import token_of


def register() -> None:
    """Make the mail known; called in ``ready()``."""
    register_mail(ASKED, asked, label=gettext_lazy("Circle asked whom to thank"))


def asked(mail: OutgoingMail) -> dict | None:
    """To a circle's contact or members; nothing when it has named people, is public no more, or the time is over."""
    round = ThanksRound.objects.filter(pk=mail.params["round"]).first()
    circle = CirclePage.objects.live().select_related("municipality", "organisation").filter(pk=mail.params["circle"]).first()
    if round is None or circle is None or not round.takes_names or not is_recipient(mail, circle):
        return None
    if round.people.filter(circle=circle).exists():
        return None
    return {
        "round": round,
        "title": circle.title,
        "town": circle.municipality.name if circle.municipality else "",
        "organisation": circle.organisation.name if circle.organisation and mail.user else "",
        "is_reminder": bool(mail.params["is_reminder"]),
        "reply_to": next((person.email for person in Coordinator.objects.in_office() if person.email), ""),
        "button_url": absolute_url(reverse("ehrenamt:thanks", args=[token_of(round.pk, circle.pk)])),
        "button_label": _("Name people"),
    }
