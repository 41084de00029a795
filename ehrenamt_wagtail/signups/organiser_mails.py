"""What the mails to organisers say, made at delivery. ``None``: there is nothing to say any more. They name nobody who signed up."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail
from ehrenamt_wagtail.programme.presentation import date_text

from .minimums import MINIMUM
from .models import SeatPlan
from .seats import count_seats, dates_of

# Addresses of the portal, which stands above this room.
PORTAL_SIGN_UPS = "ehrenamt:sign-ups"
PORTAL_CANCEL = "ehrenamt:offering-cancel"


def register() -> None:
    register_mail(MINIMUM, minimum, label=gettext_lazy("Does it take place?"))


def minimum(mail: OutgoingMail) -> dict | None:
    """How many have a seat as the mail goes out; nothing when there is nothing to decide any more."""
    plan = SeatPlan.objects.select_related("offering").filter(pk=mail.params["plan"]).first()
    if plan is None or plan.minimum is None or not plan.offering.live or not acts_for(mail.user, plan.offering):
        return None
    dates = dates_of(plan)
    if not dates:
        return None
    count = count_seats(plan)
    return {
        "title": plan.offering.title,
        "organisation": str(plan.offering.organisation),
        "dates": [date_text(date) for date in dates],
        "minimum": plan.minimum,
        "taken": count.taken,
        "missing": max(0, plan.minimum - count.taken),
        "waiting": count.waiting,
        "cancel_url": absolute_url(reverse(PORTAL_CANCEL, args=[plan.offering_id])),
        "button_url": absolute_url(reverse(PORTAL_SIGN_UPS, args=[plan.offering_id])),
        "button_label": _("See the sign-ups"),
    }


def acts_for(user, page) -> bool:
    return user is not None and Organisation.objects.of_user(user).filter(pk=page.organisation_id).exists()
