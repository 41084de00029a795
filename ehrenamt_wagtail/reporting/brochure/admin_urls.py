"""Addresses of brochures in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import admin_views as views

urlpatterns = [
    path("brochures/<int:brochure_id>/", views.BrochureView.as_view(), name="brochure"),
    path("brochures/<int:brochure_id>/make/", views.MakeView.as_view(), name="brochure_make"),
    path("brochures/<int:brochure_id>/publish/", views.PublishView.as_view(), name="brochure_publish"),
    path("brochures/<int:brochure_id>/preview/", views.PreviewView.as_view(), name="brochure_preview"),
    path("brochures/<int:brochure_id>/print/<str:format>/", views.PrintView.as_view(), name="brochure_print"),
    path("brochures/<int:brochure_id>/files/<int:file_id>/", views.FileView.as_view(), name="brochure_file"),
    path("brochures/<int:brochure_id>/poster/<str:month>/", views.PosterView.as_view(), name="brochure_poster"),
]
