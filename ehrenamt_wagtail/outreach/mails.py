"""What the mail about a reported barrier says, made at delivery. ``None``: the report was deleted meanwhile."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import actions
from .models import BarrierReport


def register() -> None:
    """Make the mail known; called in ``ready()``."""
    register_mail(actions.REPORTED, reported, label=gettext_lazy("Barrier reported"))


def reported(mail: OutgoingMail) -> dict | None:
    """To the address of the statement or to a coordinator. Answering the mail answers who reported, if an address was given."""
    report = BarrierReport.objects.filter(pk=mail.params["report"]).first()
    if report is None:
        return None
    context = {"report": report, "weeks": conf.BARRIER_ANSWER_WEEKS}
    if report.email:
        context["reply_to"] = report.email
    if mail.user is not None:
        context["button_url"] = absolute_url(reverse("ehrenamt_wagtail_barrierreport_modeladmin_inspect", args=[report.pk]))
        context["button_label"] = _("Open the report")
    return context
