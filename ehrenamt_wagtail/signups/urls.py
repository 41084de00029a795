"""Addresses below ``/anmeldung/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("neu/<uuid:uid>/", views.new, name="sign-up-new"),
    path("neu/<uuid:uid>/gesendet/", views.sent, name="sign-up-sent"),
    path("<str:token>/", views.own, name="sign-up"),
    path("<str:token>/bestaetigung/", views.confirmation, name="sign-up-confirmation"),
    path("<str:token>/termin.ics/", views.own_calendar, name="sign-up-calendar"),
]
