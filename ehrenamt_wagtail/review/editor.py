"""What Wagtail's own page editor does with pages that go through review: messages instead of error pages, no way past the review."""

import json

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from ehrenamt_wagtail.circles.models import CircleIndexPage
from ehrenamt_wagtail.exceptions import EhrenamtError, SubmissionIncomplete
from ehrenamt_wagtail.programme.models import ProgrammePage, ReviewablePage, VolunteerDayPage
from ehrenamt_wagtail.refusals import refused

# Buttons of the editor that change a review without telling the organisation.
SILENT_ACTIONS = {"action-submit", "action-restart-workflow", "action-cancel-workflow"}
PARENTS = (ProgrammePage, CircleIndexPage, VolunteerDayPage)
REFUSAL = "_ehrenamt_refusal"


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def sentences_of(page: Page, errors: dict[str, list[str]]) -> list[str]:
    """``submission_errors()`` as sentences that name the field."""
    lines = []
    for name, sentences in errors.items():
        field = next((field for field in page._meta.get_fields() if field.name == name), None)
        label = getattr(field, "verbose_name", "") or ""
        lines += [f"{str(label)[:1].upper()}{str(label)[1:]}: {text}" if label else str(text) for text in sentences]
    return lines


def refusal_text(refusal: EhrenamtError, page: Page | None = None) -> str:
    """The refusal's message, with what is missing if that is the reason."""
    if isinstance(refusal, SubmissionIncomplete):
        lines = sentences_of(page, refusal.errors) if page else sum(refusal.errors.values(), [])
        return " ".join([_("Nothing was decided, because facts are missing."), *lines])
    return refusal.message


def leave_refusal(user, task_state, refusal: EhrenamtError) -> str:
    """Keep the refusal for ``show_refusal`` in the same request; gives the address of the review page."""
    setattr(user, REFUSAL, refusal_text(refusal, task_state.workflow_state.content_object.specific))
    return reverse("ehrenamt_admin:review", args=[task_state.pk])


def show_refusal(request: HttpRequest, page: Page) -> HttpResponse | None:
    """After the editor's view: say why the decision was refused. What was typed is kept as a draft."""
    refusal = getattr(request.user, REFUSAL, None)
    if refusal is None:
        return None
    delattr(request.user, REFUSAL)
    messages.error(request, refusal)
    return redirect(edit_url(page))


def refuse_silent_actions(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before the editor's view: nothing but forged or outdated forms asks for these; their buttons are not shown."""
    if request.method != "POST" or not isinstance(page, ReviewablePage):
        return None
    if SILENT_ACTIONS & set(request.POST):
        messages.error(
            request,
            _(
                "Nothing was changed. Partners submit and withdraw in the portal; you decide with “Approve” and “Return”, so "
                "that the organisation is told."
            ),
        )
        return redirect(edit_url(page))
    if "action-workflow-action" in request.POST and page.current_workflow_task is None:
        # Wagtail 7.4 would fail; saving is what is left to do.
        request.POST = request.POST.copy()
        del request.POST["action-workflow-action"]
        messages.error(request, _("Nothing was decided: this is not being reviewed any more. Your changes are saved as a draft."))
        return None
    if "action-workflow-action" in request.POST and not is_json_object(request.POST.get("workflow-action-extra-data", "{}")):
        messages.error(request, _("Nothing was decided: the form did not arrive completely. Please try again."))
        return redirect(edit_url(page))
    return None


def refuse_silent_creation(request: HttpRequest, parent_page: Page, page_class: type[Model]) -> HttpResponse | None:
    """Before the view that creates a page: a coordinator publishes, or saves a draft for the organisation."""
    if request.method == "POST" and "action-submit" in request.POST and issubclass(page_class, ReviewablePage):
        messages.error(request, _("Nothing was saved. Partners submit in the portal; save a draft or publish it here."))
        return redirect("wagtailadmin_explore", parent_page.pk)
    return None


def is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def refuse_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Before publishing from the editor: not past a running review, and only what is complete. The draft is already saved."""
    objection = publishing_objection(page)
    if objection is None:
        return None
    messages.error(request, " ".join([_("Your changes are saved as a draft, but not published."), objection]))
    return redirect(edit_url(page))


def publishing_objection(page: Page) -> str | None:
    """Why ``page`` (its latest revision as object) is not published now, or ``None``."""
    if not isinstance(page, ReviewablePage):
        return None
    if page.workflow_in_progress:
        return _("This is being reviewed: decide with “Approve” or “Return”, so that the organisation is told.")
    if errors := page.submission_errors():
        return " ".join(sentences_of(page, errors))
    return None


def refuse_bulk_publishing(request: HttpRequest, objects, *, include_descendants: bool) -> HttpResponse | None:
    """Before publishing several pages: all or none."""
    reasons = []
    for page in pages_to_publish(objects, include_descendants=include_descendants):
        if objection := publishing_objection(page.get_latest_revision_as_object()):
            reasons.append(f"„{page.get_admin_display_title()}“ – {objection}")
    if not reasons:
        return None
    return refused(request, list(objects), [_("None of the pages was published."), *reasons])


def pages_to_publish(objects, *, include_descendants: bool):
    for page in objects:
        yield page
        if include_descendants:
            yield from page.get_descendants().not_live()


def tidy_action_menu(menu_items: list, request: HttpRequest, context: dict) -> None:
    """Take away the editor's buttons that would be refused above."""
    page = context.get("page")
    is_new_below_ours = context["view"] == "create" and isinstance(context["parent_page"].specific, PARENTS)
    if not (isinstance(page, ReviewablePage) or is_new_below_ours):
        return
    hidden = set(SILENT_ACTIONS)
    if page is not None and page.pk and page.workflow_in_progress:
        hidden.add("action-publish")
    menu_items[:] = [item for item in menu_items if item.name not in hidden]
