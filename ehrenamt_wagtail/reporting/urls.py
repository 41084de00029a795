"""Addresses of reporting in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import period_views

urlpatterns = [
    path("periods/<int:period_id>/", period_views.PeriodView.as_view(), name="period"),
]
