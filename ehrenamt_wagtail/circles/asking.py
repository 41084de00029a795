"""Asking circles for their figures by mail: whom to write to, who has answered, and the mails themselves.

A mail goes to the contact address of the circle's page, or where it has none to all who act for the circle's organisation.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from ehrenamt_wagtail.directory.models import Membership
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.mail.models import OutgoingMail

from . import rules
from .figures import stated_in
from .half_years import HalfYear
from .models import CircleFigure, CirclePage

ASKED = "circles/figures_asked"


@dataclass(frozen=True)
class Recipient:
    """``user`` is none for the contact address of a page."""

    email: str
    user: object = None

    @property
    def name(self) -> str:
        return self.user.get_full_name() or self.user.get_username() if self.user else ""

    @property
    def key(self) -> str:
        """Names the recipient in a ``dedupe_key``; another address typed in later is another recipient."""
        return str(self.user.pk) if self.user else hashlib.sha256(self.email.lower().encode()).hexdigest()[:16]

    def queue(self, template: str, *, params: dict, dedupe_key: str) -> None:
        """See ``queue_mail``: to the account where there is one, so that its address of that moment counts."""
        email = "" if self.user else self.email
        queue_mail(template, user=self.user, email=email, params=params, dedupe_key=dedupe_key)


@dataclass(frozen=True)
class Row:
    """A circle in a half-year: what it stated, whom the mail goes to, and when it was asked last."""

    circle: CirclePage
    figure: CircleFigure | None
    recipients: list[Recipient]
    asked_at: object = None
    is_asked_today: bool = False

    @property
    def is_missing(self) -> bool:
        return self.figure is None

    @property
    def can_be_asked(self) -> bool:
        """Whether a mail would be written now; see ``ask``."""
        return self.is_missing and bool(self.recipients) and not self.is_asked_today


@dataclass
class Outcome:
    """What came of asking: who was written to, who was today already, who has stated meanwhile, and who has no address."""

    asked: list[CirclePage] = field(default_factory=list)
    asked_before: list[CirclePage] = field(default_factory=list)
    has_stated: list[CirclePage] = field(default_factory=list)
    unreachable: list[CirclePage] = field(default_factory=list)


# Reading


def circles_to_ask() -> QuerySet[CirclePage]:
    """All live circles by town and name, each once: neither aliases nor translations of a page that is there already."""
    originals = CirclePage.objects.live().filter(alias_of=None)
    older = originals.filter(translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk"))
    circles = originals.exclude(Exists(older)).select_related("municipality", "organisation")
    return circles.order_by("municipality__name", "title", "pk")


def rows_of(half_year: HalfYear) -> list[Row]:
    """All live circles by town and name. Five queries, however many circles there are."""
    circles = list(circles_to_ask())
    recipients = recipients_of(circles)
    asked, written = last_asked(ASKED, half_year=half_year.code), keys_written_today(half_year)
    figures = {figure.circle_id: figure for figure in stated_in(half_year).select_related("stated_by")}
    return [
        Row(
            circle,
            figures.get(circle.pk),
            recipients[circle.pk],
            asked.get(circle.pk),
            is_asked_today={key_of(circle, half_year, recipient) for recipient in recipients[circle.pk]} <= written,
        )
        for circle in circles
    ]


def recipients_of(circles: Iterable[CirclePage]) -> dict[int, list[Recipient]]:
    """Whom to write to, by the circle's primary key; one query."""
    circles = list(circles)
    without_contact = {circle.organisation_id for circle in circles if not has_contact(circle)} - {None}
    members = defaultdict(list)
    rows = Membership.objects.filter(
        organisation__in=without_contact, organisation__is_active=True, user__is_active=True
    ).exclude(user__email="")
    for row in rows.select_related("user").order_by("user__last_name", "user__first_name", "user__pk"):
        members[row.organisation_id].append(Recipient(row.user.email, row.user))
    return {
        circle.pk: [Recipient(circle.contact_email)] if has_contact(circle) else members[circle.organisation_id]
        for circle in circles
    }


def has_contact(circle: CirclePage) -> bool:
    try:
        validate_email(circle.contact_email)
    except ValidationError:
        return False
    return True


def last_asked(template: str, **params) -> dict[int, object]:
    """Circle's primary key → when the last mail of ``template`` was written to it that has these ``params``."""
    asked_for = {f"params__{name}": value for name, value in params.items()}
    mails = OutgoingMail.objects.filter(template=template, **asked_for).order_by("created_at")
    return {params["circle"]: at for params, at in mails.values_list("params", "created_at")}


def keys_written_today(half_year: HalfYear) -> set[str]:
    """What ``key_of`` gives for those who were written to for this half-year on this local day."""
    mails = OutgoingMail.objects.filter(template=ASKED, params__half_year=half_year.code)
    day = f":{timezone.localdate():%Y-%m-%d}:"
    return set(mails.filter(dedupe_key__contains=day).values_list("dedupe_key", flat=True))


# Asking


@transaction.atomic
def ask(circles: Iterable[CirclePage], *, half_year: HalfYear, actor) -> Outcome:
    """Write to those of ``circles`` that have not stated their figures; mails leave with the commit.

    On one local day nobody is written to twice for the same circle and half-year, however often this is called; on a later day
    the mail is a reminder. Writes Wagtail's log on each circle's page. Raises ``NotAllowed`` for who is no coordinator and for
    half-years that are not asked for.
    """
    ensure(rules.ASK_FIGURES, half_year=half_year, actor=actor)
    circles = list(circles)
    recipients = recipients_of(circles)
    has_stated = set(stated_in(half_year).values_list("circle", flat=True))
    asked = last_asked(ASKED, half_year=half_year.code)
    outcome = Outcome()
    for circle in circles:
        if circle.pk in has_stated:
            outcome.has_stated.append(circle)
        elif not recipients[circle.pk]:
            outcome.unreachable.append(circle)
        elif write_to(circle, recipients[circle.pk], half_year=half_year, is_reminder=was_before_today(asked.get(circle.pk))):
            log(instance=circle, action="ehrenamt.ask_figures", user=actor, data={"half_year": half_year.code})
            outcome.asked.append(circle)
        else:
            outcome.asked_before.append(circle)
    return outcome


def was_before_today(moment) -> bool:
    return moment is not None and timezone.localdate(moment) < timezone.localdate()


def write_to(circle: CirclePage, recipients: list[Recipient], *, half_year: HalfYear, is_reminder: bool) -> bool:
    """Whether a mail was written that had not been today."""
    keys = {key_of(circle, half_year, recipient): recipient for recipient in recipients}
    present = set(OutgoingMail.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    for key, recipient in keys.items():
        recipient.queue(
            ASKED,
            params={"circle": circle.pk, "half_year": half_year.code, "is_reminder": int(is_reminder)},
            dedupe_key=key,
        )
    return len(present) < len(keys)


def key_of(circle: CirclePage, half_year: HalfYear, recipient: Recipient) -> str:
    return f"{ASKED}:{circle.pk}:{half_year.code}:{timezone.localdate():%Y-%m-%d}:{recipient.key}"
