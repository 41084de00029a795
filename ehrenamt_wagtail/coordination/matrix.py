"""Where it is crowded and where nothing is: towns, topics or organisers by month, with the number of dates."""

from collections import Counter
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from ehrenamt_wagtail.directory.models import Municipality, Topic

from .filters import PlanFilters
from .periods import Period
from .queries import Entry

# Value of the parameter ``nach`` → its label.
GROUPS = {
    "ort": pgettext_lazy("half-year", "Towns"),
    "thema": pgettext_lazy("half-year", "Topics"),
    "traeger": gettext_lazy("Organisers"),
}
PARAMETER = {"ort": "gemeinde", "thema": "thema", "traeger": "traeger"}
# From how many dates a month on a cell counts as full.
MANY = 4


@dataclass(frozen=True)
class Cell:
    number: int
    url: str
    words: str

    @property
    def is_many(self) -> bool:
        return self.number >= MANY


def matrix_of(period: Period, entries: list[Entry], filters: PlanFilters, group: str, address) -> dict:
    """Rows with a cell for each month. Each date counts once a month; cancelled ones not at all. At most one query."""
    months = period.each_month()
    numbers: Counter = Counter()
    sums: Counter = Counter()
    for entry in entries:
        if entry.view.is_cancelled:
            continue
        for number, month in enumerate(months):
            if any(month.first <= day < month.following for day in entry.days):
                sums[number] += 1
                for key in set(keys_of(entry, group)):
                    numbers[key, number] += 1
    rows = [
        {
            "label": label,
            "cells": [cell_of(numbers[key, number], label, month, key, group, address) for number, month in enumerate(months)],
        }
        for key, label in labels_of(entries, filters, group).items()
    ]
    return {
        "caption": _("Dates by month: %(group)s") % {"group": GROUPS[group]},
        "head": GROUPS[group],
        "months": [
            {"short": date_format(month.first, "M"), "long": month.title, "url": address.of(month)} for month in months
        ],
        "rows": rows,
        "sums": [sums[number] for number in range(len(months))],
    }


def keys_of(entry: Entry, group: str) -> tuple[str, ...]:
    if group == "thema":
        return entry.topic_keys or ("",)
    return (entry.town_key if group == "ort" else entry.organiser_key,)


def labels_of(entries: list[Entry], filters: PlanFilters, group: str) -> dict[str, str]:
    """The rows: all towns and topics, so that one sees where nothing is; those that are looked at; organisers with a date."""
    if group == "traeger":
        present = {entry.organiser_key: entry.view.organiser for entry in entries}
        return dict(sorted(((key, label) for key, label in present.items() if key), key=lambda item: item[1].casefold()))
    model, chosen = (Topic, filters.topics) if group == "thema" else (Municipality, filters.municipalities)
    labels = {entry.slug: entry.name for entry in chosen} or dict(model.objects.values_list("slug", "name"))
    others = {"": _("without a topic")} if group == "thema" else {"online": _("online"), "": _("place open")}
    present = {key for entry in entries for key in keys_of(entry, group)}
    return labels | {key: label for key, label in others.items() if key in present and key not in labels}


def cell_of(number: int, label: str, month: Period, key: str, group: str, address) -> Cell:
    words = ngettext("date: %(row)s, %(month)s", "dates: %(row)s, %(month)s", number) % {"row": label, "month": month.title}
    is_filter = key and not (group == "ort" and key == "online")
    url = address.of(month, **{PARAMETER[group]: key}) if number and is_filter else ""
    return Cell(number, url, words)
