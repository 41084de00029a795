from django.urls import include, path

from benchmarks.floors import views

urlpatterns = [
    path("floors/plain/", views.plain),
    path("floors/icalendar/<slug:organiser>/", views.serialised_calendar),
    path("", include("example_site.urls")),
]
