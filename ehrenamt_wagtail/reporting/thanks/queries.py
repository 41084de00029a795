"""What others show of thanks."""

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


def open_thanks(circle: CirclePage) -> list[OpenRound]:
    """The rounds in which ``circle`` can name people today, with its secret link: for those alone who act for it."""
    rounds = ThanksRound.objects.filter(deadline__gte=timezone.localdate(), deleted_at=None).order_by("deadline", "pk")
    return [OpenRound(one.title, one.deadline, reverse("ehrenamt:thanks", args=[token_of(one.pk, circle.pk)])) for one in rounds]
