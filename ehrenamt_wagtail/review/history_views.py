"""The whole history of an offering or a circle page in the Wagtail admin, on screen and as CSV."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, PageLogEntry, TaskState

from ehrenamt_wagtail.programme.models import ReviewablePage

from .history import HistoryEntry, history
from .history_csv import csv_response
from .queries import tasks_of
from .views import ReviewerRequired

# A larger number is no key of any database, and the log cannot be asked for it.
LARGEST_KEY = 2**31 - 1


class PageHistoryMixin(ReviewerRequired):
    """The steps of ``page_id``; also of a page that has been deleted since, whose log and decisions are kept."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.page_id = kwargs["page_id"]
        if self.page_id > LARGEST_KEY:
            raise Http404

    @cached_property
    def page(self) -> Page | None:
        # By „id“: a number that no database knows finds nothing there.
        return Page.objects.filter(id=self.page_id).first()

    @cached_property
    def title(self) -> str:
        """What the page is called now, or was called last; 404 for what never was an offering or a circle."""
        log = PageLogEntry.objects.filter(page=self.page_id).select_related("content_type").order_by("-timestamp", "-pk")
        newest = log.first()
        model = self.page.specific_class if self.page else newest and newest.content_type and newest.content_type.model_class()
        if not (model and issubclass(model, ReviewablePage)):
            raise Http404
        return (self.page.draft_title or self.page.title) if self.page else newest.label

    def entries(self, *, every_step: bool = False) -> list[HistoryEntry]:
        return history(self.page_id, for_reviewers=True, every_step=every_step, url_of=self.url_of)

    @cached_property
    def task_state_id(self) -> int | None:
        """Any submission of the page: the preview's address needs one."""
        states = TaskState.objects.filter(workflow_state__object_id=str(self.page_id), task__in=self.task_ids)
        return states.order_by("-pk").values_list("pk", flat=True).first()

    @cached_property
    def task_ids(self) -> list[int]:
        return [task.pk for task in tasks_of(self.request.user)]

    def url_of(self, revision_id: int) -> str:
        if self.page is None or self.task_state_id is None:
            return ""
        return reverse("ehrenamt_admin:review_preview", args=[self.task_state_id, revision_id])


class HistoryView(PageHistoryMixin, WagtailAdminTemplateMixin, View):
    template_name = "ehrenamt_wagtail/review/history_page.html"
    header_icon = "history"
    _show_breadcrumbs = True

    @property
    def page_title(self) -> str:
        return _("History of “%(title)s”") % {"title": self.title}

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse_lazy("ehrenamt_admin:review_queue"), "label": _("Review")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(history=self.entries(), page_id=self.page_id, is_deleted=self.page is None)
        )


class HistoryCsvView(PageHistoryMixin, View):
    """Every single step, also each of several saves in a row."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        title = self.title
        return csv_response(self.entries(every_step=True), title=title, for_reviewers=True)
