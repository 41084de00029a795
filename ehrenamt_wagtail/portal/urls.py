"""Addresses below ``/partner/``."""

from django.urls import path

from .views import calendar, checking, holds, joins, login, members, needs, offerings, pages, proposals, start, submitting

urlpatterns = [
    path("", start.start, name="portal"),
    path("login/", login.login_by_password, name="login"),
    path("login/mail/", login.send_link, name="login-send-link"),
    path("login/link/", login.login_by_link, name="login-link"),
    path("logout/", login.sign_out, name="logout"),
    path("angebote/neu/", offerings.new_offering, name="offering-new"),
    path("angebote/pruefen/", checking.check_offering, name="offering-check"),
    path("angebote/<int:page_id>/", offerings.edit_offering, name="offering-edit"),
    path("angebote/<int:page_id>/einreichen/", submitting.submit_offering, name="offering-submit"),
    path("angebote/<int:page_id>/vorschlag/", proposals.answer_proposal, name="offering-proposal"),
    path("angebote/<int:page_id>/vorschau/", pages.preview_offering, name="offering-preview"),
    path("angebote/<int:page_id>/vorschau/<int:revision_id>/", pages.preview_offering_version, name="offering-version"),
    path("angebote/<int:page_id>/verlauf/", pages.offering_history, name="offering-history"),
    path("angebote/<int:page_id>/verlauf.csv/", pages.offering_history_csv, name="offering-history-csv"),
    path("angebote/<int:page_id>/kopieren/", offerings.copy_offering, name="offering-copy"),
    path("angebote/<int:page_id>/absagen/", offerings.cancel_offering, name="offering-cancel"),
    path("angebote/<int:page_id>/loeschen/", offerings.delete_offering, name="offering-delete"),
    path("arbeitskreise/<int:page_id>/", pages.edit_circle, name="circle-edit"),
    path("arbeitskreise/<int:page_id>/vorschau/", pages.preview_circle, name="circle-preview"),
    path("arbeitskreise/<int:page_id>/vorschau/<int:revision_id>/", pages.preview_circle_version, name="circle-version"),
    path("arbeitskreise/<int:page_id>/verlauf/", pages.circle_history, name="circle-history"),
    path("arbeitskreise/<int:page_id>/verlauf.csv/", pages.circle_history_csv, name="circle-history-csv"),
    path("anfragen/<int:request_id>/", start.answer_day_request, name="day-request"),
    path("termine/", calendar.calendar, name="portal-calendar"),
    path("luecken/", calendar.gaps, name="gaps"),
    path("vormerkungen/neu/", holds.new_hold, name="hold-new"),
    path("vormerkungen/<int:hold_id>/", holds.hold, name="hold"),
    path("bedarfe/", needs.needs, name="needs"),
    path("bedarfe/neu/", needs.new_need, name="need-new"),
    path("bedarfe/<int:need_id>/", needs.need, name="need"),
    path("zusammenarbeit/<int:proposal_id>/", joins.join, name="join"),
    path("zugaenge/", members.members, name="members"),
    path("zugaenge/<int:membership_id>/", members.change_member, name="member"),
]
