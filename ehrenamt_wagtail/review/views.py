"""The review in the Wagtail admin: one submission and its preview. The queue stands in ``queue_views``."""

from contextlib import suppress

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.exceptions import EhrenamtError, NotAllowed, first_objection

from . import actions, claims, compare, editor, facts, queries, rules
from .competition import DATE, Competition, competition_of
from .forms import ApproveForm
from .history import history
from .providers import notes_about
from .return_forms import ReturnWithProposalForm, initial_of

# The newest steps stand beside the submission, all of them on a page of their own.
HISTORY_SHOWN = 15


class ReviewerRequired:
    """Only people who decide on a review task; others are sent to the start of the admin with Wagtail's message."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not queries.is_reviewer(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class TaskStateMixin(ReviewerRequired):
    """``self.task_state`` is one that the person may decide on, or has been able to."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        related = ("revision__user", "workflow_state__workflow", "workflow_state__requested_by", "finished_by", "task")
        self.task_state = get_object_or_404(TaskState.objects.select_related(*related), pk=kwargs["task_state_id"])

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if first_objection(rules.REVIEW, task_state=self.task_state, actor=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ReviewView(TaskStateMixin, WagtailAdminTemplateMixin, View):
    """One submission: what it says, what has changed, what happened; then the decision. Works without JavaScript."""

    template_name = "ehrenamt_wagtail/review/review.html"
    header_icon = "clipboard-list"
    _show_breadcrumbs = True

    @property
    def page_title(self) -> str:
        return self.submission.title

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse_lazy("ehrenamt_admin:review_queue"), "label": _("Review")},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def submission(self) -> queries.Submission:
        return queries.submission(self.task_state)

    @cached_property
    def shown_revision(self):
        """While it waits, the newest version: it is what would be published. Afterwards, what was submitted."""
        if self.task_state.status == TaskState.STATUS_IN_PROGRESS:
            return self.submission.page.latest_revision
        return self.task_state.revision

    @cached_property
    def submitted(self):
        """The version under review as object."""
        return self.shown_revision.as_object()

    @cached_property
    def competition(self) -> Competition | None:
        """What competes while it waits; nothing afterwards, and never for circles."""
        if self.task_state.status != TaskState.STATUS_IN_PROGRESS:
            return None
        return competition_of(self.submitted, self.task_state, user=self.request.user, chosen=self.request.GET.get(DATE, ""))

    def return_form(self, data=None) -> ReturnWithProposalForm:
        """Filled by a click on another date or another offering, or with what was sent."""
        return ReturnWithProposalForm(
            data,
            prefix="return",
            page=self.submitted,
            partners=self.competition.partners if self.competition else (),
            initial=initial_of(self.request.GET, self.submitted, self.competition) if data is None else None,
        )

    def preview_url(self, revision_id: int) -> str:
        return reverse("ehrenamt_admin:review_preview", args=[self.task_state.pk, revision_id])

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if self.task_state.status == TaskState.STATUS_IN_PROGRESS:
            with suppress(NotAllowed):
                claims.claim(self.task_state, actor=request.user)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        is_approval = request.POST.get("action") == "approve"
        prefix = "approve" if is_approval else "return"
        form = ApproveForm(request.POST, prefix=prefix) if is_approval else self.return_form(request.POST)
        if not form.is_valid():
            messages.error(request, _("Nothing was decided. Please look at the messages below."))
            return self.render_to_response(self.get_context_data(**{f"{prefix}_form": form}))
        try:
            self.decide(form, is_approval=is_approval)
        except EhrenamtError as refusal:
            messages.error(request, editor.refusal_text(refusal, self.submission.page))
            for name in ("submission", "shown_revision", "submitted", "competition"):
                self.__dict__.pop(name, None)
            self.setup(request, **kwargs)
            return self.render_to_response(self.get_context_data(**{f"{prefix}_form": form}))
        self.tell(is_approval=is_approval)
        following = queries.next_in_queue(request.user, after=self.task_state)
        return redirect("ehrenamt_admin:review", following) if following else redirect("ehrenamt_admin:review_queue")

    def decide(self, form: ApproveForm, *, is_approval: bool) -> None:
        revision_id = self.request.POST.get("revision_id", "")
        seen = int(revision_id) if revision_id.isdigit() else 0
        decide = actions.approve if is_approval else actions.return_to_organisation
        time = self.request.POST.get("revision_time", "")
        decide(self.task_state, actor=self.request.user, revision_id=seen, revision_time=time, **form.decision())

    def tell(self, *, is_approval: bool) -> None:
        page = type(self.submission.page).objects.get(pk=self.submission.page.pk)
        title = self.submission.title
        if is_approval:
            buttons = [messages.button(page.url, _("View"))] if page.live and page.url else []
            text = _("“%(title)s” is approved and published. The organisation has been told.") % {"title": title}
            messages.success(self.request, text, buttons=buttons)
        else:
            text = _("“%(title)s” is returned. The organisation has been told why.") % {"title": title}
            messages.success(self.request, text)

    def get_context_data(self, **kwargs) -> dict:
        page, user = self.submission.page, self.request.user
        revision = self.shown_revision
        submitted = self.submitted
        is_waiting = self.task_state.status == TaskState.STATUS_IN_PROGRESS
        objection = first_objection(rules.APPROVE, page=page, task_state=self.task_state, actor=user)
        return super().get_context_data(
            **{
                "approve_form": ApproveForm(prefix="approve"),
                "return_form": kwargs.get("return_form") or self.return_form(),
                "competition": self.competition,
                "submission": self.submission,
                "page": page,
                "revision": revision,
                "facts": facts.facts_of(submitted, self.submission),
                "missing": editor.sentences_of(page, submitted.submission_errors()) if is_waiting else [],
                "differences": compare.differences(page, submitted) if is_waiting and page.live else [],
                "history": history(page.pk, for_reviewers=True, url_of=self.preview_url)[:HISTORY_SHOWN],
                "notes": notes_about(submitted) if is_waiting else [],
                "claim": queries.claims_of([self.task_state.pk]).get(self.task_state.pk) if is_waiting else None,
                "is_own_offering": queries.is_own_offering(page, user),
                "is_waiting": is_waiting,
                "objection": objection.message if objection else "",
                "outcome": "" if is_waiting else queries.outcome_of(self.task_state),
                "edited_by": queries.name_of(revision.user) if revision.pk != self.task_state.revision_id else "",
                "preview_url": self.preview_url(revision.pk),
                "edit_url": editor.edit_url(page) if page.permissions_for_user(user).can_edit() else "",
                "near_days": conf.REVIEW_NEAR_DAYS,
                **kwargs,
            }
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewView(TaskStateMixin, View):
    """The page as the public would see it in that revision."""

    def get(self, request: HttpRequest, *, task_state_id: int, revision_id: int) -> HttpResponse:
        page = self.task_state.workflow_state.content_object.specific
        revision = get_object_or_404(page.revisions, pk=revision_id)
        shown = revision.as_object()
        return shown.make_preview_request(request, shown.default_preview_mode, {"revision_id": revision.pk})
