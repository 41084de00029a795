"""Addresses of the review in the Wagtail admin, in the namespace ``ehrenamt_admin``."""

from django.urls import path

from . import history_views, queue_views, views

urlpatterns = [
    path("review/", queue_views.QueueView.as_view(), name="review_queue"),
    path("review/approve/", queue_views.ApproveSelectedView.as_view(), name="review_approve_selected"),
    path("review/history/<int:page_id>/", history_views.HistoryView.as_view(), name="review_history"),
    path("review/history/<int:page_id>/csv/", history_views.HistoryCsvView.as_view(), name="review_history_csv"),
    path("review/<int:task_state_id>/claim/", queue_views.ClaimView.as_view(), name="review_claim"),
    path("review/<int:task_state_id>/", views.ReviewView.as_view(), name="review"),
    path("review/<int:task_state_id>/preview/<int:revision_id>/", views.PreviewView.as_view(), name="review_preview"),
]
