"""What the list says about a search: words that were taken for others, the order, and what helps where nothing was found."""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .filters import Filters
from .listing import COUNTED, Listing
from .models import ProgrammePage
from .search import Search, suggestions_for
from .vocabulary import vocabulary_of


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class SearchNotes:
    """``corrected`` are sentences; ``suggestions`` other words to look for and ``elsewhere`` where these words find something."""

    text: str
    corrected: tuple[str, ...]
    by_relevance: bool
    other_order: str
    suggestions: tuple[Link, ...] = ()
    elsewhere: tuple[Link, ...] = ()


def search_notes(
    listing: Listing, filters: Filters, parameters: QueryDict, *, is_empty: bool, programme: ProgrammePage, now: dt.datetime
) -> SearchNotes | None:
    """Nothing without a search. Where nothing was found it counts what is found elsewhere, with a few queries."""
    if listing.search is None:
        return None
    order = "datum" if filters.by_relevance else "relevanz"
    notes = SearchNotes(
        text=filters.q,
        corrected=tuple(sentence_about(word.instead) for word in listing.search.corrected) if not is_empty else (),
        by_relevance=filters.by_relevance,
        other_order=address(parameters, sortierung=order),
    )
    if not is_empty:
        return notes
    return replace(
        notes,
        suggestions=tuple(suggested(listing.search, parameters, programme)),
        elsewhere=tuple(found_elsewhere(filters, now=now, programme=programme)),
    )


def sentence_about(words: tuple[str, ...]) -> str:
    named = _(" or ").join(_("“%(word)s”") % {"word": word} for word in words)
    return _("You see what matches %(words)s.") % {"words": named}


def suggested(search: Search, parameters: QueryDict, programme: ProgrammePage) -> list[Link]:
    texts = suggestions_for(search, vocabulary_of(programme.pk))
    return [Link(text, address(parameters, q=text)) for text in texts]


def address(parameters: QueryDict, **changed: str) -> str:
    """The same list with other values, from its first page on."""
    query = parameters.copy()
    query.pop("seite", None)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def found_elsewhere(filters: Filters, *, now: dt.datetime, programme: ProgrammePage) -> list[Link]:
    """What the same words find without the other filters, and in the archive."""
    plain = Filters(q=filters.q, words=filters.words)
    links = []
    if filters.active:
        links.append((_("Without filters: %(offerings)s"), plain))
    if not filters.archive and not filters.restricts_dates:
        links.append((_("In the archive: %(offerings)s"), replace(plain, archive=True)))
    found = [(label, other, Listing(other, now=now, programme=programme).counted()) for label, other in links]
    return [
        Link(label % {"offerings": offerings_in_words(number)}, f"?{urlencode(parameters_of(other))}")
        for label, other, number in found
        if number
    ]


def parameters_of(filters: Filters) -> dict[str, str]:
    return {"q": filters.q} | ({"archiv": "1"} if filters.archive else {})


def offerings_in_words(number: int) -> str:
    if number > COUNTED:
        return _("more than 1,000 offerings")
    return ngettext("%(number)s offering", "%(number)s offerings", number) % {"number": grouped(number)}


def grouped(number: int) -> str:
    """„1.000“"""
    return number_format(number, decimal_pos=0, force_grouping=True)
