"""What others show of the outbox."""

from .models import OutgoingMail


def undelivered_count() -> int:
    """How many mails need a look: given up, unclear, or failed and still being tried."""
    return OutgoingMail.objects.undelivered().count()
