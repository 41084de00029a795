"""The two plain page types a small district site has anyway; it speaks German only."""

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from ehrenamt_wagtail.directory.models import Coordinator
from ehrenamt_wagtail.programme.filters import Filters
from ehrenamt_wagtail.programme.listing import Listing
from ehrenamt_wagtail.programme.presentation import breadcrumbs
from ehrenamt_wagtail.programme.queries import programme_of
from ehrenamt_wagtail.programme.views import rows_of


class HomePage(Page):
    """The district's home page; links to programme, circles and portal."""

    NEXT_OFFERINGS = 4

    intro = models.TextField("Einleitung", blank=True)
    body = RichTextField("Text", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "Startseite"

    def get_context(self, request, *args, **kwargs):
        now = timezone.now()
        programme = programme_of(Site.find_for_request(request))
        offerings = Listing(Filters(), now=now, programme=programme)[: self.NEXT_OFFERINGS] if programme else []
        programme_url = programme.get_url(request) if programme else ""
        return super().get_context(request, *args, **kwargs) | {
            "rows": rows_of(offerings, programme_url=programme_url, now=now),
            "sections": StandardPage.objects.child_of(self).live().public().in_menu(),
            "coordinators": list(Coordinator.objects.in_office()),
        }


class StandardPage(Page):
    """A page with a text, for everything that is not ours: imprint, news, advice."""

    intro = models.TextField("Einleitung", blank=True)
    body = RichTextField("Text", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    class Meta:
        verbose_name = "Inhaltsseite"

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {
            "breadcrumbs": breadcrumbs(self, request),
            "children": StandardPage.objects.child_of(self).live().public(),
        }
