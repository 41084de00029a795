"""The accessibility statement of a site, and the barriers that people report with its form."""

import uuid

from django.db import models
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.models import Page

from ehrenamt_wagtail.admin_dates import DatePanel

from . import statement


class AccessibilityStatementPage(RoutablePageMixin, Page):
    """The accessibility statement, prefilled after the model of Baden-Württemberg; all its texts are the host's to change.

    Below it stand the form to report a barrier and the answer to who did. All texts are plain: a blank line makes a paragraph,
    addresses become links.
    """

    class Compatibility(models.TextChoices):
        FULL = "full", _("fully compatible")
        PARTIAL = "partial", _("partly compatible")
        NONE = "none", _("not compatible")

    class Method(models.TextChoices):
        OWN = "own", _("self-assessment")
        THIRD_PARTY = "third_party", _("assessment by a third party")

    template = "ehrenamt_wagtail/outreach/accessibility_statement_page.html"
    report_template = "ehrenamt_wagtail/outreach/report_barrier.html"
    reported_template = "ehrenamt_wagtail/outreach/barrier_reported.html"

    introduction = models.TextField(
        _("who is responsible"), default=statement.default_introduction, help_text=_("Name the office that runs the website.")
    )
    scope = models.TextField(
        _("which website"),
        default=statement.default_scope,
        help_text=_("Name the address of the website and the parts that this statement is about."),
    )
    compatibility = models.CharField(
        _("how far the rules are met"), max_length=10, choices=Compatibility, default=Compatibility.PARTIAL
    )
    not_compatible = models.TextField(
        _("not accessible: not compatible with the rules"),
        blank=True,
        default=statement.default_unequal,
        help_text=_("What is not accessible though it should be, and what people can use instead. Empty: nothing."),
    )
    burden = models.TextField(
        _("not accessible: disproportionate burden"),
        blank=True,
        help_text=_("What cannot be made accessible with reasonable effort, and why. Empty: nothing."),
    )
    exempt = models.TextField(
        _("not accessible: the rules do not apply"),
        blank=True,
        default=statement.default_exempt,
        help_text=_("What the rules leave out. Empty: nothing."),
    )
    made_on = models.DateField(_("statement made on"), default=timezone.localdate)
    checked_on = models.DateField(
        _("last checked on"), default=timezone.localdate, help_text=_("At least once a year, and after every larger change.")
    )
    method = models.CharField(_("how it was assessed"), max_length=20, choices=Method, default=Method.OWN)
    method_text = models.TextField(
        _("what was done"), blank=True, help_text=_("For example with which program, on which devices, by whom.")
    )
    contact = models.TextField(
        _("whom to ask"), blank=True, help_text=_("Office, postal address and telephone number. Shown beside the form.")
    )
    report_email = models.EmailField(
        _("reports of barriers go to"),
        blank=True,
        help_text=_("Shown on the page, too. Empty: all coordinators are told, and no mail address is shown."),
    )
    arbitration = models.TextField(_("arbitration procedure"), default=statement.default_arbitration)
    arbitration_contact = models.TextField(
        _("how to reach the arbitration board"),
        default=statement.default_arbitration_contact,
        help_text=_("Please check it before you publish, and add telephone number and mail address."),
    )

    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        HelpPanel(
            _(
                "The texts are a proposal after the model statement of Baden-Württemberg. Please go through all of them: what they "
                "say must be true of your website."
            )
        ),
        MultiFieldPanel([FieldPanel("introduction"), FieldPanel("scope")], heading=_("Whom and what it is about")),
        MultiFieldPanel(
            [FieldPanel("compatibility"), FieldPanel("not_compatible"), FieldPanel("burden"), FieldPanel("exempt")],
            heading=_("State of accessibility"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([DatePanel("made_on"), DatePanel("checked_on")]),
                FieldPanel("method"),
                FieldPanel("method_text"),
            ],
            heading=_("How the statement was made"),
        ),
        MultiFieldPanel([FieldPanel("contact"), FieldPanel("report_email")], heading=_("Reporting barriers")),
        MultiFieldPanel([FieldPanel("arbitration"), FieldPanel("arbitration_contact")], heading=_("Arbitration")),
    ]

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    def get_context(self, request, *args, **kwargs):
        from ehrenamt_wagtail.outreach.views import statement_context

        return super().get_context(request, *args, **kwargs) | statement_context(self, request)

    @path("barriere-melden/", name="report_barrier")
    def report_route(self, request):
        from ehrenamt_wagtail.outreach.views import report_barrier

        return report_barrier(self, request)

    @path("barriere-melden/danke/", name="barrier_reported")
    def reported_route(self, request):
        from ehrenamt_wagtail.outreach.views import reported

        return reported(self, request)

    def answer(self, request, template: str, **context) -> TemplateResponse:
        """The page in another template."""
        return TemplateResponse(request, template, self.get_context(request) | context)


class BarrierReport(models.Model):
    """A barrier that somebody met. ``actions.py`` alone writes rows; they go after ``BARRIER_REPORTS_KEPT_MONTHS``."""

    # Made with the form: sent twice, it is one report.
    uid = models.UUIDField(_("number of the form"), default=uuid.uuid4, unique=True, editable=False)
    statement = models.ForeignKey(
        AccessibilityStatementPage,
        verbose_name=_("accessibility statement"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="barrier_reports",
    )
    description = models.TextField(_("description of the barrier"), max_length=3000)
    address = models.CharField(_("address of the page"), max_length=500, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    created_at = models.DateTimeField(_("reported at"), default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("barrier report")
        verbose_name_plural = _("barrier reports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        # Appears in logs, so it names nobody.
        return f"#{self.pk} {timezone.localtime(self.created_at):%Y-%m-%d}"
