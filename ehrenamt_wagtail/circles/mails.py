"""What the mails about needs and figures say, made at delivery. ``None``: there is nothing to say any more."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.directory.models import Coordinator, Organisation
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail

from . import asking, notifications
from .figures import current_figure, figure_before, half_year_of_figure, numbers_of
from .half_years import read_half_year
from .models import CirclePage, Need
from .tokens import Link, last_open, token_of

# Addresses of the portal, which stands above this room.
PORTAL_NEED = "ehrenamt:need"
FIGURES_LINK = "ehrenamt:circle-figures"


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.REPORTED, reported, label=gettext_lazy("Need reported"))
    register_mail(notifications.TAKEN, taken, label=gettext_lazy("Need taken up"))
    register_mail(notifications.ANSWERED, answered, label=gettext_lazy("Need answered"))
    register_mail(notifications.OPEN_AGAIN, open_again, label=gettext_lazy("Need open again"))
    register_mail(asking.ASKED, figures_asked, label=gettext_lazy("Figures asked for"))


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


def figures_asked(mail: OutgoingMail) -> dict | None:
    """To a circle's contact or members; nothing when it has stated its figures, is public no more, or others answer for it now."""
    circle = CirclePage.objects.live().select_related("municipality", "organisation").filter(pk=mail.params["circle"]).first()
    half_year = read_half_year(mail.params["half_year"])
    if circle is None or half_year is None or not Link(circle.pk, half_year).is_open():
        return None
    if current_figure(circle, half_year) is not None or not is_recipient(mail, circle):
        return None
    before = figure_before(circle, half_year)
    return {
        "title": circle.title,
        "town": circle.municipality.name if circle.municipality else "",
        "organisation": circle.organisation.name if circle.organisation and mail.user else "",
        "half_year": half_year.title,
        "before_numbers": numbers_of(before) if before else "",
        "before_half_year": half_year_of_figure(before).title if before else "",
        "valid_until": last_open(half_year).last,
        "is_reminder": bool(mail.params["is_reminder"]),
        "reply_to": next((person.email for person in Coordinator.objects.in_office() if person.email), ""),
        "button_url": absolute_url(reverse(FIGURES_LINK, args=[token_of(circle, half_year)])),
        "button_label": _("State the figures"),
    }


def is_recipient(mail: OutgoingMail, circle: CirclePage) -> bool:
    """Whether the mail would go there today, too: the contact may have changed since."""
    recipients = asking.recipients_of([circle])[circle.pk]
    if mail.user is None:
        return mail.address in {recipient.email for recipient in recipients if recipient.user is None}
    return mail.user_id in {recipient.user.pk for recipient in recipients if recipient.user}
