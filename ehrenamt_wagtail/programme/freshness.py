"""Since when an answer says what it says: ``Last-Modified``, for programs that ask by time instead of by ``ETag``.

No row knows it: an answer also changes when a date is over, a page is deleted or a town is renamed. So the moment at which an answer
was first given is kept in the cache beside its ``ETag``. Where that is lost an answer counts as new: it is sent once more, which is
never wrong. Moments of one address only grow, whatever the clocks of several servers say.
"""

import hashlib
import time

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from ehrenamt_wagtail.conf import conf

from . import versions
from .caching import etag_of, mark, normal_query

PREFIX = "ehrenamt.since."
KEPT_SECONDS = 24 * 3600
# Who rendered just before a change and who rendered just after it may both write: nothing is said until that is over.
SETTLED_SECONDS = 2


def cacheable(request: HttpRequest, response: HttpResponse, *, seconds: int) -> HttpResponse:
    """The response with ``ETag``, ``Last-Modified`` and ``Cache-Control``, or 304 when the client has it already."""
    response["Cache-Control"] = f"public, max-age={seconds}, must-revalidate"
    etag = etag_of(response.content)
    response["ETag"] = etag
    # Search engines list the page of an offering, not its files.
    response["X-Robots-Tag"] = "noindex"
    query = normal_query(request)
    since = None if query is None else modified_at(request, query, etag)
    if since is not None:
        response["Last-Modified"] = http_date(since)
    mark(response, request)
    if getattr(request, "ehrenamt_cache_asks", False):
        # It keeps whole answers, and says itself what the client has already.
        return response
    return get_conditional_response(request, etag=etag, last_modified=since, response=response)


def modified_at(request: HttpRequest, query: str, etag: str) -> int | None:
    """Seconds since 1970, or ``None`` while it is not known. ``query`` are the parameters in their normal form.

    Reads and writes the cache; one that cannot be reached is left alone as ``versions`` does.
    """
    if versions.contact.is_down and time.monotonic() < versions.contact.ask_again_at:
        return None
    text = "\n".join((request.scheme, request.get_host(), get_language() or "", query, request.path))
    key = PREFIX + hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=20).hexdigest()
    found: list[int | None] = []
    return found[0] if versions.told(lambda: found.append(since(key, etag, int(time.time())))) else None


def since(key: str, etag: str, now: int) -> int | None:
    """As ``modified_at``. An entry is the ``ETag``, since when it counts, and from when on that may be said."""
    cache = caches[conf.CACHE_ALIAS]
    if cache.add(key, (etag, now, now), KEPT_SECONDS):
        return now
    known, moment, said_from = cache.get(key) or ("", now, now)
    if known == etag:
        return moment if now >= said_from else None
    # Later than the last one, be it in the same second.
    moment = max(now, moment + 1)
    cache.set(key, (etag, moment, moment + SETTLED_SECONDS), KEPT_SECONDS)
    return None
