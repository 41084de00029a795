"""What the tests of the cache ask for, and what they look at."""

import pickle
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ehrenamt_wagtail.programme import caching, versions

LIST = "/programm/"
OFFERING = "/programm/grundlagen-des-asylrechts/"
CIRCLES = "/arbeitskreise/"
ADDRESSES = [
    LIST, "/programm/?art=workshop", "/programm/?q=asyl", "/programm/kalender/2027/3/", "/programm/karte/?art=workshop", OFFERING,
    f"{OFFERING}termin.ics", f"{OFFERING}qr.svg", "/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/", CIRCLES,
    "/arbeitskreise/arbeitskreis-asyl/",
]  # fmt: skip


def how(response: HttpResponse) -> str:
    """``hit`` or ``miss``; nothing where the cache was not even asked."""
    return response.get("X-Ehrenamt-Cache", "")


def entries() -> dict[str, tuple]:
    """What is kept."""
    stored = {key: pickle.loads(value) for key, value in cache._cache.items()}
    return {key: value for key, value in stored.items() if caching.PREFIX in key}


def marks() -> set[str]:
    """The changes that go on."""
    return set(cache.get_many([*versions.PLACES, versions.NO_PLACE]))


def version() -> str:
    return cache.get(versions.VERSION)


def answer(path: str, view: Callable[[HttpRequest], HttpResponse] | None = None, **request) -> HttpResponse:
    """Of the middleware around ``view``, which otherwise gives something that may be kept. ``request`` is as the client's."""

    def plain(request):
        return caching.mark(HttpResponse("Angebote"), request)

    return caching.ProgrammeCacheMiddleware(view or plain)(RequestFactory().get(path, **request))


def is_served(path: str) -> bool:
    return how(answer(path)) == "hit"
