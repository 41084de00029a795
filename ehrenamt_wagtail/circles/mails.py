"""What the mails about needs say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import notifications
from .models import Need

# Addresses of the portal, which stands above this room.
PORTAL_NEED = "ehrenamt:need"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.REPORTED, reported, label=gettext_lazy("Need reported"))
    register_mail(notifications.TAKEN, taken, label=gettext_lazy("Need taken up"))
    register_mail(notifications.ANSWERED, answered, label=gettext_lazy("Need answered"))
    register_mail(notifications.OPEN_AGAIN, open_again, label=gettext_lazy("Need open again"))


def reported(mail: OutgoingMail) -> dict | None:
    """To a coordinator; nothing when it was closed or taken up before, or the post has ended."""
    need = need_of(mail)
    if need is None or need.status != Need.Status.OPEN or mail.user is None or not is_coordinator(mail.user):
        return None
    return {
        **facts_of(need),
        "button_url": absolute_url(reverse("ehrenamt_wagtail_need_modeladmin_inspect", args=[need.pk])),
        "button_label": _("Open the need"),
    }


def taken(mail: OutgoingMail) -> dict | None:
    """To those who asked; nothing when it came to nothing in the meantime."""
    need = need_of(mail)
    if need is None or need.status != Need.Status.TAKEN or need.taken_by_id != mail.params["organisation"]:
        return None
    if not acts_for(mail.user, need):
        return None
    return {**facts_of(need), "taken_by": need.taken_by, **own_button(need)}


def answered(mail: OutgoingMail) -> dict | None:
    """To those who asked; nothing when the offering is not public any more."""
    need = need_of(mail)
    page = need and need.offering
    if page is None or not page.live or not acts_for(mail.user, need):
        return None
    page = page.specific
    dates = sorted((date for date in page.occurrences.all() if date.span()), key=lambda date: date.span())[:10]
    return {
        **facts_of(need),
        "offering": page,
        "dates": [when_of(date) for date in dates],
        "button_url": absolute_url(page.url),
        "button_label": _("See the offering"),
    }


def when_of(date) -> str:
    if date.is_all_day:
        return date_range(date.start_date, date.end_date, all_day=True)
    return date_range(date.start, date.end)


def open_again(mail: OutgoingMail) -> dict | None:
    """To those who asked; nothing when somebody else took it up already, or it was closed."""
    need = need_of(mail)
    if need is None or need.status != Need.Status.OPEN or not acts_for(mail.user, need):
        return None
    taken_by = Organisation.objects.filter(pk=mail.params["organisation"]).first()
    return {**facts_of(need), "taken_by": taken_by, **own_button(need)}


def need_of(mail: OutgoingMail) -> Need | None:
    related = ("organisation", "topic", "municipality", "taken_by", "offering")
    return Need.objects.select_related(*related).filter(pk=mail.params["need"]).first()


def facts_of(need: Need) -> dict:
    return {"need": need, "title": need.title, "organisation": need.organisation.name}


def own_button(need: Need) -> dict:
    return {"button_url": absolute_url(reverse(PORTAL_NEED, args=[need.pk])), "button_label": _("Open in the partner portal")}


def acts_for(user, need: Need) -> bool:
    return user is not None and Organisation.objects.of_user(user).filter(pk=need.organisation_id).exists()
