"""The link from the programme's pages to the brochure that holds now."""

import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ehrenamt_wagtail.programme.providers import Link
from ehrenamt_wagtail.reporting.models import Brochure

from .views import address_of

# Every list of the programme shows the link: a process asks for it again only after so many seconds.
KEPT_SECONDS = 60

# Until when it is known, by the clock that never goes back, and title and address of the brochure.
_known: tuple[float, tuple[tuple[str, str], ...]] = (0.0, ())


def current_links() -> tuple[Link, ...]:
    """The published brochure of the period that ends first of those that are not over; none if there is none."""
    global _known
    until, brochures = _known
    if time.monotonic() >= until:
        brochures = tuple((brochure.title, address_of(brochure)) for brochure in current_brochures()[:1])
        _known = (time.monotonic() + KEPT_SECONDS, brochures)
    return tuple(Link(_("Brochure “%(title)s”") % {"title": title}, url) for title, url in brochures)


def current_brochures():
    published = Brochure.objects.filter(published_at__isnull=False, period__last_day__gte=timezone.localdate())
    return published.order_by("period__last_day", "-published_at")


def changed(**kwargs) -> None:
    """This process changed a brochure; somebody may read it as it was until the transaction ends."""
    forget()
    transaction.on_commit(forget)


def forget() -> None:
    """Ask again at the next occasion."""
    global _known
    _known = (0.0, ())
