"""Asking circles by mail whom they want to be thanked: who has named people, whom to write to, and the mails themselves.

A mail goes to those whom the mail about the circle's figures goes to, see ``circles.asking``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from wagtail.log_actions import log

from ehrenamt_wagtail.circles.asking import Outcome, Recipient, circles_to_ask, last_asked, recipients_of, was_before_today
from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.exceptions import ensure
from ehrenamt_wagtail.reporting.models import ThanksRound

from . import rules

ASKED = "reporting/thanks_asked"


@dataclass(frozen=True)
class Row:
    """A circle in a round: how many people it named, whom the mail goes to, and when it was asked last."""

    circle: CirclePage
    named: int
    recipients: list[Recipient]
    asked_at: object = None

    @property
    def can_be_asked(self) -> bool:
        return not self.named and bool(self.recipients)

    @property
    def was_asked_today(self) -> bool:
        return self.asked_at is not None and not was_before_today(self.asked_at)


def rows_of(round: ThanksRound) -> list[Row]:
    """All circles that can be asked, and those no longer public that named somebody, by town and name. Five queries at most."""
    named = numbers_named(round)
    circles = list(circles_to_ask())
    gone = set(named) - {circle.pk for circle in circles}
    if gone:
        circles += CirclePage.objects.filter(pk__in=gone).select_related("municipality", "organisation").order_by("title", "pk")
    recipients, asked = recipients_of(circles), last_asked(ASKED, round=round.pk)
    return [Row(circle, named.get(circle.pk, 0), recipients[circle.pk], asked.get(circle.pk)) for circle in circles]


def numbers_named(round: ThanksRound) -> dict[int, int]:
    """Circle's primary key → how many people it named."""
    return dict(round.people.order_by().values_list("circle").annotate(Count("pk")))


@transaction.atomic
def ask(round: ThanksRound, circles: Iterable[CirclePage], *, actor) -> Outcome:
    """Write to those of ``circles`` that have named nobody; mails leave with the commit.

    On one local day nobody is written to twice for the same circle, however often this is called; on a later day the mail is a
    reminder. Writes Wagtail's log. Raises ``NotAllowed`` for who is no coordinator and once the time to name people is over.
    """
    ensure(rules.ASK, round=round, actor=actor)
    circles = list(circles)
    recipients, named, asked = recipients_of(circles), numbers_named(round), last_asked(ASKED, round=round.pk)
    outcome = Outcome()
    for circle in circles:
        last = asked.get(circle.pk)
        if named.get(circle.pk):
            outcome.has_stated.append(circle)
        elif not recipients[circle.pk]:
            outcome.unreachable.append(circle)
        elif last is not None and not was_before_today(last):
            outcome.asked_before.append(circle)
        else:
            write_to(round, circle, recipients[circle.pk], is_reminder=last is not None)
            outcome.asked.append(circle)
    if outcome.asked:
        log(instance=round, action="ehrenamt.ask_thanks", user=actor, data={"circles": [circle.pk for circle in outcome.asked]})
    return outcome


def write_to(round: ThanksRound, circle: CirclePage, recipients: list[Recipient], *, is_reminder: bool) -> None:
    for recipient in recipients:
        recipient.queue(
            ASKED,
            params={"round": round.pk, "circle": circle.pk, "is_reminder": int(is_reminder)},
            dedupe_key=f"{ASKED}:{round.pk}:{circle.pk}:{timezone.localdate():%Y-%m-%d}:{recipient.key}",
        )
