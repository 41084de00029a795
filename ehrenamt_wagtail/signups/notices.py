"""Messages of an organiser to participants, and whom each notice reached."""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, ensure
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.programme.models import OfferingPage, SupervisionPage

from . import changes, notifications, rules
from .models import Notice, NoticeRecipient, SeatPlan, SignUp, SupervisionSetup
from .queries import readable_sign_ups

Audience = Notice.Audience
# Messages about one offering within 24 hours: more of them is a mistake, or a chat.
MESSAGES_PER_DAY = 10

# Only confirmed addresses: somebody else may have typed in the others.
AUDIENCES: dict[str, Q] = {
    Audience.ALL: Q(status=SignUp.Status.CONFIRMED) | Q(status__in=SignUp.ACTIVE, confirmed_at__isnull=False),
    Audience.SEATS: Q(status=SignUp.Status.CONFIRMED),
    Audience.WAITING: Q(status__in=[SignUp.Status.WAITING, SignUp.Status.OFFERED], confirmed_at__isnull=False),
}


# Who may write. Facts: ``page``, ``actor``, ``now``.


def must_not_be_confidential(*, page, **_facts) -> None:
    if isinstance(page, SupervisionPage) or SupervisionSetup.objects.filter(offering=page.pk).exists():
        raise NotAllowed(_("Supervision is confidential: only the named supervisor writes to those who take part."))


def must_not_have_written_often(*, page, now, **_facts) -> None:
    since = now - dt.timedelta(days=1)
    if Notice.objects.filter(offering=page.pk, kind=Notice.Kind.MESSAGE, at__gt=since).count() >= MESSAGES_PER_DAY:
        raise NotAllowed(
            _("You have sent %(number)s messages within a day. This one was not sent; please wait until tomorrow.")
            % {"number": MESSAGES_PER_DAY}
        )


WRITE = [*rules.ORGANISE, must_not_be_confidential, must_not_have_written_often]


# Writing


def recipients(page: OfferingPage, audience: str, *, actor, plan: SeatPlan | None = None) -> QuerySet[SignUp]:
    """The sign-ups that a message would concern, of one plan or of all."""
    sign_ups = readable_sign_ups(page, user=actor).filter(AUDIENCES[audience], is_confidential=False)
    if plan is not None:
        sign_ups = sign_ups.filter(plan=plan)
    return sign_ups.order_by("pk")


@transaction.atomic
def send_message(
    page: OfferingPage,
    *,
    audience: str,
    subject: str,
    text: str,
    uid: uuid.UUID,
    actor,
    plan: SeatPlan | None = None,
    now: dt.datetime | None = None,
) -> Notice:
    """Write plain ``text`` to participants, one mail a person; answers go to the offering's contact, else to the actor.

    ``uid`` comes with the form: sent twice it is one message. Writes Wagtail's log with the number of recipients, no names. Raises
    ``NotAllowed`` for others than the organiser, for supervision, after ``MESSAGES_PER_DAY`` and when nobody would get it.
    """
    now = now or timezone.now()
    if (present := Notice.objects.filter(uid=uid).first()) is not None:
        return same_message(present, page, actor)
    ensure(WRITE, page=page, actor=actor, now=now)
    sign_ups = list(recipients(page, audience, actor=actor, plan=plan))
    if not sign_ups:
        raise NotAllowed(_("There is nobody whom this message would reach. Nothing was sent."))
    facts = {"offering_id": page.pk, "kind": Notice.Kind.MESSAGE, "audience": audience, "subject": subject, "text": text}
    # Of two at the same moment the second waits here for the first.
    notice, is_new = Notice.objects.get_or_create(uid=uid, defaults={**facts, "by": actor, "at": now})
    if not is_new:
        return same_message(notice, page, actor)
    changes.send(notice, sign_ups, template=notifications.MESSAGE, is_bulk=True)
    log(instance=page, action="ehrenamt.message", user=actor, data={"audience": audience, "recipients": len(sign_ups)})
    return notice


def same_message(notice: Notice, page: OfferingPage, actor) -> Notice:
    """The message that was sent with this form already."""
    if (notice.offering_id, notice.by_id) != (page.pk, actor.pk):
        raise NotAllowed(_("This form belongs to another message. Nothing was sent."))
    return notice


def people_of(sign_ups: Iterable[SignUp]) -> tuple[int, int]:
    """How many mails a message to these would be, and how many people have to be called since they gave no address."""
    groups = changes.by_person(sign_ups)
    with_address = sum(1 for group in groups if group[0].email)
    return with_address, len(groups) - with_address


# Whom it reached

Status = OutgoingMail.Status
CALL = "call"
# State of a recipient → the mails that are in it, in the order in which they are listed.
REACHES: dict[str, Q] = {
    CALL: Q(mail__status__in=[Status.GIVEN_UP, Status.UNCLEAR]) | Q(mail=None, sign_up__email=""),
    "under_way": Q(mail__status__in=OutgoingMail.OPEN),
    "sent": Q(mail__status=Status.SENT),
    "dropped": Q(mail__status=Status.DROPPED),
    "unknown": Q(mail=None) & ~Q(sign_up__email=""),
}


def reach_of(recipient: NoticeRecipient) -> str:
    """How far the notice got: a key of ``REACHES``."""
    mail = recipient.mail
    if mail is None:
        return "unknown" if recipient.sign_up.email else CALL
    if mail.status in (Status.GIVEN_UP, Status.UNCLEAR):
        return CALL
    if mail.status in OutgoingMail.OPEN:
        return "under_way"
    return "sent" if mail.status == Status.SENT else "dropped"


def notices_of(page: OfferingPage) -> QuerySet[Notice]:
    """What participants were told, the newest first, with a number for each of ``REACHES``: ``number_call`` and so on."""
    numbers = {
        f"number_{name}": Count("recipients", filter=prefixed(condition, "recipients__")) for name, condition in REACHES.items()
    }
    return Notice.objects.filter(offering=page.pk).annotate(**numbers).select_related("by").order_by("-at", "-pk")


def prefixed(condition: Q, prefix: str) -> Q:
    """The same condition, asked of a relation."""
    children = [
        prefixed(child, prefix) if isinstance(child, Q) else (f"{prefix}{child[0]}", child[1]) for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def readable_recipients(notice: Notice, page: OfferingPage, *, user) -> QuerySet[NoticeRecipient]:
    """Those whose names ``user`` may read, first those that have to be called."""
    order = Case(
        *[When(condition, then=Value(number)) for number, condition in enumerate(REACHES.values())],
        default=Value(len(REACHES)),
        output_field=IntegerField(),
    )
    readable = notice.recipients.filter(sign_up__in=readable_sign_ups(page, user=user))
    return (
        readable.annotate(order=order)
        .order_by("order", "sign_up__created_at", "pk")
        .select_related("mail", "sign_up")
        .prefetch_related("sign_up__participants")
    )
