"""What is planned and where nothing is, in the Wagtail admin. The same reads as in the portal; coordinators see everything."""

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, WorkflowState

from ehrenamt_wagtail.circles.queries import open_needs
from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.directory.queries import is_coordinator

from .calendar import Face, calendar_context, gaps_context
from .queries import Entry
from .visibility import viewer_of


class PlanningMenuItem(MenuItem):
    def __init__(self):
        super().__init__(
            _("What is planned"), reverse_lazy("ehrenamt_admin:planning"), name="ehrenamt-planning", icon_name="calendar", order=1
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)


class PlanningView(CoordinatorView):
    """Month and half-year."""

    page_title = gettext_lazy("What is planned")
    template_name = "ehrenamt_wagtail/coordination/admin/planning.html"

    def get_context_data(self, **kwargs) -> dict:
        address = reverse("ehrenamt_admin:planning")
        face = Face(
            path=address, viewer=viewer_of(self.request.user), links_of=pages_behind, is_member=self.is_member()
        )
        context = calendar_context(face, self.request.GET)
        return super().get_context_data(
            **context, action=address, gaps_url=reverse("ehrenamt_admin:gaps"), state_template=STATE_TEMPLATE, **kwargs
        )


class GapsView(CoordinatorView):
    """Towns, circles and topics without anything, beside the open needs."""

    page_title = gettext_lazy("Gaps and needs")
    template_name = "ehrenamt_wagtail/coordination/admin/gaps.html"

    def get_context_data(self, **kwargs) -> dict:
        address, calendar_address = reverse("ehrenamt_admin:gaps"), reverse("ehrenamt_admin:planning")
        context = gaps_context(address, calendar_address, self.request.GET, is_member=self.is_member())
        return super().get_context_data(**context, needs=open_needs(), calendar_url=calendar_address, **kwargs)


STATE_TEMPLATE = "ehrenamt_wagtail/coordination/admin/state.html"


def pages_behind(entries: list[Entry]):
    """What waits leads to its review, anything else to its editor, a hold nowhere; one query for all."""
    waiting = {str(entry.view.offering_id) for entry in entries if entry.view.state in ("in_review", "change_in_review")}
    reviews = WorkflowState.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=waiting,
        status=WorkflowState.STATUS_IN_PROGRESS,
        current_task_state__isnull=False,
    )
    tasks = dict(reviews.values_list("object_id", "current_task_state"))

    def url_of(entry: Entry) -> str:
        page_id = entry.view.offering_id
        if page_id is None:
            return ""
        if entry.view.state in ("in_review", "change_in_review") and str(page_id) in tasks:
            return reverse("ehrenamt_admin:review", args=[tasks[str(page_id)]])
        return reverse("wagtailadmin_pages:edit", args=[page_id])

    return url_of
