"""The two plain page types a small district site has anyway; it speaks German only."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """The district's home page; links to programme, circles and portal."""

    intro = models.TextField("Einleitung", blank=True)
    body = RichTextField("Text", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = "Startseite"


class StandardPage(Page):
    """A page with a text, for everything that is not ours: imprint, news, advice."""

    intro = models.TextField("Einleitung", blank=True)
    body = RichTextField("Text", blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]

    class Meta:
        verbose_name = "Inhaltsseite"
