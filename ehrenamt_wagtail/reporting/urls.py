"""Addresses of reporting in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import carry_views, job_views, period_views

urlpatterns = [
    path("periods/<int:period_id>/", period_views.PeriodView.as_view(), name="period"),
    path("periods/<int:period_id>/carry/", carry_views.CarryView.as_view(), name="period_carry"),
    path("jobs/<int:job_id>/", job_views.JobView.as_view(), name="long_job"),
]
