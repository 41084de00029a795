"""What the demonstration shows."""

from ehrenamt_wagtail import models


def content() -> list:
    """What a visitor would call the content: titles, dates and figures."""
    return [
        list(models.OfferingPage.objects.order_by("path").values_list("url_path", "title", "live", "summary")),
        list(
            models.Occurrence.objects.order_by("page__path", "starts_at", "uid").values_list(
                "page__title", "uid", "starts_at", "ends_at", "venue__name", "room"
            )
        ),
        list(models.CirclePage.objects.order_by("path").values_list("url_path", "title", "summary")),
        list(
            models.CircleFigure.objects.order_by("circle__path", "year", "half", "pk").values_list(
                "circle__title", "year", "half", "volunteers", "groups", "remarks", "is_current", "is_by_link"
            )
        ),
    ]
