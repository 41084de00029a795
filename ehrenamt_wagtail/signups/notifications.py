"""Which mail goes out with which change. Mails carry the sign-up's uid alone; texts and tokens are made at delivery.

Those about a supervision are confidential: no register shows recipient or body.
"""

from ehrenamt_wagtail.mail.actions import prepare_mail, queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail

from .models import SeatPlan, SignUp

CONFIRM = "signups/confirm"
CONFIRM_REMINDER = "signups/confirm_reminder"
ALREADY = "signups/already"
CONFIRMED = "signups/confirmed"
WAITING = "signups/waiting"
OFFER = "signups/offer"
LAPSED = "signups/lapsed"
CANCELLED = "signups/cancelled"
MOVED = "signups/moved"
CHANGED = "signups/changed"
CANCELLED_DATE = "signups/cancelled_date"
REMINDER = "signups/reminder"
ONLINE = "signups/online"
MESSAGE = "signups/message"


def write(template: str, sign_up: SignUp, *, dedupe: str = "", is_bulk: bool = False, **params) -> OutgoingMail | None:
    """Queue a mail to the person; ``None`` for somebody without a mail address. ``dedupe`` makes it go out only once."""
    if not sign_up.email:
        return None
    key = dedupe_key(template, sign_up, dedupe) if dedupe else None
    return queue_mail(template, dedupe_key=key, is_bulk=is_bulk, **facts_for(sign_up, params))


def facts_for(sign_up: SignUp, params: dict) -> dict:
    return {
        "email": sign_up.email,
        "params": {"sign_up": sign_up.uid, **params},
        "language": sign_up.language,
        "is_confidential": sign_up.is_confidential,
    }


def dedupe_key(template: str, sign_up: SignUp, dedupe: str) -> str:
    """What marks the one mail of this kind that the person gets about ``dedupe``."""
    return f"{template}:{sign_up.uid}:{dedupe}"


def asking_to_confirm(sign_up: SignUp) -> OutgoingMail:
    """The mail that asks for confirmation, to be written with the sign-up; ``deliver_on_commit`` must follow."""
    return prepare_mail(CONFIRM, **facts_for(sign_up, {}))


def remind_to_confirm(sign_up: SignUp) -> None:
    write(CONFIRM_REMINDER, sign_up, dedupe="once")


def tell_moved(sign_up: SignUp, before: SeatPlan) -> None:
    write(MOVED, sign_up, before=before.pk)


def tell_already(sign_up: SignUp) -> None:
    write(ALREADY, sign_up)


def tell_confirmed(sign_up: SignUp) -> None:
    write(CONFIRMED if sign_up.has_seat else WAITING, sign_up)


def tell_offer(sign_up: SignUp) -> None:
    write(OFFER, sign_up)


def tell_lapsed(sign_up: SignUp, *, was_offered: bool) -> None:
    write(LAPSED, sign_up, was_offered=was_offered)


def tell_cancelled(sign_up: SignUp, *, had_seat: bool, for_person: bool) -> None:
    write(CANCELLED, sign_up, had_seat=had_seat, for_person=for_person)
