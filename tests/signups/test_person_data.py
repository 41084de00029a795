"""What is stored about an address is told in full and forgotten on request, wherever it stands, in later tables too."""

import io
import json
import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import EmailField, TextField
from django.utils import timezone
from wagtail.models import Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.needs import report_need
from ehrenamt_wagtail.management.commands.ehrenamt_erase_person import WHOM_TO_ASK
from ehrenamt_wagtail.models import DeletionRecord, SignUp
from ehrenamt_wagtail.portal.actions import request_login_link
from ehrenamt_wagtail.signups.erasure import erase
from ehrenamt_wagtail.signups.person_data import data_about, places_of
from tests.factories import (
    CoordinatorFactory,
    MunicipalityFactory,
    OrganisationFactory,
    UserFactory,
    circle_page,
    draft_offering,
    in_days,
    member_of,
    offering_with_sign_up,
    published_offering,
    sign_up_of,
)
from tests.signups.held import full_sign_up

pytestmark = pytest.mark.django_db

ADDRESS = "quitte.quarz@post.example"
APP = "ehrenamt_wagtail"
# Deleted with the address; every other mail address of the app is somebody's published contact, and the command says whose.
FORGOTTEN = {"SignUp", "OutgoingMail", "BarrierReport"}
# Names of things that the code looks up.
NO_TEXT = {"OutgoingMail.template"}


def email_fields():
    return [
        (model, field)
        for model in apps.get_app_config(APP).get_models()
        for field in model._meta.local_fields
        if isinstance(field, EmailField)
    ]


def columns_with(address: str) -> set[str]:
    """Every column of every table in which the address stands, as the database has it, whoever reads it."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if re.match("wagtailsearch|modelsearch", table):
                # Words of pages, which follow the pages.
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found |= {f"{table}.{name}" for name, value in zip(names, row, strict=True) if address.lower() in str(value).lower()}
    return found


def columns_of(places) -> set[str]:
    found = set()
    for place in places:
        label, _dot, field = place.label.rpartition(".")
        model = apps.get_model(label)
        found.add(f"{model._meta.db_table}.{model._meta.get_field(field).column}")
    return found


def run(command, *arguments) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def planted():
    """The address in every mail field of the app, in free texts, in drafts, and at an account with all that it wrote."""
    organisation = OrganisationFactory(kind="circle")
    user = member_of(organisation, email=ADDRESS)
    MunicipalityFactory()
    CoordinatorFactory()
    circle_page(organisation=organisation)
    report_need(organisation=organisation, actor=user, title="Wohnungen", description=f"Bitte an {ADDRESS} schreiben.")
    models.PrivacyNotice.objects.create(organisation=organisation, controller=f"Verein, {ADDRESS}")
    draft_offering(contact_email=ADDRESS, organisation=organisation)
    statement = models.AccessibilityStatementPage(title="Barrierefreiheit", report_email=ADDRESS)
    Site.objects.get(is_default_site=True).root_page.add_child(instance=statement)
    models.BarrierReport.objects.create(statement=statement, description=f"Antwort bitte an {ADDRESS}", email=ADDRESS)
    page, plan = offering_with_sign_up(page=published_offering(organisation=organisation), capacity=2)
    row = full_sign_up(plan, email=ADDRESS.upper(), needs=f"Bitte an {ADDRESS}")
    models.Answer.objects.update(text=ADDRESS)
    request = models.SupervisionRequest.objects.create(
        offering_id=page.pk, supervisor=UserFactory(), organisation=organisation, requested_by=user
    )
    request.messages.create(author=user, text=f"Antworten Sie mir unter {ADDRESS}.")
    request_login_link(ADDRESS)
    for model, field in email_fields():
        first = model._base_manager.order_by("pk").first()
        assert first is not None, f"{model.__name__}.{field.name}: plant one here, and treat it in the commands"
        if not model._base_manager.filter(**{f"{field.name}__iexact": ADDRESS}).exists():
            model._base_manager.filter(pk=first.pk).update(**{field.name: ADDRESS})
    return row


def test_every_mail_field_of_the_app_is_treated():
    treated = FORGOTTEN | set(WHOM_TO_ASK)
    assert {f"{model.__name__}.{field.name}" for model, field in email_fields() if model.__name__ not in treated} == set()


def test_everything_about_an_address_is_told(planted):
    stored = columns_with(ADDRESS)
    told = columns_of(places_of(ADDRESS.title()))
    deleted = ("signup.email", "outgoingmail.address", "barrierreport.email", "barrierreport.description")
    elsewhere = {f"{APP}_{column}" for column in deleted}
    assert stored == told | elsewhere
    assert {f"{model._meta.db_table}.{field.column}" for model, field in email_fields()} <= stored

    data = json.loads(run("ehrenamt_person_data", ADDRESS.title(), "--json"))
    (sign_up,) = data["sign_ups"]
    (person,) = sign_up["people"]
    assert person["name"] == "Erika Muster" and len(person["present_marked_at"]) == 1
    assert person["certificates"][0]["initials"] == "E. M."
    assert sign_up["answers"] == [{"question": "Was essen Sie?", "answer": ADDRESS}]
    assert sign_up["needs"]["text"] == f"Bitte an {ADDRESS}"
    assert sign_up["notices"][0]["text"] == "Bitte hinter dem Haus."
    assert sign_up["dates"][0]["start"][:10] == str(in_days(10).date())
    assert data["confirmation_mails"] and data["sign_in_links"] and data["mails"]
    (account,) = data["accounts"]
    written = json.dumps(account["written"], ensure_ascii=False)
    assert "Antworten Sie mir unter" in written and "Wohnungen" in written and str(models.Organisation.objects.first()) in written
    assert "pbkdf2" not in json.dumps(data)


def test_readable_text_says_the_same_in_words(planted):
    text = run("ehrenamt_person_data", ADDRESS)
    for words in ("Erika Muster", "Was essen Sie?", "E. M.", "Antworten Sie mir unter", "Bitte hinter dem Haus."):
        assert words in text
    unknown = run("ehrenamt_person_data", "niemand@post.example")
    assert "Erika" not in unknown and unknown.count("nichts") >= 5


def test_telling_needs_the_whole_address_and_is_no_pattern(planted):
    assert data_about("quarz@post.example")["sign_ups"] == []
    assert data_about("quitte_quarz@post.example")["sign_ups"] == []
    assert data_about("%")["places"] == [] and data_about("%")["sign_ups"] == []


def test_forgetting_leaves_only_what_it_names(planted):
    text = run("ehrenamt_erase_person", ADDRESS, "--yes")
    kept = columns_of(places_of(ADDRESS))
    stored = columns_with(ADDRESS)
    assert stored == kept
    gone = {"signup", "outgoingmail", "answer", "accessneeds", "participant"}
    assert not {column for column in stored if column.partition(".")[0].removeprefix(f"{APP}_") in gone}
    assert not SignUp.objects.exists() and not models.ConfirmationCount.objects.exists() and not models.LoginLinkCount.objects.exists()
    for model, _field in email_fields():
        if model.__name__ not in FORGOTTEN:
            assert WHOM_TO_ASK[model.__name__] in text, model
    account = get_user_model().objects.get(email=ADDRESS)
    assert f"account {account.username} (acts for {models.Organisation.objects.first()}; ask there first)" in text
    certificate = models.Certificate.objects.get()
    assert (certificate.participant, certificate.initials) == (None, "E. M.")
    record = DeletionRecord.objects.get()
    assert record.reason == "request" and record.counts["SignUp"] == 1
    assert ADDRESS not in str(record.counts)


def test_forgetting_asks_first(planted, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "ja vielleicht")
    before = columns_with(ADDRESS)
    with pytest.raises(CommandError, match="Nothing was deleted"):
        run("ehrenamt_erase_person", ADDRESS)
    assert columns_with(ADDRESS) == before and not DeletionRecord.objects.exists()
    monkeypatch.setattr("builtins.input", lambda prompt: "yes")
    assert "Done" in run("ehrenamt_erase_person", ADDRESS)
    assert not SignUp.objects.exists()


def test_seat_of_a_forgotten_person_is_offered_to_the_next_without_a_mail_to_them():
    _page, plan = offering_with_sign_up(capacity=1)
    sign_up_of(plan, name="Erika Muster", email=ADDRESS)
    waiting = sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    # Written differently, and on another offering's waiting list.
    _page, other = offering_with_sign_up(capacity=1)
    sign_up_of(other, name="Petra", email="petra@post.example")
    sign_up_of(other, name="Erika Muster", email=ADDRESS.title())
    erased = erase(f" {ADDRESS.upper()} ")
    assert erased.cancelled == 2 and erased.counts["SignUp"] == 2
    waiting.refresh_from_db()
    assert waiting.status == SignUp.Status.OFFERED
    assert SignUp.objects.count() == 2
    assert models.OutgoingMail.objects.filter(template="signups/offer").get().address == "otto@post.example"
    assert not models.OutgoingMail.objects.filter(address__iexact=ADDRESS).exists()
    assert erase(ADDRESS).counts == {}


def test_figures_of_a_past_evening_keep_counting_a_forgotten_person():
    page, plan = offering_with_sign_up(page=published_offering(dates=[in_days(3)]), capacity=4)
    full_sign_up(plan, email=ADDRESS)
    sign_up_of(plan, name="Otto Muster", email="otto@post.example")
    erase(ADDRESS, now=in_days(5))
    figure = models.SeatFigure.objects.get()
    assert (figure.taken, figure.attended, figure.is_final) == (2, 1, True)
    assert SignUp.objects.get().email == "otto@post.example"


def test_forgetting_a_participant_of_a_supervision_names_nobody_in_the_record(planted):
    page = published_offering(model=models.SupervisionPage)
    models.SupervisionSetup.objects.create(offering_id=page.pk, form="single", supervisor=UserFactory())
    _page, plan = offering_with_sign_up(page=page)
    sign_up_of(plan, name="Xaver Xylo", email=ADDRESS)
    text = run("ehrenamt_erase_person", ADDRESS, "--yes")
    assert "Xaver" not in text
    assert "Xaver" not in str(list(DeletionRecord.objects.values()))
    assert not models.Participant.objects.filter(name="Xaver Xylo").exists()


def test_free_texts_of_the_app_are_searched():
    """Each long text of the app is found when it contains the address."""
    organisation = OrganisationFactory()
    circle_page(organisation=organisation)
    page, plan = offering_with_sign_up(page=published_offering(organisation=organisation))
    full_sign_up(plan)
    user = member_of(organisation)
    report_need(organisation=organisation, actor=user, title="Wohnungen", description="Ein Abend")
    models.PrivacyNotice.objects.create(organisation=organisation, controller="Verein")
    models.Notice.objects.update(at=timezone.now())
    for model in apps.get_app_config(APP).get_models():
        for field in model._meta.local_fields:
            row = model._base_manager.order_by("pk").first()
            if type(field) is not TextField or row is None or f"{model.__name__}.{field.name}" in NO_TEXT:
                continue
            model._base_manager.filter(pk=row.pk).update(**{field.name: f"Schreiben Sie an {ADDRESS}!"})
    # What the databases look into for a search repeats the words of what is listed.
    repeating = (f"{APP}_listedsearch.", f"{APP}_listedoffering.search")
    stored = {column for column in columns_with(ADDRESS) if not column.startswith(repeating)}
    assert len(stored) > 15
    assert columns_of(places_of(ADDRESS)) == stored
