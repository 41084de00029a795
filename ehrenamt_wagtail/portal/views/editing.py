"""The form of a page: show, save, submit, withdraw; the same way for offerings and circles."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.exceptions import NotAllowed, ReasonNeeded, StaleRevision, SubmissionIncomplete, first_objection
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.portal.facts import facts_of
from ehrenamt_wagtail.portal.forms.editor import Editor, changed_rows
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.portal.promise import contacts, day_text, promise_of
from ehrenamt_wagtail.portal.queries import joined_by
from ehrenamt_wagtail.portal.unsent import take_unsent
from ehrenamt_wagtail.programme import rules
from ehrenamt_wagtail.programme.actions import content_of, request_day, save_draft
from ehrenamt_wagtail.programme.queries import OfferingState, offering_state
from ehrenamt_wagtail.reporting.carrying import draft_notes
from ehrenamt_wagtail.reporting.periods import missed_by, sentence_of
from ehrenamt_wagtail.review import rules as review_rules
from ehrenamt_wagtail.review.actions import submit_for_review, withdraw_from_review
from ehrenamt_wagtail.review.compare import differences
from ehrenamt_wagtail.review.deadlines import due_date
from ehrenamt_wagtail.review.models import ReviewDecision
from ehrenamt_wagtail.review.proposals import proposal_of

from .access import render_portal, trail
from .checking import check_of_form, check_of_page
from .figures import asked_of
from .login import name_of


def edit(request: HttpRequest, page) -> HttpResponse:
    """The form of ``page`` and the answer to its buttons; while it is in review everything is only read."""
    if request.method != "POST":
        if (unsent := take_unsent(request)) is None:
            return show(request, page, editor_for(request, page))
        return show_typed(request, page, editor_for(request, page, unsent, take_files=False), notice=back_again())
    data = tidy_data(request.POST)
    action = data.get("action", "save")
    if action == "withdraw":
        return withdraw(request, page, data)
    editor = editor_for(request, page, data)
    if (objection := first_objection(rules.EDIT, page=page, actor=request.user)) is not None:
        return show_refusal(request, page, editor, objection)
    if (changed := changed_rows(editor.data, action)) is not None:
        return show(request, page, with_rows(request, editor, editor_for(request, page, changed, take_files=False)))
    if action == "check":
        unjudged = editor_for(request, page, editor.data, take_files=False)
        return show(request, page, with_rows(request, editor, unjudged), is_check=True)
    return save(request, page, editor, action)


def editor_for(request: HttpRequest, page, data=None, *, take_files: bool = True) -> Editor:
    may_edit = first_objection(rules.EDIT, page=page, actor=request.user) is None
    return Editor(
        page.get_latest_revision_as_object(),
        actor=request.user,
        organisation=page.organisation,
        data=data,
        files=request.FILES if data is not None and take_files and may_edit else None,
    )


def with_rows(request: HttpRequest, sent: Editor, changed: Editor) -> Editor:
    """The form after „add“ or „remove“: nothing is judged or saved, refused files are named."""
    for error in sent.upload_errors():
        messages.error(request, error)
    changed.without_validation()
    return changed


def save(request: HttpRequest, page, editor: Editor, action: str) -> HttpResponse:
    """Save what was typed and do what the button says. Nothing that was typed is lost on any way out."""
    if not editor.is_valid():
        return show(request, page, editor, notice=not_saved())
    editor.apply(editor.page)
    base_revision_id = number_in(editor.form.cleaned_data["revision"])
    try:
        revision = save_changes(page, editor, base_revision_id, request.user)
        ask_for_day(page, editor, request.user)
    except StaleRevision as stale:
        return show_conflict(request, page, editor, stale.latest)
    except NotAllowed as objection:
        return show_refusal(request, page, editor, objection)
    return after_saving(request, page, editor, revision, action)


def back_again() -> str:
    return _(
        "You had been signed out. What you typed stands below again and is not saved yet. Please choose files once more, "
        "and then save."
    )


def not_saved() -> str:
    return _("Nothing is saved yet. Please correct what is marked and save again.")


def save_changes(page, editor: Editor, base_revision_id: int | None, actor):
    """A new revision, or the present one when nothing differs from it."""
    latest = page.latest_revision
    if latest.pk == base_revision_id and content_of(latest.as_object()) == content_of(editor.page):
        if (objection := first_objection(rules.EDIT, page=page, actor=actor)) is not None:
            raise objection
        return latest
    return save_draft(editor.page, base_revision_id=base_revision_id, actor=actor)


def ask_for_day(page, editor: Editor, actor) -> None:
    field = editor.form.fields.get("day")
    if field is None or field.disabled or "day" not in editor.form.data:
        return
    day, present = editor.form.cleaned_data["day"], editor.form.day_request
    if (day and day.pk) != (present and present.day_id):
        request_day(page, day=day, actor=actor)


def after_saving(request: HttpRequest, page, editor: Editor, revision, action: str) -> HttpResponse:
    page = type(page).objects.get(pk=page.pk)
    if action == "preview":
        return redirect(address(page, "preview"))
    if action != "submit":
        messages.success(
            request,
            _("Your change is saved. The public sees it when it was submitted and approved.")
            if page.live
            else _("Your draft is saved. Submit it when it is complete."),
        )
        warn_of_past_dates(request, editor.page)
        return redirect(address(page))
    try:
        submit_for_review(page, actor=request.user, base_revision_id=revision.pk)
    except SubmissionIncomplete as incomplete:
        past = editor.page.new_past_dates() if hasattr(editor.page, "new_past_dates") else []
        editor.continue_from(revision)
        editor.show_errors(incomplete.errors, {date.uid for date in past})
        notice = _("Your draft is saved, but it is not submitted yet: some facts are missing or wrong.")
        return show(request, page, editor, notice=notice)
    except ReasonNeeded:
        return redirect(address(page, "submit"))
    except (NotAllowed, StaleRevision) as objection:
        messages.error(request, objection.message)
        return redirect(address(page))
    say_submitted(request, page)
    return redirect(address(page))


def say_submitted(request: HttpRequest, page) -> None:
    text = _("Submitted for review. You have an answer by mail by %(day)s; you need not do anything now.")
    messages.success(request, text % {"day": day_text(due_date(timezone.now()))})
    if late := late_sentence(page):
        messages.info(request, late)


def late_sentence(page) -> str:
    """That an offering came too late for the brochure of its first date, as its newest version says it."""
    if isinstance(page, CirclePage):
        return ""
    period = missed_by(page.get_latest_revision_as_object())
    return sentence_of(period) if period else ""


def already_submitted() -> str:
    return _("This is already submitted for review. The second click changed nothing.")


def warn_of_past_dates(request: HttpRequest, page) -> None:
    if hasattr(page, "new_past_dates") and page.new_past_dates():
        messages.warning(request, _("A date lies in the past. Please check day and year before you submit."))


def withdraw(request: HttpRequest, page, data) -> HttpResponse:
    try:
        withdraw_from_review(page, actor=request.user)
    except NotAllowed as objection:
        messages.error(request, objection.message)
    else:
        messages.success(request, _("Withdrawn from review. It is a draft again, and you can go on writing."))
    if "title" in data:
        # The button stood below a form that somebody had written in.
        page = type(page).objects.get(pk=page.pk)
        return show_typed(request, page, editor_for(request, page, data, take_files=False), notice=not_saved_yet())
    return redirect(address(page))


def not_saved_yet() -> str:
    return _("What you typed stands below and is not saved yet.")


def show_typed(request: HttpRequest, page, editor: Editor, *, notice: str) -> HttpResponse:
    """What somebody typed, not judged yet, to be read and sent again; also while the page itself may not be changed."""
    if (objection := first_objection(rules.EDIT, page=page, actor=request.user)) is not None:
        return show_refusal(request, page, editor, objection)
    editor.without_validation()
    return show(request, page, editor, notice=notice)


def is_saved(page, editor: Editor) -> bool:
    """Whether the newest revision says what was typed; asked only of a valid form."""
    editor.apply(editor.page)
    return content_of(page.get_latest_revision_as_object()) == content_of(editor.page)


def show_conflict(request: HttpRequest, page, editor: Editor, latest) -> HttpResponse:
    """Somebody else saved in the meantime: what was typed stays, what differs is named, saving again goes through."""
    other = latest.as_object()
    who = name_of(latest.user) if latest.user else _("Somebody else")
    when = timezone.localtime(latest.created_at)
    conflict = {
        "rows": differences(other, editor.page),
        "is_compared": True,
        "text": _(
            "Your change was not saved, because %(who)s changed this on %(when)s. What you typed stands below: "
            "compare both versions, and save again if yours is to replace the other."
        )
        % {"who": who, "when": date_range(when, when)},
        "other": _("Saved by %(who)s") % {"who": who},
    }
    editor.continue_from(latest)
    return show(request, page, editor, conflict=conflict, status=409)


def show_refusal(request: HttpRequest, page, editor: Editor, objection: NotAllowed) -> HttpResponse:
    """It went into review in the meantime, by a second click or by a colleague."""
    page = type(page).objects.get(pk=page.pk)
    is_valid = editor.is_valid()
    if is_valid and is_saved(page, editor):
        is_second_click = page.workflow_in_progress and editor.data.get("action", "save") in ("save", "submit", "preview")
        messages.info(request, already_submitted() if is_second_click else objection.message)
        return redirect(address(page))
    conflict = {
        "rows": differences(page.get_latest_revision_as_object(), editor.page) if is_valid else [],
        # What is wrong in itself cannot be compared.
        "is_compared": is_valid,
        "text": " ".join([objection.message, _("What you typed stands below and is not saved.")]),
        "other": _("Submitted for review") if page.workflow_in_progress else _("Present version"),
    }
    return show(request, page, editor, conflict=conflict, status=409)


def show(
    request: HttpRequest,
    page,
    editor: Editor,
    *,
    notice: str = "",
    conflict: dict | None = None,
    is_check: bool = False,
    status: int = 200,
) -> HttpResponse:
    state = offering_state(page)
    # Also where the state says something else, as for what was cancelled while it waits.
    is_read_only = (page.workflow_in_progress or page.locked) and conflict is None
    is_unsubmitted = state.code == OfferingState.DRAFT and not is_read_only
    promise = promise_of(page) if is_read_only else None
    decision = last_return(page) if state.is_returned else None
    title = editor.page.title or page.title
    context = {
        "page_title": title,
        "page": page,
        "editor": editor,
        "state": state,
        "state_code": state_style(state.code),
        "notice": notice,
        "conflict": conflict,
        "decision": decision,
        "draft_note": draft_notes([page.pk]).get(page.pk, "") if is_unsubmitted else "",
        "proposal": proposal_of(page, decision),
        "proposal_url": reverse("ehrenamt:offering-proposal", args=[page.pk]),
        "facts": facts_of(page.get_latest_revision_as_object()) if is_read_only else [],
        "is_read_only": is_read_only,
        "joined": joined_by(page) if page.locked else None,
        "promise": promise,
        "late": late_sentence(page) if is_read_only and state.is_waiting else "",
        "contacts": contacts() if promise and promise.is_overdue else [],
        "action_url": address(page),
        "links": links_of(page, request.user),
        "asked": asked_of([page]).get(page.pk) if isinstance(page, CirclePage) else None,
        "may_withdraw": first_objection(review_rules.WITHDRAW, page=page, actor=request.user) is None,
        "revision": editor.data["revision"] if editor.data and "revision" in editor.data else page.latest_revision_id,
        "key": "",
        "breadcrumbs": trail((title, address(page))),
        "has_uploads": True,
        **check_part(request, page, editor, is_read_only),
        "is_check": is_check,
    }
    return render_portal(request, "edit.html", context, status=status)


def check_part(request: HttpRequest, page, editor: Editor, is_read_only: bool) -> dict:
    """What else is planned, for the form of an offering."""
    if is_read_only or isinstance(page, CirclePage):
        return {"check": None, "check_url": ""}
    if editor.data is None:
        check = check_of_page(request, editor.page)
    else:
        check = check_of_form(request, page, page.organisation, editor.data)
    return {"check": check, "check_url": f"{reverse('ehrenamt:offering-check')}?angebot={page.pk}"}


def last_return(page) -> ReviewDecision | None:
    return ReviewDecision.objects.filter(page_id=page.pk, outcome=ReviewDecision.Outcome.RETURNED).first()


def state_style(code: str) -> str:
    """The look of a state; a change that is being written looks like what it is beside the published version."""
    return {"change_draft": "draft", "change_returned": "returned"}.get(code, code)


def address(page, name: str = "edit") -> str:
    """Where ``page`` is edited, previewed … in the portal."""
    room = "circle" if isinstance(page, CirclePage) else "offering"
    return reverse(f"ehrenamt:{room}-{name}", args=[page.pk])


def links_of(page, actor) -> list[dict]:
    """What else may be done with the page, by the same rules that decide when it is done."""
    links = [
        {"url": address(page, "preview"), "label": _("Preview")},
        {"url": address(page, "history"), "label": pgettext("offering", "History")},
    ]
    if page.live and (url := page.get_url()):
        links.append({"url": url, "label": _("Published page")})
    if isinstance(page, CirclePage):
        return links
    links.append({"url": reverse("ehrenamt:sign-up-settings", args=[page.pk]), "label": pgettext("link", "Set up the sign-up")})
    for name, label, rule_list in (
        ("copy", _("Copy to new dates"), rules.COPY),
        ("cancel", _("Cancel a date or all"), rules.CANCEL),
        ("delete", _("Delete the draft"), rules.DELETE),
    ):
        if first_objection(rule_list, page=page, actor=actor) is None:
            links.append({"url": address(page, name), "label": label})
    return links
