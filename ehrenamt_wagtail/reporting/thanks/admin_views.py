"""Thanks in the Wagtail admin, for coordinators: who is named, asking circles, entering names for them, and the letters."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin import messages

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.circles.asking import circles_to_ask
from ehrenamt_wagtail.circles.asking_views import names_of, tell
from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.directory.admin.coordinator import CoordinatorView
from ehrenamt_wagtail.exceptions import NotAllowed, ensure, first_objection
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.models import LongJob, ThankedPerson, ThanksRound
from ehrenamt_wagtail.slugs import german_slug

from . import actions, asking, rules
from .forms import PersonForm
from .letters import document, laid_out, letter_for, letters_of
from .views import person_id

REGISTER = "ehrenamt_wagtail_thanksround_modeladmin_"
TEMPLATES = "ehrenamt_wagtail/reporting/thanks/admin/"


class ThanksView(CoordinatorView):
    """``self.round``."""

    header_icon = "pick"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.round = get_object_or_404(ThanksRound, pk=kwargs["round_id"])

    @property
    def page_title(self) -> str:
        return self.round.title

    def get_breadcrumbs_items(self) -> list[dict]:
        *before, own = super().get_breadcrumbs_items()
        label = capfirst(ThanksRound._meta.verbose_name_plural)
        return [*before, {"url": reverse(REGISTER + "index"), "label": label}, own]

    def back(self) -> HttpResponse:
        return redirect("ehrenamt_admin:thanks", self.round.pk)

    def may(self, wanted) -> bool:
        return first_objection(wanted, round=self.round, actor=self.request.user) is None


class RoundView(ThanksView):
    """All circles with the number of people they named; POST writes to one of them or to all that named nobody."""

    template_name = TEMPLATES + "round.html"

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        rows, may_ask = asking.rows_of(self.round), self.may(rules.ASK)
        subject = actions.subject_of(self.round)
        return super().get_context_data(
            round=self.round,
            rows=[shown(row, may_ask=may_ask) for row in rows],
            people=sum(row.named for row in rows),
            can_ask=may_ask and any(row.can_be_asked and not row.was_asked_today for row in rows),
            circle_name=conf.CIRCLE_NAME,
            letters=self.round.letters_made().first(),
            were_written=LongJob.objects.filter(subject=subject, status=LongJob.Status.DONE).exists(),
            job=long_jobs.under_way(LongJob.Kind.THANKS, subject),
            may_print=self.may(rules.PRINT),
            makes_pdf=pdf.is_available(),
            edit_url=reverse(REGISTER + "edit", args=[self.round.pk]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        circles = circles_to_ask()
        if (chosen := request.POST.get("circle", "")) != "all":
            circles = circles.filter(pk=person_id(chosen))
        try:
            outcome = asking.ask(self.round, circles, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return self.back()
        if outcome.has_stated and not (outcome.asked or outcome.asked_before or outcome.unreachable):
            text = _("Nobody was written to: people have been named already: %(names)s.")
            messages.warning(request, text % {"names": names_of(outcome.has_stated)})
        else:
            tell(request, outcome)
        return self.back()


def shown(row: asking.Row, *, may_ask: bool) -> dict:
    """A row of the table."""
    return {
        "pk": row.circle.pk,
        "title": row.circle.title,
        "town": row.circle.municipality.name if row.circle.municipality else "",
        "named": row.named,
        "to": ", ".join(f"{one.name} ({one.email})" if one.name else one.email for one in row.recipients),
        "asked_at": row.asked_at,
        "can_be_asked": may_ask and row.can_be_asked and not row.was_asked_today,
    }


class PeopleView(ThanksView):
    """Whom a circle named; the district adds and removes people for it."""

    template_name = TEMPLATES + "people.html"

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.circle = get_object_or_404(CirclePage.objects.select_related("municipality"), pk=kwargs["circle_id"])

    @property
    def page_title(self) -> str:
        return self.circle.title

    def get_breadcrumbs_items(self) -> list[dict]:
        *before, own = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("ehrenamt_admin:thanks", args=[self.round.pk]), "label": self.round.title}, own]

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.answer(PersonForm())

    def answer(self, form: PersonForm, status: int = 200) -> HttpResponse:
        context = self.get_context_data(
            round=self.round,
            circle=self.circle,
            town=self.circle.municipality.name if self.circle.municipality else "",
            people=list(self.round.people.filter(circle=self.circle).select_related("named_by").order_by("name", "pk")),
            form=form,
            may_name=self.may(rules.NAME),
        )
        return self.render_to_response(context, status=status)

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        form = PersonForm()
        try:
            if "remove" in request.POST:
                removed = actions.remove_person(self.round, self.circle, person_id(request.POST["remove"]), actor=request.user)
                messages.success(request, _("The name is deleted.") if removed else _("This name was deleted already."))
                return self.here()
            form = PersonForm(request.POST)
            if form.is_valid():
                actions.name_person(self.round, self.circle, **form.facts(), actor=request.user)
                messages.success(request, _("The name is stored."))
                return self.here()
        except ValidationError as error:
            form.refuse(error)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        return self.answer(form)

    def here(self) -> HttpResponse:
        return redirect("ehrenamt_admin:thanks_people", self.round.pk, self.circle.pk)


class WriteView(ThanksView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            job = actions.write_letters(self.round, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return self.back()
        return redirect("ehrenamt_admin:long_job", job.pk)


class LettersView(ThanksView):
    """The PDF with all letters."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        letters = self.round.letters_made().defer(None).first()
        if letters is None:
            raise Http404
        response = HttpResponse(bytes(letters.pdf), content_type="application/pdf")
        name = german_slug(self.round.title, fallback="dank")[:60].strip("-")
        response["Content-Disposition"] = content_disposition_header(False, f"{name}-{timezone.localdate(letters.made_at)}.pdf")
        return response


class SampleView(ThanksView):
    """The letter to an invented person, to read before all are written."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        circle = circles_to_ask().first() or CirclePage(title=conf.CIRCLE_NAME)
        person = ThankedPerson(circle=circle, name=_("Kim Example"), since=self.round.day.year - 5)
        letters = [letter_for(self.round, person)]
        if not pdf.is_available():
            return HttpResponse(document(self.round, letters, is_pdf=False))
        return HttpResponse(pdf.written(laid_out(self.round, letters)), content_type="application/pdf")


class PrintView(ThanksView):
    """All letters as a page to print, for sites that cannot make PDF files."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        try:
            ensure(rules.PRINT, round=self.round, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return self.back()
        return HttpResponse(document(self.round, letters_of(self.round), is_pdf=False))
