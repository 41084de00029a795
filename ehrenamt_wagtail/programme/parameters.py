"""The names of the address parameters, once for all, and what the description of the API says of them.

A new one is a line in ``PARAMETERS``; ``filters.py`` reads it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .languages import Language
from .slots import DAYS, TIMES

# Values of „ort“.
PLACES = {"praesenz": _("on site"), "online": _("online")}
# Kilometres: the largest distance, and those that the form lets choose from.
FARTHEST = 100
RADII = (5, 10, 20)

TEXT: dict[str, Any] = {"type": "string"}
SLUG: dict[str, Any] = {"type": "string", "pattern": "^[a-z0-9-]+$"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
RADIUS: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": FARTHEST}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 999_999_999}


@dataclass(frozen=True)
class Parameter:
    """``schema`` is that of one value (JSON Schema); ``repeats``: several values are one or the other.

    ``has_kinds``: its values are the kinds of offerings that this site has.
    """

    name: str
    description: str | Promise
    schema: dict[str, Any]
    repeats: bool = False
    has_kinds: bool = False


def one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


PARAMETERS = (
    Parameter("q", _("Words to search for; all of them must be found."), TEXT | {"maxLength": 200}),
    Parameter("gemeinde", _("Slug of a town or municipality."), SLUG, repeats=True),
    Parameter("umkreis", _("Also in towns that lie within so many kilometres of one in “gemeinde”."), RADIUS),
    Parameter("thema", _("Slug of a topic."), SLUG, repeats=True),
    Parameter("traeger", _("Slug of an organisation that offers it or is a co-host."), SLUG, repeats=True),
    Parameter("art", _("Kind of offering."), TEXT, repeats=True, has_kinds=True),
    Parameter("ort", _("On site or online."), one_of(*PLACES), repeats=True),
    Parameter("tag", _("Only with a date on this weekday."), one_of(*DAYS), repeats=True),
    Parameter("zeit", _("Only with a date at this time of day."), one_of(*TIMES), repeats=True),
    Parameter("sprache", _("Language that it is held in; what names none counts as German."), one_of(*Language.values), repeats=True),
    Parameter("barrierefrei", _("1: only with step-free access."), one_of("0", "1")),
    Parameter("kostenlos", _("1: only what is free of charge."), one_of("0", "1")),
    Parameter("frei", _("1: only where seats are left."), one_of("0", "1")),
    Parameter("von", _("Only with a date on this day or later; reaches the past, too."), DAY),
    Parameter("bis", _("Only with a date on this day or earlier; reaches the past, too."), DAY),
    Parameter("archiv", _("1: only offerings whose last date is over."), one_of("0", "1")),
    Parameter("sortierung", _("The order: by date, or for a search what fits best first."), one_of("datum", "relevanz")),
    Parameter("seite", _("Number of the page; one behind the last gives the last."), NUMBER),
)
NAMES = frozenset(parameter.name for parameter in PARAMETERS)
