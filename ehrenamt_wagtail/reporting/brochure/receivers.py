"""Connects the brochures with what they hang on and with what shows them."""

from django.db.models.signals import post_delete, post_save

from ehrenamt_wagtail.programme import cache_receivers, providers
from ehrenamt_wagtail.reporting.models import Brochure, BrochureFile, ProgrammePeriod

from . import files, links, work  # noqa: F401 files connects itself


def register() -> None:
    """Called in ``ready()``."""
    work.register()
    providers.register_links(links.current_links)
    cache_receivers.watch(Brochure, BrochureFile, ProgrammePeriod)
    for model in (Brochure, ProgrammePeriod):
        for signal in (post_save, post_delete):
            signal.connect(links.changed, sender=model, dispatch_uid=f"ehrenamt_brochure_links_{model._meta.model_name}")
