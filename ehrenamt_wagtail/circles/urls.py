"""Addresses below ``/zahlen/``: a circle states its figures by the link that was mailed to it."""

from django.urls import path

from . import figure_views

urlpatterns = [
    path("<str:token>/", figure_views.state, name="circle-figures"),
    path("<str:token>/danke/", figure_views.thanks, name="circle-figures-thanks"),
]
