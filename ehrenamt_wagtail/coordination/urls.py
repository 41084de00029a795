"""Addresses of the coordination in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import views

urlpatterns = [
    path("planning/", views.PlanningView.as_view(), name="planning"),
    path("gaps/", views.GapsView.as_view(), name="gaps"),
]
