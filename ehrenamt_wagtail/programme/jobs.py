"""Entry points of the job cluster; they may run any number of times and side by side."""

from . import listed


def refresh_offerings(page_ids: list[int]) -> int:
    """Bring what the read model says of these offerings up to date; returns of how many it was wrong."""
    return listed.refresh_chunks(page_ids)
