"""What rooms below show of programme periods."""

from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.review.providers import register_note

from .periods import missed_by, sentence_for_coordinators


def register() -> None:
    """Let the review say what came after the editorial deadline; called in ``ready()``."""
    register_note(late_note)


def late_note(page) -> str:
    """Whether the submitted version of an offering came too late for the brochure of its first date."""
    period = missed_by(page) if isinstance(page, OfferingPage) else None
    return sentence_for_coordinators(period) if period else ""
