"""„Zahlen abfragen“ in the Wagtail admin: which circles have stated their figures, and asking the others by mail."""

from collections.abc import Iterable

from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.directory.queries import is_coordinator
from ehrenamt_wagtail.exceptions import NotAllowed

from .asking import Outcome, Row, ask, circles_to_ask, rows_of
from .figure_admin import stated_by
from .figures import numbers_of
from .half_years import HalfYear, askable_half_years, read_half_year
from .models import CirclePage

REGISTER = "ehrenamt_wagtail_circlefigure_modeladmin"
# So many names stand in a message; the table shows all.
MOST_NAMES = 10


class AskingMenuItem(MenuItem):
    def __init__(self, *, order: int):
        super().__init__(
            _("Ask for figures"),
            reverse_lazy("ehrenamt_admin:circle_figures_asking"),
            name="ehrenamt-circle-figures",
            icon_name="mail",
            order=order,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_coordinator(request.user)


class AskingView(CoordinatorView):
    """All live circles with what they stated for a half-year; POST writes to one of them or to all that stated nothing yet."""

    page_title = gettext_lazy("Ask for figures")
    template_name = "ehrenamt_wagtail/circles/admin/asking.html"
    header_icon = "mail"

    def half_year(self) -> HalfYear:
        """What ``halbjahr`` names if circles are asked for it, else the present one."""
        named = read_half_year(self.request.POST.get("halbjahr") or self.request.GET.get("halbjahr", ""))
        return named if named in askable_half_years() else askable_half_years()[0]

    def get_context_data(self, **kwargs) -> dict:
        half_year = self.half_year()
        rows = rows_of(half_year)
        stated = sum(not row.is_missing for row in rows)
        facts = {"stated": stated, "number": len(rows), "circles": conf.CIRCLE_NAME_PLURAL}
        return super().get_context_data(
            half_year=half_year,
            half_years=[
                {"label": one.title, "url": address_of(one), "is_current": one == half_year} for one in askable_half_years()
            ],
            summary=_("%(stated)s of %(number)s %(circles)s have stated their figures.") % facts,
            rows=[shown(row, half_year) for row in rows],
            can_ask=any(row.can_be_asked for row in rows),
            circle_name=conf.CIRCLE_NAME,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        half_year = self.half_year()
        circles = circles_to_ask()
        if (chosen := request.POST.get("circle", "")) != "all":
            circles = circles.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 10 else circles.none()
        try:
            tell(request, ask(circles, half_year=half_year, actor=request.user))
        except NotAllowed as objection:
            messages.error(request, objection.message)
        return redirect(address_of(half_year))


def address_of(half_year: HalfYear) -> str:
    return f"{reverse('ehrenamt_admin:circle_figures_asking')}?{urlencode({'halbjahr': half_year.code})}"


def shown(row: Row, half_year: HalfYear) -> dict:
    """A row of the table."""
    circle, figure = row.circle, row.figure
    facts = {"circle": circle.pk, "year": half_year.year, "half": half_year.half}
    return {
        "pk": circle.pk,
        "title": circle.title,
        "town": circle.municipality.name if circle.municipality else "",
        "page_url": reverse("wagtailadmin_pages:edit", args=[circle.pk]),
        "numbers": numbers_of(figure) if figure else "",
        "remarks": figure.remarks if figure else "",
        "stated_at": figure.stated_at if figure else None,
        "stated_by": stated_by(figure) if figure else "",
        "to": ", ".join(f"{one.name} ({one.email})" if one.name else one.email for one in row.recipients),
        "is_contact": any(one.user is None for one in row.recipients),
        "asked_at": row.asked_at,
        "can_be_asked": row.can_be_asked,
        "is_asked_today": row.is_asked_today and row.is_missing and bool(row.recipients),
        "figure_url": (
            reverse(f"{REGISTER}_edit", args=[quote(figure.pk)]) if figure else f"{reverse(f'{REGISTER}_create')}?{urlencode(facts)}"
        ),
    }


def tell(request: HttpRequest, outcome: Outcome) -> None:
    """Says who was written to and who was not, and why."""
    if number := len(outcome.asked):
        text = ngettext("%(number)s was asked: %(names)s.", "%(number)s were asked: %(names)s.", number)
        messages.success(request, text % {"number": number, "names": names_of(outcome.asked)})
    if outcome.asked_before:
        text = _("Asked today already, so not written to again: %(names)s.")
        messages.warning(request, text % {"names": names_of(outcome.asked_before)})
    if outcome.unreachable:
        text = _("Could not be written to, since neither the page nor a member has a mail address: %(names)s.")
        messages.warning(request, text % {"names": names_of(outcome.unreachable)})
    if not (outcome.asked or outcome.asked_before or outcome.unreachable):
        messages.warning(request, _("Nobody was written to: the figures have been stated in the meantime."))


def names_of(circles: Iterable[CirclePage]) -> str:
    names = [f"{circle.title} ({circle.municipality.name})" if circle.municipality else circle.title for circle in circles]
    if len(names) <= MOST_NAMES:
        return ", ".join(names)
    return _("%(names)s and %(number)s more") % {"names": ", ".join(names[:MOST_NAMES]), "number": len(names) - MOST_NAMES}
