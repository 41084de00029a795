"""The filter form of the programme. It only shows what ``filters.parse_filters`` understood; nothing is validated here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .choices import Choices
from .filters import Filters, kind_choices


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

    NAMES = ("q", "gemeinde", "thema", "art", "traeger", "von", "bis", "archiv", "sortierung")

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
            boxes("thema", _("Topic"), names_of(choices, "thema"), slugs(filters.topics)),
            boxes("art", _("Kind"), kind_choices().items(), filters.kinds),
            boxes("traeger", _("Organiser"), names_of(choices, "traeger"), slugs(filters.organisers)),
            day("von", _("From"), filters.from_date),
            day("bis", _("Until"), filters.to_date),
            tick("archiv", _("Only past offerings"), filters.archive),
        ]

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
            f" {escape(text)}</label>\n</div>"
        )
    return Field(name, label, "group", mark_safe(f'<div id="filter_{name}">{"".join(rows)}</div>'))


def day(name: str, label: str, value) -> Field:
    filled = f' value="{value.isoformat()}"' if value else ""
    return Field(name, label, "plain", mark_safe(f'<input type="date" name="{name}"{filled} id="filter_{name}">'))


def tick(name: str, label: str, is_ticked: bool) -> Field:
    checked = " checked" if is_ticked else ""
    control = f'<input type="checkbox" name="{name}" value="1" id="filter_{name}"{checked}>'
    return Field(name, label, "checkbox", mark_safe(control))


def hidden(name: str, value: str) -> SafeString:
    return mark_safe(f'<input type="hidden" name="{name}" value="{value}" id="filter_{name}">')
