"""What the pages of the circles show; the page classes call these. Reading sets no cookie and touches no session."""

from collections import Counter
from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.models import Site

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.models import Coordinator, Municipality
from ehrenamt_wagtail.maps import Map, Town, draw
from ehrenamt_wagtail.programme.filters import parse_filters
from ehrenamt_wagtail.programme.listing import offerings_near
from ehrenamt_wagtail.programme.presentation import breadcrumbs
from ehrenamt_wagtail.programme.queries import programme_of
from ehrenamt_wagtail.programme.translations import (
    alternates_of,
    know_originals,
    lang_attribute,
    lang_of,
    language_of,
    language_of_original,
    original_url,
    unlike_words,
)
from ehrenamt_wagtail.programme.views import rows_of

from .models import CircleIndexPage, CirclePage
from .queries import latest_figure, public_circles, topics_of_circles

# Smaller numbers could point to persons.
SMALLEST_FIGURE = 5


class TopicForm(forms.Form):
    """Shows which topics are chosen; ``parse_filters`` reads them."""

    thema = forms.MultipleChoiceField(
        label=gettext_lazy("Topic"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *, topics, chosen):
        super().__init__(auto_id="filter_%s", initial={"thema": [topic.slug for topic in chosen]})
        offered = {topic.slug: topic.name for topic in [*topics, *chosen]}
        self.fields["thema"].choices = list(offered.items())
        self.fields["thema"].hide_optional = True


def index_context(index: CircleIndexPage, request: HttpRequest) -> dict:
    """All circles by town, also on a map, with a filter by topic (``thema``) and the number of volunteers."""
    parameters = QueryDict(mutable=True)
    parameters.setlist("thema", request.GET.getlist("thema"))
    filters = parse_filters(parameters)
    circles = list(public_circles(index, topics=filters.topics))
    know_originals(circles)
    language = language_of(index)
    total = sum(circle.volunteers or 0 for circle in circles)
    return {
        "circles": circle_cards(circles, request, language=language),
        "map": map_of(circles),
        "map_name": _("Map of the district: %(circles)s by town. The list says the same.") % {"circles": conf.CIRCLE_NAME_PLURAL},
        "summary": counted_circles(len(circles)),
        "volunteers": counted_volunteers(total),
        "topic_form": TopicForm(topics=topics_of_circles(index), chosen=filters.topics),
        "chosen_topics": filters.topics,
        "notices": filters.notices,
        "breadcrumb_items": breadcrumbs(index, request),
        "alternates": () if filters.topics else alternates_of(index, request),
        "in_language": lang_attribute(language),
    }


def circle_cards(circles: Iterable[CirclePage], request: HttpRequest, *, language: str) -> list[dict]:
    """The first card of each town carries the anchor that the map leads to. ``language`` is that of the index."""
    cards, seen = [], set()
    for circle in circles:
        town = circle.municipality
        is_first = town is not None and town.pk not in seen
        if is_first:
            seen.add(town.pk)
        written_in = unlike_words(language_of_original(circle) or language)
        cards.append(circle_card(circle, request) | {"anchor": anchor_of(town) if is_first else "", "language": written_in})
    return cards


def map_of(circles: Iterable[CirclePage]) -> Map | None:
    """All towns of the district with the number of their circles."""
    numbers = Counter(circle.municipality_id for circle in circles if circle.municipality_id)
    if not numbers:
        return None
    return draw(
        Town(
            town.name,
            town.latitude,
            town.longitude,
            numbers[town.pk],
            f"{town.name}: {counted_circles(numbers[town.pk])}",
            f"#{anchor_of(town)}" if numbers[town.pk] else "",
        )
        for town in Municipality.objects.all()
    )


def anchor_of(town: Municipality) -> str:
    return f"ort-{town.slug}"


def circle_card(circle: CirclePage, request: HttpRequest) -> dict:
    return {
        "url": circle.get_url(request) or "",
        "title": circle.title,
        "town": circle.municipality.name if circle.municipality else "",
        "volunteers": counted_volunteers(circle.volunteers),
        "summary": Truncator(" ".join(circle.summary.split())).chars(180),
        "topics": ", ".join(topic.name for topic in circle.topics.all()),
        "wanted": Truncator(" ".join(circle.wanted.split())).chars(140),
    }


def circle_context(circle: CirclePage, request: HttpRequest) -> dict:
    """The page of a circle, also in a preview of one that was never saved."""
    now = timezone.now()
    figure = latest_figure(circle)
    topics = list(circle.topics.all())
    programme = programme_of(Site.find_for_request(request))
    offerings = []
    if programme is not None:
        offerings = offerings_near(municipality=circle.municipality, topics=topics, now=now, programme=programme)
    programme_url = (programme.get_url(request) or "") if programme else ""
    in_town = f"?gemeinde={circle.municipality.slug}" if programme_url and circle.municipality else ""
    return {
        "circle_name": conf.CIRCLE_NAME,
        "town": circle.municipality.name if circle.municipality else "",
        "carriers": [carrier.name for carrier in circle.carriers.all()],
        "teams": list(circle.teams.all()),
        "topics": topics,
        "contact": public_contact(circle),
        "volunteers": counted_volunteers(figure.volunteers) if figure else "",
        "volunteers_year": figure.year if figure else "",
        "rows": rows_of(offerings, programme_url=programme_url, now=now, language=language_of(programme) if programme else ""),
        "programme_url": programme_url + in_town,
        "coordinators": list(Coordinator.objects.in_office()),
        "meta_description": Truncator(" ".join(circle.summary.split())).chars(300),
        "breadcrumb_items": breadcrumbs(circle, request),
        "canonical_url": original_url(circle, request),
        "alternates": alternates_of(circle, request),
        "in_language": lang_of(circle),
    }


def public_contact(circle: CirclePage) -> dict[str, str]:
    """Only what was chosen to be public, field by field."""
    phone = circle.contact_phone if circle.contact_phone_is_public else ""
    return {
        "name": circle.contact_name if circle.contact_name_is_public else "",
        "email": circle.contact_email if circle.contact_email_is_public else "",
        "phone": phone,
        "phone_link": "".join(character for character in phone if character in "+0123456789"),
    }


def counted_circles(number: int) -> str:
    """„28 Arbeitskreise“, in the district's word."""
    word = conf.CIRCLE_NAME if number == 1 else conf.CIRCLE_NAME_PLURAL
    return f"{grouped(number)} {word}"


def counted_volunteers(number: int | None) -> str:
    """„1.003 Ehrenamtliche“; nothing for none, and no exact number below five."""
    if not number:
        return ""
    if number < SMALLEST_FIGURE:
        return _("fewer than %(number)s volunteers") % {"number": SMALLEST_FIGURE}
    text = ngettext("%(number)s volunteer", "%(number)s volunteers", number)
    return text % {"number": grouped(number)}


def grouped(number: int) -> str:
    return number_format(number, decimal_pos=0, force_grouping=True)
