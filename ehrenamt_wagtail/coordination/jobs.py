"""Entry points of the job cluster; they may run any number of times and side by side."""

from . import holds


def look_after_holds() -> str:
    """Let holds expire whose time is over, and tell the owners of those that soon will; returns both numbers."""
    return f"{holds.expire_holds()} expired, {holds.remind_of_holds()} reminded"
