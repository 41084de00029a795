"""The sign-ups of an offering: the list, its files, and lists of signatures."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ehrenamt_wagtail.portal.forms.sign_ups import ListFilterForm
from ehrenamt_wagtail.programme.dates import cancellation_of, dated
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.places import place_of
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import attendance as presence
from ehrenamt_wagtail.signups import exports, listing
from ehrenamt_wagtail.signups.models import SeatPlan, SignUp
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from ehrenamt_wagtail.signups.seats import plan_for
from ehrenamt_wagtail.slugs import german_slug

from .access import portal_view
from .sign_up_pages import ATTENDANCE, SIGN_UPS, is_confidential, own_offering, render_sign_up_page

ITEMS_PER_PAGE = 50
# Lines on a list of signatures for people who come without having signed up.
EMPTY_LINES = 10


@portal_view
@require_safe
def sign_ups(request: HttpRequest, page_id: int) -> HttpResponse:
    """Who signed up, in the order of arrival; of a supervision how many, and no more."""
    page = own_offering(request, page_id)
    plans = listing.plan_rows(page)
    context = {"plan_rows": plans, "has_plans": bool(plans), "several": len(plans) > 1}
    if not is_confidential(page):
        context |= list_context(request, page, plans)
    return render_sign_up_page(request, page, "list.html", context, tab=SIGN_UPS)


def list_context(request: HttpRequest, page: OfferingPage, plans: list[listing.PlanRow]) -> dict:
    form = ListFilterForm(request.GET, plans=plans)
    chosen = form.chosen()
    everybody = readable_sign_ups(page, user=request.user)
    found = Paginator(listing.with_list_facts(listing.filtered(everybody, **chosen)), ITEMS_PER_PAGE)
    page_obj = found.get_page(request.GET.get("seite"))
    rows = listing.rows_of(
        page_obj.object_list,
        labels={row.plan.pk: row.label for row in plans},
        places=listing.positions(row.plan for row in plans),
    )
    return {
        "filter_form": form,
        "is_filtered": any(chosen.values()),
        "page_obj": page_obj,
        "rows": rows,
        "number_found": found.count,
        "numbers": number_links(page, everybody, chosen["state"]),
        "has_answers": any(row.answers for row in rows),
        "download_fields": [(name, value) for name, value in form.cleaned_data.items() if value],
        "csv_url": reverse("ehrenamt:sign-ups-export", args=[page.pk, "csv"]),
        "xlsx_url": reverse("ehrenamt:sign-ups-export", args=[page.pk, "xlsx"]),
        "list_url": reverse("ehrenamt:sign-ups", args=[page.pk]),
    }


def number_links(page: OfferingPage, everybody, current: str) -> list[dict]:
    """How many people are in which state; each leads to them."""
    labels = listing.state_labels()
    return [
        {
            "label": labels[state],
            "number": number,
            "url": f"{reverse('ehrenamt:sign-ups', args=[page.pk])}?{urlencode({'stand': state})}",
            "current": state == current,
        }
        for state, number in listing.numbers_by_state(everybody).items()
        if number
    ]


@portal_view
@require_safe
def export(request: HttpRequest, page_id: int, file_format: str) -> HttpResponse | StreamingHttpResponse:
    """What the list shows with the same parameters, as a file; with ``angaben=1`` also what people need to take part.

    Writes Wagtail's log, as the list of signatures does: whoever has to know can see which names were taken away when, and by whom.
    """
    if file_format not in ("csv", "xlsx"):
        raise Http404
    page = own_offering(request, page_id, with_people=True)
    plans = listing.plan_rows(page)
    chosen = ListFilterForm(request.GET, plans=plans).chosen()
    with_needs = request.GET.get("angaben") == "1"
    note_export(request, page, file_format, with_needs=with_needs)
    rows = exports.table(
        listing.filtered(readable_sign_ups(page, user=request.user), **chosen),
        plans=[row.plan for row in plans],
        labels={row.plan.pk: row.label for row in plans},
        with_needs=with_needs,
    )
    title = german_slug(page.draft_title or page.title, fallback=pgettext("file name", "offering"))[:60]
    # gettext finds nothing inside an f-string.
    first = pgettext("file name", "sign-ups")
    name = f"{first}-{title}.{file_format}"
    if file_format == "csv":
        response = StreamingHttpResponse(exports.csv_lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    else:
        response = FileResponse(exports.xlsx_file(rows, title=_("Sign-ups")), as_attachment=True, filename=name)
        response["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def note_export(request: HttpRequest, page: OfferingPage, kind: str, *, with_needs: bool = False) -> None:
    """Not for HEAD, which takes nothing away."""
    if request.method == "GET":
        exports.note_export(page, kind=kind, actor=request.user, with_needs=with_needs)


@portal_view
@require_safe
def attendance(request: HttpRequest, page_id: int) -> HttpResponse:
    """The dates, each with its list at the door and its list of signatures."""
    page = own_offering(request, page_id, with_people=True)
    plans = {row.plan.occurrence_uid: row for row in listing.plan_rows(page)}
    present = listing.numbers_present(page)
    now = timezone.now()
    rows = [
        {
            "text": date_text(date),
            "door_url": door_url(page, date, plan.plan),
            "sheet_url": reverse("ehrenamt:attendance-sheet", args=[page.pk, date.uid]),
            "taken": plan.count.taken,
            "present": present.get(date.uid, 0),
            "is_cancelled": cancellation_of(date, page) is not None,
            "is_over": date.ends_at <= now,
        }
        for date in dated(page)
        if (plan := plans.get(date.uid) or plans.get(None)) is not None
    ]
    return render_sign_up_page(request, page, "attendance.html", {"rows": rows}, tab=ATTENDANCE)


@portal_view
@require_safe
def attendance_sheet(request: HttpRequest, page_id: int, uid) -> HttpResponse:
    """Names to sign beside, with empty lines for those who come without having signed up; made to be printed."""
    page = own_offering(request, page_id, with_people=True)
    date = presence.date_of(page, uid)
    if date is None:
        raise Http404
    note_export(request, page, exports.SHEET)
    people = presence.people_at(page, date, user=request.user).seated
    context = {
        "date": date_text(date),
        "place": str(place_of(page, date)),
        "people": people,
        "empty_lines": range(len(people) + 1, len(people) + 1 + EMPTY_LINES),
        "is_cancelled": cancellation_of(date, page) is not None,
        "unconfirmed": SignUp.Status.PENDING,
        "door_url": door_url(page, date, plan_for(page.pk, date.uid)),
    }
    return render_sign_up_page(request, page, "sheet.html", context, tab=ATTENDANCE, title=_("List of signatures"))


def door_url(page: OfferingPage, date: Occurrence, plan: SeatPlan | None) -> str:
    """The list at the door, which there is only where people sign up on this site."""
    return reverse("ehrenamt:door", args=[page.pk, date.uid]) if plan is not None and plan.is_here else ""
