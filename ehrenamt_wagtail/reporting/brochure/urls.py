"""Addresses of published brochures, below ``programmheft/``."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("<int:brochure_id>/", views.page, name="brochure"),
    re_path(r"^(?P<brochure_id>[0-9]+)/(?P<format>a4|a5)\.pdf$", views.file, name="brochure-file"),
    re_path(r"^(?P<brochure_id>[0-9]+)/plakat/(?P<month>[0-9]{4}-[0-9]{2})\.pdf$", views.poster, name="brochure-poster"),
]
