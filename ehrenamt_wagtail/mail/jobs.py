"""Entry point of the job cluster; may run any number of times and side by side."""

from . import actions


def deliver_due() -> int:
    """Deliver what is due; returns the number of mails sent."""
    return actions.deliver_due()
