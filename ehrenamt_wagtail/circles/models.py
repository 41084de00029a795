"""Circles: the index by town, a page per circle, and its figures."""

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Orderable, Page

from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.caching import mark
from ehrenamt_wagtail.programme.models import ReviewablePage


class CircleIndexPage(RoutablePageMixin, Page):
    template = "ehrenamt_wagtail/circles/circle_index_page.html"

    intro = models.TextField(_("introduction"), blank=True, help_text=_("Plain text above the list."))

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["ehrenamt_wagtail.CirclePage"]

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("index of circles")
        verbose_name_plural = _("indexes of circles")

    def serve(self, request, *args, **kwargs):
        return mark(super().serve(request, *args, **kwargs), request)

    def get_context(self, request, *args, **kwargs):
        from ehrenamt_wagtail.circles.views import index_context

        return super().get_context(request, *args, **kwargs) | index_context(self, request)


class CirclePage(ReviewablePage, Page):
    """A local circle of volunteers. ``organisation`` is the circle itself; its members propose changes in the portal.

    What the contact shows in public is chosen field by field; nothing personal is public by default.
    """

    template = "ehrenamt_wagtail/circles/circle_page.html"

    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality",
        verbose_name=_("town or municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="circles",
    )
    carriers = ParentalManyToManyField(
        "ehrenamt_wagtail.Organisation", verbose_name=_("carriers"), blank=True, related_name="carried_circles"
    )
    topics = ParentalManyToManyField(
        "ehrenamt_wagtail.Topic", verbose_name=_("topics"), blank=True, related_name="circles"
    )
    summary = models.TextField(_("what the circle does"), max_length=3000, blank=True)
    meets = models.TextField(_("when and where it meets"), max_length=1000, blank=True)
    how_to_join = models.TextField(_("how to join"), max_length=1000, blank=True)
    wanted = models.TextField(_("what we are looking for"), max_length=1000, blank=True)
    website = models.URLField(_("website"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_email = models.EmailField(_("mail address of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=50, blank=True)
    contact_name_is_public = models.BooleanField(_("show the name in public"), default=False)
    contact_email_is_public = models.BooleanField(_("show the mail address in public"), default=False)
    contact_phone_is_public = models.BooleanField(_("show the telephone number in public"), default=False)

    required_facts = {
        "organisation": _("Choose the organisation of the circle."),
        "municipality": _("Choose the town or municipality."),
        "summary": _("Describe what the circle does."),
    }

    parent_page_types = ["ehrenamt_wagtail.CircleIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *Page.content_panels,
        FieldPanel("organisation"),
        FieldPanel("municipality"),
        FieldPanel("carriers", widget=forms.CheckboxSelectMultiple),
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        FieldPanel("summary"),
        InlinePanel("teams", label=_("Team"), heading=_("Teams")),
        FieldPanel("meets"),
        FieldPanel("how_to_join"),
        FieldPanel("wanted"),
        FieldPanel("website"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("contact_name"), FieldPanel("contact_name_is_public")]),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_email_is_public")]),
                FieldRowPanel([FieldPanel("contact_phone"), FieldPanel("contact_phone_is_public")]),
            ],
            heading=_("Contact"),
        ),
    ]

    class Meta:
        verbose_name = _("circle")
        verbose_name_plural = _("circles")

    def serve(self, request, *args, **kwargs):
        return mark(super().serve(request, *args, **kwargs), request)

    def get_context(self, request, *args, **kwargs):
        from ehrenamt_wagtail.circles.views import circle_context

        return super().get_context(request, *args, **kwargs) | circle_context(self, request)


class CircleTeam(Orderable):
    page = ParentalKey(CirclePage, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("what the team does"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class CircleFigure(models.Model):
    """How many volunteers and active groups a circle had in a half-year; rows of their own, since they change without an editor.

    What was stated is never changed: who states the same half-year anew writes another row, and the older one stays as history
    (``is_current`` is false). See ``circles.figures``.
    """

    class Half(models.IntegerChoices):
        FIRST = 1, _("January to June")
        SECOND = 2, _("July to December")

    circle = models.ForeignKey(
        CirclePage, verbose_name=_("circle"), on_delete=models.CASCADE, related_name="figures"
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    half = models.PositiveSmallIntegerField(_("half-year"), choices=Half, default=Half.FIRST)
    volunteers = models.PositiveIntegerField(_("volunteers"))
    groups = models.PositiveIntegerField(_("active groups"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), max_length=1000, blank=True)
    is_current = models.BooleanField(_("is what counts"), default=True, editable=False)
    # Unknown of what was entered before this was kept.
    stated_at = models.DateTimeField(_("stated at"), null=True, editable=False)
    # Empty: the circle itself, by the mailed link.
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("entered by"), null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    is_by_link = models.BooleanField(_("stated by the circle itself"), default=False, editable=False)
    # Stated by mistake, as for another circle: it never counts again.
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, editable=False)

    class Meta:
        verbose_name = _("figure of a circle")
        verbose_name_plural = _("figures of circles")
        ordering = ["circle", "-year", "-half", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["circle", "year", "half"],
                condition=models.Q(is_current=True),
                name="ehrenamt_circle_figure_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.circle} {self.year}/{self.half}: {self.volunteers}"


class Need(models.Model):
    """What a circle or organisation asks for: a topic, a place, a time. Others take it up by a hold or a draft.

    ``from_date`` and ``until_date`` are local dates of the wished period. Taken up by ``taken_by``; ``offering`` is the draft
    or offering that answers it, a hold that does names the need itself.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("need", "open")
        TAKEN = "taken", pgettext_lazy("need", "taken up")
        ANSWERED = "answered", pgettext_lazy("need", "answered")
        CLOSED = "closed", pgettext_lazy("need", "closed")

    organisation = models.ForeignKey(
        "ehrenamt_wagtail.Organisation", verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="needs"
    )
    circle = models.ForeignKey(
        CirclePage, verbose_name=_("circle"), null=True, blank=True, on_delete=models.SET_NULL, related_name="needs"
    )
    title = models.CharField(_("what is needed"), max_length=200)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    topic = models.ForeignKey(
        "ehrenamt_wagtail.Topic", verbose_name=_("topic"), null=True, blank=True, on_delete=models.SET_NULL, related_name="needs"
    )
    municipality = models.ForeignKey(
        "ehrenamt_wagtail.Municipality",
        verbose_name=_("town or municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="needs",
    )
    group_size = models.PositiveIntegerField(_("group size"), null=True, blank=True)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(_("state"), max_length=20, choices=Status, default=Status.OPEN)
    taken_by = models.ForeignKey(
        "ehrenamt_wagtail.Organisation",
        verbose_name=_("taken up by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="needs_taken",
    )
    taken_at = models.DateTimeField(_("taken up at"), null=True, blank=True, editable=False)
    offering = models.ForeignKey(
        "ehrenamt_wagtail.OfferingPage",
        verbose_name=_("offering"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="needs",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def not_over(cls, rows: models.QuerySet) -> models.QuerySet:
        """Those that still keep what they name from being deleted; see ``directory.queries.usage_of``."""
        return rows.filter(status__in=[cls.Status.OPEN, cls.Status.TAKEN])

    @property
    def period(self) -> str:
        """„14. März – 30. Mai 2027“, „ab 14. März 2027“; empty if no period is wished."""
        if self.from_date and self.until_date:
            return date_range(self.from_date, self.until_date, all_day=True)
        if self.from_date:
            return gettext("from %(date)s on") % {"date": day_of(self.from_date)}
        return gettext("until %(date)s") % {"date": day_of(self.until_date)} if self.until_date else ""


def day_of(day) -> str:
    return date_format(day, pgettext("date format of a range", "j F Y"))
