from django.urls import path

from . import api, openapi

urlpatterns = [
    path("angebote/", api.offerings_api, name="api_offerings"),
    path("openapi.json", openapi.openapi, name="openapi"),
]
