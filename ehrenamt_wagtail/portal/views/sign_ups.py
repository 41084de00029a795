"""Sign-ups in the portal."""

from django.http import Http404, HttpRequest, HttpResponse

from .access import portal_view


@portal_view
def sign_ups(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def sign_up(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def add_sign_up(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def export(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def attendance_sheet(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404


@portal_view
def attendance(request: HttpRequest, **kwargs) -> HttpResponse:
    raise Http404
