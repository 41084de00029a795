"""Sentences made of numbers, as a draft has them. ``figure`` is what ``Source.figure`` gives; all follow the active language."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from ehrenamt_wagtail.directory.models import Coordinator

from ..figures.spans import Span

# Words for a number that is not told: „unter 5“ are several.
SEVERAL = 2

TOLD = {
    "circles": ngettext_lazy(
        "%(within)s, %(number)s circle stated its volunteers%(compared)s.",
        "%(within)s, %(number)s circles stated their volunteers%(compared)s.",
        "count",
    ),
    "volunteers": ngettext_lazy(
        "%(number)s person volunteers in the circles%(compared)s.",
        "%(number)s people volunteer in the circles%(compared)s.",
        "count",
    ),
    "groups": ngettext_lazy(
        "The circles have %(number)s active group%(compared)s.",
        "The circles have %(number)s active groups%(compared)s.",
        "count",
    ),
    "offerings": ngettext_lazy(
        "%(within)s, %(number)s offering took place%(compared)s.",
        "%(within)s, %(number)s offerings took place%(compared)s.",
        "count",
    ),
    "dates": ngettext_lazy(
        "%(within)s, %(number)s date was held%(compared)s.",
        "%(within)s, %(number)s dates were held%(compared)s.",
        "count",
    ),
    "hours": ngettext_lazy(
        "It lasted %(number)s%(compared)s.",
        "Together they lasted %(number)s%(compared)s.",
        "count",
    ),
    "seats": ngettext_lazy(
        "%(number)s seat was offered%(compared)s.",
        "%(number)s seats were offered%(compared)s.",
        "count",
    ),
    "taken": ngettext_lazy(
        "%(number)s of the seats was taken%(compared)s.",
        "%(number)s of the seats were taken%(compared)s.",
        "count",
    ),
    "waiting": ngettext_lazy(
        "%(number)s person stayed on a waiting list%(compared)s.",
        "%(number)s people stayed on a waiting list%(compared)s.",
        "count",
    ),
    "attended": ngettext_lazy(
        "%(number)s person was marked as present%(compared)s.",
        "%(number)s people were marked as present%(compared)s.",
        "count",
    ),
    "volunteer_days": ngettext_lazy(
        "%(within)s, %(number)s volunteer day took place%(compared)s.",
        "%(within)s, %(number)s volunteer days took place%(compared)s.",
        "count",
    ),
    "day_guests": ngettext_lazy(
        "%(number)s person who had signed up came to it%(compared)s.",
        "%(number)s people who had signed up came to them%(compared)s.",
        "count",
    ),
    "thanked": ngettext_lazy(
        "%(number)s person whom a circle had named was thanked by letter%(compared)s.",
        "%(number)s people whom circles had named were thanked by letter%(compared)s.",
        "count",
    ),
    "decisions": ngettext_lazy(
        "%(within)s, the coordination decided %(number)s time about a submission%(compared)s.",
        "%(within)s, the coordination decided %(number)s times about submissions%(compared)s.",
        "count",
    ),
    "review_days": ngettext_lazy(
        "The review took %(number)s in the middle%(compared)s.",
        "The review took %(number)s in the middle%(compared)s.",
        "count",
    ),
    "hints": ngettext_lazy(
        "At %(number)s submission a clash was found%(compared)s.",
        "At %(number)s submissions clashes were found%(compared)s.",
        "count",
    ),
    "resolved": ngettext_lazy(
        "%(number)s clash was resolved%(compared)s.",
        "%(number)s clashes were resolved%(compared)s.",
        "count",
    ),
    "towns_without": ngettext_lazy(
        "%(within)s, nothing took place in %(number)s town%(compared)s.",
        "%(within)s, nothing took place in %(number)s towns%(compared)s.",
        "count",
    ),
    "topics_without": ngettext_lazy(
        "No date was about %(number)s topic of the register%(compared)s.",
        "No date was about %(number)s topics of the register%(compared)s.",
        "count",
    ),
}


def within(span: Span) -> str:
    """„Im ersten Halbjahr 2026“, as a sentence begins."""
    if span.is_half_year:
        words = _("In the first half of %(year)s") if span.first.month == 1 else _("In the second half of %(year)s")
        return words % {"year": span.first.year}
    if span.is_year:
        return _("In the year %(year)s") % {"year": span.first.year}
    return _("In the time from %(days)s") % {"days": span.days}


def told(key: str, figure: dict, *, within: str, compared_title: str) -> str:
    """The sentence of a figure; empty where there is nothing to tell."""
    is_nothing = figure["number"] == 0 and figure["compared_number"] in (0, None)
    if key not in TOLD or not figure["is_known"] or is_nothing:
        return ""
    compared = ""
    if compared_title and figure["compared_is_known"]:
        compared = _(" (%(title)s: %(number)s)") % {"title": compared_title, "number": figure["compared_text"]}
    number = figure["number"]
    count = SEVERAL if number is None or number != 1 else 1
    return TOLD[key] % {"within": within, "number": figure["text"], "count": count, "compared": compared}


def development(figure: dict, *, compared_title: str) -> str:
    """How a figure went up or down."""
    return _("%(label)s: %(now)s instead of %(before)s (%(title)s), %(change)s.") % {
        "label": figure["label"],
        "before": figure["compared_text"],
        "now": figure["text"],
        "change": figure["change"],
        "title": compared_title,
    }


def posts(last_day: dt.date) -> list[str]:
    """How many posts there are, and when those end that do; nobody is named."""
    in_office = Coordinator.objects.in_office(last_day)
    number = in_office.count()
    if not number:
        return []
    sentences = [
        ngettext(
            "On %(day)s the coordination of volunteering had %(number)s post.",
            "On %(day)s the coordination of volunteering had %(number)s posts.",
            number,
        )
        % {"day": date_format(last_day), "number": number}
    ]
    return sentences + ends(in_office)


def ends(in_office) -> list[str]:
    days = in_office.exclude(until_date=None).order_by("until_date").values_list("until_date", flat=True)
    return [_("One post ends on %(day)s.") % {"day": date_format(day)} for day in days]


def posts_that_end(first_day: dt.date, last_day: dt.date) -> list[str]:
    """Those that end in the days given."""
    in_office = Coordinator.objects.in_office(first_day).filter(until_date__gte=first_day, until_date__lte=last_day)
    return ends(in_office)
