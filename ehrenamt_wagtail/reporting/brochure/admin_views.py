"""A brochure in the Wagtail admin: its files, its posters, who may read it."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from ehrenamt_wagtail import pdf
from ehrenamt_wagtail.exceptions import NotAllowed, first_objection
from ehrenamt_wagtail.formatting import month_name
from ehrenamt_wagtail.programme.filters import kind_choices
from ehrenamt_wagtail.programme.models import ListedOffering
from ehrenamt_wagtail.reporting import long_jobs
from ehrenamt_wagtail.reporting.models import Brochure, BrochureFile, LongJob
from ehrenamt_wagtail.reporting.periods import days_in_words
from ehrenamt_wagtail.responses import never_stored

from . import actions, poster, rules, views
from .contents import contents_of, entries_of
from .files import newest_files
from .rendering import document

FORMATS = BrochureFile.Format.choices
REGISTER = "ehrenamt_wagtail_brochure_modeladmin_"


class BrochureMixin:
    """``self.brochure``, for those alone who keep brochures; others are sent to the start of the admin."""

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.brochure = None
        if not first_objection(rules.KEEP, actor=request.user):
            found = Brochure.objects.select_related("period", "cover")
            self.brochure = get_object_or_404(found, pk=kwargs["brochure_id"])

    @method_decorator(never_stored)
    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.brochure is None:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def back(self) -> HttpResponse:
        return redirect("ehrenamt_admin:brochure", self.brochure.pk)


class BrochureView(BrochureMixin, WagtailAdminTemplateMixin, View):
    template_name = "ehrenamt_wagtail/reporting/brochure/admin/brochure.html"
    header_icon = "doc-full"
    _show_breadcrumbs = True

    @property
    def page_title(self) -> str:
        return self.brochure.title

    def get_breadcrumbs_items(self) -> list[dict]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(REGISTER + "index"), "label": capfirst(Brochure._meta.verbose_name_plural)},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs) -> dict:
        brochure = self.brochure
        files = newest_files(brochure)
        return super().get_context_data(
            brochure=brochure,
            period=days_in_words(brochure.period),
            kinds=[kind_choices().get(kind, kind) for kind in brochure.kinds],
            number=len(entries_of(brochure, lambda image, spec: None)),
            files=files,
            is_outdated=bool(files) and has_changed_since(min(file.made_at for file in files)),
            makes_pdf=pdf.is_available(),
            formats=[{"value": value, "label": label, "job": job_under_way(brochure, value)} for value, label in FORMATS],
            months=[{"first": first, "name": month_name(first)} for first in poster.months_of_period(brochure)],
            edit_url=reverse(REGISTER + "edit", args=[brochure.pk]),
            public_url=views.address_of(brochure) if brochure.published_at else "",
            **kwargs,
        )


def has_changed_since(moment) -> bool:
    """Whether anything that everybody reads of the programme was published or cancelled since."""
    newest = ListedOffering.objects.aggregate(newest=Max("updated_at"))["newest"]
    return newest is not None and newest > moment


def job_under_way(brochure: Brochure, format: str) -> LongJob | None:
    return long_jobs.under_way(LongJob.Kind.BROCHURE, actions.subject_of(brochure, format))


class MakeView(BrochureMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        format = request.POST.get("format")
        if format not in BrochureFile.Format.values:
            messages.error(request, _("Please choose a format. No file was made."))
            return self.back()
        try:
            job = actions.make(self.brochure, format=format, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
            return self.back()
        return redirect("ehrenamt_admin:long_job", job.pk)


class PublishView(BrochureMixin, View):
    """Publishes the brochure or, with the button „withdraw“, takes it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        withdraws = request.POST.get("action") == "withdraw"
        try:
            (actions.withdraw if withdraws else actions.publish)(self.brochure, actor=request.user)
        except NotAllowed as objection:
            messages.warning(request, objection.message)
            return self.back()
        if withdraws:
            messages.success(request, _("The brochure is withdrawn: nobody finds it any more. Its files are kept here."))
        else:
            messages.success(request, _("The brochure is published: everybody can read it and fetch its newest files."))
        return self.back()


class PreviewView(BrochureMixin, View):
    """The page as everybody would read it."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return render(request, views.PAGE, views.page_context(self.brochure, is_preview=True))


class PrintView(BrochureMixin, View):
    """The document as a page to print, for sites that cannot make PDF files."""

    def get(self, request: HttpRequest, *args, format: str, **kwargs) -> HttpResponse:
        if format not in BrochureFile.Format.values:
            raise Http404
        return HttpResponse(document(contents_of(self.brochure), format, is_pdf=False))


class FileView(BrochureMixin, View):
    def get(self, request: HttpRequest, *args, file_id: int, **kwargs) -> HttpResponse:
        return views.download(self.brochure, self.brochure.files.filter(pk=file_id).first())


class PosterView(BrochureMixin, View):
    def get(self, request: HttpRequest, *args, month: str, **kwargs) -> HttpResponse:
        return views.poster_response(request, self.brochure, month)
