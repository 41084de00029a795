"""How Wagtail's lists of pages tell that something was not done."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.models import Page


def refused(request: HttpRequest, pages: Sequence[Page], sentences: Iterable[str]) -> HttpResponse:
    """Back to the list that ``pages`` stand in, with a message that says why nothing happened to them."""
    messages.error(request, " ".join(sentences))
    parent = pages[0].get_parent() if pages else None
    return redirect("wagtailadmin_explore", parent.pk) if parent else redirect("wagtailadmin_explore_root")
