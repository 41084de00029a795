"""The filter form of the programme. It only shows what ``filters.parse_filters`` understood; nothing is validated here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .choices import Choices
from .filters import Filters, kind_choices
from .languages import Language
from .parameters import PLACES
from .slots import DAYS, TIMES


@dataclass(frozen=True)
class Field:
    """What templates show of a field; ``control`` is its HTML. ``layout`` is that of ``includes/field.html``."""

    name: str
    label: str
    layout: str
    control: SafeString = SafeString()
    value: str = ""

    @property
    def html_name(self) -> str:
        return self.name

    @property
    def auto_id(self) -> str:
        return f"filter_{self.name}"


class FilterForm:
    """The fields ``q`` and ``fields_in_html``, all others; their names are the address parameters.

    Not a form of Django's, which would take most of the time of a list: three registers are shown, a box for each of their entries.
    """

    NAMES = (
        "q", "gemeinde", "umkreis", "thema", "art", "traeger", "von", "bis", "tag", "zeit", "ort", "sprache", "barrierefrei",
        "kostenlos", "frei", "archiv", "sortierung",
    )  # fmt: skip
    RADII = (5, 10, 20)

    def __init__(self, filters: Filters, choices: Choices):
        self.filters, self.choices = filters, choices
        # Equal forms are written once.
        self.key = (filters.shown, choices)

    def __eq__(self, other) -> bool:
        return isinstance(other, FilterForm) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def q(self) -> Field:
        return Field("q", _("What are you looking for?"), "search", value=self.filters.q)

    @property
    def fields_in_html(self) -> list[Field]:
        filters, choices = self.filters, self.choices
        return [
            boxes("gemeinde", _("Town or municipality"), names_of(choices, "gemeinde"), slugs(filters.municipalities)),
            choice("umkreis", _("Surroundings"), self.radii(), filters.radius),
            boxes("thema", _("Topic"), names_of(choices, "thema"), slugs(filters.topics)),
            boxes("art", _("Kind"), kind_choices().items(), filters.kinds),
            boxes("traeger", _("Organiser"), names_of(choices, "traeger"), slugs(filters.organisers)),
            day("von", _("From"), filters.from_date),
            day("bis", _("Until"), filters.to_date),
            boxes("tag", _("Weekday"), DAYS.items(), filters.weekdays),
            boxes("zeit", _("Time of day"), TIMES.items(), filters.times),
            boxes("ort", _("On site or online"), PLACES.items(), filters.places),
            boxes("sprache", _("Language"), Language.choices, filters.languages),
            tick("barrierefrei", _("Only with step-free access"), filters.step_free),
            tick("kostenlos", _("Only free of charge"), filters.free),
            tick("frei", _("Only with free seats"), filters.seats_left),
            tick("archiv", _("Only past offerings"), filters.archive),
        ]

    def radii(self) -> list[tuple[int | str, str]]:
        """Another distance that came with the address can be kept."""
        others = {self.filters.radius} - {None}
        kilometres = [(number, _("within %(number)s km") % {"number": number}) for number in sorted({*self.RADII, *others})]
        return [("", _("only in the towns chosen")), *kilometres]

    @property
    def hidden_fields(self) -> list[SafeString]:
        return [hidden("sortierung", "relevanz")] if self.filters.by_relevance else []


def names_of(choices: Choices, name: str) -> Iterable[tuple[str, str]]:
    return [(entry.slug, entry.name) for entry in choices.of(name).values()]


def slugs(entries: Iterable) -> set[str]:
    return {entry.slug for entry in entries}


def boxes(name: str, label: str, choices: Iterable[tuple[str, str]], chosen: Collection[str]) -> Field:
    """A box to tick for each choice, as ``CheckboxSelectMultiple`` writes them."""
    rows = []
    for number, (value, text) in enumerate(choices):
        key = f"filter_{name}_{number}"
        checked = " checked" if value in chosen else ""
        rows.append(
            f'<div>\n<label for="{key}"><input type="checkbox" name="{name}" value="{escape(value)}" id="{key}"{checked}>\n'
            f" {escape(str(text))}</label>\n</div>"
        )
    return Field(name, label, "group", mark_safe(f'<div id="filter_{name}">{"".join(rows)}</div>'))


def day(name: str, label: str, value) -> Field:
    filled = f' value="{value.isoformat()}"' if value else ""
    return Field(name, label, "plain", mark_safe(f'<input type="date" name="{name}"{filled} id="filter_{name}">'))


def choice(name: str, label: str, choices: Iterable[tuple], chosen) -> Field:
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(str(text))}</option>' for value, text in choices
    )
    return Field(name, label, "plain", mark_safe(f'<select name="{name}" id="filter_{name}">{options}</select>'))


def tick(name: str, label: str, is_ticked: bool) -> Field:
    checked = " checked" if is_ticked else ""
    control = f'<input type="checkbox" name="{name}" value="1" id="filter_{name}"{checked}>'
    return Field(name, label, "checkbox", mark_safe(control))


def hidden(name: str, value: str) -> SafeString:
    return mark_safe(f'<input type="hidden" name="{name}" value="{value}" id="filter_{name}">')
