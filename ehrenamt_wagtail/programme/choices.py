"""What the filters of the programme let choose from: towns, topics and organisers; read with what changed, in one query."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from wagtail.models import Page

from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic
from ehrenamt_wagtail.german import fold

from .changes import HORIZON, TABLE, UNCONCERNED, Mark, Note
from .models import ListedOffering, ListedTag

MODELS = (Municipality, Organisation, Topic, ListedOffering, ListedTag)
TABLES = {model.__name__: model._meta.db_table for model in MODELS}

# Every town and topic, but of organisations only those that offer something here, or are asked for.
CHOICES = """
    SELECT 'gemeinde', id, slug, name, latitude, longitude FROM {Municipality}
    UNION ALL SELECT 'thema', id, slug, name, NULL, NULL FROM {Topic}
    UNION ALL SELECT 'traeger', id, slug, name, NULL, NULL FROM {Organisation} organiser WHERE EXISTS (
        SELECT 1 FROM {ListedTag} tag JOIN {ListedOffering} listed ON listed.offering_id = tag.offering_id
        WHERE tag.name = 'traeger' AND tag.value = organiser.slug AND listed.programme_id = %s
    ){asked}
    UNION ALL SELECT 'horizon', {horizon}, '', '', NULL, NULL
    UNION ALL SELECT 'change', offering_id, CAST(id AS text), CAST(written_by AS text), NULL, NULL
    FROM {changes} WHERE written_by >= %s
"""


class Choice(NamedTuple):
    """An entry of a register as the filters need it. ``pk`` is that of its model; towns have coordinates if they are known."""

    pk: int
    slug: str
    name: str
    latitude: float | None = None
    longitude: float | None = None


class Choices:
    """``of(name)`` gives the choices of an address parameter, by slug, in the order of their names.

    They hardly ever change: the same rows are the same object.
    """

    def __init__(self, rows: Iterable[tuple]):
        self.by_parameter: dict[str, dict[str, Choice]] = {"gemeinde": {}, "thema": {}, "traeger": {}}
        for parameter, *entry in sorted(rows, key=lambda row: (fold(row[3]), row[3])):
            choice = Choice(*entry)
            self.by_parameter[parameter][choice.slug] = choice

    def of(self, parameter: str) -> Mapping[str, Choice]:
        return self.by_parameter[parameter]


def read_choices(programme: Page, organisers: Iterable[str] = ()) -> Choices:
    """``organisers`` are slugs of organisations that may be chosen although they offer nothing here."""
    return read_choices_and_changes(programme, organisers, UNCONCERNED)[0]


def read_choices_and_changes(programme: Page, organisers: Iterable[str], mark: Mark) -> tuple[Choices, int, list[Note]]:
    """``read_choices``, with what ``mark.after`` wants to know."""
    organisers = list(organisers)
    asked = f" OR slug IN ({', '.join(['%s'] * len(organisers))})" if organisers else ""
    sql = CHOICES.format(asked=asked, horizon=HORIZON[connection.vendor], changes=TABLE, **TABLES)
    with connection.cursor() as cursor:
        cursor.execute(sql, [programme.pk, *organisers, mark.horizon])
        rows = cursor.fetchall()
    notes = [Note(key, pk, int(written_by)) for kind, pk, key, written_by, *_place in rows if kind == "change"]
    horizon = next(number for kind, number, *_others in rows if kind == "horizon")
    return choices_of(tuple(row for row in rows if row[0] not in ("change", "horizon"))), horizon, notes


choices_of = lru_cache(maxsize=64)(Choices)
