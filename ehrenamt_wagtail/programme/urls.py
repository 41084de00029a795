from django.urls import path

from . import api

urlpatterns = [
    path("angebote/", api.offerings_api, name="api_offerings"),
]
