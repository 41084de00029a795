"""The review's entry in the admin menu and its panel on the admin's start page."""

from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from . import queries


class ReviewMenuItem(MenuItem):
    """„Prüfung (3, 1 überfällig)“: how much waits stands in the menu."""

    def __init__(self):
        super().__init__(
            _("Review"), reverse_lazy("ehrenamt_admin:review_queue"), name="ehrenamt-review", icon_name="clipboard-list", order=0
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return queries.is_reviewer(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        number, overdue = queries.number_overdue(request.user)
        label = f"{self.label} ({number})" if number else str(self.label)
        if overdue:
            label = gettext("Review (%(number)s, %(overdue)s overdue)") % {"number": number, "overdue": overdue}
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)


class ReviewPanel(Component):
    """What waits, for those who decide; nothing for others or when nothing waits."""

    name = "ehrenamt_review"
    template_name = "ehrenamt_wagtail/review/home_panel.html"
    order = 90

    def get_context_data(self, parent_context) -> dict:
        waiting = queries.offerings_awaiting_review(parent_context["request"].user)
        return {
            "number": len(waiting),
            "number_overdue": sum(row.light == queries.Light.OVERDUE for row in waiting),
            "oldest": queries.submissions(waiting[:5]),
        }

    def render_html(self, parent_context=None) -> str:
        context = self.get_context_data(parent_context)
        if not context["oldest"]:
            return ""
        return get_template(self.template_name).render(context)


def add_panel(request: HttpRequest, panels: list) -> None:
    """Add our panel, and take Wagtail's away where it would only repeat what stands in ours."""
    if not queries.is_reviewer(request.user):
        return
    panels.append(ReviewPanel())
    if not queries.waits_elsewhere(request.user):
        panels[:] = [panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel)]
