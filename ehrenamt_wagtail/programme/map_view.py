"""The programme as a map: how many offerings the filters find in each town."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Count, FilteredRelation, Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.maps import Town, draw

from .choices import Choice
from .facets import Facets
from .filters import parse_filters
from .found import grouped, offerings_in_words, search_notes
from .listing import COUNTED, Listing
from .models import ListedOffering, ProgrammePage
from .robots import for_robots
from .views import common_context, counted_form, encoded, organisers_of
from .vocabulary import version_of

NO_TOWN = ""


class TownRow(NamedTuple):
    """A town in which something is found; ``url`` leads to the list of it."""

    name: str
    number: str
    url: str


class Elsewhere(NamedTuple):
    """What no dot of the map stands for, in words; ``url`` may be empty."""

    label: str
    url: str = ""


def map_context(programme: ProgrammePage, request: HttpRequest) -> dict:
    """Map and table of the towns in which the filters find something; a fixed number of queries."""
    now = timezone.now()
    facets = Facets(programme, organisers_of(request))
    # There is one page alone.
    filters = replace(parse_filters(request.GET, facets.choices), page=1)
    listing = Listing(filters, now=now, programme=programme)
    # First, since the search is understood with it.
    numbers = numbers_by_town(listing)
    form = counted_form(facets, listing)
    counts = form.counts
    url = programme.get_url(request) or ""
    towns = list(towns_of(facets.choices.of("gemeinde").values(), numbers, url, request.GET))
    online = 0 if filters.places else counts.of("ort").get("online", 0)
    common = common_context(programme, request, form, url=url, current="map")
    return (
        common
        | for_robots(request, filters, f"{url}karte/")
        | {
            "count": min(counts.total, COUNTED),
            "has_more": counts.total > COUNTED,
            "map": draw(towns),
            "towns": tuple(TownRow(town.name, grouped(town.number), town.url) for town in towns if town.number),
            "empty_towns": ", ".join(town.name for town in towns if not town.number),
            "elsewhere": tuple(elsewhere(online, numbers.get(NO_TOWN, 0), url, request.GET)),
            "search": search_notes(listing, filters, request.GET, is_empty=not counts.total, programme=programme, now=now),
        }
    )


def numbers_by_town(listing: Listing) -> dict[str, int]:
    """How many offerings the listing has in each town, by its slug; ``NO_TOWN`` are those without one. One query.

    An offering counts in each town that the filter by town finds it by: where it is at home and where its dates take place. Towns
    without offerings are absent.
    """
    if not listing.is_current:
        listing.is_understood_anew(version_of(listing.programme.pk))
    listed = ListedOffering.objects.filter(pk__in=listing.to_count.values("offering"))
    with_town = listed.annotate(town=FilteredRelation("tags", condition=Q(tags__name="gemeinde")))
    rows = with_town.order_by().values_list("town__value").annotate(number=Count("pk"))
    return {slug or NO_TOWN: number for slug, number in rows}


def towns_of(choices: Iterable[Choice], numbers: Mapping[str, int], url: str, parameters: QueryDict) -> Iterable[Town]:
    """All towns of the district with their numbers, in the order of the choices."""
    for choice in choices:
        number = numbers.get(choice.slug, 0)
        words = f"{choice.name}: {offerings_in_words(number)}"
        link = f"{url}{query_with(parameters, 'gemeinde', choice.slug)}" if number else ""
        yield Town(choice.name, choice.latitude, choice.longitude, number, words, link)


def elsewhere(online: int, without_town: int, url: str, parameters: QueryDict) -> Iterable[Elsewhere]:
    """What can be attended from anywhere, and what names no town."""
    if online:
        link = f"{url}{query_with(parameters, 'ort', 'online')}"
        yield Elsewhere(_("Online: %(offerings)s") % {"offerings": offerings_in_words(online)}, link)
    if without_town:
        yield Elsewhere(_("Without a town: %(offerings)s") % {"offerings": offerings_in_words(without_town)})


def query_with(parameters: QueryDict, name: str, value: str) -> str:
    """The filters with another value of one. Surroundings belong to the towns that were chosen."""
    query = parameters.copy()
    query[name] = value
    return encoded(query, without={"seite", "umkreis"} if name == "gemeinde" else {"seite"})
