"""The public pages of the programme.

Reading sets no cookie and touches no session. The page classes call the functions that end in ``_context``.
"""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail import formatting
from ehrenamt_wagtail.conf import conf

from .choices import Choice, Choices, read_choices
from .details import details_of
from .facets import Facets, period_key
from .facts import OfferingFacts, facts_of
from .filters import FIRST_YEAR, LAST_YEAR, MAX_VALUES, Filters, kind_choices, local_midnight, parse_filters, shown, values_of
from .forms import FilterForm, in_words
from .found import search_notes
from .languages import Language
from .listing import Listed, Listing, dates_of_month, page_of_listing, parts_of_day, row_of
from .models import Mode, OfferingPage, ProgrammePage, VolunteerDayPage
from .parameters import PLACES
from .periods import QuickPeriod, quick_periods
from .places import place_from
from .presentation import (
    Crumb,
    OfferingRow,
    PageNumbers,
    breadcrumbs,
    date_lines,
    language_names,
    month_link,
    month_weeks,
    offering_row,
    timetable,
    weekday_names,
)
from .providers import links, sign_up_box, stored_seats_in_words
from .robots import for_robots, is_far
from .rows import ListedRow, read_next
from .serving import stored_with
from .sharing import share_of
from .slots import DAYS, TIMES
from .structured_data import structured_data
from .translations import alternates_of, lang_of, language_of, original_url
from .ways import ways_to

# So many other offerings of its topics a page shows.
RELATED = 3

# Programme


def listing_context(programme: ProgrammePage, request: HttpRequest) -> dict:
    """The list of offerings with filter form, notices and pages."""
    now = timezone.now()
    facets = Facets(programme, organisers_of(request))
    filters = parse_filters(request.GET, facets.choices)
    listing = Listing(filters, now=now, programme=programme)
    # Not before the rows, with which the search is understood.
    form = cache(lambda: counted_form(facets, listing))
    page = page_of_listing(listing, per_page=conf.ITEMS_PER_PAGE, counts=lambda: form().counts)
    notices = filters.notices
    if filters.page > page.paginator.num_pages:
        sentence = _("There is no page %(page)s. You see the last one, page %(last)s.")
        notices = (*notices, sentence % {"page": filters.page, "last": page.paginator.num_pages})
    url = programme.get_url(request) or ""
    common = common_context(programme, request, form(), url=url, current="list")
    return common | {
        "alternates": alternates_of(programme, request) if common["canonical_url"] else (),
        "page_obj": page,
        "page_numbers": PageNumbers(page.number, page.paginator.num_pages),
        "is_archive": filters.archive,
        "count": page.paginator.count,
        "has_more": page.paginator.has_more,
        "rows": rows_of(page, programme_url=url, now=now, language=language_of(programme)),
        "notices": notices,
        "search": search_notes(listing, filters, request.GET, is_empty=not page.paginator.count, programme=programme, now=now),
    }


def counted_form(facets: Facets, listing: Listing) -> FilterForm:
    """The form for the filters of a listing whose search was understood; it says how many offerings each choice would leave."""
    periods = [(period.first, period.last) for period in quick_periods(timezone.localdate(listing.now))]
    counts = facets.counts(listing.filters, now=listing.now, search=listing.search, periods=periods)
    return FilterForm(listing.filters, facets.choices, counts)


def choices_and_filters(programme: ProgrammePage, request: HttpRequest) -> tuple[Choices, Filters]:
    """What the filter form lets choose from and what is chosen, in one query."""
    choices = read_choices(programme, organisers_of(request))
    return choices, parse_filters(request.GET, choices)


def organisers_of(request: HttpRequest) -> list[str]:
    """Those that are asked for, whether they offer anything or not."""
    return values_of(request.GET, "traeger")[:MAX_VALUES]


def rows_of(listed: Iterable[Listed | ListedRow], *, programme_url: str, now: dt.datetime, language: str = "") -> list[OfferingRow]:
    """The rows that lists show of a listing, with the seats that are left; ``language`` is that of the programme."""
    rows = (row if isinstance(row, ListedRow) else row_of(row, now) for row in listed)
    return [
        offering_row(
            row,
            programme_url=programme_url,
            seats=stored_seats_in_words(row.seats, row.facts, now) if row.seats else "",
            language=language,
        )
        for row in rows
    ]


def common_context(programme: ProgrammePage, request: HttpRequest, form: FilterForm, *, url: str, current: str) -> dict:
    """What list, month view and map share. Links to the other views and to the feeds carry the same filters."""
    filters = form.filters
    query = encoded(request.GET, without={"seite"})
    other = encoded(request.GET, without={"seite", "archiv"})
    today = timezone.localdate()
    # The month view has one period already.
    periods = () if current == "month" else quick_periods(today)
    period = next((period for period in periods if period[1:] == (filters.from_date, filters.to_date)), None)
    month = f"{url}kalender/{today.year}/{today.month}/{other}"
    archive = f"{url}{other}{'&' if other else '?'}archiv=1"
    views = (
        Tab(_("List"), f"{url}{other}", current == "list" and not filters.archive),
        Tab(_("Calendar"), month, current == "month"),
        Tab(pgettext("view", "Map"), f"{url}karte/{other}", current == "map"),
        Tab(_("Archive"), archive, current == "list" and filters.archive),
    )
    return {
        "filters": filters,
        "filter_form": form,
        "filters_open": False,
        "periods": period_links(request.GET, form, periods, period),
        "active_count": len(filters.active) - (period is not None),
        "chips": chips_with(period, request.GET, filters),
        "reset_url": "?",
        "notices": filters.notices,
        "views": views,
        "query": query,
        "calendar_url": f"{url}kalender.ics{query}",
        "feed_url": f"{url}feed.atom{query}",
        "embedding_url": f"{url}einbetten/code/{query}",
        "links": links(),
        "breadcrumb_items": breadcrumbs(programme, request),
        "in_language": lang_of(programme),
    } | for_robots(request, filters, url)


class Tab(NamedTuple):
    """A link to one of the views of the programme, as ``includes/subnav.html`` shows it."""

    label: str
    url: str
    current: bool
    count: int = 0


class Chip(NamedTuple):
    """An active filter and the address of the same list without it."""

    label: str
    remove_url: str


class PeriodLink(NamedTuple):
    """A quick choice of a period, as ``includes/periods.html`` shows it."""

    label: str
    url: str
    current: bool
    count: str = ""


def encoded(parameters: QueryDict, *, without: frozenset[str] | set[str] = frozenset()) -> str:
    """The parameters as ``?a=1``, or nothing; empty values of the form are dropped."""
    pairs = [(name, value) for name, values in parameters.lists() if name not in without for value in values if value.strip()]
    return f"?{urlencode(pairs)}" if pairs else ""


def filter_chips(parameters: QueryDict, filters: Filters) -> tuple[Chip, ...]:
    """The active filters."""
    kinds = kind_choices() if filters.kinds else {}
    active = [("gemeinde", entry.slug, entry.name) for entry in filters.municipalities]
    if filters.radius:
        active.append(("umkreis", None, _("within %(number)s km") % {"number": filters.radius}))
    active += [("thema", entry.slug, entry.name) for entry in filters.topics]
    active += [("art", value, kinds[value]) for value in filters.kinds]
    active += [("traeger", entry.slug, entry.name) for entry in filters.organisers]
    active += [("ort", value, str(PLACES[value])) for value in filters.places]
    active += [("tag", value, str(DAYS[value])) for value in filters.weekdays]
    active += [("zeit", value, str(TIMES[value])) for value in filters.times]
    active += [("sprache", value, str(Language(value).label)) for value in filters.languages]
    if filters.step_free:
        active.append(("barrierefrei", None, _("step-free")))
    if filters.free:
        active.append(("kostenlos", None, _("free of charge")))
    if filters.seats_left:
        active.append(("frei", None, _("with free seats")))
    if filters.from_date:
        active.append(("von", None, _("from %(date)s") % {"date": formatting.short_date(filters.from_date)}))
    if filters.to_date:
        active.append(("bis", None, _("until %(date)s") % {"date": formatting.short_date(filters.to_date)}))
    if filters.archive:
        active.append(("archiv", None, _("Only past offerings")))
    if filters.q:
        active.append(("q", None, _("Search: %(words)s") % {"words": shown(filters.q)}))
    return tuple(Chip(label, address_without(parameters, name, value)) for name, value, label in active)


def chips_with(period: QuickPeriod | None, parameters: QueryDict, filters: Filters) -> tuple[Chip, ...]:
    """The active filters, with a quick choice as one of them."""
    if period is None:
        return filter_chips(parameters, filters)
    chip = Chip(period.label, encoded(parameters, without={"seite", "von", "bis"}) or "?")
    return (chip, *filter_chips(parameters, filters.without_window()))


def period_links(parameters: QueryDict, form: FilterForm, periods: Iterable[QuickPeriod], current: QuickPeriod | None) -> tuple:
    """Nothing of the archive lies in such a period."""
    others, numbers = encoded(parameters, without={"seite", "archiv", "von", "bis"}), form.numbers_of("zeitraum")
    return tuple(
        PeriodLink(
            period.label,
            f"{others}{'&' if others else '?'}von={period.first}&bis={period.last}",
            period == current,
            in_words(numbers.get(period_key(period.first, period.last))),
        )
        for period in periods
    )


def address_without(parameters: QueryDict, name: str, value: str | None) -> str:
    query = parameters.copy()
    query.setlist(name, [item for item in query.getlist(name) if value is not None and item.strip() != value])
    return encoded(query, without={"seite"}) or "?"


# Month view


def current_month(programme: ProgrammePage, request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    url = programme.get_url(request) or ""
    return HttpResponseRedirect(f"{url}kalender/{today.year}/{today.month}/{encoded(request.GET, without={'seite'})}")


def month_context(programme: ProgrammePage, request: HttpRequest, *, year: int, month: int) -> dict:
    """The month view. Raises ``Http404`` for a month that does not exist or lies outside the programme."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise Http404
    first = dt.date(year, month, 1)
    following = neighbour(first, 1)
    choices, filters = choices_and_filters(programme, request)
    span = (local_midnight(first), local_midnight(following))
    dates = dates_of_month(filters, now=timezone.now(), programme=programme, span=span)
    url = programme.get_url(request) or ""
    query = encoded(request.GET, without={"seite"})

    def link(target: dt.date) -> dict | None:
        if not FIRST_YEAR <= target.year <= LAST_YEAR:
            return None
        address = f"{url}kalender/{target.year}/{target.month}/{query}"
        return {"url": address, "label": month_link(target), "is_far": bool(filters.active) or is_far(target)}

    suffix = f"kalender/{year}/{month}/"
    robots = for_robots(request, filters, url + suffix, is_far=is_far(first))
    form = FilterForm(filters, choices)
    return (
        common_context(programme, request, form, url=url, current="month")
        | robots
        | {
            "alternates": alternates_of(programme, request, suffix=suffix) if robots["canonical_url"] else (),
            "count": len(dates),
            "month": {
                "title": month_link(first),
                "previous": link(neighbour(first, -1)),
                "next": link(following),
                "weekdays": weekday_names(),
                "weeks": month_weeks(first, dates, today=timezone.localdate(), base_url=url, language=language_of(programme)),
            },
        }
    )


def neighbour(first: dt.date, months: int) -> dt.date:
    index = first.year * 12 + first.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


# One offering


def offering_context(page: OfferingPage, request: HttpRequest) -> dict:
    """The page of an offering, also in a preview of one that was never saved."""
    now = timezone.now()
    stored = stored_with(page)
    facts = stored.facts if stored else facts_of(page)
    details = stored.details if stored else details_of(page)
    url = page.get_url(request) if page.pk else None
    public_url = url if page.live and url else ""
    dates = date_lines(facts, details, now=now, url=public_url)
    place = place_from(details["place"])
    house = None if page.mode == Mode.ONLINE else place
    parts = parts_of_day(page) if isinstance(page, VolunteerDayPage) else []
    programme = programme_above(page)
    programme_url = (programme.get_url(request) or "") if programme else ""
    context = {
        "dates": dates,
        "place": place,
        "organiser": details["organiser"],
        "cancelled": facts.cancelled,
        "cancellation_reason": details["reason"],
        "past": bool(dates) and all(date.past for date in dates),
        "language_names": language_names(page),
        "co_hosts": details["co_hosts"],
        "funders": rows_with(page.funders, "logo__renditions") if details["funders"] else [],
        "trainers": details["trainers"],
        "downloads": rows_with(page.downloads, "document") if details["downloads"] else [],
        "topics": [{"slug": slug, "name": name} for slug, name in facts.topics],
        "phone_link": "".join(character for character in page.contact_phone if character in "+0123456789"),
        "meta_description": Truncator(" ".join(page.summary.split())).chars(300),
        "calendar_url": f"{public_url}termin.ics" if public_url else "",
        "ways": ways_to(house, dates),
        "share": share_of(page, request, url=public_url, dates=dates, place=house, cancelled=facts.cancelled) if public_url else None,
        "related": related(page, facts, programme=programme, url=programme_url, now=now, parts=parts),
        "breadcrumb_items": way_to(page, request, programme_url),
        "canonical_url": original_url(page, request),
        "alternates": alternates_of(page, request),
        "in_language": lang_of(page),
        "structured_data": structured_data(page, request, facts=facts, details=details, url=url),
        "sign_up": sign_up_box(page, dates=facts.dates, now=now, seats=stored.seats if stored else None),
    }
    if isinstance(page, VolunteerDayPage):
        context["timetable"] = timetable(parts, base_url=programme_url, language=language_of(page))
    return context


class Related(NamedTuple):
    """Other offerings with ``topics``, slug and name of each."""

    rows: tuple[OfferingRow, ...]
    topics: tuple[tuple[str, str], ...]
    programme_url: str


def related(
    page: OfferingPage,
    facts: OfferingFacts,
    *,
    programme: ProgrammePage | None,
    url: str,
    now: dt.datetime,
    parts: Iterable[OfferingFacts],
) -> Related | None:
    """The next offerings of the same topics, in one query; ``parts`` of a volunteer day are shown already."""
    if programme is None or not facts.topics:
        return None
    topics = Filters(topics=tuple(Choice(0, slug, name) for slug, name in facts.topics))
    without = [page.pk, *(part.id for part in parts)]
    found = read_next(topics, now=now, programme=programme, number=RELATED, without=without)
    rows = rows_of(found, programme_url=url, now=now, language=language_of(programme))
    return Related(tuple(rows), facts.topics, url) if rows else None


def rows_with(rows, related: str) -> list:
    """The rows, also those of a page that was never saved, with what they name."""
    rows = list(rows.all())
    prefetch_related_objects(rows, related)
    return rows


def programme_above(page: OfferingPage) -> ProgrammePage | None:
    """The programme that an offering lies below."""
    stored = stored_with(page)
    return stored.programme if stored else ProgrammePage.objects.ancestor_of(page).last() if page.pk else None


def way_to(page: OfferingPage, request: HttpRequest, programme_url: str) -> tuple[Crumb, ...]:
    """The breadcrumbs of an offering."""
    stored = stored_with(page)
    if stored is None or page.depth - stored.programme.depth != len(stored.above) + 1:
        return breadcrumbs(page, request)
    *above, programme = breadcrumbs(stored.programme, request)
    offerings = [Crumb(title, programme_url + address) for title, address in stored.above]
    return (*above, programme._replace(url=programme_url), *offerings, Crumb(page.title, ""))
