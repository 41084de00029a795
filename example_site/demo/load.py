"""Loads the whole demonstration: once, all or nothing."""

from __future__ import annotations

import io

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone, translation
from wagtail.signal_handlers import disable_reference_index_auto_update

from ehrenamt_wagtail.mail.actions import deliver_due

from .brochures import load_brochure
from .circles import load_circles
from .documents import make_documents
from .earlier import load_earlier
from .entered import load_entered_figures
from .journeys import load_journeys
from .periods import load_periods
from .pictures import make_pictures
from .plans import load_blocked_dates, load_plans
from .programme import load_stock
from .register import load_register
from .reports import load_report
from .sign_ups import load_sign_ups
from .site import grant_rights, load_site, make_collection
from .thanks import load_thanks


def is_loaded() -> bool:
    return get_user_model().objects.filter(username="koordination").exists()


def load_demo() -> bool:
    """Fill an empty database with the demonstration; whether anything was loaded.

    Dates are relative to today (site's time zone), everything else is the same every time. Loaded data are never touched again.
    Writes pictures and documents to the media folder and delivers the few mails that the steps of the last days send.
    """
    if is_loaded():
        return False
    # Written once at the end: following each of several hundred saves would take as long as all the rest.
    with translation.override("de"), transaction.atomic(), disable_reference_index_auto_update():
        world = load_register(timezone.localdate())
        programme, circles, sections = load_site()
        collection = make_collection()
        grant_rights(world, sections, collection)
        world.covers, world.logos = make_pictures(collection)
        world.documents = make_documents(collection)
        load_circles(world, circles)
        load_blocked_dates(world)
        load_earlier(world, programme)
        load_stock(world, programme)
        load_journeys(world, programme)
        load_plans(world)
        load_sign_ups(world)
        load_periods(world)
        load_entered_figures(world)
        load_report(timezone.localdate())
        load_brochure(world)
        load_thanks(world)
    call_command("rebuild_references_index", verbosity=0, stdout=io.StringIO())
    # The job cluster may not run yet, and nobody should have to wait for it.
    deliver_due()
    return True
