"""What the mails of this room say, made at delivery. ``None``: there is nothing to say any more."""

import copy

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import absolute_url, register_mail
from ehrenamt_wagtail.programme.models import Mode
from ehrenamt_wagtail.programme.places import place_of
from ehrenamt_wagtail.programme.presentation import date_text

from . import notifications, organiser_mails, waiting
from .calendars import calendar_of
from .models import SeatPlan, SignUp
from .seats import dates_of
from .shown import contact_for, where
from .tokens import token_of


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.CONFIRM, confirm, label=gettext_lazy("Please confirm your sign-up"))
    register_mail(notifications.CONFIRM_REMINDER, confirm, label=gettext_lazy("Reminder to confirm a sign-up"))
    register_mail(notifications.ALREADY, already, label=gettext_lazy("Already signed up"))
    register_mail(notifications.CONFIRMED, confirmed, label=gettext_lazy("Sign-up confirmed"))
    register_mail(notifications.WAITING, on_waiting_list, label=gettext_lazy("On the waiting list"))
    register_mail(notifications.OFFER, offer, label=gettext_lazy("A seat is free"))
    register_mail(notifications.LAPSED, ended, label=gettext_lazy("Sign-up lapsed"))
    register_mail(notifications.MOVED, moved, label=gettext_lazy("Sign-up moved to another date"))
    organiser_mails.register()
    register_mail(notifications.CANCELLED, cancelled, label=gettext_lazy("Sign-up cancelled"))


def sign_up_for(mail: OutgoingMail) -> SignUp | None:
    return SignUp.objects.select_related("plan").filter(uid=mail.params["sign_up"]).first()


def own_url(sign_up: SignUp) -> str:
    return absolute_url(reverse("ehrenamt:sign-up", args=[token_of(sign_up)]))


def facts_of(sign_up: SignUp) -> dict:
    """What all these mails show: title, dates, place, organiser, state, and the person's own page as the button."""
    page = sign_up.plan.offering.specific
    dates = dates_of(sign_up.plan)
    names = [person.name for person in sign_up.participants.all()]
    contact = contact_for(sign_up, page)
    return {
        "title": page.title,
        "organisation": page.organisation.name if page.organisation else "",
        "dates": [date_text(date) for date in dates],
        "place": ", ".join(where(page)) if len(dates) != 1 else where_of_date(page, dates[0]),
        "names": names,
        "recipient_name": next(iter(names), ""),
        "sign_up": sign_up,
        "contact_name": contact["name"],
        "contact_phone": contact["phone"],
        "reply_to": contact["email"],
        "button_url": own_url(sign_up),
        "button_label": _("See or cancel my sign-up"),
    }


def where_of_date(page, date) -> str:
    place = str(place_of(page, date))
    mode = date.effective_mode()
    if mode == Mode.ONLINE:
        return _("Online")
    return _("%(place)s, also online") % {"place": place} if mode == Mode.BOTH else place


def confirm(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    if sign_up is None or not sign_up.is_active or sign_up.confirmed_at is not None or is_too_late(sign_up):
        return None
    return {**facts_of(sign_up), "expires_at": sign_up.expires_at, "button_label": _("Confirm my sign-up")}


def is_too_late(sign_up: SignUp) -> bool:
    """Whether the time to answer is over; that it lapsed is told by a mail of its own."""
    return sign_up.expires_at is not None and sign_up.expires_at <= timezone.now()


def already(mail: OutgoingMail) -> dict | None:
    """Says where the sign-up stands that there is."""
    sign_up = sign_up_for(mail)
    if sign_up is None or not sign_up.is_active:
        return None
    context = {
        **facts_of(sign_up),
        **attachment_of(sign_up),
        "position": waiting.position_of(sign_up),
        "expires_at": sign_up.expires_at,
    }
    if sign_up.confirmed_at is None:
        context["button_label"] = _("Confirm my sign-up")
    elif sign_up.status == SignUp.Status.OFFERED:
        context["button_label"] = _("See what is free")
    return context


def confirmed(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    if sign_up is None or not sign_up.has_seat:
        return None
    page = sign_up.plan.offering.specific
    return {
        **facts_of(sign_up),
        **attachment_of(sign_up),
        "what_to_bring": page.what_to_bring,
        "is_online": any(date.effective_mode() != Mode.ON_SITE for date in dates_of(sign_up.plan)),
    }


def on_waiting_list(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    position = waiting.position_of(sign_up) if sign_up else None
    return {**facts_of(sign_up), "position": position} if position else None


def offer(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    if sign_up is None or sign_up.status != SignUp.Status.OFFERED or is_too_late(sign_up):
        return None
    return {
        **facts_of(sign_up),
        "expires_at": sign_up.expires_at,
        "seats_held": sign_up.seats_held,
        "is_fewer": sign_up.seats_held < sign_up.seats,
        "button_label": _("See what is free"),
    }


def moved(mail: OutgoingMail) -> dict | None:
    """To another date: its calendar entry, and the end of the one for the date before."""
    sign_up = sign_up_for(mail)
    if sign_up is None or not sign_up.is_active:
        return None
    before = SeatPlan.objects.filter(pk=mail.params["before"]).first()
    attachments = attachment_of(sign_up).get("attachments", [])
    if before is not None and before.pk != sign_up.plan_id and attachments:
        old = copy.copy(sign_up)
        old.plan, old.status = before, SignUp.Status.CANCELLED
        attachments = [*attachments, (_("earlier-date.ics"), calendar_of(old), "text/calendar")]
    return {**facts_of(sign_up), "attachments": attachments, "position": waiting.position_of(sign_up)}


def ended(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    if sign_up is None or sign_up.is_active:
        return None
    return {**facts_of(sign_up), "was_offered": mail.params["was_offered"], "button_label": _("See my sign-up")}


def cancelled(mail: OutgoingMail) -> dict | None:
    sign_up = sign_up_for(mail)
    if sign_up is None or sign_up.is_active:
        return None
    # A mail of an earlier version says neither; it went to those who gave back a seat themselves.
    had_seat = mail.params.get("had_seat", True)
    return {
        **facts_of(sign_up),
        **(attachment_of(sign_up) if had_seat else {}),
        "had_seat": had_seat,
        "for_person": mail.params.get("for_person", False),
        "button_label": _("See my sign-up"),
    }


def attachment_of(sign_up: SignUp) -> dict:
    """The calendar entry for those who have a seat, or its end for those who gave theirs back."""
    if not sign_up.has_seat and (sign_up.is_active or sign_up.confirmed_at is None):
        return {}
    return {"attachments": [(_("date.ics"), calendar_of(sign_up), "text/calendar")]}
