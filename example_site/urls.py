"""Addresses of the demonstration site, in the order the README recommends."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from example_site import mailbox

urlpatterns = [
    path("verwaltung/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", TemplateView.as_view(template_name="example_site/robots.txt", content_type="text/plain"), name="robots"),
    path("demo/post/", mailbox.message_list, name="demo_mailbox"),
    path("demo/post/<str:name>/", mailbox.message_detail, name="demo_mail"),
    path("demo/post/<str:name>/html/", mailbox.message_html, name="demo_mail_html"),
    # Served by Django with DEBUG off as well: this is a demonstration, not a production set-up.
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    # Before Wagtail's, whose pattern takes everything that is left.
    path("", include("ehrenamt_wagtail.urls")),
    path("", include(wagtail_urls)),
]
