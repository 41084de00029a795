"""What others show of thanks."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.reporting.models import ThanksRound

from .tokens import token_of


class OpenRound(NamedTuple):
    title: str
    deadline: object
    url: str


def open_thanks(circles: Iterable[CirclePage]) -> dict[int, list[OpenRound]]:
    """By circle the rounds in which it can name people today, with its secret link: for those alone who act for it. One query."""
    rounds = list(ThanksRound.objects.filter(deadline__gte=timezone.localdate(), deleted_at=None).order_by("deadline", "pk"))
    return {circle.pk: [OpenRound(one.title, one.deadline, link_of(one, circle)) for one in rounds] for circle in circles}


def link_of(round: ThanksRound, circle: CirclePage) -> str:
    return reverse("ehrenamt:thanks", args=[token_of(round.pk, circle.pk)])
