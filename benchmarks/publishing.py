"""What publishing costs in one process: an offering, and a page of the host beside it."""

from __future__ import annotations

import time

from wagtail.models import Page

from benchmarks.offerings import District
from ehrenamt_wagtail.models import TrainingPage
from example_site.models import StandardPage

TIMES = 20


def measure(district: District) -> tuple[list[float], list[float]]:
    """Seconds of each publish, in turns: of so many offerings, and of so many pages of the host.

    Each page is published once before, so that it has what a page has that was written in the editor.
    """
    offerings = list(TrainingPage.objects.child_of(district.programme).order_by("pk").values_list("pk", flat=True)[:TIMES])
    plain = list(StandardPage.objects.order_by("pk").values_list("pk", flat=True)[:TIMES])
    for pk in [*offerings, *plain]:
        publish(pk)
    ours, theirs = [], []
    for offering, page in zip(offerings, plain, strict=True):
        ours.append(publish(offering))
        theirs.append(publish(page))
    return ours, theirs


def publish(pk: int) -> float:
    page = Page.objects.get(pk=pk).specific
    started = time.perf_counter()
    page.save_revision().publish()
    return time.perf_counter() - started
