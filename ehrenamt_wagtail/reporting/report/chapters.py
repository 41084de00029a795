"""The chapters that are offered for a report: their headings, what is drafted into them, and what belongs there besides.

``entered`` names the units of the entered figures that a chapter lists; which of them are about visits and which about the press,
only their names say.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import FigureKind

Unit = FigureKind.Unit


@dataclass(frozen=True)
class Chapter:
    """``told`` are figures with a drafted sentence, ``listed`` those of its table, ``note`` is shown to who edits it alone."""

    key: str
    heading: Any
    note: Any
    told: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    # A figure that stands in large letters.
    shown: str = ""


CHAPTERS = (
    Chapter(
        "situation",
        _("Situation and numbers"),
        _(
            "What changed in the district: people who arrived and were housed, what the volunteers did above all, what others say "
            "of it."
        ),
        told=("circles", "volunteers", "offerings", "attended"),
        listed=("circles", "volunteers", "groups", "offerings", "dates", "hours", "taken", "attended", "volunteer_days"),
    ),
    Chapter(
        "posts",
        _("Posts of the coordination and how long they last"),
        _("Who decided about the posts and when, how they are paid for, what happens when one ends."),
    ),
    Chapter(
        "circles",
        _("The circles and their volunteers"),
        _("Where circles were founded, joined or dissolved, what keeps volunteers and what makes them leave."),
        told=("volunteers", "groups"),
        shown="volunteers",
        charts=("volunteers", "circles"),
    ),
    Chapter(
        "advice",
        _("Advice and visits"),
        _("Which questions came up in consultations and at visits, where the coordination mediated."),
        entered=(Unit.NUMBER, Unit.HOURS),
    ),
    Chapter(
        "qualification",
        _("Qualification: trainings, workshops, exchange, supervision and lectures"),
        _("What was asked for most, what the participants said, what could not be offered."),
        told=("dates", "hours", "seats", "taken", "waiting", "attended"),
        charts=("kinds", "organisers"),
    ),
    Chapter(
        "days",
        _("Volunteer days and recognition"),
        _("Programme and guests of the volunteer days, other ways in which volunteers were thanked."),
        told=("volunteer_days", "day_guests", "thanked"),
        shown="volunteer_days",
    ),
    Chapter(
        "network",
        _("Network and coordination of all who offer something"),
        _("Which bodies and working groups the coordination takes part in, what was agreed with towns, churches and associations."),
        told=("decisions", "review_days", "hints", "resolved"),
        listed=("decisions", "in_time", "review_days", "hints", "returned", "resolved"),
        charts=("towns",),
    ),
    Chapter(
        "publicity",
        _("Publicity"),
        _("Press, website, brochure, events; the figures of the press can be added as a table."),
    ),
    Chapter(
        "topics",
        _("Shift of topics"),
        _("Why the focus shifts, from acute care to integration and follow-up housing, and what follows from it."),
        charts=("focus",),
    ),
    Chapter(
        "funding",
        pgettext_lazy("chapter", "Funding"),
        _("Means of the district and of others, applications, what was spent on what."),
        entered=(Unit.EURO,),
    ),
    Chapter(
        "outlook",
        _("Need for action and outlook"),
        _("What is planned for the next half-year, what the committee should know or decide."),
        told=("towns_without", "topics_without"),
    ),
)

BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}

# Page 1: the first five of which there is something to say.
HEADLINES = ("volunteers", "circles", "offerings", "attended", "volunteer_days", "hours", "taken", "groups", "decisions")
MOST_HEADLINES = 5
# Where developments are looked for; what changed most is told, see ``drafting.weight_of``. Numbers of things and people alone: hours
# and seats are large without saying more.
WATCHED = ("volunteers", "circles", "groups", "offerings", "dates", "attended", "waiting", "volunteer_days", "day_guests")


def choices() -> list[tuple[str, Any]]:
    return [(chapter.key, chapter.heading) for chapter in CHAPTERS]
