"""What else is planned, beside the form and while somebody types."""

import datetime as dt

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.plans import plan_of
from ehrenamt_wagtail.models import Occurrence, PlannedDate, SupervisionPage, TrainingPage
from ehrenamt_wagtail.portal.forms.editor import Editor
from ehrenamt_wagtail.portal.forms.plan import read_plan
from ehrenamt_wagtail.programme.actions import cancel
from tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    TopicFactory,
    VenueFactory,
    build_offering,
    circle_page,
    draft_offering,
    in_days,
    published_offering,
)
from tests.portal.helpers import NEW, day, facts, form_data, messages_of, soup, text_of

pytestmark = pytest.mark.django_db
CHECK = "/partner/angebote/pruefen/?art=fortbildung"


@pytest.fixture
def town(db):
    return MunicipalityFactory(name="Herrenberg")


@pytest.fixture
def other(site, town):
    """Another organisation's draft supervision in twenty days at seven."""
    church = OrganisationFactory(name="Evang. Kirchenbezirk", kind="church", municipality=town)
    return draft_offering(model=SupervisionPage, organisation=church, title="Geheimer Titel", dates=[in_days(20)])


def posted(town, **changes) -> dict:
    """A form of which little is filled in, as the script sends it."""
    data = {
        "title": "",
        "mode": "on_site",
        "municipality": str(town.pk),
        "dates-TOTAL_FORMS": "1",
        "dates-INITIAL_FORMS": "0",
        "dates-0-date": day(20),
        "dates-0-start_time": "19:30",
    }
    return data | {name.replace("__", "-"): value for name, value in changes.items()}


def test_check_names_what_others_plan_without_its_title(client, other, town):
    text = text_of(client.post(CHECK, posted(town)))
    assert "Supervision, Herrenberg, Evang. Kirchenbezirk (Entwurf)" in text
    assert "Geheimer Titel" not in text


def test_check_gives_all_reasons_whose_points_make_the_score(client, other, town):
    row = soup(client.post(CHECK, posted(town))).select_one(".ehrenamt-check__row")
    lines = [line.get_text(" ", strip=True) for line in row.select(".ehrenamt-check__reasons li")]
    points = [int(line.split()[-2]) for line in lines[:-1]]
    assert lines[-1] == f"Zusammen {min(100, sum(points))} von 100"
    assert len(points) >= 2


def test_check_marks_a_strong_clash_by_word_and_shape_and_puts_it_first(client, other, town, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CLASH_STRONG": 1}
    row = soup(client.post(CHECK, posted(town))).select_one(".ehrenamt-check__row--strong")
    mark = row.select_one(".ehrenamt-check__mark")
    assert mark.get_text(strip=True) == "Starke Überschneidung"
    assert mark.select_one("svg") is not None


def test_check_answers_a_part_of_a_page_and_saves_nothing(client, other, town):
    before = list(PlannedDate.objects.values_list())
    response = client.post(CHECK, posted(town, title="Ein Titel"))
    assert b"<html" not in response.content
    assert response["Cache-Control"] == "private, no-store"
    assert list(PlannedDate.objects.values_list()) == before
    assert not TrainingPage.objects.exists()


def test_check_invites_while_there_is_no_date(client, town):
    text = text_of(client.post(CHECK, posted(town, dates__0__date="", dates__0__start_time="")))
    assert text.startswith("Tragen Sie Tag und Uhrzeit ein")


def test_check_says_when_nothing_clashes(client, town):
    assert "Nichts überschneidet sich." in text_of(client.post(CHECK, posted(town, dates__0__date="2031-02-04")))


def test_check_does_not_call_a_past_day_free(client, town):
    response = client.post(CHECK, posted(town, **{"dates__0__date": day(-20)}))
    assert "Alle Termine sind vorbei" in text_of(response)
    assert "Nichts überschneidet sich" not in text_of(response)
    assert soup(response).select_one("[data-ehrenamt-summary]")["data-ehrenamt-summary"] == "Alle Termine sind vorbei."


def test_check_leaves_out_bad_dates_and_says_so(client, other, town):
    rows = {
        "dates__TOTAL_FORMS": "4",
        "dates__1__date": "31.02.2031",
        "dates__1__start_time": "19:00",
        "dates__2__date": day(30),
        "dates__3__date": "2027-03-28",
        "dates__3__start_time": "02:30",
    }
    text = text_of(client.post(CHECK, posted(town, **rows)))
    assert "Evang. Kirchenbezirk" in text
    assert "Termin 2 ist nicht mitgeprüft: Diesen Tag gibt es nicht." in text
    assert "Termin 3 ist nicht mitgeprüft: Geben Sie ein, wann es beginnt" in text
    assert "Termin 4 ist nicht mitgeprüft: Diese Uhrzeit gibt es nicht" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"municipality": "x", "venue": "y", "topics": ["z", "9" * 30], "mode": "beamen", "training_format": "tanz"},
        {"municipality": "99999999", "venue": "99999999", "topics": ["99999999"], "dates-0-venue": "x", "dates-0-mode": "x"},
        {"dates-TOTAL_FORMS": "x"},
        {"dates-TOTAL_FORMS": "100000"},
        {"dates-0-date": "x" * 5000, "title": "\x00", "dates-0-uid": "kein"},
    ],
    ids=["words", "unknown keys", "no number", "too many", "long"],
)
def test_check_survives_wrong_input(client, other, town, wrong):
    response = client.post(CHECK, {**posted(town), **wrong})
    assert response.status_code == 200
    assert soup(response).select_one(".ehrenamt-check__part") is not None


def test_check_does_not_compare_an_offering_with_itself(client, organisation, town):
    own = draft_offering(organisation=organisation, municipality=town, dates=[in_days(20)])
    address = f"/partner/angebote/pruefen/?angebot={own.pk}"
    assert "Nichts überschneidet sich." in text_of(client.post(address, posted(town)))
    assert "Caritasverband (Entwurf)" in text_of(client.post(CHECK, posted(town)))


def test_check_of_anothers_offering_or_an_unknown_kind_answers_404(client, other, town):
    for query in (f"angebot={other.pk}", "angebot=x", f"angebot={'9' * 30}", "art=tanz", ""):
        assert client.post(f"/partner/angebote/pruefen/?{query}", posted(town)).status_code == 404, query


def test_check_by_get_is_refused(client):
    assert client.get(CHECK).status_code == 405


def test_check_keeps_nothing_after_the_log_in_has_run_out(site, town):
    client = Client()
    response = client.post(CHECK, posted(town, title="Getippt"))
    assert response["Location"] == reverse("ehrenamt:login")
    assert "ehrenamt_unsent" not in client.session


def test_check_needs_the_csrf_token(person, town):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(CHECK, posted(town)).status_code == 403


def test_check_asks_the_same_questions_however_much_is_planned(client, site, town):
    client.post(CHECK, posted(town))
    numbers = []
    for wanted in (1, 3, 30):
        for number in range(PlannedDate.objects.count(), wanted):
            church = OrganisationFactory(municipality=town)
            draft_offering(organisation=church, title=f"Abend {number}", dates=[in_days(20)], topics=[TopicFactory()])
        data = {}
        for row in range(wanted):
            data |= {f"dates-{row}-date": day(20 + row), f"dates-{row}-start_time": "19:00"}
            data[f"dates-{row}-venue"] = str(VenueFactory().pk)
        with CaptureQueriesContext(connection) as counted:
            client.post(CHECK, posted(town, **{"dates-TOTAL_FORMS": str(wanted)}, **data))
        numbers.append(len(counted))
    assert numbers == [numbers[0]] * 3


# The form


def test_button_keeps_what_was_typed_and_shows_the_answer(client, other, town):
    data = form_data(client.get(NEW), **facts(municipality=str(town.pk), summary="Halb fertig", title=""), action="check")
    response = client.post(NEW, data)
    section = soup(response).select_one("section#check")
    assert section.has_attr("data-ehrenamt-focus")
    assert "Evang. Kirchenbezirk (Entwurf)" in section.get_text(" ", strip=True)
    assert soup(response).select_one("[name=summary]").get_text(strip=True) == "Halb fertig"
    assert soup(response).select_one("[name=dates-0-date]")["value"] == day(20)
    assert not soup(response).select(".ehrenamt-field__error")
    assert not TrainingPage.objects.exists()


def test_button_leads_to_the_section(client, site):
    button = soup(client.get(NEW)).select_one("button[value=check]")
    assert button["formaction"].endswith("#check")


def test_button_on_an_existing_offering_saves_nothing(client, other, organisation, town):
    own = draft_offering(organisation=organisation, municipality=town, dates=[in_days(5)])
    address = reverse("ehrenamt:offering-edit", args=[own.pk])
    page = client.get(address)
    assert "Evang. Kirchenbezirk" not in text_of(page)
    response = client.post(address, form_data(page, dates__0__date=day(20), title="Neuer Titel", action="check"))
    assert "Evang. Kirchenbezirk (Entwurf)" in text_of(response)
    assert soup(response).select_one("[name=title]")["value"] == "Neuer Titel"
    own.refresh_from_db()
    assert own.get_latest_revision_as_object().title == "Grundlagen des Asylrechts"


def test_form_shows_at_once_what_competes_with_a_saved_draft(client, other, organisation, town):
    own = draft_offering(organisation=organisation, municipality=town, dates=[in_days(20)])
    text = soup(client.get(reverse("ehrenamt:offering-edit", args=[own.pk]))).select_one("section#check").get_text(" ", strip=True)
    assert "Supervision, Herrenberg, Evang. Kirchenbezirk (Entwurf)" in text


def test_form_does_not_compare_cancelled_dates(client, other, organisation, town, person):
    own = published_offering(organisation=organisation, municipality=town, dates=[in_days(20), in_days(60)])
    cancelled = own.occurrences.order_by("starts_at").first()
    cancel(own, actor=person, occurrence_uid=cancelled.uid, reason="Krank")
    address = reverse("ehrenamt:offering-edit", args=[own.pk])
    page = client.get(address)
    assert "Evang. Kirchenbezirk" not in text_of(page)
    assert "Evang. Kirchenbezirk" not in text_of(client.post(address, form_data(page, action="check")))


def test_form_of_a_circle_has_no_such_section(client, organisation):
    circle = circle_page(organisation=organisation)
    assert soup(client.get(reverse("ehrenamt:circle-edit", args=[circle.pk]))).select_one("section#check") is None


# Reading the form


def test_plan_read_from_the_form_is_the_plan_of_the_page_saved_from_it(person, organisation):
    venue, hall = VenueFactory(latitude=48.7, longitude=9.0), VenueFactory()
    topics = [TopicFactory(), TopicFactory()]
    whole_day = Occurrence(start_date=in_days(9).date(), end_date=in_days(10).date())
    page = build_offering(
        organisation=organisation,
        venue=venue,
        topics=[],
        training_format="workshop",
        audience="Alle  Ehrenamtlichen",
        contents="Was wir tun.",
        dates=[whole_day, Occurrence(start=in_days(8), end=in_days(8) + dt.timedelta(hours=1), venue=hall, mode="both")],
    )
    data = QueryDict(mutable=True)
    editor = Editor(page, actor=person, organisation=organisation)
    for form in editor.all_forms:
        for part in getattr(form, "forms", [form]):
            for field in part:
                value = field.value()
                if value not in (None, "", False, [], ()):
                    data.setlist(field.html_name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    data["dates-TOTAL_FORMS"], data["dates-INITIAL_FORMS"] = "2", "0"
    data["mode"] = "on_site"
    data.setlist("topics", [str(topic.pk) for topic in topics])
    sent = Editor(TrainingPage(organisation=organisation), actor=person, organisation=organisation, data=data)
    assert sent.is_valid(), [form.errors for form in sent.all_forms]
    saved = TrainingPage(organisation=organisation)
    sent.apply(saved)
    expected = plan_of(saved, topics=[topic.pk for topic in topics])
    read = read_plan(data, TrainingPage(organisation=organisation), organisation)
    assert [without_uid(span) for span in read.plan.dates] == [without_uid(span) for span in expected.dates]
    for name in ("place", "topics", "audience", "kind", "title", "text", "organisation_id"):
        assert getattr(read.plan, name) == getattr(expected, name), name
    assert read.left_out == ()


def without_uid(span):
    return (span.starts_at, span.ends_at, span.is_all_day, span.has_end, span.place)


def test_plan_reads_no_more_dates_than_an_offering_may_have(organisation):
    rows = {f"dates-{row}-date": day(20) for row in range(conf.MAX_OCCURRENCES + 5)}
    data = QueryDict(mutable=True)
    data.update(rows | {"dates-TOTAL_FORMS": str(len(rows)), "dates-INITIAL_FORMS": "0"})
    assert len(read_plan(data, TrainingPage(organisation=organisation), organisation).left_out) == conf.MAX_OCCURRENCES


def test_messages_of_a_failed_save_leave_the_answer_in_place(client, other, town):
    response = client.post(NEW, form_data(client.get(NEW), **facts(municipality=str(town.pk), title=""), action="save"))
    assert "Gespeichert ist noch nichts" in messages_of(response)
    assert "Evang. Kirchenbezirk (Entwurf)" in soup(response).select_one("section#check").get_text(" ", strip=True)
