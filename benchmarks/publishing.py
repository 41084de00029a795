"""What publishing costs in one process: an offering, and beside it pages of the host."""

from __future__ import annotations

import time

from wagtail.models import Page

from benchmarks.floors.models import EventPage
from benchmarks.goals import EVENT, HOST_PAGE, OFFERING
from ehrenamt_wagtail.models import TrainingPage
from example_site.models import StandardPage

TIMES = 20
MODELS = {OFFERING: TrainingPage, HOST_PAGE: StandardPage, EVENT: EventPage}


def measure() -> dict[str, list[float]]:
    """Seconds of each publish, in turns, of so many pages of each kind.

    Each page is published once before, so that it has what a page has that was written in the editor.
    """
    keys = {name: list(model.objects.order_by("pk").values_list("pk", flat=True)[:TIMES]) for name, model in MODELS.items()}
    for pages in keys.values():
        for pk in pages:
            publish(pk)
    seconds: dict[str, list[float]] = {name: [] for name in MODELS}
    for turn in zip(*keys.values(), strict=True):
        for name, pk in zip(MODELS, turn, strict=True):
            seconds[name].append(publish(pk))
    return seconds


def publish(pk: int) -> float:
    page = Page.objects.get(pk=pk).specific
    started = time.perf_counter()
    page.save_revision().publish()
    return time.perf_counter() - started
