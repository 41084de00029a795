"""Entry points of the job cluster; may run any number of times and side by side."""

from . import actions


def delete_old_reports() -> str:
    """Delete reports of barriers that are no longer kept; returns how much of what."""
    return ", ".join(f"{number} {name}" for name, number in sorted(actions.delete_old_reports().items())) or "nothing"
