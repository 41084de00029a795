"""Who is there: on a phone at the door, one tap a person, without a script."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.portal.forms.door import WalkInForm
from ehrenamt_wagtail.portal.forms.rows import number_in
from ehrenamt_wagtail.portal.forms.text import tidy_data
from ehrenamt_wagtail.programme.models import Occurrence, OfferingPage
from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups import attendance, rules
from ehrenamt_wagtail.signups.models import Participant, SeatPlan
from ehrenamt_wagtail.signups.queries import readable_sign_ups
from ehrenamt_wagtail.signups.seats import SeatCount, count_seats, dates_of, plan_for

from .access import portal_view
from .sign_up_pages import ATTENDANCE, own_offering, render_sign_up_page

PEOPLE_PER_PAGE = 100


@csrf_protect
@portal_view
def door(request: HttpRequest, page_id: int, uid: UUID) -> HttpResponse:
    """The list of one date; ``q`` searches, ``seite`` is its page, ``zuletzt`` names the person that was tapped last."""
    page = own_offering(request, page_id, with_people=True)
    date = attendance.date_of(page, uid)
    plan = plan_for(page.pk, uid)
    if date is None or plan is None or not plan.is_here:
        raise Http404
    if request.method != "POST":
        return show(request, page, date, plan, WalkInForm())
    return act(request, page, date, plan)


def act(request: HttpRequest, page: OfferingPage, date: Occurrence, plan: SeatPlan) -> HttpResponse:
    if request.POST.get("action") == "walk-in":
        return walk_in(request, page, date, plan)
    actions: dict[str, Callable] = {"present": mark, "absent": unmark, "seat": seat}
    name = next((name for name in actions if name in request.POST), None)
    person = person_of(request, page, plan, request.POST.get(name, "")) if name else None
    if name is None or person is None:
        message = _("This person is not on the list any more. Nothing was changed.")
        return show(request, page, date, plan, WalkInForm(), message=message)
    try:
        actions[name](person, date, request.user)
    except NotAllowed as objection:
        return show(request, page, date, plan, WalkInForm(), message=objection.message)
    was_searched = request.POST.get("q") or request.POST.get("from") == "code"
    if was_searched and name != "seat":
        return to_top(page, date, person)
    return to_line(request, page, date, person)


def mark(person: Participant, date: Occurrence, actor) -> None:
    attendance.mark_present(person, date=date, actor=actor)


def unmark(person: Participant, date: Occurrence, actor) -> None:
    attendance.take_back(person, date=date, actor=actor)


def seat(person: Participant, date: Occurrence, actor) -> None:
    attendance.give_seat(person.sign_up, date=date, actor=actor)


def walk_in(request: HttpRequest, page: OfferingPage, date: Occurrence, plan: SeatPlan) -> HttpResponse:
    form = WalkInForm(tidy_data(request.POST))
    if not form.is_valid():
        return show(request, page, date, plan, form)
    try:
        person = attendance.walk_in(plan, **form.cleaned_data, date=date, actor=request.user)
    except NotAllowed as objection:
        form.add_error(None, objection.message)
        form.data["uid"] = uuid4()
        return show(request, page, date, plan, form)
    return to_top(page, date, person)


def person_of(request: HttpRequest, page: OfferingPage, plan: SeatPlan, number: str) -> Participant | None:
    sign_ups = readable_sign_ups(page, user=request.user).filter(plan=plan)
    return Participant.objects.filter(sign_up__in=sign_ups, pk=number_in(number)).select_related("sign_up").first()


def to_top(page: OfferingPage, date: Occurrence, person: Participant) -> HttpResponse:
    """After a search or from a QR code: ready for the next one, and says who was marked."""
    return redirect(f"{address(page, date)}?{urlencode({'zuletzt': person.pk})}#door")


def to_line(request: HttpRequest, page: OfferingPage, date: Occurrence, person: Participant) -> HttpResponse:
    """Where the person stands in the list now."""
    everybody = attendance.people_at(page, date, user=request.user).everybody
    place = next((place for place, entry in enumerate(everybody) if entry.pk == person.pk), 0)
    return redirect(f"{address(page, date)}{on_page(place)}#person-{person.pk}")


def on_page(place: int) -> str:
    """The parameter of the page that has this place of the list, from 0; none for the first page."""
    number = place // PEOPLE_PER_PAGE + 1
    return f"?seite={number}" if number > 1 else ""


def address(page: OfferingPage, date: Occurrence) -> str:
    return reverse("ehrenamt:door", args=[page.pk, date.uid])


# Showing


def show(
    request: HttpRequest, page: OfferingPage, date: Occurrence, plan: SeatPlan, form: WalkInForm, *, message: str = ""
) -> HttpResponse:
    now = timezone.now()
    people = attendance.people_at(page, date, user=request.user)
    query = " ".join(request.GET.get("q", "").split())[:100]
    last = number_in(request.GET.get("zuletzt", ""))
    found = matching(people.everybody, query)
    page_obj = Paginator(found, PEOPLE_PER_PAGE).get_page(request.GET.get("seite"))
    objection = first_objection(rules.AT_DOOR, page=page, date=date, actor=request.user, now=now)
    count = count_seats(plan)
    context = {
        "date": date,
        "date_text": date_text(date),
        "other_dates": other_dates(page, plan, date),
        "people": people,
        **lists_of(found, page_obj),
        "page_obj": page_obj,
        "last": next((person for person in [*people.seated, *people.gone] if person.pk == last), None),
        "query": query,
        "objection": objection.message if objection else "",
        "message": message,
        "count": count,
        "seats": seats_in_words(count),
        "form": form,
        "door_url": address(page, date),
    }
    title = _("At the door")
    return render_sign_up_page(request, page, "door.html", context, tab=ATTENDANCE, title=title)


def matching(people: list[attendance.Person], query: str) -> list[attendance.Person]:
    """Whose name has all words of ``query``, in any order and spelling of upper and lower case."""
    words = attendance.plain(query).split()
    return [person for person in people if all(word in attendance.plain(person.name) for word in words)]


def lists_of(found: list[attendance.Person], page_obj: Page) -> dict:
    """Seated, waiting and gone people of this page, and links to those of them that begin on another one."""
    labels = {"seated": _("With a seat"), "waiting": _("On the waiting list"), "gone": _("Do not come")}
    lists = {part: [person for person in page_obj if person.part == part] for part in labels}
    begins: dict[str, int] = {}
    for place, person in enumerate(found):
        begins.setdefault(person.part, place)
    numbers = Counter(person.part for person in found)
    elsewhere = [
        {"label": f"{labels[part]} ({numbers[part]})", "page": place // PEOPLE_PER_PAGE + 1, "anchor": f"{part}-heading"}
        for part, place in begins.items()
        if not lists[part]
    ]
    return {**lists, "has_seated": "seated" in begins, "elsewhere": elsewhere}


def other_dates(page: OfferingPage, plan: SeatPlan, date: Occurrence) -> list[dict]:
    """The dates of the same sign-up, today's one first."""
    dates = dates_of(plan)
    nearest = attendance.nearest_date(dates, timezone.now())
    rows = sorted(dates, key=lambda row: (row is not nearest, row.starts_at))
    return [{"url": address(page, row), "text": date_text(row), "start": row.starts_at} for row in rows if row.uid != date.uid]


def seats_in_words(count: SeatCount) -> str:
    if count.free is None:
        return ""
    return _("%(taken)s of %(capacity)s seats are taken.") % {"taken": count.taken, "capacity": count.capacity}
