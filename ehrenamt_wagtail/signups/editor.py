"""What Wagtail's own page editor does with offerings that people have signed up for."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.programme.queries import at_or_below
from ehrenamt_wagtail.refusals import refused

from .changes import left_waiting

# More offerings than these are not named in one message.
MOST_NAMED = 5


def refuse_deletion(request: HttpRequest, pages: Iterable[Page]) -> HttpResponse | None:
    """Before pages are deleted with all below them: none of them, while people would come in vain because nobody tells them."""
    pages = list(pages)
    sentences = deletion_objections(pages)
    if not sentences:
        return None
    advice = _(
        "Nothing was deleted, because nobody would tell these people. Have the organisation cancel it in the portal, or unpublish "
        "it here: then everybody is told, and it can be deleted."
    )
    return refused(request, pages, [advice, *sentences])


def deletion_objections(pages: list[Page]) -> list[str]:
    """For each offering at or below ``pages`` that people wait for: how many. Never who."""
    people = left_waiting(at_or_below(pages, OfferingPage).values_list("pk", flat=True))
    titles = OfferingPage.objects.filter(pk__in=people).order_by("draft_title", "pk").values_list("pk", "draft_title")
    sentences = [sentence(title, people[pk]) for pk, title in titles[:MOST_NAMED]]
    if (more := len(people) - MOST_NAMED) > 0:
        sentences.append(ngettext("And %(number)s more event.", "And %(number)s more events.", more) % {"number": more})
    return sentences


def sentence(title: str, number: int) -> str:
    text = ngettext(
        "“%(title)s”: %(number)s person is signed up or waits.", "“%(title)s”: %(number)s people are signed up or wait.", number
    )
    return text % {"title": title, "number": number}
