"""The first page of the portal, and the answers to requests for a volunteer day."""

from collections.abc import Callable
from functools import cache

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.circles.queries import needs_of
from ehrenamt_wagtail.exceptions import EhrenamtError, first_objection
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.portal.forms.text import tidy
from ehrenamt_wagtail.portal.promise import contact_text, promise_of
from ehrenamt_wagtail.portal.queries import joined_offerings, open_day_requests, open_joins, own_circles, own_offerings
from ehrenamt_wagtail.programme import rules
from ehrenamt_wagtail.programme.actions import decide_day
from ehrenamt_wagtail.programme.models import DayRequest, OfferingPage
from ehrenamt_wagtail.programme.queries import OfferingState, offering_state
from ehrenamt_wagtail.reporting.carrying import draft_notes
from ehrenamt_wagtail.signups.booked import Booked, booked_seats
from ehrenamt_wagtail.signups.privacy import without_notice

from .access import portal_view, render_portal
from .editing import address, state_style
from .figures import asked_of
from .holds import hold_rows
from .joins import joined_row
from .needs import need_row
from .periods import open_period_rows

# What waits for the organisation itself comes first, what is over last.
TO_DO = (
    OfferingState.RETURNED,
    OfferingState.CHANGE_RETURNED,
    OfferingState.DRAFT,
    OfferingState.CHANGE_DRAFT,
)
OVER = (OfferingState.PAST, OfferingState.CANCELLED)


@csrf_protect
@portal_view
def start(request: HttpRequest) -> HttpResponse:
    ask = cache(contact_text)
    joined = joined_offerings(request.organisations)
    given_up = {proposal.joining_id for proposal in joined}
    pages = [page for page in own_offerings(request.organisations) if page.pk not in given_up]
    booked = booked_seats(pages, timezone.now())
    rows = [offering_row(page, request.organisations, ask, booked.get(page.pk)) for page in pages]
    add_draft_notes(rows)
    to_do = sorted((row for row in rows if row["code"] in TO_DO), key=lambda row: TO_DO.index(row["code"]))
    current = [row for row in rows if row["code"] not in (*TO_DO, *OVER)]
    circles = own_circles(request.organisations)
    asked = asked_of(circles)
    context = {
        "page_title": _("Partner portal"),
        "organisations": request.organisations,
        "to_do": to_do,
        "current": sorted(current, key=lambda row: row["sort"]),
        "over": sorted((row for row in rows if row["code"] in OVER), key=lambda row: row["sort"], reverse=True),
        "circles": [circle_row(page, ask, asked.get(page.pk)) for page in circles],
        "day_requests": [
            {
                "request": day_request,
                "dates": [date_text(date) for date in day_request.offering.occurrences.all()],
            }
            for day_request in open_day_requests(request.organisations).prefetch_related("offering__occurrences")
        ],
        "periods": open_period_rows(request.organisations),
        "without_notice": without_notice(request.organisations),
        "joins": open_joins(request.organisations),
        "joined": [joined_row(proposal) for proposal in joined],
        "hold_rows": hold_rows(request),
        "need_rows": [need_row(need) for need in needs_of(request.organisations).exclude(status=Need.Status.CLOSED)[:5]],
        "new_actions": [{"url": reverse("ehrenamt:offering-new"), "label": _("Announce an event"), "primary": True}],
        "breadcrumbs": [],
    }
    return render_portal(request, "start.html", context)


def offering_row(page: OfferingPage, organisations, ask: Callable[[], str], booked: Booked | None = None) -> dict:
    """One row of the component „own_offerings“. ``ask`` says whom to ask about what is overdue."""
    now = timezone.now()
    state = offering_state(page, now=now)
    cancelled = page.cancelled_uids()
    dates = sorted(
        ((date.span(), date) for date in page.occurrences.all() if date.span() and date.uid not in cancelled),
        key=lambda entry: entry[0],
    )
    upcoming = [entry for entry in dates if entry[0][1] > now]
    shown = (upcoming or dates or [None])[0]
    return {
        "id": page.pk,
        "code": state.code,
        "state": state_style(state.code),
        "state_label": state.label,
        "kind": page.kind_label,
        "url": address(page),
        "title": page.draft_title or page.title,
        "next_date": date_text(shown[1]) if shown else "",
        "organisation": str(page.organisation) if len(organisations) > 1 else "",
        "note": note_of(page, state, ask),
        "sign_ups": sign_ups_link(page, state, booked),
        "actions": [],
        "sort": shown[0][0] if shown else now,
    }


def add_draft_notes(rows: list[dict]) -> None:
    """What to do with drafts that were carried over, until they are submitted."""
    drafts = {row["id"]: row for row in rows if row["code"] == OfferingState.DRAFT}
    for page_id, note in draft_notes(drafts).items():
        drafts[page_id]["note"] = note


def sign_ups_link(page: OfferingPage, state: OfferingState, booked: Booked | None) -> dict | None:
    """„12 von 20 Plätzen, 3 auf der Warteliste“, or the invitation to set it up; numbers alone, for supervision too."""
    if booked is None and (state.code in OVER or page.locked):
        return None
    name = "sign-ups" if booked and booked.is_here else "sign-up-settings"
    label = booked.in_words() if booked else pgettext("link", "Set up the sign-up")
    return {"url": reverse(f"ehrenamt:{name}", args=[page.pk]), "label": label, "is_set_up": booked is not None}


def note_of(page, state: OfferingState, ask: Callable[[], str]) -> str:
    """Why it was returned, or until when the answer comes."""
    promise = promise_of(page)
    if promise is None:
        return state.comment
    return "\n".join(filter(None, [promise.text, ask() if promise.is_overdue else ""]))


def circle_row(page, ask: Callable[[], str], asked: dict | None) -> dict:
    state = offering_state(page)
    return {
        "state": state_style(state.code),
        "state_label": state.label,
        "kind": "",
        "url": address(page),
        "title": page.draft_title or page.title,
        "note": note_of(page, state, ask),
        "asked": asked,
    }


@require_http_methods(["GET", "POST"])
@csrf_protect
@portal_view
def answer_day_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """The owner of a volunteer day takes an offering in or declines; others' requests answer 404.

    A GET comes from the link in the mail and leads to the start page, where the request can be answered.
    """
    day_request = DayRequest.objects.select_related("day", "offering").filter(pk=request_id).first()
    if day_request is None or first_objection(rules.VIEW, page=day_request.day, actor=request.user) is not None:
        raise Http404
    if request.method == "GET":
        return redirect("ehrenamt:portal")
    action = request.POST.get("action")
    if action not in ("accept", "decline"):
        messages.error(request, _("Please choose whether you accept or decline. Nothing was changed."))
        return redirect("ehrenamt:portal")
    comment = tidy(request.POST.get("comment", ""))[:1000]
    try:
        decide_day(day_request, accept=action == "accept", actor=request.user, comment=comment)
    except EhrenamtError as objection:
        messages.error(request, objection.message)
    else:
        title = day_request.offering.draft_title or day_request.offering.title
        text = _("“%(title)s” is now part of your volunteer day.") if action == "accept" else _("You declined “%(title)s”.")
        messages.success(request, text % {"title": title})
    return redirect("ehrenamt:portal")
