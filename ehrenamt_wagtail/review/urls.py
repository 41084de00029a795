"""Addresses of the review in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import queue_views, views

urlpatterns = [
    path("review/", queue_views.QueueView.as_view(), name="review_queue"),
    path("review/<int:task_state_id>/", views.ReviewView.as_view(), name="review"),
    path("review/<int:task_state_id>/preview/<int:revision_id>/", views.PreviewView.as_view(), name="review_preview"),
]
