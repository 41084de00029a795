"""Addresses of the circles in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import asking_views

urlpatterns = [path("circle-figures/", asking_views.AskingView.as_view(), name="circle_figures_asking")]
