"""Submitting although something competes: what it is, and why all the same."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.coordination.checks import PlanCheck, plan_to_check
from ehrenamt_wagtail.exceptions import NotAllowed, ReasonNeeded, StaleRevision, SubmissionIncomplete, first_objection
from ehrenamt_wagtail.portal.forms.actions import SubmitForm
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.review import rules
from ehrenamt_wagtail.review.actions import check_before_submitting, submit_for_review
from ehrenamt_wagtail.review.models import ReviewRequest

from .access import own_page, portal_view, render_portal, trail
from .checking import check_context
from .editing import address, already_submitted, say_submitted


@csrf_protect
@portal_view
def submit_offering(request: HttpRequest, page_id: int) -> HttpResponse:
    """The saved draft, what competes with it, and the field for the reason; a POST submits it."""
    page = own_page(request, OfferingPage, page_id)
    if (objection := first_objection(rules.SUBMIT, page=page, actor=request.user)) is not None:
        is_second_click = request.method == "POST" and page.workflow_in_progress
        messages.info(request, already_submitted() if is_second_click else objection.message)
        return redirect(address(page))
    check = check_before_submitting(page)
    if request.method != "POST":
        unsent = take_unsent(request)
        reason = unsent.get("reason", "") if unsent else last_reason(page)
        initial = {"revision": page.latest_revision_id, "reason": reason}
        form = SubmitForm(initial=initial, is_needed=check.has_strong_clash)
        return show(request, page, check, form, notice=back_again() if unsent else "")
    data = tidy_data(request.POST)
    form = SubmitForm(data, is_needed=check.has_strong_clash)
    if not form.is_valid():
        return show(request, page, check, form)
    try:
        submit_for_review(
            page,
            actor=request.user,
            base_revision_id=number_in(form.cleaned_data["revision"]),
            reason=form.cleaned_data["reason"],
        )
    except ReasonNeeded as needed:
        # Somebody planned something in this very moment.
        return show(request, page, needed.check, SubmitForm(data))
    except StaleRevision as stale:
        data["revision"] = str(stale.latest.pk)
        return show(request, page, check, SubmitForm(data, is_needed=check.has_strong_clash), notice=changed_meanwhile(stale))
    except SubmissionIncomplete as incomplete:
        sentences = [sentence for errors in incomplete.errors.values() for sentence in errors]
        return show(request, page, check, form, notice=" ".join([incomplete.message, *sentences]))
    except NotAllowed as refusal:
        messages.error(request, refusal.message)
        return redirect(address(page))
    say_submitted(request, page)
    return redirect(address(page))


def back_again() -> str:
    return _("You had been signed out. What you wrote stands below again; nothing is submitted yet.")


def last_reason(page: OfferingPage) -> str:
    """What was said the last time, to be kept or changed."""
    request = ReviewRequest.objects.filter(page_id=page.pk).exclude(reason="").first()
    return request.reason if request else ""


def changed_meanwhile(stale: StaleRevision) -> str:
    return " ".join(
        [stale.message, _("What you wrote stands below. Please look at the newest version, and submit again if it is right.")]
    )


def show(request: HttpRequest, page: OfferingPage, check: PlanCheck, form: SubmitForm, *, notice: str = "") -> HttpResponse:
    latest = page.get_latest_revision_as_object()
    title = _("Submit for review")
    context = {
        "page_title": title,
        "offering_title": latest.title,
        "is_change": page.live,
        "form": form,
        "notice": notice,
        "needs_reason": check.has_strong_clash,
        "check": check_context(check, plan_to_check(latest)),
        "back_url": f"{address(page)}#dates-rows",
        "preview_url": address(page, "preview"),
        "breadcrumbs": trail((latest.title, address(page)), (title, "")),
    }
    return render_portal(request, "submit.html", context)
