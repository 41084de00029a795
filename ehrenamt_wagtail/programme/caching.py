"""Answers of public pages, kept in Django's cache for everybody who is not known: put the middleware first in ``MIDDLEWARE``.

``programme/versions.py`` says how an answer ends with the next change, docs/caching.md what is kept and what is not. Hosts import from
here ``ProgrammeCacheMiddleware``, ``mark`` and ``programme_changed``, from ``cache_receivers`` ``watch``.
"""

import hashlib
import math
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe
from django.utils.translation import get_language_from_request

from ehrenamt_wagtail.conf import conf

from . import versions
from .parameters import NAMES
from .versions import programme_changed, programme_changing

__all__ = ["ProgrammeCacheMiddleware", "etag_of", "mark", "programme_changed", "programme_changing"]

# Address parameters that pages know. What carries another one is not kept: it may be anything, and links carry it on.
PARAMETERS = NAMES
LONGEST_QUERY = 500
# In bytes. What is large is kept apart, so that whoever has it already does not wait for it.
LARGE_BODY, LARGEST_BODY = 64 * 1024, 4 * 1024 * 1024
REVALIDATED = "public, max-age=0, must-revalidate"
PREFIX, BODY_PREFIX = "ehrenamt.answer.", "ehrenamt.body."
# The one that Django's messages use.
MESSAGES_COOKIE = "messages"
PRIVATE = frozenset({"private", "no-store", "no-cache"})
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")

Entry = tuple[str, float, bool, dict[str, str], bytes | str]


def mark(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    """Say that the answer depends on the address and on what ``programme_changed`` is told of, alone: it may be kept for others.

    Gives the response back. What is shown in a preview is never kept. Set ``response.ehrenamt_cacheable = False`` to take it back.
    """
    response.ehrenamt_cacheable = not getattr(request, "is_preview", False)
    return response


def etag_of(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class ProgrammeCacheMiddleware:
    """Answers from the cache where it can; else keeps what it may. Gives marked answers ``ETag`` and ``Cache-Control``."""

    # How versions.is_installed() knows this class and those derived from it.
    caches_programme = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        made = versions.middleware(tuple(settings.MIDDLEWARE))
        self.speaks_languages = any(isinstance(one, type) and issubclass(one, LocaleMiddleware) for one in made)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_anonymous(request):
            return self.get_response(request)
        cache = versions.store()
        key = self.key_of(request) if cache is not None else None
        version = None
        if key is not None:
            version, entry = versions.read(cache, key)
            if entry is not None and is_valid(entry, version, request):
                answer = answer_from(entry, cache, request)
                if answer is not None:
                    return answer
        # Tells views that a full answer is wanted, whatever the browser has already.
        request.ehrenamt_cache_asks = True
        began = time.time()
        response = self.get_response(request)
        if not self.is_public(response):
            return response
        varies_on_cookie = depends_on_cookie(request, response)
        complete(response)
        if version is not None and request.method == "GET" and not request.META.get("HTTP_COOKIE"):
            keep(cache, key, version, response, began=began, varies_on_cookie=varies_on_cookie)
        return with_answer_to_conditions(request, noted(response, "miss"))

    def key_of(self, request: HttpRequest) -> str | None:
        """What answers differ by; ``None`` for a request whose answer is not kept."""
        query = normal_query(request)
        if query is None:
            return None
        try:
            host = request.get_host()
        except DisallowedHost:
            return None
        language = get_language_from_request(request) if self.speaks_languages else ""
        # Wagtail finds the site by the port, which a proxy may name apart. The path last: it alone may hold a line break.
        text = "\n".join((request.scheme, host, request.get_port(), language, query, request.path))
        return PREFIX + hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=20).hexdigest()

    def is_public(self, response: HttpResponseBase) -> bool:
        """Whether everybody may be given this answer: marked, complete, with nothing about one person or one moment."""
        return (
            getattr(response, "ehrenamt_cacheable", False)
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            and "Content-Encoding" not in response
            and PRIVATE.isdisjoint(words_of(response, "Cache-Control"))
            and self.known_variations().issuperset(words_of(response, "Vary"))
            # A number used once is no secret any more once it is used for everybody.
            and "'nonce-" not in response.get("Content-Security-Policy", "")
            and "'nonce-" not in response.get("Content-Security-Policy-Report-Only", "")
        )

    def known_variations(self) -> frozenset[str]:
        known = {"cookie", "accept-encoding"}
        return frozenset(known | {"accept-language"} if self.speaks_languages else known)


# Requests


def is_anonymous(request: HttpRequest) -> bool:
    """Whether nobody is known behind the request and nothing was left for anybody in particular; also not a preview."""
    meta = request.META
    if request.method not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in meta or meta.get("REMOTE_USER"):
        return False
    if getattr(request, "is_dummy", False):
        return False
    if not meta.get("HTTP_COOKIE"):
        return True
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and MESSAGES_COOKIE not in request.COOKIES


def normal_query(request: HttpRequest) -> str | None:
    """The parameters by name, in one order, those without a value left out; ``None`` if there are unknown ones, or too much."""
    given = request.META.get("QUERY_STRING", "")
    if not given:
        return ""
    if len(given) > LONGEST_QUERY or not PARAMETERS.issuperset(request.GET):
        return None
    pairs = [(name, value) for name, values in sorted(request.GET.lists()) for value in values if value.strip()]
    return urlencode(pairs, errors="surrogatepass")


# Answers


def words_of(response: HttpResponseBase, header: str) -> set[str]:
    words = (word.split("=")[0].strip() for word in response.get(header, "").lower().split(","))
    return set(filter(None, words))


def depends_on_cookie(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether another cookie than the session's may have changed the answer. A session that was asked for says ``Vary``, too."""
    session = getattr(request, "session", None)
    return "cookie" in words_of(response, "Vary") and not getattr(session, "accessed", False)


def complete(response: HttpResponse) -> None:
    """The headers that let everybody between us and the person ask whether their copy is still right."""
    if "ETag" not in response or response["ETag"].startswith("W/"):
        response["ETag"] = etag_of(response.content)
    if "Cache-Control" not in response:
        response["Cache-Control"] = REVALIDATED


def with_answer_to_conditions(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    if any(name in request.META for name in CONDITIONS):
        since = parse_http_date_safe(response["Last-Modified"]) if "Last-Modified" in response else None
        return get_conditional_response(request, etag=response["ETag"], last_modified=since, response=response)
    return response


def noted(response: HttpResponse, word: str) -> HttpResponse:
    if settings.DEBUG:
        response["X-Ehrenamt-Cache"] = word
    return response


# Entries: version, moment of its end, whether cookies matter, headers, body or the key of a large one


def keep(cache: BaseCache, key: str, version: str, response: HttpResponse, *, began: float, varies_on_cookie: bool) -> None:
    from .moments import end_of_validity

    if len(response.content) > LARGEST_BODY:
        return
    until = min(end_of_validity(version, began), began + conf.CACHE_SECONDS)
    seconds = math.ceil(until - time.time())
    if seconds > 0:
        body: bytes | str = response.content
        if len(body) > LARGE_BODY:
            # By what it says: it fits to the headers, whoever writes another one meanwhile.
            body = BODY_PREFIX + hashlib.blake2b(response.content, digest_size=20).hexdigest()
            versions.write(cache, body, response.content, seconds)
        entry: Entry = (version, until, varies_on_cookie, dict(response.headers), body)
        versions.write(cache, key, entry, seconds)


def is_valid(entry: Entry, version: str, request: HttpRequest) -> bool:
    stored_under, until, varies_on_cookie = entry[:3]
    if stored_under != version or time.time() >= until:
        return False
    return not (varies_on_cookie and request.META.get("HTTP_COOKIE"))


def answer_from(entry: Entry, cache: BaseCache, request: HttpRequest) -> HttpResponseBase | None:
    """The answer that was kept; nothing if its body is there no longer."""
    *_rest, headers, body = entry
    if not isinstance(body, str):
        return with_answer_to_conditions(request, noted(HttpResponse(body, headers=headers), "hit"))
    answer = with_answer_to_conditions(request, noted(HttpResponse(headers=headers), "hit"))
    if answer.status_code == 200:
        content = versions.body(cache, body)
        if content is None:
            return None
        answer.content = content
    return answer
