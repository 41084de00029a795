"""The filter form of the programme. It only shows what ``filters.parse_filters`` understood; nothing is validated here."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from types import MappingProxyType

from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .choices import Choices
from .facets import Counts
from .filters import Filters, kind_choices
from .languages import Language
from .listing import COUNTED
from .parameters import PLACES, RADII
from .slots import DAYS, TIMES

NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Field:
    """What templates show of a field; ``control`` is its HTML. ``layout`` is that of ``includes/field.html``.

    ``count`` follows the label of a single box.
    """

    name: str
    label: str
    layout: str
    control: SafeString = SafeString()
    value: str = ""
    count: SafeString = SafeString()

    @property
    def html_name(self) -> str:
        return self.name

    @property
    def auto_id(self) -> str:
        return f"filter_{self.name}"


class FilterForm:
    """The fields ``q`` and ``fields_in_html``, all others; their names are the address parameters.

    Not a form of Django's, which would take most of the time of a list: three registers are shown, a box for each of their entries.
    With ``counts`` each choice says how many offerings it would leave, and entries of registers that leave none are not shown.
    """

    NAMES = (
        "q", "gemeinde", "umkreis", "thema", "art", "traeger", "von", "bis", "tag", "zeit", "ort", "sprache", "barrierefrei",
        "kostenlos", "frei", "archiv", "sortierung",
    )  # fmt: skip

    def __init__(self, filters: Filters, choices: Choices, counts: Counts | None = None):
        self.filters, self.choices, self.counts = filters, choices, counts
        # Equal forms are written once.
        self.key = (filters.shown, choices, counts)

    def __eq__(self, other) -> bool:
        return isinstance(other, FilterForm) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def q(self) -> Field:
        return Field("q", _("What are you looking for?"), "search", value=self.filters.q)

    @cached_property
    def fields_in_html(self) -> list[Field]:
        return [field for field in self.fields() if field.control]

    def fields(self) -> list[Field]:
        filters, numbers = self.filters, self.numbers_of
        return [
            self.register("gemeinde", _("Town or municipality"), filters.municipalities),
            choice("umkreis", _("Surroundings"), self.radii(), filters.radius, numbers("umkreis")),
            self.register("thema", _("Topic"), filters.topics),
            boxes("art", _("Kind"), kind_choices().items(), filters.kinds, numbers("art"), hides_empty=True),
            self.register("traeger", _("Organiser"), filters.organisers),
            boxes("ort", _("On site or online"), PLACES.items(), filters.places, numbers("ort")),
            boxes("tag", _("Weekday"), DAYS.items(), filters.weekdays, numbers("tag")),
            boxes("zeit", _("Time of day"), TIMES.items(), filters.times, numbers("zeit")),
            boxes("sprache", _("Language"), Language.choices, filters.languages, numbers("sprache"), hides_empty=True),
            day("von", _("From"), filters.from_date),
            day("bis", _("Until"), filters.to_date),
            tick("barrierefrei", _("Only with step-free access"), filters.step_free, numbers("barrierefrei")),
            tick("kostenlos", _("Only free of charge"), filters.free, numbers("kostenlos")),
            tick("frei", _("Only with free seats"), filters.seats_left, numbers("frei")),
            tick("archiv", _("Only past offerings"), filters.archive),
        ]

    def register(self, name: str, label: str, chosen: Iterable) -> Field:
        entries = [(entry.slug, entry.name) for entry in self.choices.of(name).values()]
        return boxes(name, label, entries, {entry.slug for entry in chosen}, self.numbers_of(name), hides_empty=True)

    def numbers_of(self, name: str) -> dict[str, int]:
        return self.counts.of(name) if self.counts else {}

    def radii(self) -> list[tuple[int | str, str]]:
        """Another distance that came with the address can be kept."""
        others = {self.filters.radius} - {None}
        kilometres = [(number, _("within %(number)s km") % {"number": number}) for number in sorted({*RADII, *others})]
        return [("", _("only in the towns chosen")), *kilometres]

    @property
    def hidden_fields(self) -> list[SafeString]:
        return [hidden("sortierung", "relevanz")] if self.filters.by_relevance else []


def boxes(
    name: str,
    label: str,
    choices: Iterable[tuple[str, str]],
    chosen: Collection[str],
    numbers: Mapping[str, int],
    *,
    hides_empty: bool = False,
) -> Field:
    """A box to tick for each choice, as ``CheckboxSelectMultiple`` writes them; one that would find nothing may be left out."""
    language = get_language()
    rows = [
        box(name, position, value, str(text), value in chosen, numbers.get(value), language)
        for position, (value, text) in enumerate(choices)
        if not hides_empty or not numbers or numbers.get(value) or value in chosen
    ]
    control = mark_safe(f'<div id="filter_{name}">{"".join(rows)}</div>') if rows else SafeString()
    return Field(name, label, "group", control)


@lru_cache(8 * COUNTED)
def box(name: str, position: int, value: str, text: str, is_chosen: bool, number: int | None, _language: str | None) -> str:
    key, checked = f"filter_{name}_{position}", " checked" if is_chosen else ""
    return (
        f'<div>\n<label for="{key}"><input type="checkbox" name="{name}" value="{escape(value)}" id="{key}"{checked}>\n'
        f" {escape(text)}{in_words(number)}</label>\n</div>"
    )


def in_words(number: int | None) -> SafeString:
    """„(12)“, to be shown after a choice; nothing where it is not counted."""
    return SafeString() if number is None else number_in_words(number, get_language())


@lru_cache(2 * COUNTED)
def number_in_words(number: int, _language: str | None) -> SafeString:
    text = number_format(number, force_grouping=True) if number <= COUNTED else _("more than 1,000")
    return mark_safe(f' <span class="ehrenamt-field__count">({text})</span>')


def day(name: str, label: str, value) -> Field:
    filled = f' value="{value.isoformat()}"' if value else ""
    return Field(name, label, "plain", mark_safe(f'<input type="date" name="{name}"{filled} id="filter_{name}">'))


def choice(name: str, label: str, choices: Iterable[tuple], chosen, numbers: Mapping[str, int]) -> Field:
    options = "".join(
        f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(str(text))}'
        f"{strip_tags(in_words(numbers.get(str(value))))}</option>"
        for value, text in choices
    )
    return Field(name, label, "plain", mark_safe(f'<select name="{name}" id="filter_{name}">{options}</select>'))


def tick(name: str, label: str, is_ticked: bool, numbers: Mapping[str, int] = NO_NUMBERS) -> Field:
    checked = " checked" if is_ticked else ""
    control = f'<input type="checkbox" name="{name}" value="1" id="filter_{name}"{checked}>'
    return Field(name, label, "checkbox", mark_safe(control), count=in_words(numbers.get("1")))


def hidden(name: str, value: str) -> SafeString:
    return mark_safe(f'<input type="hidden" name="{name}" value="{value}" id="filter_{name}">')
