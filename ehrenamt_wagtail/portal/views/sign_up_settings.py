"""Sign-ups in the portal."""

from django.http import Http404, HttpRequest, HttpResponse

from .access import portal_view


@portal_view
def sign_up_settings(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def privacy_notice(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404
