"""What the mails about changes, reminders and messages say, made at delivery. ``None``: there is nothing to say any more."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.registry import register_mail
from ehrenamt_wagtail.programme.models import Cancellation, Mode
from ehrenamt_wagtail.programme.places import place_of
from ehrenamt_wagtail.programme.presentation import date_text

from . import mails, notifications, reminders
from .changes import Change, KnownDate, changes_in, covers
from .models import Notice, SeatPlan, SignUp
from .seats import dates_of


def register() -> None:
    """Make the mails known; called in ``ready()``."""
    register_mail(notifications.CHANGED, changed, label=gettext_lazy("A date has changed"))
    register_mail(notifications.CANCELLED_DATE, changed, label=gettext_lazy("A date was cancelled"))
    register_mail(notifications.REMINDER, reminder, label=gettext_lazy("Reminder of a date"))
    register_mail(notifications.ONLINE, online, label=gettext_lazy("Address of the online meeting"))
    register_mail(notifications.MESSAGE, message, label=gettext_lazy("Message of an organiser"))


# Changes and cancellations


def changed(mail: OutgoingMail) -> dict | None:
    notice = Notice.objects.filter(pk=mail.params["notice"]).first()
    uids = [mail.params["sign_up"], *mail.params["also"]]
    sign_ups = list(SignUp.objects.active().filter(uid__in=uids).select_related("plan").order_by("pk"))
    if notice is None or not sign_ups:
        return None
    told = {sign_up.pk: changes_for(sign_up, notice) for sign_up in sign_ups}
    sign_ups = [sign_up for sign_up in sign_ups if told[sign_up.pk]]
    if not sign_ups:
        return None
    by_uid = {change.uid: change for row in sign_ups for change in told[row.pk]}
    changes = sorted(by_uid.values(), key=lambda change: (change.now.starts_at, str(change.uid)))
    first, *others = sign_ups
    goes_on = any(takes_place(sign_up) for sign_up in sign_ups)
    return {
        **mails.facts_of(first),
        "change_rows": change_rows(changes, reasons_of(first.plan.offering_id)),
        "what": what_changed(changes, goes_on=goes_on),
        "is_withdrawn": any(change.is_withdrawn for change in changes),
        "goes_on": goes_on,
        "expires_at": first.expires_at,
        "others": [{"url": mails.own_url(row), "dates": [date_text(date) for date in dates_of(row.plan)]} for row in others],
        "button_label": _("See or cancel my sign-up") if goes_on else _("See my sign-up"),
        "attachments": [entry for row in sign_ups for entry in mails.attachment_of(row).get("attachments", [])],
    }


def changes_for(sign_up: SignUp, notice: Notice) -> list[Change]:
    """What this person is to read: nothing when a later notice says it, and all that mails which never left would have said."""
    notices = list(
        Notice.objects.exclude(kind=Notice.Kind.MESSAGE)
        .filter(recipients__sign_up=sign_up, offering=notice.offering_id)
        .values_list("pk", "recipients__mail__status")
        .order_by("pk")
    )
    if any(pk > notice.pk for pk, _status in notices):
        return []
    unread = [notice.pk]
    for pk, status in reversed([row for row in notices if row[0] < notice.pk]):
        if status == OutgoingMail.Status.SENT:
            break
        unread.append(pk)
    now, told = timezone.now(), {}
    plans = list(SeatPlan.objects.filter(offering=notice.offering_id))
    for row in Notice.objects.filter(pk__in=unread).order_by("pk"):
        for change in changes_in(row):
            if covers(sign_up.plan, change.uid, plans):
                told[change.uid] = replace(change, was=told[change.uid].was) if change.uid in told else change
    return [change for change in told.values() if change.was != change.now and (change.is_cancellation or change.now.over_at > now)]


def takes_place(sign_up: SignUp) -> bool:
    return sign_up.plan.offering.live and any(date.ends_at > timezone.now() for date in dates_of(sign_up.plan))


def what_changed(changes: list[Change], *, goes_on: bool) -> str:
    """One word for the subject and the first line: cancelled, date_cancelled, moved, place, back, added or several."""
    kinds = {kind_of(change) for change in changes}
    if kinds == {"cancelled"}:
        return "date_cancelled" if goes_on else "cancelled"
    return kinds.pop() if len(kinds) == 1 else "several"


def kind_of(change: Change) -> str:
    if change.is_cancellation:
        return "cancelled"
    if change.was is None:
        return "added"
    if change.is_back:
        return "back"
    is_elsewhere = (change.was.mode, change.was.place) != (change.now.mode, change.now.place)
    if not is_elsewhere:
        return "moved"
    return "place" if change.was.when == change.now.when else "several"


def reasons_of(offering_id: int) -> dict:
    """Date → why it was cancelled; ``None`` stands for the whole offering."""
    return dict(Cancellation.objects.filter(offering=offering_id).values_list("occurrence_uid", "reason"))


def change_rows(changes: Iterable[Change], reasons: dict) -> list[dict]:
    """Each date with what was and what is; texts in the active language."""
    rows = []
    for change in changes:
        was, now = change.was, change.now
        rows.append(
            {
                "kind": kind_of(change),
                "when": now.when,
                "was_when": was.when if was and was.when != now.when else "",
                "where": where(now),
                "was_where": where(was) if was and where(was) != where(now) else "",
                "reason": (reasons.get(change.uid) or reasons.get(None) or "") if change.is_cancellation else "",
            }
        )
    return rows


def where(date: KnownDate) -> str:
    if date.mode == Mode.ONLINE:
        return _("online")
    return _("%(place)s, also online") % {"place": date.place} if date.mode == Mode.BOTH else date.place


# Reminders


def reminder(mail: OutgoingMail) -> dict | None:
    now = timezone.now()
    sign_up, date = date_for(mail, now)
    if date is None or date.starts_at <= now or reminders.sequence_of(date) != mail.params["sequence"]:
        return None
    page = date.page.specific
    date.page = page
    return {
        **mails.facts_of(sign_up),
        "when": date_text(date),
        "starts_at": date.starts_at,
        "place": where_on(date),
        "is_online": reminders.is_online(date),
        "what_to_bring": page.what_to_bring,
        **mails.attachment_of(sign_up),
    }


def online(mail: OutgoingMail) -> dict | None:
    sign_up, date = date_for(mail, timezone.now())
    if date is None or not reminders.is_online(date):
        return None
    return {
        **mails.facts_of(sign_up),
        "when": date_text(date),
        "online_url": date.page.online_url,
        "button_url": date.page.online_url,
        "button_label": _("Open the online meeting"),
        "own_url": mails.own_url(sign_up),
    }


def date_for(mail: OutgoingMail, now: dt.datetime) -> tuple:
    sign_up = mails.sign_up_for(mail)
    return (sign_up, reminders.date_still_ahead(sign_up, mail.params["date"], now=now)) if sign_up else (None, None)


def where_on(date) -> str:
    mode = date.effective_mode()
    if mode == Mode.ONLINE:
        return _("online")
    place = str(place_of(date.page, date))
    return _("%(place)s, also online") % {"place": place} if mode == Mode.BOTH else place


# Messages


def message(mail: OutgoingMail) -> dict | None:
    """Only for those who still come or wait."""
    notice = Notice.objects.filter(pk=mail.params["notice"]).select_related("by", "offering").first()
    uids = [mail.params["sign_up"], *mail.params["also"]]
    sign_up = SignUp.objects.active().filter(uid__in=uids).select_related("plan").order_by("pk").first()
    if notice is None or sign_up is None:
        return None
    facts = mails.facts_of(sign_up)
    writer = notice.by.email if notice.by and not sign_up.is_confidential else ""
    return {
        **facts,
        "message_subject": notice.subject,
        "text": notice.text,
        "reply_to": facts["reply_to"] or writer,
    }
