from django.db import models
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path, re_path
from wagtail.models import Page, get_page_models

from ..caching import mark
from .offering import OfferingPage


def offering_models() -> list[type[OfferingPage]]:
    """Every creatable kind of offering, a host's own included."""
    return [model for model in get_page_models() if issubclass(model, OfferingPage) and model.is_creatable]


class ProgrammePage(RoutablePageMixin, Page):
    """The index of all offerings of a site; the review workflow hangs on it."""

    template = "ehrenamt_wagtail/programme/programme_page.html"
    month_template = "ehrenamt_wagtail/programme/month.html"
    map_template = "ehrenamt_wagtail/programme/map.html"

    intro = models.TextField(_("introduction"), blank=True, help_text=_("Plain text above the list."))

    max_count = None
    parent_page_types = ["wagtailcore.Page"]

    content_panels = [*Page.content_panels, FieldPanel("intro")]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    @classmethod
    def clean_subpage_models(cls):
        return offering_models()

    def serve(self, request, *args, **kwargs):
        return mark(super().serve(request, *args, **kwargs), request)

    def get_context(self, request, *args, **kwargs):
        from ehrenamt_wagtail.programme.views import listing_context

        return super().get_context(request, *args, **kwargs) | listing_context(self, request)

    def route(self, request, path_components):
        """A listed offering is found by its address at once; everything else in Wagtail's way."""
        from ehrenamt_wagtail.programme.serving import listed_page

        if path_components and self.live and path_components[0] not in OfferingPage.reserved_slugs:
            found = listed_page(self, path_components)
            if found is not None:
                page, rest = found
                return page.route(request, rest)
        return super().route(request, path_components)

    @path("kalender/", name="current_month")
    def current_month_route(self, request):
        from ehrenamt_wagtail.programme.views import current_month

        return current_month(self, request)

    @path("kalender/<int:year>/<int:month>/", name="month")
    def month_route(self, request, year: int, month: int):
        from ehrenamt_wagtail.programme.views import month_context

        context = Page.get_context(self, request) | month_context(self, request, year=year, month=month)
        return TemplateResponse(request, self.month_template, context)

    @path("karte/", name="map")
    def map_route(self, request):
        from ehrenamt_wagtail.programme.map_view import map_context

        return TemplateResponse(request, self.map_template, Page.get_context(self, request) | map_context(self, request))

    @path("einbetten/", name="embedded")
    def embedded_route(self, request):
        from ehrenamt_wagtail.programme.embedding import embedded

        return embedded(self, request)

    @path("einbetten/code/", name="embedding_code")
    def embedding_code_route(self, request):
        from ehrenamt_wagtail.programme.embedding import embedding_code

        return embedding_code(self, request)

    @re_path(r"^kalender\.ics/?$", name="calendar")
    def calendar_route(self, request):
        from ehrenamt_wagtail.programme.feeds import programme_calendar

        return programme_calendar(self, request)

    @re_path(r"^feed\.atom/?$", name="feed")
    def feed_route(self, request):
        from ehrenamt_wagtail.programme.feeds import programme_feed

        return programme_feed(self, request)


class TrainingPage(OfferingPage):
    class Format(models.TextChoices):
        TRAINING = "training", _("Training")
        WORKSHOP = "workshop", _("Workshop")
        LECTURE = "lecture", _("Information lecture")
        EXCHANGE = "exchange", _("Exchange round")

    kind = "training"
    ART_OF_FORMAT = {
        Format.TRAINING: "fortbildung",
        Format.WORKSHOP: "workshop",
        Format.LECTURE: "vortrag",
        Format.EXCHANGE: "austausch",
    }

    training_format = models.CharField(_("format"), max_length=20, choices=Format, default=Format.TRAINING)

    content_panels = [
        *Page.content_panels,
        FieldPanel("training_format"),
        *OfferingPage.content_panels[len(Page.content_panels) :],
    ]

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    @property
    def format(self) -> str:
        return self.training_format

    @property
    def kind_label(self) -> str:
        return self.get_training_format_display()

    @property
    def art(self) -> str:
        return self.ART_OF_FORMAT[self.training_format]

    @classmethod
    def art_choices(cls):
        return [
            (art, form.label, models.Q(pk__in=cls.objects.filter(training_format=form).values("pk")))
            for form, art in cls.ART_OF_FORMAT.items()
        ]


class SupervisionPage(OfferingPage):
    kind = "supervision"
    kind_label = _("Supervision")
    art = "supervision"

    class Meta:
        verbose_name = _("supervision")
        verbose_name_plural = _("supervisions")


class VolunteerDayPage(OfferingPage):
    """A day with offerings of several organisations below it, shown as a timetable across towns."""

    kind = "volunteer_day"
    kind_label = _("Volunteer day")
    art = "ehrenamtstag"
    template_fallback = "ehrenamt_wagtail/programme/volunteer_day_page.html"

    parent_page_types = ["ehrenamt_wagtail.ProgrammePage"]

    class Meta:
        verbose_name = _("volunteer day")
        verbose_name_plural = _("volunteer days")

    @classmethod
    def clean_subpage_models(cls):
        return [model for model in offering_models() if not issubclass(model, VolunteerDayPage)]
