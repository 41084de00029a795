"""Addresses of the figures in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import figure_views as views

urlpatterns = [
    path("figures/", views.FiguresView.as_view(), name="figures"),
    path("figures/xlsx/", views.FiguresFileView.as_view(), name="figures_xlsx"),
    path("figures/<slug:name>/", views.FigureView.as_view(), name="figure"),
    path("figures/<slug:name>/csv/", views.FigureFileView.as_view(), name="figure_csv"),
]
