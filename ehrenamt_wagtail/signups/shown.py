"""A sign-up and what it is for as pages show it: words instead of fields."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.programme.dates import cancellation_of
from ehrenamt_wagtail.programme.models import Mode, OfferingPage
from ehrenamt_wagtail.programme.places import place_of
from ehrenamt_wagtail.programme.presentation import date_text, days_of

from .models import SeatPlan, SignUp
from .seats import covered_dates

Status = SignUp.Status
# State → the shape of ``includes/state.html`` that it has.
SHAPES = {
    Status.PENDING: "draft",
    Status.CONFIRMED: "published",
    Status.WAITING: "in_review",
    Status.OFFERED: "returned",
    Status.CANCELLED: "cancelled",
    Status.EXPIRED: "past",
}


@dataclass(frozen=True)
class ShownDate:
    """A date of a sign-up; ``text`` is the whole of it in words, ``place`` is empty unless it differs from the others'."""

    uid: object
    text: str
    place: str
    cancelled: bool
    past: bool

    def __str__(self) -> str:
        text = f"{self.text} ({self.place})" if self.place else self.text
        return _("Cancelled: %(date)s") % {"date": text} if self.cancelled else text


def facts_of_dates(plan: SeatPlan, page: OfferingPage, *, now: dt.datetime) -> list[ShownDate]:
    """The dates that a plan is for, cancelled ones among them."""
    own_place = place_of(page)
    dates = []
    for date in covered_dates(plan, page):
        place = place_of(page, date)
        dates.append(
            ShownDate(
                uid=date.uid,
                text=date_text(date),
                place=str(place) if place != own_place and date.effective_mode() != Mode.ONLINE else "",
                cancelled=cancellation_of(date, page) is not None,
                past=date.ends_at <= now,
            )
        )
    return dates


def facts_of_form(plan: SeatPlan, page: OfferingPage, seats: str, *, dates: list[ShownDate] | None = None) -> list[dict]:
    """When, where, who and how many seats, as ``includes/facts.html`` takes them."""
    dates = facts_of_dates(plan, page, now=timezone.now()) if dates is None else dates
    facts = [{"term": _("When"), "lines": [str(date) for date in dates]}] if dates else []
    facts.append({"term": _("Where"), "lines": where(page)})
    if page.organisation:
        facts.append({"term": _("Who"), "value": page.organisation.name})
    if seats:
        facts.append({"term": _("Seats"), "value": seats})
    return facts


def where(page: OfferingPage) -> list[str]:
    place = str(place_of(page))
    return {
        Mode.ONLINE: [_("Online")],
        Mode.BOTH: [place, _("Also online")],
    }.get(page.mode, [place])


def state_of(sign_up: SignUp, *, is_over: bool, is_cancelled: bool) -> dict:
    """The state in words, with the name of its shape."""
    label = {
        Status.PENDING: _("not confirmed yet"),
        Status.CONFIRMED: _("signed up"),
        Status.WAITING: _("on the waiting list") if sign_up.confirmed_at else _("not confirmed yet"),
        Status.OFFERED: _("a seat is free for you"),
        Status.CANCELLED: pgettext("sign-up", "cancelled"),
        Status.EXPIRED: _("lapsed"),
    }[sign_up.status]
    shape = "draft" if sign_up.is_active and not sign_up.confirmed_at else SHAPES[sign_up.status]
    if is_cancelled and sign_up.is_active:
        return {"shape": "cancelled", "label": _("does not take place")}
    if is_over and sign_up.is_active:
        return {"shape": "past", "label": _("over")}
    return {"shape": shape, "label": label}


def day_of_online_access(sign_up: SignUp, page: OfferingPage, now: dt.datetime) -> dict | None:
    """Where to take part online: the address only on the day itself and only for who has a seat; ``None`` without anything online."""
    online = [
        date
        for date in covered_dates(sign_up.plan, page)
        if date.effective_mode() != Mode.ON_SITE and not cancellation_of(date, page) and date.ends_at > now
    ]
    if not sign_up.has_seat or not online:
        return None
    is_today = timezone.localdate(now) in days_of(online[0])
    return {"url": page.online_url if is_today else "", "is_today": is_today}


def qr_code(text: str) -> SafeString | None:
    """The text as a code to photograph, an SVG element; ``None`` where the library for it is not installed."""
    try:
        import segno
    except ImportError:
        return None
    # Made of numbers alone: nothing of ``text`` stands in it.
    return mark_safe(segno.make(text, error="m").svg_inline(scale=4, border=2))


def contact_of(page: OfferingPage) -> dict:
    """Whom to ask, with the telephone number as a link takes it."""
    return {
        "name": page.contact_name,
        "email": page.contact_email,
        "phone": page.contact_phone,
        "phone_link": "".join(character for character in page.contact_phone if character in "+0123456789"),
    }


def contact_for(sign_up: SignUp, page: OfferingPage) -> dict:
    """Whom the person asks; about a supervision the supervisor, since a question to the organiser says who takes part."""
    if not sign_up.is_confidential:
        return contact_of(page)
    reader = sign_up.reader
    return {
        "name": reader.get_full_name() if reader else "",
        "email": reader.email if reader else "",
        "phone": "",
        "phone_link": "",
    }
