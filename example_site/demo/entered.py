"""Loads the figures that no system knows, for the last five half-years."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.figures.spans import half_years

from .content.entered import VALUES
from .register import World


def load_entered_figures(world: World) -> None:
    """The present half-year's values are of its days until today."""
    kinds = {kind.name: kind for kind in models.FigureKind.objects.all()}
    spans = half_years(5, until=world.today)
    models.EnteredFigure.objects.bulk_create(
        models.EnteredFigure(
            kind=kinds[name],
            first_day=span.first,
            last_day=min(span.last, world.today),
            value=Decimal(given[0]),
            note=given[1],
            entered_by=world.users["koordination"],
            entered_at=timezone.make_aware(dt.datetime.combine(min(span.last, world.today), dt.time(9))),
        )
        for name, values in VALUES.items()
        for span, given in zip(spans, values, strict=True)
        if given is not None
    )
