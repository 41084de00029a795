"""Pages in another language."""

from wagtail.models import Locale, Page


def translate(page: Page, locale: Locale, **facts) -> Page:
    """A published translation, as an editor makes it with ``simple_translation``."""
    copy = page.copy_for_translation(locale)
    for name, value in facts.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return copy.specific_class.objects.get(pk=copy.pk)
