from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from wagtail.models import Locale, Page, Site

import ehrenamt_wagtail
from ehrenamt_wagtail.models import CircleIndexPage, ProgrammePage
from tests import factories

from .pages import translate

LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_MIDDLEWARE = "django.middleware.locale.LocaleMiddleware"
# Before those of the demonstration, whose own are German alone.
TEMPLATES = Path(ehrenamt_wagtail.__file__).parent / "templates"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"


@dataclass
class Translated:
    """The programme and the circles in both languages."""

    english: Locale
    german_programme: ProgrammePage
    programme: ProgrammePage
    german_circles: CircleIndexPage
    circles: CircleIndexPage


@pytest.fixture
def _two_languages(settings):
    settings.WAGTAIL_I18N_ENABLED = True
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [TEMPLATES]}]
    settings.ROOT_URLCONF = "tests.translated.urls"
    after = settings.MIDDLEWARE.index(SESSIONS) + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:after], LOCALE_MIDDLEWARE, *settings.MIDDLEWARE[after:]]


@pytest.fixture
def site(db, _two_languages) -> Translated:
    german_programme, german_circles = factories.make_site()
    english = Locale.objects.create(language_code="en")
    home = Site.objects.get(is_default_site=True).root_page
    Page.objects.filter(pk=home.pk).update(title="Startseite")
    home.refresh_from_db()
    translate(home, english, title="Home")
    with translation.override(settings.LANGUAGE_CODE):
        yield Translated(
            english,
            german_programme,
            translate(german_programme, english, title="Programme", slug="programme"),
            german_circles,
            translate(german_circles, english, title="Circles", slug="circles"),
        )
