"""Addresses of thanks in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("thanks/<int:round_id>/", views.RoundView.as_view(), name="thanks"),
    path("thanks/<int:round_id>/circles/<int:circle_id>/", views.PeopleView.as_view(), name="thanks_people"),
    path("thanks/<int:round_id>/sample/", views.SampleView.as_view(), name="thanks_sample"),
    path("thanks/<int:round_id>/write/", views.WriteView.as_view(), name="thanks_write"),
    path("thanks/<int:round_id>/letters/", views.LettersView.as_view(), name="thanks_letters"),
    path("thanks/<int:round_id>/print/", views.PrintView.as_view(), name="thanks_print"),
]
