"""The queue in the Wagtail admin: what waits, and what is done there without opening a submission."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ehrenamt_wagtail.conf import conf

from . import queries
from .forms import QueueFilterForm
from .views import ReviewerRequired

ITEMS_PER_PAGE = 50


class QueueView(ReviewerRequired, WagtailAdminTemplateMixin, View):
    """Everything that waits, the oldest first."""

    template_name = "ehrenamt_wagtail/review/queue.html"
    page_title = gettext_lazy("Review")
    header_icon = "clipboard-list"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        everything = queries.offerings_awaiting_review(self.request.user)
        form = QueueFilterForm(self.request.GET, organisations=queries.organisations_waiting(everything))
        rows = form.apply(everything)
        page = Paginator(rows, ITEMS_PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            filter_form=form,
            is_filtered=len(rows) != len(everything),
            number=len(rows),
            number_waiting=len(everything),
            page_obj=page,
            submissions=queries.submissions(page.object_list),
            near_days=conf.REVIEW_NEAR_DAYS,
            **kwargs,
        )
