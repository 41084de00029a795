"""What answers have in common, whatever room they come from."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def never_stored(view: Callable) -> Callable:
    """Nobody between us and the person, and no browser, keeps a copy of the answer."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "same-origin"
        patch_vary_headers(response, ["Cookie"])
        return response

    return wrapped


def may_be_framed(view: Callable) -> Callable:
    """Other websites may show the answer in a frame, whatever the site says of all others.

    A policy of Django's own (``SECURE_CSP``) stays but for ``frame-ancestors``; without one the answer has just this. A host with
    another middleware finds the attribute ``ehrenamt_may_be_framed`` on the response.
    """

    @wraps(view)
    def wrapped(*args, **kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response.xframe_options_exempt = True
        response.ehrenamt_may_be_framed = True
        if policy := getattr(settings, "SECURE_CSP", None):
            # What django.views.decorators.csp.csp_override sets, which Django 5.2 does not have.
            response._csp_config = {**policy, "frame-ancestors": ["*"]}
        else:
            response["Content-Security-Policy"] = "frame-ancestors *"
        return response

    return wrapped
