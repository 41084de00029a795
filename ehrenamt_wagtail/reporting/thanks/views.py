"""The page behind the link by which a circle names people to be thanked: no account, no session.

Opening the link changes nothing, since mail scanners follow links; only its forms' POST does.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.directory.models import Coordinator
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.reporting.models import ThanksRound
from ehrenamt_wagtail.responses import never_stored
from ehrenamt_wagtail.typed import tidy_data

from .actions import name_person, remove_person
from .forms import PersonForm
from .tokens import read_token

TEMPLATES = "ehrenamt_wagtail/reporting/thanks/"
# What the page says after a POST, by the parameter ``ok``.
NAMED, REMOVED = "genannt", "entfernt"


@never_stored
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def name_people(request: HttpRequest, token: str) -> HttpResponse:
    """Whom the circle has named, and a form to name somebody else. What was typed stays whatever happens."""
    link = read_token(token)
    round = ThanksRound.objects.filter(pk=link.round).first() if link else None
    circle = CirclePage.objects.live().select_related("municipality").filter(pk=link.circle).first() if link else None
    if round is None or circle is None or round.is_over or round.deleted_at:
        return leads_nowhere(request, is_known=link is not None, round=round)
    here = reverse("ehrenamt:thanks", args=[token])
    form, refusal, status = PersonForm(), "", 200
    if request.method == "POST":
        data = tidy_data(request.POST)
        try:
            if "remove" in data:
                remove_person(round, circle, person_id(data["remove"]), is_by_link=True)
                return redirect(f"{here}?ok={REMOVED}")
            form = PersonForm(data)
            if form.is_valid():
                name_person(round, circle, **form.facts(), is_by_link=True)
                return redirect(f"{here}?ok={NAMED}")
        except ValidationError as error:
            form.refuse(error)
        except NotAllowed as objection:
            refusal, status = objection.message, 403
    context = {
        "form": form,
        "refusal": refusal,
        "said": "" if form.is_bound else request.GET.get("ok", ""),
        "people": list(round.people.filter(circle=circle).order_by("name", "pk")),
        "round": round,
        "takes_names": round.takes_names,
        "circle": circle,
        "town": circle.municipality.name if circle.municipality else "",
        "coordinators": list(Coordinator.objects.in_office()),
    }
    return render(request, TEMPLATES + "page.html", context, status=status)


def person_id(text: str) -> int:
    """The primary key that a button names; 0, which nobody has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def leads_nowhere(request: HttpRequest, *, is_known: bool, round: ThanksRound | None) -> HttpResponse:
    """A link that was altered or cut off (404), or whose day is over, or whose circle or round is gone (410): what to do now."""
    context = {
        "is_known": is_known,
        "is_over": round is not None and (round.is_over or round.deleted_at is not None),
        "coordinators": list(Coordinator.objects.in_office()),
    }
    return render(request, TEMPLATES + "leads_nowhere.html", context, status=410 if is_known else 404)
