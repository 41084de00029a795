"""The queue in the Wagtail admin: what waits, and what is done there without reading a submission from top to bottom."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import EhrenamtError

from . import bulk, claims, queries
from .forms import QueueFilterForm
from .views import ReviewerRequired, TaskStateMixin

ITEMS_PER_PAGE = 50


class QueueView(ReviewerRequired, WagtailAdminTemplateMixin, View):
    """Everything that waits, by the day on which the answer is due."""

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
        form = QueueFilterForm(
            self.request.GET,
            organisations=queries.organisations_waiting(everything),
            arts=queries.arts_waiting(everything),
        )
        rows = form.apply(everything, user=self.request.user, clashes=queries.clashes_of)
        page = Paginator(rows, ITEMS_PER_PAGE).get_page(self.request.GET.get("p"))
        submissions = queries.submissions(page.object_list, queries.clashes_of(page.object_list))
        return super().get_context_data(
            filter_form=form,
            is_filtered=form.number_active > 0,
            number=len(rows),
            number_waiting=len(everything),
            number_overdue=sum(row.light == queries.Light.OVERDUE for row in everything),
            page_obj=page,
            submissions=submissions,
            may_select=any(submission.may_be_selected for submission in submissions),
            is_selected="alle" in self.request.GET,
            working_days=conf.REVIEW_WORKING_DAYS,
            **kwargs,
        )


class ApproveSelectedView(ReviewerRequired, WagtailAdminTemplateMixin, View):
    """Names what was ticked in the queue, and approves it when that is confirmed."""

    template_name = "ehrenamt_wagtail/review/approve_selected.html"
    page_title = gettext_lazy("Approve several")
    header_icon = "check"
    _show_breadcrumbs = True
    http_method_names = ["post"]

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse_lazy("ehrenamt_admin:review_queue"), "label": _("Review")},
            {"url": "", "label": self.page_title},
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        selection = bulk.selected_from(request.POST.getlist("selected"))
        if not selection:
            messages.warning(request, _("Nothing was ticked, so nothing was approved."))
            return redirect("ehrenamt_admin:review_queue")
        if "confirmed" not in request.POST:
            return self.render_to_response(self.get_context_data(selection=selection))
        self.tell(bulk.approve_selected(selection, actor=request.user))
        return redirect("ehrenamt_admin:review_queue")

    def get_context_data(self, *, selection: list[bulk.Selected], **kwargs) -> dict:
        by_pk = {selected.task_state_id: selected for selected in selection}
        waiting = [row for row in queries.offerings_awaiting_review(self.request.user) if row.task_state_id in by_pk]
        objections = {pk: bulk.objection_to(selected, actor=self.request.user) for pk, selected in by_pk.items()}
        rows = [(submission, by_pk[submission.task_state.pk]) for submission in queries.submissions(waiting)]
        return super().get_context_data(
            ready=[(row, selected) for row, selected in rows if not objections[selected.task_state_id]],
            left=[(row, objections[selected.task_state_id]) for row, selected in rows if objections[selected.task_state_id]],
            gone=[objections[pk] for pk in by_pk if pk not in {row.task_state.pk for row, _selected in rows}],
            **kwargs,
        )

    def tell(self, outcomes: Iterable[bulk.Outcome]) -> None:
        """One message about all that is approved, one for each that is not."""
        done = [_("“%(title)s”") % {"title": outcome.title} for outcome in outcomes if outcome.was_approved]
        if done:
            text = ngettext(
                "%(titles)s is approved and published. The organisation has been told.",
                "%(number)s are approved and published: %(titles)s. The organisations have been told.",
                len(done),
            )
            messages.success(self.request, text % {"number": len(done), "titles": ", ".join(done)})
        for outcome in outcomes:
            if not outcome.was_approved:
                text = _("“%(title)s” was not approved: %(why)s") if outcome.title else "%(why)s"
                text %= {"title": outcome.title, "why": outcome.why}
                messages.error(self.request, text, buttons=self.buttons(outcome))

    def buttons(self, outcome: bulk.Outcome) -> list:
        if not outcome.title:
            return []
        return [messages.button(reverse("ehrenamt_admin:review", args=[outcome.task_state_id]), _("Look at it"))]


class ClaimView(TaskStateMixin, View):
    """„Übernehmen“ and „Anderen überlassen“."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        is_taken = request.POST.get("action") == "take"
        try:
            (claims.take_over if is_taken else claims.leave_to_others)(self.task_state, actor=request.user)
        except EhrenamtError as refusal:
            messages.error(request, refusal.message)
            return redirect("ehrenamt_admin:review", self.task_state.pk)
        if is_taken:
            messages.success(request, _("You are working on this now; the others see it."))
            return redirect("ehrenamt_admin:review", self.task_state.pk)
        messages.success(request, _("Left to the others. It is decided by whoever opens it next."))
        return redirect("ehrenamt_admin:review_queue")
