"""What the reviewer sees of what competes, and the return with another date or joining forces by one click."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ehrenamt_wagtail.models import DateHold, JoinProposal, Occurrence, ReviewDecision
from ehrenamt_wagtail.review.actions import approve, submit_for_review
from ehrenamt_wagtail.review.competition import DATE, END, JOIN, START, ask_for
from ehrenamt_wagtail.review.proposals import when_proposed
from tests import factories
from tests.review.helpers import texts

pytestmark = pytest.mark.django_db


def address(task_state, **parameters):
    return reverse("ehrenamt_admin:review", args=[task_state.pk], query=parameters)


def reverse_query(address: str) -> dict:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def town(site):
    return factories.MunicipalityFactory(name="Böblingen")


@pytest.fixture
def topic(site):
    return factories.TopicFactory(name="Wohnen")


@pytest.fixture
def submitted(town, topic):
    """A training that clashes strongly with what others plan on the same evening; its page and task state."""
    organisation = factories.OrganisationFactory(name="Caritas", municipality=town)
    date = Occurrence(start=factories.in_days(30), end=factories.in_days(30, 21))
    return factories.submitted_offering(organisation=organisation, topics=[topic], dates=[date], title="Wohnung finden")


def other_plan(town, topic, make=factories.draft_offering, **facts):
    organisation = facts.pop("organisation", None) or factories.OrganisationFactory(municipality=town)
    facts = {"title": "Geheimer Titel", "dates": [factories.in_days(30)], "topics": [topic], **facts}
    return make(organisation=organisation, **facts)


def shown(client, task_state, **parameters):
    return client.get(address(task_state, **parameters)).context["competition"]


def typed(form) -> dict:
    """What a browser sends of the form as it is shown."""
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list):
            data[field.html_name] = [str(part) for part in value]
        elif value not in (None, ""):
            data[field.html_name] = value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
    return data


def returning(task_state, **data):
    return {"action": "return", "revision_id": task_state.revision_id, "return-reasons": ["date_clash"], **data}


def proposing(task_state, page, day, start="19:00", end="21:00", uid=None):
    return returning(
        task_state,
        **{
            "return-proposed_for": str(uid or page.occurrences.get().uid),
            "return-proposed_date": str(day),
            "return-proposed_start_time": start,
            "return-proposed_end_time": end,
        },
    )


def in_local_days(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


# The panel


def test_draft_of_others_is_shown_with_score_reasons_and_editor(admin_client, submitted, town, topic):
    _page, task_state = submitted
    draft = other_plan(town, topic)
    row = shown(admin_client, task_state).clashes[0]
    assert "Geheimer Titel" in row.sentence
    assert row.score == sum(reason.points for reason in row.reasons)
    assert (row.level, [url for _label, url in row.links]) == ("strong", [reverse("wagtailadmin_pages:edit", args=[draft.pk])])
    html = admin_client.get(address(task_state)).content.decode()
    assert all(reason.text in html for reason in row.reasons)


def test_waiting_offering_links_to_its_review_and_published_one_to_its_page(admin_client, submitted, town, topic):
    _page, task_state = submitted
    _waiting, its_review = other_plan(town, topic, factories.submitted_offering, title="Wartet")
    public = other_plan(town, topic, factories.published_offering, title="Offen")
    addresses = [url for row in shown(admin_client, task_state).clashes for _label, url in row.links]
    assert address(its_review) in addresses
    assert public.url in addresses
    assert address(task_state) not in addresses


def test_circle_page_has_no_panel(admin_client):
    organisation = factories.OrganisationFactory(kind="circle")
    member = factories.member_of(organisation)
    circle = factories.circle_page(organisation=organisation, live=False)
    task_state = submit_for_review(circle, actor=member)
    response = admin_client.get(address(task_state))
    assert response.context["competition"] is None
    assert 'id="competition' not in response.content.decode()
    assert "proposed_date" not in response.context["return_form"].fields


def test_nothing_that_competes_is_said(admin_client, submitted, monkeypatch):
    # Christmas holidays and the like compete as well, whenever the test runs.
    monkeypatch.setattr("ehrenamt_wagtail.coordination.clashes.day_matches", lambda *args, **kwargs: [])
    _page, task_state = submitted
    response = admin_client.get(address(task_state))
    assert (response.context["competition"].clashes, response.context["competition"].partners) == ((), ())
    assert "Nothing competes with it" in response.content.decode() or "Nichts überschneidet sich" in response.content.decode()


def test_reason_of_the_organisation_stands_in_the_panel(admin_client, submitted):
    _page, task_state = submitted
    assert "Nur an diesem Abend kann die Referentin." in admin_client.get(address(task_state)).content.decode()


def test_decided_submission_shows_no_panel(admin_client, submitted):
    _page, task_state = submitted
    approve(task_state, actor=factories.coordinator_user())
    assert shown(admin_client, task_state) is None


@pytest.mark.thorough
def test_number_of_queries_does_not_depend_on_how_much_competes(admin_client, submitted, town, topic):
    _page, task_state = submitted
    counts = []
    for number in (1, 2, 9):
        for _each in range(number):
            other_plan(town, topic, factories.submitted_offering, title=f"Abend {number}")
        admin_client.get(address(task_state))
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(address(task_state))
        counts.append(len(captured))
    assert counts[0] == counts[1] == counts[2]


# One click on another date


def test_click_on_a_free_date_fills_the_form_and_one_more_returns_it(admin_client, submitted, town, topic, coordinator):
    page, task_state = submitted
    other_plan(town, topic)
    other = shown(admin_client, task_state).other_dates[0]
    response = admin_client.get(address(task_state) + other.url.split("#")[0])
    form = response.context["return_form"]
    assert form.has_proposal
    with translation.override("de"):
        data = {"action": "return", "revision_id": task_state.revision_id, **typed(form)}
    admin_client.post(address(task_state), data)
    decision = ReviewDecision.objects.get()
    wished = reverse_query(other.url)
    assert decision.reasons == ["date_clash"]
    assert timezone.localtime(decision.proposed_start).strftime("%Y-%m-%dT%H:%M") == wished[START]
    assert timezone.localtime(decision.proposed_end).strftime("%Y-%m-%dT%H:%M") == wished[END]
    assert str(decision.proposed_for) == wished[DATE]
    assert other.when in decision.comment
    hold = DateHold.objects.get()
    assert (hold.offering_id, hold.start, hold.end) == (page.pk, decision.proposed_start, decision.proposed_end)
    assert (hold.organisation_id, hold.created_by, hold.municipality) == (page.organisation_id, coordinator, town)


def test_comment_of_the_click_follows_a_date_that_is_changed_by_hand(admin_client, submitted, town, topic):
    _page, task_state = submitted
    other_plan(town, topic)
    other = shown(admin_client, task_state).other_dates[0]
    form = admin_client.get(address(task_state) + other.url.split("#")[0]).context["return_form"]
    with translation.override("de"):
        data = {"action": "return", "revision_id": task_state.revision_id, **typed(form)}
    data |= {"return-proposed_start_time": "17:15", "return-proposed_end_time": "18:45"}
    admin_client.post(address(task_state), data)
    decision = ReviewDecision.objects.get()
    wished = when_proposed(decision)
    assert wished.endswith("17:15–18:45 Uhr")
    assert other.when not in decision.comment
    assert decision.comment.endswith(f"Passt Ihnen stattdessen {wished}?")
    assert "Zur selben Zeit" in decision.comment


@pytest.mark.parametrize("comment", ["", "Passt Ihnen ein anderer Tag?", "Bitte im März, nicht im Mai."])
def test_own_words_are_left_as_they_are(comment):
    assert ask_for(comment, "Donnerstag, 14. März 2027, 19–21 Uhr") == comment


def test_comment_reveals_nothing_that_the_organisation_may_not_read(admin_client, submitted, town, topic):
    _page, task_state = submitted
    other_plan(town, topic, organisation=factories.OrganisationFactory(name="Diakonie", municipality=town))
    competition = shown(admin_client, task_state)
    assert "Geheimer Titel" in competition.clashes[0].sentence
    for url in (competition.other_dates[0].url, competition.clashes[0].join_url):
        comment = admin_client.get(address(task_state) + url.split("#")[0]).context["return_form"]["comment"].value()
        assert "Geheimer Titel" not in comment
        assert "Diakonie" in comment


def test_comment_names_the_title_where_plans_are_shared(admin_client, submitted, town, topic):
    _page, task_state = submitted
    other_plan(town, topic, organisation=factories.OrganisationFactory(municipality=town, shares_drafts=True))
    url = shown(admin_client, task_state).other_dates[0].url
    comment = admin_client.get(address(task_state) + url.split("#")[0]).context["return_form"]["comment"].value()
    assert "Geheimer Titel" in comment


@pytest.mark.parametrize(
    "parameters",
    [
        {START: "2027-99-99T19:00"},
        {START: "gestern"},
        {START: "99999-01-01T19:00"},
        {DATE: "kein-termin", START: "2027-03-14T19:00"},
        {JOIN: "999999"},
        {JOIN: "x"},
    ],
)
def test_nonsense_in_the_address_fills_nothing(admin_client, submitted, parameters):
    page, task_state = submitted
    parameters = {DATE: str(page.occurrences.get().uid), **parameters}
    form = admin_client.get(address(task_state, **parameters)).context["return_form"]
    assert not form.has_proposal
    assert not form["comment"].value()
    assert not form["reasons"].value()


def test_of_a_series_the_strongest_clash_is_chosen_and_others_can_be(admin_client, town, topic):
    organisation = factories.OrganisationFactory(municipality=town)
    dates = [factories.in_days(20), factories.in_days(30)]
    _page, task_state = factories.submitted_offering(organisation=organisation, topics=[topic], dates=dates)
    other_plan(town, topic)
    competition = shown(admin_client, task_state)
    assert competition.chosen.starts_at == dates[1]
    (_when, url), = competition.choices
    assert shown(admin_client, task_state, **reverse_query(url)).chosen.starts_at == dates[0]


# One click on joining forces


def test_click_on_joining_fills_the_form_and_one_more_proposes_it(admin_client, submitted, town, topic, coordinator):
    page, task_state = submitted
    host = other_plan(town, topic)
    url = shown(admin_client, task_state).clashes[0].join_url
    form = admin_client.get(address(task_state) + url.split("#")[0]).context["return_form"]
    admin_client.post(address(task_state), {"action": "return", "revision_id": task_state.revision_id, **typed(form)})
    decision, proposal = ReviewDecision.objects.get(), JoinProposal.objects.get()
    assert (decision.reasons, decision.proposed_start) == (["similar_offering"], None)
    assert (proposal.joining_id, proposal.host_id, proposal.proposed_by) == (page.pk, host.pk, coordinator)
    assert proposal.comment == decision.comment.strip()


def test_offering_of_the_same_organisation_is_no_partner(admin_client, submitted, town, topic):
    page, task_state = submitted
    other_plan(town, topic, organisation=page.organisation)
    competition = shown(admin_client, task_state)
    assert (competition.clashes[0].join_url, competition.partners) == ("", ())


def test_join_and_another_date_at_once_are_refused(admin_client, submitted, town, topic):
    page, task_state = submitted
    host = other_plan(town, topic)
    data = proposing(task_state, page, in_local_days(37)) | {"return-join_with": str(host.pk)}
    response = admin_client.post(address(task_state), data)
    assert list(response.context["return_form"].errors) == ["join_with"]
    assert not ReviewDecision.objects.exists()
    assert not JoinProposal.objects.exists()


def test_offering_that_does_not_compete_cannot_be_joined(admin_client, submitted, town, topic):
    _page, task_state = submitted
    other_plan(town, topic)
    stranger = factories.draft_offering(title="Ganz anderes", dates=[factories.in_days(200)])
    response = admin_client.post(address(task_state), returning(task_state, **{"return-join_with": str(stranger.pk)}))
    assert list(response.context["return_form"].errors) == ["join_with"]
    assert not ReviewDecision.objects.exists()
    assert not JoinProposal.objects.exists()


# Errors: nothing is decided


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"return-proposed_date": str(in_local_days(-1))}, "proposed_date"),
        ({"return-proposed_date": "31.02.2030"}, "proposed_date"),
        ({"return-proposed_date": ""}, "proposed_date"),
        ({"return-proposed_end_time": "18:00"}, "proposed_end_time"),
        ({"return-proposed_end_time": "19:00"}, "proposed_end_time"),
        ({"return-proposed_start_time": ""}, "proposed_start_time"),
        ({"return-proposed_start_time": "25:99"}, "proposed_start_time"),
        ({"return-proposed_for": "7b0e8b3c-8c9e-4d5b-9d52-0d8f6d0f0d0f"}, "proposed_for"),
        ({"return-proposed_for": ""}, "proposed_for"),
        ({"return-proposed_date": str(in_local_days(30))}, "proposed_date"),
    ],
)
def test_proposal_that_makes_no_sense_is_refused_beside_the_field(admin_client, submitted, changes, field):
    page, task_state = submitted
    data = proposing(task_state, page, in_local_days(37)) | {"return-comment": "Bleibt stehen"} | changes
    response = admin_client.post(address(task_state), data)
    assert list(response.context["return_form"].errors) == [field]
    assert "Bleibt stehen" in response.content.decode()
    assert texts(response)
    assert not ReviewDecision.objects.exists()
    assert not DateHold.objects.exists()


def test_time_that_clocks_skip_is_refused(admin_client, submitted):
    page, task_state = submitted
    now = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    assert timezone.now() < now, "choose a later change to summer time"
    data = proposing(task_state, page, dt.date(2027, 3, 28), "02:30", "")
    response = admin_client.post(address(task_state), data)
    assert list(response.context["return_form"].errors) == ["proposed_start_time"]
    assert not ReviewDecision.objects.exists()


def test_evening_that_ends_after_midnight_can_be_proposed(admin_client, submitted):
    page, task_state = submitted
    admin_client.post(address(task_state), proposing(task_state, page, in_local_days(37), "20:00", "00:30"))
    decision = ReviewDecision.objects.get()
    assert decision.proposed_end - decision.proposed_start == dt.timedelta(hours=4, minutes=30)


def test_whole_days_are_proposed_without_times(admin_client, town):
    organisation = factories.OrganisationFactory(municipality=town)
    date = Occurrence(start_date=in_local_days(30), end_date=in_local_days(31))
    page, task_state = factories.submitted_offering(organisation=organisation, dates=[date])
    admin_client.post(address(task_state), proposing(task_state, page, in_local_days(37), "", ""))
    decision = ReviewDecision.objects.get()
    days = [timezone.localtime(moment) for moment in (decision.proposed_start, decision.proposed_end)]
    assert [(day.date(), day.hour) for day in days] == [(in_local_days(37), 0), (in_local_days(39), 0)]


def test_return_without_a_proposal_holds_nothing(admin_client, submitted):
    _page, task_state = submitted
    admin_client.post(address(task_state), returning(task_state))
    assert ReviewDecision.objects.get().proposed_start is None
    assert not DateHold.objects.exists()


# What was on the screen


@pytest.mark.parametrize("action", ["approve", "return"])
def test_decision_keeps_what_competed(admin_client, submitted, town, topic, action):
    _page, task_state = submitted
    other_plan(town, topic)
    shown_before = shown(admin_client, task_state)
    admin_client.post(address(task_state), returning(task_state) | {"action": action})
    warnings = ReviewDecision.objects.get().warnings
    assert warnings == shown_before.check.warnings
    assert "Geheimer Titel" in warnings[0]
