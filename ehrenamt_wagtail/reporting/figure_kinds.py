"""The kinds of entered figures that a new installation begins with."""

from typing import Any

from django.utils.translation import gettext as _

from .models import FigureKind


def default_kinds() -> list[dict[str, Any]]:
    """In the language that is active."""
    return [
        {
            "name": _("Visits to circles"),
            "definition": _("Visits of the coordination to meetings of circles, on site or online; one a meeting."),
        },
        {
            "name": _("Consultations"),
            "definition": _("Conversations in which the coordination advised volunteers or circles for a quarter of an hour or more."),
        },
        {
            "name": _("Mediations"),
            "definition": _(
                "Conflicts or requests that the coordination mediated between volunteers, authorities and others; one a case."
            ),
        },
        {"name": _("Press reports"), "definition": _("Reports in newspapers, on the radio and on websites of others; one a report.")},
        {
            "name": _("Funding"),
            "definition": _("Money that was granted to circles and their partners, on the day of the grant."),
            "unit": FigureKind.Unit.EURO,
        },
        {
            "name": _("Guests of volunteer days"),
            "definition": _("All who came to a volunteer day, as counted or estimated at the door, signed up or not."),
            "is_people": True,
        },
    ]


def make_default_kinds() -> int:
    """Make them if there is no kind at all; gives how many were made. Kinds that somebody changed or removed stay as they are."""
    if FigureKind.objects.exists():
        return 0
    made = [FigureKind(sort_order=10 * number, **facts) for number, facts in enumerate(default_kinds(), 1)]
    return len(FigureKind.objects.bulk_create(made))
