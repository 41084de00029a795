"""What pages for coordinators in the Wagtail admin have in common, whatever room they come from."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ehrenamt_wagtail.directory.queries import is_coordinator, organisations_of


class CoordinatorView(WagtailAdminTemplateMixin, View):
    """Only for coordinators; others are sent to the start of the admin with Wagtail's message."""

    header_icon = "calendar"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_coordinator(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def is_member(self) -> bool:
        """Whether the portal, where dates are held and needs reported, is open to the person."""
        return organisations_of(self.request.user).exists()
