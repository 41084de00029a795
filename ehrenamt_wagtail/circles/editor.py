"""What Wagtail's own page editor does with circles whose figures count."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from ehrenamt_wagtail.refusals import refused

from .figures import circles_with_figures

# More circles than these are not named in one message.
MOST_NAMED = 5


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Before pages are deleted with all below them: none of them, while figures would go with them that reports were made of."""
    pages = list(pages)
    found = circles_with_figures(pages)
    titles = [page.draft_title for page in found.order_by("draft_title", "pk")[:MOST_NAMED]]
    if not titles:
        return None
    advice = _(
        "Nothing was deleted, because the figures that were stated would be lost, and past half-years would count less. Unpublish the "
        "page instead: then it is seen no more and is not asked for figures any more. If the figures were stated by mistake, take "
        "them back first."
    )
    sentences = [_("Figures were stated for: %(circles)s.") % {"circles": ", ".join(titles)}]
    if (more := found.count() - MOST_NAMED) > 0:
        sentences.append(ngettext("And for %(number)s more.", "And for %(number)s more.", more) % {"number": more})
    return refused(request, pages, [advice, *sentences])
