"""The figures and charts of one report, read once. What may not be told is hidden in all that this gives."""

from string import ascii_uppercase

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..figures.catalogue import (
    ADDED_UP,
    SECTIONS,
    SEVERAL,
    SMALL_NUMBERS,
    STATED,
    WHICH_DATES,
    WHICH_SEATS,
    Figure,
    Unit,
    figures,
)
from ..figures.disclosure import Hidden
from ..figures.reading import Reading
from ..figures.shown import Cell, Shown
from ..figures.spans import Span, half_years
from ..models import StatusReport

# Half-years that charts look back from the end of the report: of what takes place, and of the circles, who rise and decline slowly.
SERIES, LONG_SERIES = 6, 24
# Parts of many definitions.
COMMON = (STATED, WHICH_DATES, SEVERAL, WHICH_SEATS, SMALL_NUMBERS, ADDED_UP)


class Source:
    """Figures by their names as plain values that JSON can hold, in the active language."""

    def __init__(self, report: StatusReport) -> None:
        self.span = Span(report.first_day, report.last_day)
        self.compared = Span(*report.compared_span) if report.compared_span else None
        self.series = half_years(SERIES, until=report.last_day)
        self.long_series = half_years(LONG_SERIES, until=report.last_day)
        self.figures = {figure.name: figure for figure in figures()}
        self._told: dict[str, dict] = {}
        self._charts: dict[str, dict | None] = {}

    @cached_property
    def shown(self) -> Shown:
        """All spans together: what one of them tells of another is hidden, too."""
        spans = [self.span, *([self.compared] if self.compared else []), *self.series]
        return Shown(Reading(spans))

    @cached_property
    def shown_long(self) -> Shown:
        """For the circles alone."""
        return Shown(Reading(self.long_series))

    @property
    def span_title(self) -> str:
        return self.span.title

    @property
    def span_in_full(self) -> str:
        return self.span.days

    @property
    def compared_title(self) -> str:
        return self.compared.title if self.compared else ""

    # Figures

    def knows(self, key: str) -> bool:
        return key in self.figures

    def entered(self, units: tuple[str, ...]) -> list[str]:
        """The figures of these units that coordinators enter."""
        return [figure.name for figure in self.figures.values() if figure.section == "entered" and figure.unit in units]

    def figure(self, key: str) -> dict:
        """A figure of the span beside that of the span of comparison. Numbers are ``None`` where they are not told or not known."""
        if key not in self._told:
            self._told[key] = self.told(self.figures[key])
        return self._told[key]

    def told(self, figure: Figure) -> dict:
        cell = self.shown.cell(figure, self.span)
        compared = self.shown.cell(figure, self.compared) if self.compared else None
        return {
            "key": figure.name,
            "label": str(figure.label),
            "definition": str(figure.definition),
            "unit": unit_name(figure.unit),
            "number": plain(cell.amount),
            "text": cell.text,
            "is_known": is_known(cell),
            "compared_number": plain(compared.amount) if compared else None,
            "compared_text": compared.text if compared else "",
            "compared_is_known": is_known(compared) if compared else False,
            "change": self.shown.change(figure, self.span, self.compared) if self.compared else "",
        }

    def annex(self) -> list[dict]:
        """All figures by section; ``own_definition`` is without the ``common`` sentences, whose letters are in ``common``."""
        sections: dict[str, list] = {}
        for figure in self.figures.values():
            shown = self.figure(figure.name)
            own, letters = shown["definition"], []
            for sentence in self.common():
                if sentence["text"] in own:
                    own = own.replace(sentence["text"], "")
                    letters.append(sentence["letter"])
            sections.setdefault(figure.section, []).append({**shown, "own_definition": " ".join(own.split()), "common": letters})
        return [{"title": str(SECTIONS[section]), "figures": found} for section, found in sections.items()]

    def common(self) -> list[dict]:
        """What holds for several figures, said once: ``letter`` and ``text``."""
        texts = [str(text) for text in COMMON]
        definitions = [str(figure.definition) for figure in self.figures.values()]
        shared = [text for text in texts if sum(text in definition for definition in definitions) > 1]
        return [{"letter": letter, "text": text} for letter, text in zip(ascii_uppercase, shared, strict=False)]

    # Charts

    def chart(self, key: str) -> dict | None:
        """A chart with its table; nothing if there is no such chart, or nothing to show."""
        from .pictures import CHARTS

        if key not in self._charts:
            self._charts[key] = CHARTS[key].drawn(self, key) if key in CHARTS else None
        return self._charts[key]

    def charts_shown(self) -> list[dict]:
        """The charts that were asked for, without their pictures."""
        return [{**chart, "svg": ""} for chart in self._charts.values() if chart is not None]


def is_known(cell: Cell) -> bool:
    """Whether there is something to say: a number, or that it is below 5."""
    return cell.amount is not None or cell.hidden is Hidden.SMALL


def plain(amount) -> int | float | None:
    """A number that JSON can hold; whole ones as such."""
    if amount is None:
        return None
    number = round(float(amount), 2)
    return int(number) if number.is_integer() else number


def unit_name(unit: str) -> str:
    names = {Unit.HOURS: pgettext("unit", "hours"), Unit.EURO: pgettext("unit", "euro"), Unit.DAYS: _("working days")}
    return names.get(unit, "")
