"""All addresses of the app that are not pages: ``path("", include("ehrenamt_wagtail.urls"))`` before Wagtail's."""

from django.urls import include, path, re_path
from wagtail import views as wagtail_views

app_name = "ehrenamt"

urlpatterns = [
    path("partner/", include("ehrenamt_wagtail.portal.urls")),
    path("anmeldung/", include("ehrenamt_wagtail.signups.urls")),
    path("zahlen/", include("ehrenamt_wagtail.circles.urls")),
    path("programmheft/", include("ehrenamt_wagtail.reporting.brochure.urls")),
    path("danken/", include("ehrenamt_wagtail.reporting.thanks.urls")),
    path("api/", include("ehrenamt_wagtail.programme.urls")),
    # Wagtail's own pattern matches no dot; the pages' routes serve calendars, feeds and codes.
    re_path(r"^((?:[\w\-]+/)*(?:[\w\-]+\.(?:ics|atom)|qr\.svg))/?$", wagtail_views.serve, name="page_file"),
]
