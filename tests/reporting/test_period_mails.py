"""The mails about a period, read as text and as HTML; what is over is not told any more."""

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from ehrenamt_wagtail.formatting import long_date
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import Membership, OutgoingMail, ProgrammePeriod
from ehrenamt_wagtail.reporting import actions
from tests.factories import OrganisationFactory, coordinator_user, draft_offering, member_of, published_offering

from .periods import day, make_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site", "queued_jobs")]

MESSAGE = "Gesucht sind Abende zu <Wohnen> & Arbeit.\n\nMehr unter www.landkreis.example/programm"


@pytest.fixture
def organisation():
    organisation = OrganisationFactory(name="Caritas & Söhne")
    member_of(organisation, first_name="Anna", last_name="Kühn")
    return organisation


@pytest.fixture
def period(organisation):
    period = make_period(name="Programm bis Juli", message=MESSAGE)
    actions.call_for_contributions(period, actor=coordinator_user())
    return ProgrammePeriod.objects.get(pk=period.pk)


def newest() -> OutgoingMail:
    return OutgoingMail.objects.order_by("-pk").first()


def remind(period, days: int = 14) -> OutgoingMail:
    now = timezone.make_aware(dt.datetime.combine(period.deadline - dt.timedelta(days=days), dt.time(8)))
    assert actions.remind_organisations(now=now) == 1
    return newest()


def html_text(rendered) -> str:
    return " ".join(BeautifulSoup(rendered.html, "html.parser").get_text(" ").split())


def plain(rendered) -> str:
    return " ".join(rendered.text.split())


def test_call_says_until_when_for_which_days_and_where(period):
    rendered = render(newest())
    deadline = long_date(period.deadline)
    assert rendered.subject == f"Ihre Beiträge zu „Programm bis Juli“ bis {deadline}"
    text = plain(rendered)
    assert "Guten Tag Anna Kühn," in text
    assert "was plant Caritas & Söhne für Ehrenamtliche?" in text
    assert f"bis {deadline}" in text
    assert "Gesucht sind Abende zu <Wohnen> & Arbeit." in text
    assert re.search(r"https?://\S+/partner/angebote/neu/", text)
    assert "Veranstaltung melden:" in text
    assert "Haben Sie dieses Mal nichts?" in text
    assert "weil Sie für Caritas & Söhne" in text
    shown = html_text(rendered)
    for part in (deadline, "Gesucht sind Abende zu <Wohnen> & Arbeit.", "Veranstaltung melden", "gedruckte Programmheft"):
        assert part in shown
    assert "<Wohnen>" not in rendered.html


def test_call_without_a_message_leaves_no_gap(period):
    ProgrammePeriod.objects.update(message="")
    rendered = render(newest())
    assert "\n\n\n" not in rendered.text
    assert "border-left:4px" not in rendered.html


def test_call_is_not_sent_after_the_deadline_or_to_who_left(period, organisation):
    mail = newest()
    Membership.objects.all().delete()
    assert render(mail) is None
    member_of(organisation)
    assert render(mail) is None
    Membership.objects.create(user=mail.user, organisation=organisation)
    assert render(mail) is not None
    actions.close_period(period, actor=coordinator_user())
    assert render(mail) is None


def test_reminder_names_drafts_that_lie_around(period, organisation):
    mail = remind(period)
    text = plain(render(mail))
    assert "Von Caritas & Söhne ist" in text and "noch nichts gemeldet" in text
    assert "/partner/angebote/neu/" in text
    at = timezone.make_aware(dt.datetime.combine(day(100), dt.time(19)))
    draft_offering(organisation=organisation, dates=[at])
    assert "Caritas & Söhne hat 1 Entwurf" in plain(render(mail))
    draft_offering(organisation=organisation, dates=[at])
    rendered = render(mail)
    assert "Caritas & Söhne hat 2 Entwürfe" in plain(rendered)
    assert "Caritas & Söhne hat 2 Entwürfe" in html_text(rendered)
    # The way leads to the drafts, not to another one.
    assert re.search(r"https?://\S+/partner/\n", rendered.text) and "/partner/angebote/neu/" not in rendered.text
    assert long_date(period.deadline) in plain(rendered)


def test_reminder_says_how_long_it_still_is(period, monkeypatch):
    mail = remind(period)
    for left, words in ((14, "in 14 Tagen"), (1, "morgen"), (0, "heute")):
        now = timezone.make_aware(dt.datetime.combine(period.deadline - dt.timedelta(days=left), dt.time(8)))
        monkeypatch.setattr(timezone, "now", lambda moment=now: moment)
        assert render(mail).subject == f"Redaktionsschluss {words}: „Programm bis Juli“"
    now += dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert render(mail) is None


def test_reminder_is_not_sent_once_there_is_an_entry_or_answer(period, organisation):
    mail = remind(period)
    member = organisation.memberships.first().user
    actions.answer_nothing(period, organisation, actor=member)
    assert render(mail) is None
    actions.take_answer_back(period, organisation, actor=member)
    assert render(mail) is not None
    published_offering(organisation=organisation, dates=[timezone.make_aware(dt.datetime.combine(day(100), dt.time(19)))])
    assert render(mail) is None


def test_mails_have_labels_for_the_register(period):
    assert str(newest()).startswith("Aufruf zu Beiträgen")
    assert str(remind(period)).startswith("Erinnerung an den Redaktionsschluss")
