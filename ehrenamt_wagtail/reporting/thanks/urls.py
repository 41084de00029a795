"""Addresses below ``/danken/``: a circle names people by the link that was mailed to it."""

from django.urls import path

from . import views

urlpatterns = [path("<str:token>/", views.name_people, name="thanks")]
