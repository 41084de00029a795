"""The address parameters of the programme, the same for list, month view, feeds and API.

``parse_filters(request.GET)`` never fails: a value that is unknown or cannot be read is left out and named in ``notices``.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property, lru_cache

from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ehrenamt_wagtail.directory.distance import distance_km
from ehrenamt_wagtail.directory.models import Municipality, Organisation, Topic

from .choices import Choices
from .languages import Language
from .models import ListedTag
from .models.pages import offering_models
from .parameters import FARTHEST, PLACES
from .search import Search, found_by, offerings_found_by
from .slots import DAYS, TIMES, mask

MAX_SEARCH_LENGTH = 200
MAX_SEARCH_WORDS = 10
MAX_VALUES = 50
FIRST_YEAR, LAST_YEAR = 2000, 2100
# What so many addresses mean is kept in a process.
MOST_KEPT = 256
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Filters:
    """What a visitor wants to see. Values of one field combine as OR, fields as AND.

    ``words`` are the words of ``q``. ``radius`` in kilometres also finds what takes place in ``towns_near``, towns around those
    that are chosen. ``from_date`` and ``to_date`` are local dates, both inclusive. ``page`` is at least 1 and
    may lie behind the last page. ``by_relevance`` asks for another order than that of the dates, which only a search has.
    ``notices`` are sentences for the visitor about values that were left out.
    """

    q: str = ""
    words: tuple[str, ...] = ()
    municipalities: tuple[Municipality, ...] = ()
    radius: int | None = None
    towns_near: tuple[Municipality, ...] = ()
    topics: tuple[Topic, ...] = ()
    organisers: tuple[Organisation, ...] = ()
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    step_free: bool = False
    free: bool = False
    seats_left: bool = False
    from_date: dt.date | None = None
    to_date: dt.date | None = None
    archive: bool = False
    page: int = 1
    by_relevance: bool = False
    notices: tuple[str, ...] = ()

    @property
    def has_window(self) -> bool:
        return self.from_date is not None or self.to_date is not None

    @cached_property
    def slots(self) -> int:
        """The slots that weekdays and times name; 0 if every slot will do."""
        return mask(self.weekdays, self.times) if self.weekdays or self.times else 0

    @property
    def restricts_dates(self) -> bool:
        """Whether offerings are looked for by some of their dates alone."""
        return self.has_window or bool(self.slots)

    @property
    def towns(self) -> tuple[Municipality, ...]:
        """All towns that the list is restricted to, if to any."""
        return (*self.municipalities, *self.towns_near)

    def window(self, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """The half-open span that dates have to touch, as aware datetimes: from ``from_date`` to ``to_date``, an open side reaches
        very far; for weekdays and times alone what is not over, or anything in the archive.
        """
        opens = local_midnight(self.from_date or dt.date(FIRST_YEAR - 1, 1, 1))
        if not self.has_window and not self.archive:
            opens = now
        return opens, local_midnight((self.to_date or dt.date(LAST_YEAR + 1, 1, 1)) + dt.timedelta(days=1))

    @property
    def active(self) -> tuple[str, ...]:
        """Names of the fields that narrow the list, in the order of this class."""
        others = {"q", "page", "by_relevance", "notices", "towns_near"}
        return tuple(field.name for field in fields(self) if field.name not in others and getattr(self, field.name))

    @property
    def shown(self) -> tuple:
        """The values that the filter form shows."""
        return tuple(getattr(self, field.name) for field in fields(self) if field.name not in ("words", "page", "notices"))

    def tags(self) -> list[tuple[str, list[str]]]:
        """Name and values of each filter that goes by ``ListedTag``."""
        chosen = [
            ("gemeinde", [entry.slug for entry in self.towns]),
            ("thema", [entry.slug for entry in self.topics]),
            ("traeger", [entry.slug for entry in self.organisers]),
            ("art", list(self.kinds)),
            ("ort", list(self.places)),
            ("sprache", list(self.languages)),
            ("barrierefrei", ["1"] if self.step_free else []),
            ("kostenlos", ["1"] if self.free else []),
        ]
        return [(name, values) for name, values in chosen if values]

    def without_window(self) -> "Filters":
        return replace(self, from_date=None, to_date=None)


def local_midnight(day: dt.date) -> dt.datetime:
    """The beginning of a local day as an aware datetime."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@cache
def _kinds() -> dict:
    kinds: dict = {}
    for model in offering_models():
        for value, label, _condition in model.art_choices():
            kinds.setdefault(value, label)
    return kinds


def kind_choices() -> dict[str, str]:
    """Value of ``art`` → its label, a host's own kinds included."""
    return {value: str(label) for value, label in _kinds().items()}


def parse_filters(parameters: QueryDict, choices: Choices | None = None) -> Filters:
    """Read the parameters. ``choices`` are those of the registers; without them each that is named costs one query.

    With ``choices`` towns, topics and organisers are ``Choice``, else of their models; both have ``pk``, ``slug`` and ``name``.
    """
    if choices is None:
        return _Parser(parameters, choices).filters()
    return _parsed(tuple((name, tuple(values)) for name, values in parameters.lists()), choices, get_language())


@lru_cache(MOST_KEPT)
def _parsed(parameters: tuple[tuple[str, tuple[str, ...]], ...], choices: Choices, _language: str | None) -> Filters:
    return _Parser(MultiValueDict({name: list(values) for name, values in parameters}), choices).filters()


class _Parser:
    def __init__(self, parameters: MultiValueDict, choices: Choices | None = None):
        self.parameters = parameters
        self.choices = choices
        self.notices: list[str] = []

    def filters(self) -> Filters:
        words = self.words()
        from_date, to_date = self.period()
        towns = self.entries("gemeinde", Municipality, _("There is no town or municipality “%(value)s”."))
        radius = self.radius(towns)
        return Filters(
            q=" ".join(words),
            words=words,
            municipalities=towns,
            radius=radius,
            towns_near=self.towns_near(towns, radius) if radius else (),
            topics=self.entries("thema", Topic, _("There is no topic “%(value)s”.")),
            organisers=self.entries("traeger", Organisation, _("There is no organisation “%(value)s”.")),
            kinds=self.kinds(),
            places=self.known("ort", PLACES),
            weekdays=self.known("tag", DAYS),
            times=self.known("zeit", TIMES),
            languages=self.known("sprache", Language.values),
            step_free=self.flag("barrierefrei"),
            free=self.flag("kostenlos"),
            seats_left=self.flag("frei"),
            from_date=from_date,
            to_date=to_date,
            archive=self.flag("archiv"),
            page=self.page(),
            by_relevance=self.by_relevance(),
            notices=tuple(self.notices),
        )

    def values(self, name: str) -> list[str]:
        """The first of ``values_of``."""
        values = values_of(self.parameters, name)
        if len(values) > MAX_VALUES:
            self.left_out(_("Only the first %(number)s values of “%(name)s” count.") % {"number": MAX_VALUES, "name": name})
        return values[:MAX_VALUES]

    def single(self, name: str) -> str:
        values = self.values(name)
        if len(values) > 1:
            self.left_out(_("Only the last value of “%(name)s” counts.") % {"name": name})
        return values[-1] if values else ""

    def left_out(self, sentence: str) -> None:
        if sentence not in self.notices:
            self.notices.append(sentence)

    def words(self) -> tuple[str, ...]:
        text = " ".join(one_line(value) for value in self.parameters.getlist("q")).strip()
        shortened = text[:MAX_SEARCH_LENGTH]
        words = list(dict.fromkeys(shortened.split()))
        if text != shortened or len(words) > MAX_SEARCH_WORDS:
            self.left_out(_("Your search text was very long; only its beginning was used."))
        return tuple(words[:MAX_SEARCH_WORDS])

    def entries(self, name: str, model: type[models.Model], unknown: str) -> tuple:
        wanted = self.values(name)
        if not wanted:
            return ()
        if self.choices is not None:
            found = self.choices.of(name)
        else:
            found = {entry.slug: entry for entry in model._default_manager.filter(slug__in=wanted)}
        for value in wanted:
            if value not in found:
                self.left_out(unknown % {"value": shown(value)} + " " + _("We left this filter out."))
        return tuple(found[value] for value in wanted if value in found)

    def kinds(self) -> tuple[str, ...]:
        wanted = self.values("art")
        known = kind_choices() if wanted else {}
        for value in wanted:
            if value not in known:
                sentence = _("There is no kind of offering “%(value)s”.") % {"value": shown(value)}
                self.left_out(sentence + " " + _("We left this filter out."))
        return tuple(value for value in wanted if value in known)

    def period(self) -> tuple[dt.date | None, dt.date | None]:
        first, last = self.date("von"), self.date("bis")
        if first and last and last < first:
            self.left_out(_("The period ends before it begins. We left “from” and “until” out."))
            return None, None
        return first, last

    def date(self, name: str) -> dt.date | None:
        value = self.single(name)
        if not value:
            return None
        try:
            if not ISO_DATE.fullmatch(value):
                raise ValueError
            day = dt.date.fromisoformat(value)
        except ValueError:
            sentence = _("“%(value)s” is not a date. Please write it like 2027-03-14.") % {"value": shown(value)}
            self.left_out(sentence + " " + _("We left this filter out."))
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            sentence = _("The year %(year)s lies outside the programme.") % {"year": day.year}
            self.left_out(sentence + " " + _("We left this filter out."))
            return None
        return day

    def flag(self, name: str) -> bool:
        value = self.single(name)
        if value not in ("", "0", "1"):
            self.left_out(_("“%(name)s” can only be 1. We left this filter out.") % {"name": name})
        return value == "1"

    def known(self, name: str, values: Collection[str]) -> tuple[str, ...]:
        """The values given that are among ``values``, in the order of these."""
        wanted = self.values(name)
        for value in wanted:
            if value not in values:
                sentence = _("“%(name)s” cannot be “%(value)s”.") % {"name": name, "value": shown(value)}
                self.left_out(sentence + " " + _("We left this filter out."))
        return tuple(value for value in values if value in wanted)

    def radius(self, towns: Collection) -> int | None:
        value = self.single("umkreis")
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 4 and 0 < int(value) <= FARTHEST):
            sentence = _("“umkreis” is a number of kilometres up to %(number)s.") % {"number": FARTHEST}
        elif not towns:
            sentence = _("“umkreis” needs a town or municipality around which it looks.")
        else:
            return int(value)
        self.left_out(sentence + " " + _("We left this filter out."))
        return None

    def towns_near(self, towns: Collection, radius: int) -> tuple:
        """The towns at most so many kilometres from one of ``towns``; where a coordinate is missing nothing is near."""
        if self.choices is not None:
            candidates = self.choices.of("gemeinde").values()
        else:
            candidates = Municipality.objects.exclude(latitude=None).exclude(longitude=None)
        return near(towns, candidates, radius)

    def by_relevance(self) -> bool:
        value = self.single("sortierung")
        if value not in ("", "datum", "relevanz"):
            self.left_out(_("The list can be sorted by “datum” or “relevanz” only. You see it by date."))
        return value == "relevanz"

    def page(self) -> int:
        value = self.single("seite")
        if not value:
            return 1
        if value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0:
            return int(value)
        self.left_out(_("There is no page “%(value)s”. You see the first one.") % {"value": shown(value)})
        return 1


def near(towns: Collection, candidates: Iterable, radius: int) -> tuple:
    """Those of ``candidates`` that are none of ``towns`` but at most so many kilometres from one."""
    chosen = {town.slug for town in towns}
    return tuple(other for other in candidates if other.slug not in chosen and any(is_near(town, other, radius) for town in towns))


def is_near(town, other, radius: int) -> bool:
    distance = distance_km(town.latitude, town.longitude, other.latitude, other.longitude)
    return distance is not None and distance <= radius


def values_of(parameters: QueryDict, name: str) -> list[str]:
    """The distinct values that are not empty, each on one line."""
    return list(dict.fromkeys(filter(None, map(one_line, parameters.getlist(name)))))


def one_line(text: str) -> str:
    """The text in composed form, without control characters and without space around it."""
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if unicodedata.category(character) == "Cc" else character for character in text).split())


def shown(value: str) -> str:
    """A value short enough to be quoted in a sentence."""
    return value if len(value) <= 40 else f"{value[:40]}…"


def matching(filters: Filters, search: Search | None, *, in_order: bool = False) -> models.Q:
    """The condition for rows that belong to a ``ListedOffering``, all but dates; ``search`` is what ``words`` mean.

    ``in_order``: see ``found_by``.
    """
    condition = models.Q(*(models.Q(offering__in=found) for found in tagged(filters)))
    if filters.seats_left:
        condition &= models.Q(offering__listed_seats__is_free=True)
    return condition if search is None else condition & found_by(search, in_order=in_order)


def offerings_matching(filters: Filters, search: Search | None) -> models.Q:
    """The same condition for ``ListedOffering`` itself, to count them."""
    condition = models.Q(*(models.Q(pk__in=found) for found in tagged(filters)))
    if filters.seats_left:
        condition &= models.Q(listed_seats__is_free=True)
    return condition if search is None else condition & offerings_found_by(search)


def tagged(filters: Filters) -> Iterator[models.QuerySet]:
    """For each filter the keys of the offerings that it finds."""
    for name, values in filters.tags():
        yield ListedTag.objects.filter(name=name, value__in=values).values("offering")
