"""Entry points of the job cluster; they may run any number of times and side by side."""

from . import changes, listed


def refresh_offerings(page_ids: list[int]) -> int:
    """Bring what the read model says of these offerings up to date; returns of how many it was wrong."""
    return listed.refresh_chunks(page_ids)


def delete_old_notes() -> int:
    """Delete the notes of changes that nobody asks for any more; returns how many."""
    return changes.forget_old_notes()
