"""Addresses of published brochures, below ``programmheft/``."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("<int:brochure_id>/", views.page, name="brochure"),
    re_path(r"^(?P<brochure_id>[0-9]+)/(?P<format>a4|a5)\.pdf$", views.file, name="brochure-file"),
    path("<int:brochure_id>/plakat/<int:year>/<int:month>/", views.poster, name="brochure-poster"),
]
