from django.urls import path

from . import views

urlpatterns = [
    path("angebote/", views.offerings_api, name="api_offerings"),
]
