"""A strict Content Security Policy for all that visitors and partners see; Wagtail's admin needs inline scripts and has none."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'"
)
ADMIN = "/verwaltung/"


class SecurityPolicyMiddleware:
    """After the cache of answers, which keeps the header with them. An answer's own policy stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "ehrenamt_may_be_framed", False):
            response[HEADER] = f"{POLICY}; frame-ancestors *"
        elif HEADER not in response and not request.path.startswith(ADMIN):
            response[HEADER] = f"{POLICY}; frame-ancestors 'self'"
        return response
