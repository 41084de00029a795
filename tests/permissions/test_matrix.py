"""Every address of the app × who asks × how: the expected answers stand in ``matrix.txt`` beside this file.

Answers: ``200`` the page; ``sign in`` / ``admin`` redirect to the portal's or the admin's log-in; ``done`` redirect after
something was changed, ``declined`` redirect with a message and nothing changed; ``moved`` a GET's redirect; ``refused`` Wagtail's
"no permission" redirect; ``403``, ``404``, ``405``. A POST sends what the address needs to act, and only ``done`` may have changed
anything.

``PRINT_MATRIX=1 pytest tests/permissions`` prints the answers as they are.
"""

import datetime as dt
import os
import re
import uuid
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from wagtail.models import Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.half_years import present_half_year
from ehrenamt_wagtail.circles.needs import report_need
from ehrenamt_wagtail.circles.tokens import token_of as token_of_circle
from ehrenamt_wagtail.coordination.holds import hold_date
from ehrenamt_wagtail.coordination.joins import propose_join
from ehrenamt_wagtail.models import StatusReport
from ehrenamt_wagtail.programme.actions import request_day
from ehrenamt_wagtail.reporting.brochure.files import keep
from ehrenamt_wagtail.reporting.brochure.rendering import Made
from ehrenamt_wagtail.reporting.thanks.tokens import token_of as token_of_thanks
from ehrenamt_wagtail.review.actions import submit_for_review
from ehrenamt_wagtail.signups.attendance import date_of, mark_present
from ehrenamt_wagtail.signups.certificates import release_certificates
from ehrenamt_wagtail.signups.organising import version_of
from ehrenamt_wagtail.signups.records import link_token
from ehrenamt_wagtail.signups.supervision import setup_supervision
from ehrenamt_wagtail.signups.supervision_requests import ask as ask_for_supervision
from ehrenamt_wagtail.signups.tokens import token_of
from tests import factories
from tests.inline import Inline

# Puts these tests before those that empty the database.
pytestmark = pytest.mark.django_db

MATRIX = Path(__file__).with_name("matrix.txt")
ACTORS = ["anonymous", "stranger", "member", "manager", "editor", "coordinator", "superuser"]


# A mail is queued for unknown addresses too and dropped at delivery: the time of the answer tells nobody who has an account.
WRITES_FOR_ANYBODY = {"ehrenamt:login-send-link"}
# Opening a submission says that one is working on it, and who takes names away is written to the log; who may not leaves no trace.
NOTED_BY_OPENING = {"ehrenamt_admin:review", "ehrenamt:sign-ups-export", "ehrenamt:attendance-sheet"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One organisation with pages in every state, and everybody who might ask for them.

    Built once: every question rolls back what it changed.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        world = build_world()
        yield world | {"rows": snapshot()}
        transaction.set_rollback(True)


def statement_page() -> models.AccessibilityStatementPage:
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=models.AccessibilityStatementPage(title="Barrierefreiheit", slug="barrierefreiheit"))


def entered_figure() -> models.EnteredFigure:
    today = timezone.localdate()
    return models.EnteredFigure.objects.create(kind=models.FigureKind.objects.last(), first_day=today, last_day=today, value=3)


def published_brochure(period) -> models.Brochure:
    brochure = models.Brochure.objects.create(period=period, title="Programm", published_at=timezone.now())
    keep(brochure.pk, {"a4": Made(b"%PDF", 1)}, offerings=0, made_by=None)
    return brochure


def certified_participant(organisation, actor) -> models.Participant:
    """Was at an event that is over, and can fetch a certificate."""
    page = factories.published_offering(organisation=organisation, title="Vorbei", dates=[factories.in_days(-3)])
    page, plan = factories.offering_with_sign_up(page=page)
    row = factories.sign_up_of(plan, email="zertifikat@post.example", now=timezone.now() - dt.timedelta(days=9))
    person = row.participants.get()
    mark_present(person, date=date_of(page, page.occurrences.get().uid), actor=actor)
    release_certificates(plan, hours=2, contents="", actor=actor)
    return person


def public_sign_up() -> models.SignUp:
    """Of somebody without an account, for an offering of others than those who ask."""
    _page, plan = factories.offering_with_sign_up(capacity=5)
    return factories.sign_up_of(plan)


def build_world() -> dict:
    programme, circles = factories.make_site()
    organisation = factories.OrganisationFactory(name="Eigener Verein", kind="circle")
    member = factories.member_of(organisation)
    manager = factories.MembershipFactory(
        user=factories.UserFactory(), organisation=organisation, role=models.Membership.Role.MANAGER
    ).user
    colleague = factories.MembershipFactory(user=factories.UserFactory(), organisation=organisation)
    stranger = factories.member_of()
    host = factories.published_offering(model=models.VolunteerDayPage, title="Tag", organisation=organisation)
    guest_member = factories.member_of()
    guest = factories.draft_offering(organisation=guest_member.ehrenamt_memberships.get().organisation)
    submitted, task_state = factories.submitted_offering(organisation=organisation, actor=member)
    proposed, proposal = factories.returned_with_date(organisation=organisation, actor=member)
    with_people, plan = factories.offering_with_sign_up(
        page=factories.published_offering(organisation=organisation, title="Mit Anmeldung")
    )
    own_sign_up = factories.sign_up_of(plan)
    certified = certified_participant(organisation, member)
    return {
        "programme": programme,
        "circles": circles,
        "actors": {
            "anonymous": None,
            "stranger": stranger,
            "member": member,
            "manager": manager,
            "editor": factories.editor_user(),
            "coordinator": factories.coordinator_user(),
            "superuser": factories.UserFactory(is_superuser=True, is_staff=True),
        },
        "draft": factories.draft_offering(organisation=organisation, title="Entwurf"),
        "published": factories.published_offering(organisation=organisation, title="Offen"),
        "submitted": submitted,
        "task_state": task_state,
        "proposed": proposed,
        "proposal": proposal,
        "circle": (circle := factories.circle_page(organisation=organisation)),
        "figure": models.CircleFigure.objects.create(
            circle=circle, year=present_half_year().year, half=present_half_year().half, volunteers=40
        ),
        "circle_submission": submit_for_review(
            factories.circle_page(organisation=organisation, live=False, title="Neuer Kreis"), actor=member
        ),
        "figure_kind": models.FigureKind.objects.first(),
        "entered_figure": entered_figure(),
        "blocked": models.BlockedDate.objects.create(name="Wahl", from_date=timezone.localdate()),
        "need": report_need(organisation=organisation, actor=member, title="Wohnungssuche"),
        "hold": hold_date(organisation=organisation, actor=member, start=factories.in_days(60), title="Lesung"),
        "join": propose_join(
            factories.draft_offering(organisation=organisation, title="Doppelt"),
            factories.published_offering(title="Zuerst da"),
            actor=factories.coordinator_user(),
        ),
        "seat_figure": models.SeatFigure.objects.create(title="Abend", kind="training", date=timezone.localdate()),
        "statement": statement_page(),
        "barrier_report": models.BarrierReport.objects.create(description="Der Kalender liest die Tage nicht vor."),
        "deletion": models.DeletionRecord.objects.create(reason="age", counts={"SignUp": 3}),
        "date_to_sign_up_for": (sign_up := public_sign_up()).plan.offering.occurrences.get().uid,
        "sign_up_token": token_of(sign_up),
        "own_sign_up": own_sign_up,
        "certified": certified,
        "release": models.CertificateRelease.objects.get(),
        **supervisions(organisation, member),
        **reports(),
        "notice": models.Notice.objects.create(offering_id=with_people.pk, kind="message", subject="Hallo", text="Bis bald"),
        "membership": colleague,
        "organisation": factories.OrganisationFactory(name="Ohne Angebote"),
        "district": factories.OrganisationFactory(kind="district"),
        "venue": factories.VenueFactory(),
        "municipality": factories.MunicipalityFactory(),
        "topic": factories.TopicFactory(),
        "coordinator_entry": factories.CoordinatorFactory(),
        "period": (
            period := models.ProgrammePeriod.objects.create(
                name="Programm",
                first_day=(first := timezone.localdate() + dt.timedelta(days=400)),
                last_day=first + dt.timedelta(days=180),
                deadline=first,
                called_at=timezone.now(),
            )
        ),
        "brochure": (brochure := published_brochure(period)),
        "brochure_file": brochure.files.get(format="a4"),
        "thanks": thanks_with_letters(circle),
        "day_request": request_day(guest, day=host, actor=guest_member),
        "long_job": models.LongJob.objects.create(kind="carry_over", subject="period:0", params={"period": 0}),
        "mail": models.OutgoingMail.objects.create(
            template="review/submitted", address="a@post.example", language="de", status="given_up"
        ),
    }


def thanks_with_letters(circle) -> models.ThanksRound:
    today = timezone.localdate()
    thanks = models.ThanksRound.objects.create(title="Ehrenamtstag", day=(day := today + dt.timedelta(days=9)), deadline=day)
    named_already = factories.circle_page(organisation=circle.organisation, title="Zweiter Kreis")
    models.ThankedPerson.objects.create(round=thanks, circle=named_already, name="Maria Beispiel", since=2015)
    models.ThanksLetters.objects.create(round=thanks, pdf=b"%PDF", number=1)
    return thanks


def supervisions(organisation, member) -> dict:
    """A supervision that the member supervises, and one that the member asked for."""
    past = models.Occurrence(start=factories.in_days(-3), end=factories.in_days(-3, hour=21))
    page = factories.published_offering(
        model=models.SupervisionPage, organisation=organisation, title="Supervision", dates=[past, factories.in_days(9)]
    )
    setup_supervision(page, form="single", supervisor=member, actor=member)
    plan = models.SeatPlan.objects.create(
        offering_id=page.pk, occurrence_uid=page.occurrences.order_by("starts_at").last().uid, mode="here"
    )
    other = factories.member_of()
    on_request = factories.published_offering(
        model=models.SupervisionPage, organisation=other.ehrenamt_memberships.get().organisation, title="Auf Anfrage"
    )
    setup_supervision(on_request, form="on_request", supervisor=other, actor=other)
    factories.sign_up_of(plan)
    return {
        "supervision": page,
        "supervision_plan": plan,
        "supervision_past": past.uid,
        "on_request": on_request,
        "supervision_request": ask_for_supervision(on_request, organisation=organisation, text="Haben Sie Zeit?", actor=member),
    }


def reports() -> dict:
    """One that is being written, one without a draft yet, and a released version with the page that shows it."""
    body = StatusReport._meta.get_field("body").stream_block.to_python(
        [{"type": "chapter", "value": {"heading": "Lage", "content": [{"type": "callout", "value": "Text."}]}}]
    )
    days = {"first_day": "2026-01-01", "last_day": "2026-06-30"}
    drafted = {**days, "drafted_at": timezone.now(), "body": body}
    report, old = (StatusReport.objects.create(title=title, **drafted) for title in ("Bericht", "Alter Bericht"))
    released = models.ReportVersion.objects.create(
        report=old, number=1, title=old.title, is_public=True, content={}, html="<p>Bericht</p>", pdf=b"%PDF", xlsx=b"PK"
    )
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(instance=models.StatusReportPage(title="Bericht", slug="bericht", version=released))
    return {
        "report": StatusReport.objects.get(pk=report.pk),
        "report_without_draft": StatusReport.objects.create(title="Ohne Entwurf", **days),
        "released": released,
        "report_page": page,
    }


def new_report() -> dict:
    return {
        "title": "Neuer Bericht",
        "span": "other",
        "first_day": "2026-01-01",
        "last_day": "2026-06-30",
        "comparison": "none",
        "sections": ["circles"],
    }


def register_rows(name, key, actions=("index", "create", "edit", "delete", "history")):
    for action in actions:
        args = (lambda w: [w[key].pk]) if action in ("edit", "delete", "history", "inspect", "resend") else (lambda w: [])
        yield f"{name}_modeladmin_{action}", args, {}


def selection_key(world) -> str:
    """What the queue's checkbox for a submission without warnings sends."""
    task_state = world["circle_submission"]
    return f"{task_state.pk}_{task_state.revision_id}_{task_state.revision.created_at.isoformat()}"


def invitation(organisation_pk) -> dict:
    return {
        "organisation": organisation_pk,
        "first_name": "Nora",
        "last_name": "Neu",
        "email": "nora@post.example",
        "role": "member",
    }


EDITOR_FORM = {
    "title": "Anders",
    "slug": "entwurf",
    "mode": "on_site",
    "training_format": "training",
    "languages": "[]",
    "body-count": "0",
    **{
        f"{formset}-{key}": "0"
        for formset in ("occurrences", "trainers", "co_hosts", "funders", "downloads", "comments")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    },
}


# Name of the address (or of a page), its arguments, what a POST sends.
ADDRESSES = [
    ("ehrenamt:portal", lambda w: [], {}),
    ("ehrenamt:login", lambda w: [], {"username": "nobody", "password": "wrong"}),
    ("ehrenamt:login-send-link", lambda w: [], {"email": "nobody@post.example"}),
    ("ehrenamt:login-link", lambda w: [], {"token": "forged"}),
    ("ehrenamt:logout", lambda w: [], {}),
    ("ehrenamt:offering-new", lambda w: [], {"action": "save"}),
    ("ehrenamt:offering-check", lambda w: [], lambda w: {"angebot": w["draft"].pk, "title": "Anders"}),
    ("ehrenamt:offering-edit", lambda w: [w["submitted"].pk], {"action": "withdraw"}),
    ("ehrenamt:offering-submit", lambda w: [w["draft"].pk], {"reason": "Nur an diesem Abend."}),
    ("ehrenamt:offering-proposal", lambda w: [w["proposed"].pk], lambda w: {"decision": w["proposal"].pk, "action": "decline"}),
    ("ehrenamt:offering-preview", lambda w: [w["draft"].pk], {}),
    ("ehrenamt:offering-version", lambda w: [w["draft"].pk, w["draft"].latest_revision_id], {}),
    ("ehrenamt:offering-history", lambda w: [w["draft"].pk], {}),
    ("ehrenamt:offering-history-csv", lambda w: [w["draft"].pk], {}),
    (
        "ehrenamt:offering-copy",
        lambda w: [w["published"].pk],
        lambda w: {"first_date": str(timezone.localdate() + dt.timedelta(days=10 + 28))},
    ),
    ("ehrenamt:offering-cancel", lambda w: [w["published"].pk], {"date": "all", "reason": "Krankheit"}),
    ("ehrenamt:offering-delete", lambda w: [w["draft"].pk], {}),
    ("ehrenamt:notices", lambda w: [w["published"].pk], {}),
    (
        "ehrenamt:notice-new",
        lambda w: [w["notice"].offering_id],
        lambda w: {"audience": "all", "subject": "Hallo", "text": "Bis bald", "uid": uuid.uuid4(), "action": "send"},
    ),
    ("ehrenamt:notice", lambda w: [w["notice"].offering_id, w["notice"].pk], {}),
    ("ehrenamt:sign-ups", lambda w: [w["own_sign_up"].plan.offering_id], {}),
    ("ehrenamt:sign-up-add", lambda w: [w["own_sign_up"].plan.offering_id], {"name": "Nora Neu"}),
    (
        "ehrenamt:sign-up-detail",
        lambda w: [w["own_sign_up"].plan.offering_id, w["own_sign_up"].pk],
        lambda w: {"action": "cancel", "seen": version_of(w["own_sign_up"])},
    ),
    ("ehrenamt:sign-up-letter", lambda w: [w["own_sign_up"].plan.offering_id, w["own_sign_up"].pk], {}),
    ("ehrenamt:sign-ups-export", lambda w: [w["own_sign_up"].plan.offering_id, "csv"], {}),
    ("ehrenamt:attendance", lambda w: [w["own_sign_up"].plan.offering_id], {}),
    (
        "ehrenamt:attendance-sheet",
        lambda w: [w["own_sign_up"].plan.offering_id, w["own_sign_up"].plan.offering.occurrences.first().uid],
        {},
    ),
    (
        "ehrenamt:door",
        lambda w: [w["release"].offering_id, w["release"].offering.occurrences.get().uid],
        lambda w: {"absent": w["certified"].pk},
    ),
    (
        "ehrenamt:certificates",
        lambda w: [w["release"].offering_id],
        lambda w: {"plan": w["certified"].sign_up.plan_id, "action": "take-back"},
    ),
    ("ehrenamt:certificates-print", lambda w: [w["release"].offering_id, w["release"].pk], {}),
    ("ehrenamt:certificate", lambda w: [token_of(w["certified"].sign_up), w["certified"].pk], {}),
    ("ehrenamt:certificate-check", lambda w: [], {}),
    ("ehrenamt:certificate-verified", lambda w: ["AAAA-BBBB-CCCC-DDDD"], {}),
    ("ehrenamt:own-records", lambda w: [], {"email": "nobody@post.example"}),
    ("ehrenamt:own-records-sent", lambda w: [], {}),
    ("ehrenamt:own-records-list", lambda w: [link_token("zertifikat@post.example")], lambda w: {"person": w["certified"].pk}),
    ("ehrenamt:own-records-document", lambda w: [link_token("zertifikat@post.example"), w["certified"].pk], {}),
    ("ehrenamt:sign-up-settings", lambda w: [w["draft"].pk], {"mode": "contact", "questions-TOTAL_FORMS": "0"}),
    (
        "ehrenamt:privacy-notice",
        lambda w: [w["published"].organisation_id],
        {"controller": "Eigener Verein, Hauptstraße 1", "law": "gdpr"},
    ),
    (
        "ehrenamt:sign-up-new",
        lambda w: [w["date_to_sign_up_for"]],
        {"name": "Nora Neu", "email": "nora@post.example", "action": "sign-up"},
    ),
    (
        "ehrenamt:supervision-setup",
        lambda w: [w["supervision"].pk],
        lambda w: {"form": "single", "supervisor": w["actors"]["member"].pk, "information": ""},
    ),
    ("ehrenamt:supervisions", lambda w: [], {}),
    ("ehrenamt:supervision", lambda w: [w["supervision"].pk], lambda w: {"action": "close", "plan": w["supervision_plan"].pk}),
    ("ehrenamt:supervision-add", lambda w: [w["supervision"].pk, w["supervision_plan"].pk], {"name": "Nora Neu"}),
    (
        "ehrenamt:supervision-write",
        lambda w: [w["supervision"].pk, w["supervision_plan"].pk],
        {"subject": "Raum", "text": "Saal 2", "uid": "5b7bd1e0-0f4c-4a53-9d2c-1d1f3f1f2a11"},
    ),
    ("ehrenamt:supervision-held", lambda w: [w["supervision"].pk, w["supervision_past"]], {"hours": "2", "head_count": "6"}),
    ("ehrenamt:supervision-ask", lambda w: [w["on_request"].pk], {"text": "Wir suchen Supervision."}),
    ("ehrenamt:supervision-request", lambda w: [w["supervision_request"].pk], {"action": "write", "text": "Im Mai?"}),
    ("ehrenamt:supervision-records", lambda w: [], {}),
    ("ehrenamt:supervision-records-csv", lambda w: [], {}),
    (
        "ehrenamt:supervisors",
        lambda w: [],
        {"action": "add", "first_name": "Sabine", "last_name": "Still", "email": "sabine@post.example"},
    ),
    ("ehrenamt:sign-up-sent", lambda w: [w["date_to_sign_up_for"]], {}),
    ("ehrenamt:sign-up", lambda w: [w["sign_up_token"]], {"action": "cancel"}),
    ("ehrenamt:sign-up-confirmation", lambda w: [w["sign_up_token"]], {}),
    ("ehrenamt:sign-up-calendar", lambda w: [w["sign_up_token"]], {}),
    (
        "ehrenamt:circle-figures",
        lambda w: [token_of_circle(w["circle"], present_half_year())],
        lambda w: {"volunteers": "34", "seen": w["figure"].pk},
    ),
    ("ehrenamt:circle-figures-thanks", lambda w: [token_of_circle(w["circle"], present_half_year())], {}),
    ("ehrenamt:circle-figures-own", lambda w: [w["circle"].pk], lambda w: {"volunteers": "34", "seen": w["figure"].pk}),
    ("ehrenamt:circle-edit", lambda w: [w["circle"].pk], {"action": "save"}),
    ("ehrenamt:circle-preview", lambda w: [w["circle"].pk], {}),
    ("ehrenamt:circle-version", lambda w: [w["circle"].pk, w["circle"].latest_revision_id], {}),
    ("ehrenamt:circle-history", lambda w: [w["circle"].pk], {}),
    ("ehrenamt:circle-history-csv", lambda w: [w["circle"].pk], {}),
    ("ehrenamt:hold-new", lambda w: [], lambda w: {"date": str(timezone.localdate() + dt.timedelta(days=40)), "all_day": "on"}),
    ("ehrenamt:hold", lambda w: [w["hold"].pk], {"action": "release"}),
    ("ehrenamt:needs", lambda w: [], {}),
    ("ehrenamt:join", lambda w: [w["join"].pk], {"action": "accept"}),
    ("ehrenamt:need-new", lambda w: [], {"title": "Fahrräder"}),
    ("ehrenamt:need", lambda w: [w["need"].pk], {"action": "close"}),
    ("ehrenamt:day-request", lambda w: [w["day_request"].pk], {"action": "accept"}),
    ("ehrenamt:period-answer", lambda w: [w["period"].pk, w["published"].organisation.pk], {"action": "nothing"}),
    ("ehrenamt:portal-calendar", lambda w: [], {}),
    ("ehrenamt:gaps", lambda w: [], {}),
    ("ehrenamt:members", lambda w: [], lambda w: invitation(w["published"].organisation.pk)),
    ("ehrenamt:member", lambda w: [w["membership"].pk], {"action": "remove"}),
    ("ehrenamt:api_offerings", lambda w: [], {}),
    ("ehrenamt:openapi", lambda w: [], {}),
    ("ehrenamt:brochure", lambda w: [w["brochure"].pk], {}),
    ("ehrenamt:brochure-file", lambda w: [w["brochure"].pk, "a4"], {}),
    ("ehrenamt:brochure-poster", lambda w: [w["brochure"].pk, f"{w['period'].last_day:%Y-%m}"], {}),
    (
        "ehrenamt:thanks",
        lambda w: [token_of_thanks(w["thanks"].pk, w["circle"].pk)],
        {"name": "Nora Neu", "since": "2020", "consent": "on"},
    ),
    ("ehrenamt:page_file", lambda w: ["programm/kalender.ics"], {}),
    ("ehrenamt_admin:planning", lambda w: [], {}),
    ("ehrenamt_admin:gaps", lambda w: [], {}),
    ("ehrenamt_admin:figures", lambda w: [], {}),
    ("ehrenamt_admin:figures_xlsx", lambda w: [], {}),
    ("ehrenamt_admin:figure", lambda w: ["taken"], {}),
    ("ehrenamt_admin:figure_csv", lambda w: ["taken"], {}),
    (
        "ehrenamt_admin:circle_figures_asking",
        lambda w: [],
        lambda w: {"circle": "all", "halbjahr": present_half_year().later(-1).code},
    ),
    ("ehrenamt_admin:long_job", lambda w: [w["long_job"].pk], {}),
    ("ehrenamt_admin:period_carry", lambda w: [w["period"].pk], {"source": "year"}),
    ("ehrenamt_admin:brochure", lambda w: [w["brochure"].pk], {}),
    ("ehrenamt_admin:brochure_make", lambda w: [w["brochure"].pk], {"format": "a5"}),
    ("ehrenamt_admin:brochure_publish", lambda w: [w["brochure"].pk], {"action": "withdraw"}),
    ("ehrenamt_admin:brochure_preview", lambda w: [w["brochure"].pk], {}),
    ("ehrenamt_admin:brochure_print", lambda w: [w["brochure"].pk, "a4"], {}),
    ("ehrenamt_admin:brochure_file", lambda w: [w["brochure"].pk, w["brochure_file"].pk], {}),
    ("ehrenamt_admin:brochure_poster", lambda w: [w["brochure"].pk, f"{w['period'].last_day:%Y-%m}"], {}),
    ("ehrenamt_admin:thanks", lambda w: [w["thanks"].pk], lambda w: {"circle": "all"}),
    (
        "ehrenamt_admin:thanks_people",
        lambda w: [w["thanks"].pk, w["circle"].pk],
        {"name": "Nora Neu", "since": "2020", "consent": "on"},
    ),
    ("ehrenamt_admin:thanks_sample", lambda w: [w["thanks"].pk], {}),
    ("ehrenamt_admin:thanks_write", lambda w: [w["thanks"].pk], {}),
    ("ehrenamt_admin:thanks_letters", lambda w: [w["thanks"].pk], {}),
    ("ehrenamt_admin:thanks_print", lambda w: [w["thanks"].pk], {}),
    ("ehrenamt_admin:review_queue", lambda w: [], {}),
    (
        "ehrenamt_admin:review",
        lambda w: [w["task_state"].pk],
        lambda w: {"action": "return", "return-reasons": "other", "revision_id": w["task_state"].revision_id},
    ),
    ("ehrenamt_admin:review_approve_selected", lambda w: [], lambda w: {"selected": selection_key(w), "confirmed": "1"}),
    ("ehrenamt_admin:review_claim", lambda w: [w["task_state"].pk], {"action": "take"}),
    ("ehrenamt_admin:review_history", lambda w: [w["submitted"].pk], {}),
    ("ehrenamt_admin:review_history_csv", lambda w: [w["submitted"].pk], {}),
    ("ehrenamt_admin:review_preview", lambda w: [w["task_state"].pk, w["task_state"].revision_id], {}),
    ("ehrenamt_admin:period", lambda w: [w["period"].pk], {"action": "close"}),
    *register_rows("ehrenamt_wagtail_organisation", "organisation"),
    *register_rows("ehrenamt_wagtail_membership", "membership"),
    *register_rows("ehrenamt_wagtail_venue", "venue"),
    *register_rows("ehrenamt_wagtail_municipality", "municipality"),
    *register_rows("ehrenamt_wagtail_topic", "topic"),
    *register_rows("ehrenamt_wagtail_coordinator", "coordinator_entry"),
    *register_rows("ehrenamt_wagtail_circlefigure", "figure"),
    *register_rows("ehrenamt_wagtail_figurekind", "figure_kind"),
    *register_rows("ehrenamt_wagtail_enteredfigure", "entered_figure"),
    *register_rows("ehrenamt_wagtail_blockeddate", "blocked"),
    *register_rows("ehrenamt_wagtail_programmeperiod", "period"),
    ("ehrenamt_admin:report_new", lambda w: [], lambda w: new_report()),
    ("ehrenamt_admin:report", lambda w: [w["report"].pk], {}),
    ("ehrenamt_admin:report_draft", lambda w: [w["report_without_draft"].pk], {}),
    ("ehrenamt_admin:report_preview", lambda w: [w["report"].pk], {}),
    ("ehrenamt_admin:report_release", lambda w: [w["report"].pk], lambda w: {"edition": w["report"].edition, "number": 1}),
    ("ehrenamt_admin:report_version", lambda w: [w["released"].report_id, w["released"].number], {}),
    ("ehrenamt_admin:report_pdf", lambda w: [w["released"].report_id, w["released"].number], {}),
    ("ehrenamt_admin:report_xlsx", lambda w: [w["released"].report_id, w["released"].number], {}),
    *register_rows("ehrenamt_wagtail_statusreport", "report", ("index", "create", "delete", "history")),
    (
        "ehrenamt_wagtail_statusreport_modeladmin_edit",
        lambda w: [w["report"].pk],
        lambda w: {"body-count": "0", "headlines-count": "0", "edition": w["report"].edition},
    ),
    *register_rows("ehrenamt_wagtail_brochure", "brochure"),
    *register_rows("ehrenamt_wagtail_thanksround", "thanks"),
    *register_rows("ehrenamt_wagtail_need", "need", ("index", "create", "edit", "delete", "history", "inspect")),
    *register_rows("ehrenamt_wagtail_datehold", "hold", ("index", "create", "edit", "delete", "inspect")),
    *register_rows("ehrenamt_wagtail_seatfigure", "seat_figure", ("index", "create", "edit", "delete", "inspect")),
    *register_rows("ehrenamt_wagtail_deletionrecord", "deletion", ("index", "create", "edit", "delete")),
    *register_rows("ehrenamt_wagtail_barrierreport", "barrier_report", ("index", "create", "edit", "delete", "inspect")),
    ("ehrenamt_wagtail_membership_modeladmin_invite", lambda w: [], lambda w: invitation(w["organisation"].pk)),
    ("ehrenamt_wagtail_membership_modeladmin_resend", lambda w: [w["membership"].pk], {}),
    ("ehrenamt_wagtail_membership_modeladmin_join", lambda w: [w["district"].pk], {}),
    *register_rows("ehrenamt_mails", "mail", ("index", "create", "edit", "delete", "inspect", "resend")),
    # Wagtail's own addresses for our pages.
    ("wagtailadmin_pages:edit", lambda w: [w["draft"].pk], lambda w: EDITOR_FORM),
    ("wagtailadmin_pages:view_draft", lambda w: [w["draft"].pk], {}),
    ("wagtailadmin_pages:preview_on_edit", lambda w: [w["draft"].pk], {}),
    ("wagtailadmin_pages:history", lambda w: [w["draft"].pk], {}),
    ("wagtailadmin_pages:delete", lambda w: [w["draft"].pk], {}),
    ("wagtailadmin_pages:unpublish", lambda w: [w["published"].pk], {}),
    (
        "wagtailadmin_pages:copy",
        lambda w: [w["draft"].pk],
        lambda w: {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": w["programme"].pk},
    ),
    ("wagtailadmin_pages:workflow_action", lambda w: [w["submitted"].pk, "approve", w["task_state"].pk], {}),
    # Pages.
    ("page: programme", lambda w: ["/programm/"], {}),
    ("page: month", lambda w: ["/programm/kalender/2027/3/"], {}),
    ("page: map", lambda w: ["/programm/karte/"], {}),
    ("page: in a frame", lambda w: ["/programm/einbetten/"], {}),
    ("page: code for a frame", lambda w: ["/programm/einbetten/code/"], {}),
    ("page: feed", lambda w: ["/programm/feed.atom"], {}),
    ("page: published", lambda w: ["/programm/offen/"], {}),
    ("page: dates", lambda w: ["/programm/offen/termin.ics"], {}),
    ("page: code", lambda w: ["/programm/offen/qr.svg"], {}),
    ("page: draft", lambda w: ["/programm/entwurf/"], {}),
    ("page: draft's dates", lambda w: ["/programm/entwurf/termin.ics"], {}),
    ("page: draft's code", lambda w: ["/programm/entwurf/qr.svg"], {}),
    ("page: circles", lambda w: ["/arbeitskreise/"], {}),
    ("page: circle", lambda w: [w["circle"].url], {}),
    ("page: accessibility statement", lambda w: [w["statement"].url], {}),
    ("page: status report", lambda w: [w["report_page"].url], {}),
    ("page: status report's PDF", lambda w: [f"{w['report_page'].url}pdf/"], {}),
    ("page: status report's figures", lambda w: [f"{w['report_page'].url}zahlen/"], {}),
    ("page: report a barrier", lambda w: [f"{w['statement'].url}barriere-melden/"], {"description": "Ein Bild sagt nichts."}),
    ("page: barrier reported", lambda w: [f"{w['statement'].url}barriere-melden/danke/"], {}),
]


def read_matrix() -> dict[tuple[str, str], list[str]]:
    rows = {}
    for line in MATRIX.read_text().splitlines() if MATRIX.exists() else []:
        if line.strip() and not line.startswith("#"):
            method, address, *answers = [cell.strip() for cell in line.split("|")]
            rows[address, method] = answers
    return rows


def answer(response, changed: bool) -> str:
    if response.status_code not in (301, 302, 303):
        return str(response.status_code)
    target = response["Location"]
    if target.startswith("/partner/login/"):
        return "sign in"
    if target.startswith("/verwaltung/login/"):
        return "admin"
    if target == "/verwaltung/":
        return "refused"
    if response.wsgi_request.method == "GET":
        return "moved"
    return "done" if changed else "declined"


def ask(world, name, args, method, data, actor) -> tuple[str, bool]:
    """The answer, and whether anything is different afterwards; everything is rolled back."""
    data = data(world) if callable(data) else data
    path = args(world)[0] if name.startswith("page:") else reverse(name, args=args(world))
    client = Client(raise_request_exception=True)
    if user := world["actors"][actor]:
        client.force_login(user)
    writing = Writing()
    with transaction.atomic(), connection.execute_wrapper(writing):
        response = client.get(path) if method == "GET" else client.post(path, data)
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
        # Reading all tables takes longer than most answers.
        changed = writing.happened and snapshot() != world["rows"]
        if name.startswith(("ehrenamt:", "page:")) and response.get("Content-Type", "").startswith("text/html"):
            # Public pages and the portal work under a strict Content Security Policy, in every state seen here.
            assert Inline(response.content.decode()).found == []
        transaction.set_rollback(True)
    return answer(response, changed), changed


class Writing:
    """Whether a statement was sent to the database that does not only read; sessions write as well."""

    READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

    def __init__(self) -> None:
        self.happened = False

    def __call__(self, execute, sql, *args):
        self.happened |= not sql.lstrip().startswith(self.READS)
        return execute(sql, *args)


def snapshot() -> dict:
    """What the app and Wagtail keep about our things; sessions and counters of log-in attempts are left out."""
    watched = [
        *apps.get_app_config("ehrenamt_wagtail").get_models(),
        *(apps.get_model("wagtailcore", name) for name in ("Page", "Revision", "TaskState", "WorkflowState", "PageLogEntry")),
        apps.get_model("auth", "User"),
    ]
    ignored = {"LoginLinkCount"}
    return {
        model.__name__: sorted(map(repr, model._default_manager.values_list(*fields_of(model))))
        for model in watched
        if model.__name__ not in ignored
    }


def fields_of(model) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in ("last_login", "password")]


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("name", "args", "data"), ADDRESSES, ids=[row[0] for row in ADDRESSES])
def test_address_answers_as_the_matrix_says(name, args, data, method, world, django_db_blocker):
    with django_db_blocker.unblock():
        compare_with_matrix(name, args, data, method, world)


def compare_with_matrix(name, args, data, method, world):
    answers, meddlers = [], []
    for actor in ACTORS:
        given, changed = ask(world, name, args, method, data, actor)
        answers.append(given)
        is_note = name in NOTED_BY_OPENING and method == "GET" and given == "200"
        if changed and (given != "done" or method == "GET") and name not in WRITES_FOR_ANYBODY and not is_note:
            meddlers.append(actor)
    if os.environ.get("PRINT_MATRIX"):
        cells = " | ".join(cell.ljust(11) for cell in answers)
        print(f"\nROW {method.ljust(4)} | {name.ljust(48)} | {cells}")
    else:
        assert answers == read_matrix()[name, method]
    assert meddlers == []


def our_names(resolver=None, namespace="") -> set[str]:
    names = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}"
            if "ehrenamt" in f"{name} {pattern.callback.__module__}":
                names.add(name)
        else:
            names |= our_names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
    return names


def test_every_address_of_the_app_has_a_row():
    listed = {name for name, _args, _data in ADDRESSES}
    assert our_names() - listed == set()
    expected_rows = {(name, method) for name in listed for method in ("GET", "POST")}
    assert set(read_matrix()) == expected_rows


def test_matrix_has_one_answer_for_each_actor():
    for (name, method), answers in read_matrix().items():
        assert len(answers) == len(ACTORS), f"{method} {name}"
        assert all(re.fullmatch(r"200|403|404|405|sign in|admin|refused|declined|moved|done", cell) for cell in answers), name
