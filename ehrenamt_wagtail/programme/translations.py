"""The language that pages are written in, and the same page in other languages: for hosts that use Wagtail's locales.

Without ``WAGTAIL_I18N_ENABLED`` all pages are in ``LANGUAGE_CODE``, and nothing is asked for.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page


class Alternate(NamedTuple):
    """The whole address of a page in a language."""

    language: str
    url: str


def is_multilingual() -> bool:
    return getattr(settings, "WAGTAIL_I18N_ENABLED", False)


# Language


def language_of(page: Page) -> str:
    """The language that the page is meant for; the texts of an alias may be in another one, see ``know_originals``."""
    return page.locale.language_code if is_multilingual() else settings.LANGUAGE_CODE


def know_originals(pages: Iterable[Page]) -> None:
    """Read the originals of those that are aliases, at once."""
    unknown = [page for page in pages if page.alias_of_id and not Page.alias_of.is_cached(page)]
    if unknown:
        originals = Page.objects.select_related("locale").in_bulk({page.alias_of_id for page in unknown})
        for page in unknown:
            page.alias_of = originals[page.alias_of_id]


def language_of_original(page: Page) -> str:
    """The language of an alias's texts where it stands among pages of another one; else nothing."""
    if not page.alias_of_id:
        return ""
    know_originals([page])
    original = page.alias_of
    return original.locale.language_code if original.locale_id != page.locale_id else ""


def unlike_words(language: str) -> str:
    """The language if it is another one than that of the words around it, else nothing; ``de-at`` is German as ``de`` is."""
    return "" if language.split("-")[0] == (get_language() or "").split("-")[0] else language


def lang_attribute(language: str) -> SafeString:
    """What an element with texts in that language needs in its tag, a space before it."""
    language = unlike_words(language)
    return format_html(' lang="{}"', language) if language else SafeString()


def lang_of(page: Page) -> SafeString:
    """``lang_attribute`` for the texts of a page."""
    return lang_attribute(language_of_original(page) or language_of(page))


# The same in other languages


def alternates_of(page: Page, request: HttpRequest, *, suffix: str = "") -> tuple[Alternate, ...]:
    """The page in each of the languages that it is translated into, its own included; empty if there is no other.

    ``suffix`` is what follows the address of each. Aliases repeat what is said elsewhere and are no translations.
    """
    if not is_multilingual() or not page.pk:
        return ()
    pages = page.get_translations(inclusive=True).live().public().filter(alias_of=None).select_related("locale")
    found = [(translation.locale.language_code, translation.get_url(request)) for translation in pages.order_by("locale")]
    alternates = tuple(Alternate(language, request.build_absolute_uri(f"{url}{suffix}")) for language, url in found if url)
    return alternates if len(alternates) > 1 else ()


def original_url(page: Page, request: HttpRequest) -> str:
    """Where search engines find what an alias repeats; empty for any other page, and where nobody may read the original."""
    if not page.alias_of_id:
        return ""
    original = Page.objects.live().public().filter(pk=page.alias_of_id).first()
    url = original.get_url(request) if original else None
    return request.build_absolute_uri(url) if url else ""
