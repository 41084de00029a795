"""Addresses of status reports in the Wagtail admin, in the namespace ``ehrenamt_admin``; lists and editor are ModelAdmin's."""

from django.urls import path

from . import views

urlpatterns = [
    path("reports/new/", views.NewReportView.as_view(), name="report_new"),
    path("reports/<int:report_id>/", views.ReportView.as_view(), name="report"),
    path("reports/<int:report_id>/draft/", views.DraftView.as_view(), name="report_draft"),
    path("reports/<int:report_id>/preview/", views.PreviewView.as_view(), name="report_preview"),
    path("reports/<int:report_id>/release/", views.ReleaseView.as_view(), name="report_release"),
    path("reports/<int:report_id>/versions/<int:number>/", views.VersionView.as_view(), name="report_version"),
    path("reports/<int:report_id>/versions/<int:number>/pdf/", views.PdfView.as_view(), name="report_pdf"),
    path("reports/<int:report_id>/versions/<int:number>/xlsx/", views.XlsxView.as_view(), name="report_xlsx"),
]
