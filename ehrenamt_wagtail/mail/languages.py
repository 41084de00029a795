"""In which language somebody is written to."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from wagtail.users.models import UserProfile

_sources: list[Callable[[object], str]] = []


def register_language_source(source: Callable[[object], str]) -> None:
    """Ask ``source(user)`` for a language code before the Wagtail profile is asked; it returns "" when it knows none."""
    if source not in _sources:
        _sources.append(source)


def language_for(user, explicit: str = "") -> str:
    """A language the site offers: ``explicit``, else what the person chose, else the site's own."""
    for code in _wishes(user, explicit):
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def _wishes(user, explicit: str):
    if explicit:
        yield explicit
    if user is None:
        return
    for source in _sources:
        if code := source(user):
            yield code
    profile = UserProfile.objects.filter(user=user).values_list("preferred_language", flat=True).first()
    if profile:
        yield profile
