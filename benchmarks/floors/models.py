"""Pages to compare with: one that does nothing, and a listing as a competent developer writes it in an hour."""

from django.core.paginator import Paginator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable, Page
from wagtail.search import index


class EmptyPage(Page):
    """What Wagtail needs for a page at all."""


class PlainEvent(Page):
    """An event as a site has it that does without the app: a date, a town, an organiser, a text.

    The benchmark gives every page of an offering a row here as well. So both listings read the same tree of the same size, and
    neither pays for pages of the other.
    """

    starts_at = models.DateTimeField(db_index=True)
    summary = models.TextField()
    town = models.ForeignKey("ehrenamt_wagtail.Municipality", on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey("ehrenamt_wagtail.Organisation", on_delete=models.PROTECT, related_name="+")

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.RelatedFields("town", [index.SearchField("name")]),
        index.RelatedFields("organiser", [index.SearchField("name")]),
        index.FilterField("starts_at"),
    ]


class PlainListing(Page):
    """Events to come by date, 20 a page, searched by Wagtail's database backend."""

    PER_PAGE = 20

    def get_context(self, request, *args, **kwargs):
        events = PlainEvent.objects.live().filter(starts_at__gte=timezone.now()).order_by("starts_at")
        events = events.select_related("town", "organiser")
        query = request.GET.get("q", "").strip()
        if query:
            events = events.search(query, order_by_relevance=request.GET.get("by") == "relevance")
        listed = Paginator(events, self.PER_PAGE).get_page(request.GET.get("page"))
        return super().get_context(request, *args, **kwargs) | {"query": query, "events": listed}


class EventPage(Page):
    """An event with all that an offering has: as many texts, registers and rows below it, and nothing that the app does besides.

    For publishing only: what Wagtail needs for a page like that.
    """

    summary = models.TextField(blank=True)
    contents = models.TextField(blank=True)
    audience = models.CharField(max_length=255, blank=True)
    contact = models.EmailField(blank=True)
    town = models.ForeignKey("ehrenamt_wagtail.Municipality", on_delete=models.PROTECT, related_name="+")
    venue = models.ForeignKey("ehrenamt_wagtail.Venue", on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey("ehrenamt_wagtail.Organisation", on_delete=models.PROTECT, related_name="+")
    topics = ParentalManyToManyField("ehrenamt_wagtail.Topic", related_name="+")


class EventDate(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="dates")
    start = models.DateTimeField()
    venue = models.ForeignKey("ehrenamt_wagtail.Venue", null=True, on_delete=models.PROTECT, related_name="+")


class EventTrainer(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="trainers")
    name = models.CharField(max_length=200)


class EventHost(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(max_length=200)


class EventFunder(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="funders")
    name = models.CharField(max_length=200)


class EventDownload(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="downloads")
    title = models.CharField(max_length=200)
