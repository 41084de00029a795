"""Addresses below ``/anmeldung/``."""

from django.urls import path

from . import certificate_views, views

urlpatterns = [
    path("neu/<uuid:uid>/", views.new, name="sign-up-new"),
    path("neu/<uuid:uid>/gesendet/", views.sent, name="sign-up-sent"),
    path("pruefen/", certificate_views.check, name="certificate-check"),
    path("pruefen/<str:code>/", certificate_views.verified, name="certificate-verified"),
    path("nachweise/", certificate_views.own_records, name="own-records"),
    path("nachweise/gesendet/", certificate_views.own_records_sent, name="own-records-sent"),
    path("nachweise/<str:token>/", certificate_views.records_list, name="own-records-list"),
    path("nachweise/<str:token>/<int:participant_id>/", certificate_views.records_document, name="own-records-document"),
    path("<str:token>/", views.own, name="sign-up"),
    path("<str:token>/bescheinigung/<int:participant_id>/", certificate_views.certificate, name="certificate"),
    path("<str:token>/bestaetigung/", views.confirmation, name="sign-up-confirmation"),
    path("<str:token>/termin.ics/", views.own_calendar, name="sign-up-calendar"),
]
