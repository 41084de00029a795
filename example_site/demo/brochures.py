"""The brochure of the programme period that runs now; its files are made on demand."""

from __future__ import annotations

from ehrenamt_wagtail import models
from ehrenamt_wagtail.reporting.brochure.actions import publish

from .register import World

PREFACE = (
    "Liebe Ehrenamtliche,\n\n"
    "rund tausend Menschen helfen im Landkreis Geflüchteten beim Ankommen: mit Zeit, Geduld und Rat. Dieses Heft zeigt, was Sie dabei "
    "unterstützt – Fortbildungen und Vorträge, Supervision und Austausch, Feste und Begegnungen in allen Städten und Gemeinden.\n\n"
    "Alle Angebote sind mit den Veranstaltern abgestimmt. Wo nichts anderes steht, kosten sie nichts. Wir freuen uns auf Sie!\n\n"
    "Ihre Ehrenamtskoordination"
)
IMPRINT = (
    "Herausgeber: Landratsamt, Fachstelle Ehrenamt, ehrenamt@landkreis.example\n\n"
    "Für die einzelnen Angebote sind die genannten Veranstalter verantwortlich."
)


def load_brochure(world: World) -> None:
    """Published, so that the programme links to it."""
    period = models.ProgrammePeriod.objects.filter(last_day__gte=world.today).order_by("first_day").first()
    brochure = models.Brochure.objects.create(
        period=period,
        title=period.name,
        subtitle="Fortbildung, Austausch und Begegnung für Ehrenamtliche",
        preface=PREFACE,
        imprint=IMPRINT,
    )
    publish(brochure, actor=world.users["koordination"])
