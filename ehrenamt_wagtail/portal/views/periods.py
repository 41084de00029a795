"""Programme periods that organisations contribute to: what is asked of them, what they have contributed, „Dieses Mal nichts“."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect

from ehrenamt_wagtail.directory.models import Organisation
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.reporting.actions import answer_nothing, take_answer_back
from ehrenamt_wagtail.reporting.models import ProgrammePeriod
from ehrenamt_wagtail.reporting.periods import days_in_words, open_periods
from ehrenamt_wagtail.reporting.progress import NOTHING_YET, Contribution, contributions

from .access import portal_view


def open_period_rows(organisations: Iterable[Organisation]) -> list[dict]:
    """What ``period.html`` shows of each open period; three queries for one, however many organisations."""
    organisations = list(organisations)
    return [period_row(period, organisations) for period in open_periods()]


def period_row(period: ProgrammePeriod, organisations: list[Organisation]) -> dict:
    found = contributions(period, [organisation.pk for organisation in organisations])
    return {
        "period": period,
        "title": _("%(period)s: editorial deadline on %(day)s") % {"period": period.name, "day": long_date(period.deadline)},
        "days": days_in_words(period),
        "organisations": [
            {"organisation": own, "contribution": one, "text": in_words(one)}
            for own in organisations
            for one in [found.get(own.pk, NOTHING_YET)]
        ],
    }


def in_words(one: Contribution) -> str:
    """„2 Angebote eingereicht, 1 Entwurf“."""
    if one.said_nothing and not one.has_entry:
        return _("You said that you have nothing this time.")
    counted = [
        ngettext("%(n)s offering submitted", "%(n)s offerings submitted", one.submitted) % {"n": one.submitted},
        ngettext("%(n)s of them returned", "%(n)s of them returned", one.returned) % {"n": one.returned},
        ngettext("%(n)s draft not submitted yet", "%(n)s drafts not submitted yet", one.drafts) % {"n": one.drafts},
    ]
    numbers = (one.submitted, one.returned, one.drafts)
    shown = [text for text, number in zip(counted, numbers, strict=True) if number]
    return _("So far: %(what)s.") % {"what": ", ".join(shown)} if shown else _("Nothing from you so far.")


@csrf_protect
@portal_view
def answer(request: HttpRequest, period_id: int, organisation_id: int) -> HttpResponse:
    """„Dieses Mal nichts“, and taking it back; other people's organisations answer 404. A GET leads to the start page."""
    period = ProgrammePeriod.objects.filter(pk=period_id).first()
    organisation = next((own for own in request.organisations if own.pk == organisation_id), None)
    if period is None or organisation is None:
        raise Http404
    action = request.POST.get("action")
    try:
        if action == "nothing":
            answer_nothing(period, organisation, actor=request.user)
            messages.success(request, _("Thank you for telling us. We do not remind you; you can still announce something."))
        elif action == "back":
            take_answer_back(period, organisation, actor=request.user)
            messages.success(request, _("Taken back. We look forward to your contribution."))
    except NotAllowed as objection:
        messages.error(request, objection.message)
    return redirect("ehrenamt:portal")
