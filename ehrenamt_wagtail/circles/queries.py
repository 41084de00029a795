"""Reads of the circles room that span models."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from wagtail.models import Page, PageQuerySet

from ehrenamt_wagtail.directory.models import Organisation, Topic

from .models import CircleFigure, CirclePage, Need


def circles_below(index: Page) -> PageQuerySet:
    """All live circles without view restrictions; none below a page that was never saved."""
    return CirclePage.objects.live().public().descendant_of(index) if index.pk else CirclePage.objects.none()


def public_circles(index: Page, *, topics: Iterable[Topic] = ()) -> PageQuerySet:
    """The circles below ``index`` that everybody may read, by town and name; with ``topics`` those that work on one of them.

    Each has ``volunteers``, its latest figure or ``None``.
    """
    latest = CircleFigure.objects.filter(circle=OuterRef("pk"), is_current=True).order_by("-year", "-half")
    circles = circles_below(index)
    if topics := list(topics):
        circles = circles.filter(pk__in=CirclePage.objects.filter(topics__in=topics).order_by().values("pk"))
    return (
        circles.annotate(volunteers=Subquery(latest.values("volunteers")[:1]))
        .select_related("municipality")
        .prefetch_related("topics")
        .order_by("municipality__name", "title", "pk")
    )


def topics_of_circles(index: Page):
    """The topics that a public circle works on, by name."""
    circles = circles_below(index).order_by()
    return Topic.objects.filter(pk__in=CirclePage.topics.through.objects.filter(circlepage__in=circles).values("topic"))


def latest_figure(circle: CirclePage) -> CircleFigure | None:
    """The newest number of volunteers; none for a page that was never saved."""
    return circle.figures.filter(is_current=True).order_by("-year", "-half").first() if circle.pk else None


def open_needs() -> QuerySet[Need]:
    """What nobody has taken up yet, the oldest first; they are addressed to all partners."""
    return with_facts(Need.objects.filter(status=Need.Status.OPEN)).order_by("created_at", "pk")


def needs_of(organisations: Iterable[Organisation]) -> QuerySet[Need]:
    """What these organisations asked for, the newest first."""
    return with_facts(Need.objects.filter(organisation__in=list(organisations)))


def needs_taken_by(organisations: Iterable[Organisation]) -> QuerySet[Need]:
    """What these organisations are going to answer."""
    return with_facts(Need.objects.filter(taken_by__in=list(organisations), status=Need.Status.TAKEN)).order_by("-taken_at")


def with_facts(needs: QuerySet[Need]) -> QuerySet[Need]:
    return needs.select_related("organisation", "circle", "topic", "municipality", "taken_by", "offering")
