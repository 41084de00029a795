"""Sign-ups in the portal."""

from django.http import Http404, HttpRequest, HttpResponse

from .access import portal_view


@portal_view
def certificates(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404
