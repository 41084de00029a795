"""The register of status reports in the Wagtail admin, and the editor of one; its own page is ``report.views.ReportView``."""

from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from ehrenamt_wagtail.admin_dates import DatePanel
from ehrenamt_wagtail.directory.admin.base import status_tag
from ehrenamt_wagtail.exceptions import NotAllowed, StaleRevision, first_objection
from ehrenamt_wagtail.registers import Register

from .figures.spans import Span
from .models import ReportVersion, StatusReport
from .report import actions, rules
from .report.forms import ReportForm


def report_url(report: StatusReport, name: str = "report") -> str:
    return reverse(f"ehrenamt_admin:{name}", args=[report.pk])


class ReportPermissions(PermissionHelper):
    """Wagtail's permissions and our rules together."""

    def user_can_create(self, user) -> bool:
        return super().user_can_create(user) and first_objection(rules.CREATE, report=None, actor=user) is None

    def user_can_edit_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and first_objection(rules.READ, report=obj, actor=user) is None

    def user_can_delete_obj(self, user, obj) -> bool:
        return super().user_can_delete_obj(user, obj) and first_objection(rules.DELETE, report=obj, actor=user) is None


class ReportButtons(ButtonHelper):
    """Rows lead to the report's own page first."""

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        own = {
            "url": report_url(obj),
            "label": gettext("Versions and release"),
            "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])]),
            "title": gettext("Versions and release of “%(report)s”") % {"report": obj},
        }
        return [*buttons[:1], own, *buttons[1:]]


class ReportCreateView(CreateView):
    """A report begins with a draft, which has a form of its own."""

    def get(self, request, *args, **kwargs):
        return redirect("ehrenamt_admin:report_new")

    post = get


class ReportEditView(EditView):
    """Refuses what somebody else changed meanwhile; what was typed stays on the screen."""

    def dispatch(self, request, *args, **kwargs):
        is_allowed = self.check_action_permitted(request.user)
        if is_allowed and (objection := first_objection(rules.EDIT, report=self.instance, actor=request.user)):
            messages.warning(request, objection.message)
            return redirect(report_url(self.instance))
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        if not self.get_form().arrived_whole:
            messages.error(
                request,
                gettext(
                    "The form did not arrive as a whole, so nothing was saved. Below stands the report as it is; please make your "
                    "change again."
                ),
            )
            return redirect("ehrenamt_wagtail_statusreport_modeladmin_edit", self.instance.pk)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        values = {name: form.cleaned_data[name] for name in actions.EDITABLE}
        try:
            report = actions.save_report(self.instance, edition=form.cleaned_data["edition"], actor=self.request.user, **values)
        except StaleRevision as stale:
            return self.refuse(form, stale)
        except NotAllowed as objection:
            messages.error(self.request, objection.message)
            return redirect(report_url(self.instance))
        messages.success(
            self.request,
            gettext("“%(report)s” is saved.") % {"report": report},
            buttons=[messages.button(report_url(report, "report_preview"), gettext("Preview"))],
        )
        return redirect("ehrenamt_wagtail_statusreport_modeladmin_edit", report.pk)

    def refuse(self, form, stale: StaleRevision):
        form.show_edition(stale.latest.edition)
        messages.error(
            self.request,
            stale.message,
            buttons=[messages.button(report_url(stale.latest, "report_preview"), gettext("See what was saved"), new_window=True)],
        )
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        urls = {name: report_url(self.instance, name) for name in ("report", "report_preview")}
        return super().get_context_data(own_url=urls["report"], preview_url=urls["report_preview"], **kwargs)


class ReportDeleteView(DeleteView):
    def post(self, request, *args, **kwargs):
        title = str(self.instance)
        try:
            actions.delete_report(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(request, gettext("“%(entry)s” was deleted.") % {"entry": title})
        return redirect(self.index_url)


class StatusReportRegister(Register):
    model = StatusReport
    menu_icon = "doc-full"
    menu_order = 625
    permission_helper_class = ReportPermissions
    button_helper_class = ReportButtons
    create_view_class = ReportCreateView
    edit_view_class = ReportEditView
    delete_view_class = ReportDeleteView
    edit_template_name = "ehrenamt_wagtail/reporting/report/admin/edit.html"
    list_display = ("title", "period", "state", "newest", "changed_at")
    search_fields = ("title", "paper_number", "committee")
    ordering = ("-last_day", "-pk")
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    HelpPanel(
                        content=_(
                            "Texts stay as they are written here; figures and charts are of the day on which the report is read, "
                            "until it is released. Please check the numbers in drafted sentences before. Chapters in which nothing "
                            "stands but notes are left out of the report."
                        )
                    ),
                    FieldPanel("body"),
                ],
                heading=_("Chapters"),
            ),
            ObjectList([FieldPanel("headlines"), FieldPanel("developments"), FieldPanel("need_for_action")], heading=_("Page 1")),
            ObjectList(
                [
                    FieldPanel("title"),
                    FieldRowPanel([FieldPanel("paper_number"), FieldPanel("department"), DatePanel("paper_date")]),
                    FieldRowPanel([FieldPanel("committee"), DatePanel("meeting_on"), FieldPanel("is_public")]),
                    MultiFieldPanel([FieldPanel("purpose"), FieldPanel("proposed_decision")], heading=_("Purpose")),
                    FieldPanel("annexes"),
                ],
                heading=_("Cover"),
            ),
            ObjectList(
                [
                    FieldRowPanel([DatePanel("first_day"), DatePanel("last_day")]),
                    FieldRowPanel([DatePanel("compared_first_day"), DatePanel("compared_last_day")]),
                ],
                heading=_("Days"),
            ),
        ],
        base_form_class=ReportForm,
    )

    def get_queryset(self, request):
        versions = Prefetch("versions", queryset=ReportVersion.objects.only("report", "number"))
        return super().get_queryset(request).defer("body", "headlines").prefetch_related(versions)

    def period(self, report: StatusReport) -> str:
        return Span(*report.span).title

    period.short_description = _("Period of the report")
    period.admin_order_field = "last_day"

    def state(self, report: StatusReport):
        if report.drafted_at is None:
            return status_tag(gettext("being drafted"), is_primary=False)
        number = len(report.versions.all())
        return status_tag(gettext("released") if number else gettext("in work"), is_primary=bool(number))

    state.short_description = _("state")

    def newest(self, report: StatusReport):
        version = max(report.versions.all(), key=lambda one: one.number, default=None)
        if version is None:
            return "–"
        url = reverse("ehrenamt_admin:report_version", args=[report.pk, version.number])
        return format_html('<a href="{}">{}</a>', url, gettext("version %(number)s") % {"number": version.number})

    newest.short_description = _("newest version")
