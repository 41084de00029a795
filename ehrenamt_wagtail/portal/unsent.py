"""What somebody typed while the log-in had run out: kept in the session until the person is back at the same form."""

import time

from django.http import HttpRequest, QueryDict

from ehrenamt_wagtail.portal.forms.text import tidy_data

# One of these is in every form that somebody writes in.
WRITTEN = ("title", "reason", "comment", "capacity", "external_url", "controller", "volunteers")
SESSION_KEY = "ehrenamt_unsent"
MAX_CHARACTERS = 200_000
MAX_AGE = 60 * 60  # seconds


def keep_unsent(request: HttpRequest) -> None:
    """Keep a posted form in which something is written, without its files, in the session of the anonymous visitor."""
    if not any(request.POST.get(name, "").strip() for name in WRITTEN):
        return
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    body = data.urlencode()
    if len(body) <= MAX_CHARACTERS:
        request.session[SESSION_KEY] = {"path": request.get_full_path(), "data": body, "at": time.time()}


def take_unsent(request: HttpRequest) -> QueryDict | None:
    """What was kept for this address within the last hour, once."""
    kept = request.session.get(SESSION_KEY)
    if kept is None or kept["path"] != request.get_full_path():
        return None
    del request.session[SESSION_KEY]
    if time.time() - kept["at"] > MAX_AGE:
        return None
    return tidy_data(QueryDict(kept["data"]))
