"""Wagtail's own page editor: the same rules, messages instead of error pages, dates that keep their identity."""

import json
import uuid

import pytest
from django.urls import reverse
from wagtail.models import Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from ehrenamt_wagtail.models import DateHold, JoinProposal, Occurrence, OfferingPage, ReviewDecision, ReviewTask, TrainingPage
from ehrenamt_wagtail.programme.actions import save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review, withdraw_from_review
from ehrenamt_wagtail.review.history import history
from tests import factories
from tests.review.helpers import texts

pytestmark = pytest.mark.django_db

ROWS = ("trainers", "co_hosts", "funders", "downloads")


def reload(page):
    return type(page).objects.get(pk=page.pk)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def date_row(form):
    """What the browser sends back for one date of the editor's form."""
    row = {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
    for name in ("start", "end"):
        if row.get(name):
            row[name] = form[name].field.widget.format_value(row[name])
    return {**row, "id": form.instance.pk or ""}


def form_data(client, page, *, dates=None, **changes):
    """The editor's form as the browser would send it; ``dates`` replaces the rows of dates."""
    form = client.get(edit_url(page)).context["form"]
    forms = form.formsets["occurrences"].initial_forms
    rows = [date_row(row) for row in forms] if dates is None else dates
    data = {
        "title": form.instance.title,
        "slug": form.instance.slug,
        "training_format": "training",
        "organisation": form.instance.organisation_id,
        "summary": form.instance.summary,
        "mode": form.instance.mode,
        "municipality": form.instance.municipality_id or "",
        "place": form.instance.place,
        "contact_name": form.instance.contact_name,
        "contact_email": form.instance.contact_email,
        "body": streamfield([]),
        "comments": inline_formset([]),
        "occurrences": inline_formset(rows, initial=len(forms) if dates is None else sum("keep" in row for row in rows)),
        **{name: inline_formset([]) for name in ROWS},
    }
    return nested_form_data({**data, **changes})


def uids(page):
    return [date.uid for date in page.occurrences.all()]


# Deciding


def decision_data(action, data):
    return {"action-workflow-action": "true", "workflow-action-name": action, "workflow-action-extra-data": data}


def test_editor_approves_with_the_checked_form(admin_client):
    page, _task_state = factories.submitted_offering()
    extra = json.dumps({"checklist": ["facts"], "comment": "Gut", "revision_id": 1, "actor": 5, "status": "x"})
    admin_client.post(edit_url(page), form_data(admin_client, page) | decision_data("approve", extra))
    assert reload(page).live
    decision = ReviewDecision.objects.get()
    assert (decision.checklist, decision.comment) == (["facts"], "Gut")


@pytest.mark.parametrize(
    ("action", "extra"),
    [
        ("reject", "{}"),
        ("reject", '{"reasons": ["because"]}'),
        ("reject", '{"reasons": "other"}'),
        ("approve", '{"checklist": ["nonsense"]}'),
        ("approve", '{"comment": "' + "x" * 3000 + '"}'),
        ("approve", '{"user": 1, "task_state": 2, "action_name": "approve", "checklist": ["x"]}'),
        ("approve", "[1]"),
        ("approve", "no json"),
        ("publish", "{}"),
        ("", "{}"),
    ],
)
def test_editor_decides_nothing_from_a_forged_form(admin_client, action, extra):
    page, task_state = factories.submitted_offering()
    response = admin_client.post(edit_url(page), form_data(admin_client, page) | decision_data(action, extra), follow=True)
    assert response.status_code == 200
    assert texts(response)
    assert not ReviewDecision.objects.exists()
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"
    assert not reload(page).live


def test_positional_names_in_posted_json_do_not_break_the_decision(admin_client):
    page, _task_state = factories.submitted_offering()
    extra = json.dumps({"user": 1, "task_state": 2, "action_name": "reject", "comment": "Gut"})
    admin_client.post(edit_url(page), form_data(admin_client, page) | decision_data("approve", extra))
    assert ReviewDecision.objects.get().outcome == "approved"


def test_editor_says_who_was_faster(admin_client, monkeypatch):
    page, task_state = factories.submitted_offering()
    data = form_data(admin_client, page) | decision_data("approve", "{}")
    faster = factories.coordinator_user(first_name="Anna", last_name="Schnell")

    on_action = ReviewTask.on_action

    def beaten(self, state, user, action_name, /, **kwargs):
        """Between Wagtail's check and its decision somebody else decides."""
        return_to_organisation(task_state, actor=faster, reasons=["other"])
        return on_action(self, state, user, action_name, **kwargs)

    monkeypatch.setattr(ReviewTask, "on_action", beaten)
    response = admin_client.post(edit_url(page), data, follow=True)
    assert any("Anna Schnell" in text for text in texts(response))
    assert ReviewDecision.objects.get().outcome == "returned"
    assert not reload(page).live


def test_editor_does_not_approve_what_is_incomplete(admin_client):
    page, _task_state = factories.submitted_offering()
    data = form_data(admin_client, page, contact_name="", place="") | decision_data("approve", "{}")
    response = admin_client.post(edit_url(page), data, follow=True)
    assert any(str(page.required_facts["contact_name"]) in text for text in texts(response))
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live


def test_dashboard_dialog_decides_only_with_the_form(admin_client):
    page, task_state = factories.submitted_offering()
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", task_state.pk])
    admin_client.post(url, {"comment": "ohne Grund"})
    assert not ReviewDecision.objects.exists()
    admin_client.post(url, {"reasons": ["other"], "comment": "mit Grund"})
    assert ReviewDecision.objects.get().comment == "mit Grund"


def test_dashboard_dialog_leads_to_the_review_page_when_refused(admin_client):
    page, first = factories.submitted_offering()
    other, second = factories.submitted_offering()
    approve(second, actor=factories.coordinator_user(first_name="Anna", last_name="Schnell"))
    # A task state of another page: Wagtail only looks at the page in the address.
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", second.pk])
    response = admin_client.post(url, {"comment": ""}, follow=True)
    assert "Anna Schnell" in response.context["objection"]
    assert ReviewDecision.objects.count() == 1
    assert not reload(page).live
    first.refresh_from_db()
    assert first.status == "in_progress"


# Publishing and other ways past the review


def test_publishing_while_in_review_is_refused(admin_client):
    page, task_state = factories.submitted_offering()
    response = admin_client.post(edit_url(page), form_data(admin_client, page) | {"action-publish": "1"}, follow=True)
    assert texts(response)
    assert not reload(page).live
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"


def test_publishing_what_was_returned_settles_its_proposals_and_is_no_withdrawal(admin_client, coordinator, site):
    page, decision = factories.returned_with_date()
    host = factories.published_offering(dates=[factories.in_days(30)])
    proposal = JoinProposal.objects.create(joining_id=page.pk, host_id=host.pk, proposed_by=coordinator)
    assert DateHold.objects.active().filter(offering=page.pk).exists()
    admin_client.post(edit_url(page), form_data(admin_client, reload(page)) | {"action-publish": "1"})
    assert reload(page).live
    assert DateHold.objects.get(offering=page.pk).status == DateHold.Status.RELEASED
    proposal.refresh_from_db()
    assert proposal.status == JoinProposal.Status.DROPPED
    steps = [entry.what for entry in history(page.pk)]
    assert steps.index("Prüfung beendet") == steps.index("Veröffentlicht") + 1
    assert "Zurückgezogen" not in steps


def test_publishing_something_incomplete_is_refused_and_keeps_it_as_draft(admin_client):
    page = factories.draft_offering()
    data = form_data(admin_client, page, contact_name="", title="Neuer Titel") | {"action-publish": "1"}
    response = admin_client.post(edit_url(page), data, follow=True)
    assert any(str(page.required_facts["contact_name"]) in text for text in texts(response))
    assert not reload(page).live
    assert reload(page).get_latest_revision_as_object().title == "Neuer Titel"


def test_publishing_something_complete_works(admin_client):
    page = factories.draft_offering()
    admin_client.post(edit_url(page), form_data(admin_client, page) | {"action-publish": "1"})
    assert reload(page).live


@pytest.mark.parametrize("action", ["action-submit", "action-restart-workflow", "action-cancel-workflow"])
def test_editor_neither_submits_nor_cancels_past_the_organisation(admin_client, action):
    page, task_state = factories.submitted_offering()
    draft = factories.draft_offering()
    data = form_data(admin_client, page)
    response = admin_client.post(edit_url(page), data | {action: "1"}, follow=True)
    assert texts(response)
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"
    admin_client.post(edit_url(draft), form_data(admin_client, draft) | {action: "1"})
    assert reload(draft).current_workflow_state is None


def test_editor_hides_the_buttons_that_would_be_refused(admin_client):
    page, _task_state = factories.submitted_offering()
    html = admin_client.get(edit_url(page)).content.decode()
    for name in ("action-publish", "action-cancel-workflow", "action-submit"):
        assert f'name="{name}"' not in html
    assert 'data-workflow-action-name="approve"' in html
    html = admin_client.get(edit_url(factories.draft_offering())).content.decode()
    assert 'name="action-publish"' in html
    assert 'name="action-submit"' not in html


def test_creating_in_the_admin_does_not_submit(admin_client, site):
    programme, _circles = site
    url = reverse("wagtailadmin_pages:add", args=["ehrenamt_wagtail", "trainingpage", programme.pk])
    assert 'name="action-submit"' not in admin_client.get(url).content.decode()
    data = nested_form_data(
        {
            "title": "Neu",
            "slug": "neu",
            "training_format": "training",
            "mode": "on_site",
            "body": streamfield([]),
            "comments": inline_formset([]),
            "occurrences": inline_formset([]),
            **{name: inline_formset([]) for name in ROWS},
        }
    )
    response = admin_client.post(url, data | {"action-submit": "1"}, follow=True)
    assert texts(response)
    assert not TrainingPage.objects.exists()
    response = admin_client.post(url, data | {"action-publish": "1"}, follow=True)
    assert texts(response)
    assert [(page.title, page.live) for page in TrainingPage.objects.all()] == [("Neu", False)]


def bulk_publish(client, pages, **data):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = "&".join(f"id={page.pk}" for page in pages)
    return client.post(f"{url}?{query}", data, follow=True)


def test_bulk_publishing_publishes_all_or_none(admin_client):
    complete = factories.draft_offering()
    incomplete = factories.draft_offering(title="Unvollständig", contact_name="")
    in_review, _task_state = factories.submitted_offering(title="Wird geprüft")
    response = bulk_publish(admin_client, [complete, incomplete, in_review])
    message = " ".join(texts(response))
    assert "Unvollständig" in message
    assert "Wird geprüft" in message
    assert not OfferingPage.objects.live().exists()
    bulk_publish(admin_client, [complete])
    assert list(OfferingPage.objects.live().values_list("pk", flat=True)) == [complete.pk]


def test_bulk_publishing_looks_at_subpages_too(admin_client, site):
    programme, _circles = site
    factories.draft_offering(title="Unvollständig", contact_name="")
    response = bulk_publish(admin_client, [programme], include_descendants="on")
    assert "Unvollständig" in " ".join(texts(response))
    assert not OfferingPage.objects.live().exists()


# Dates


def test_dates_of_a_pending_revision_keep_their_uid(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(10)])
    draft = page.get_latest_revision_as_object()
    draft.title = "Mit zweitem Termin"
    draft.occurrences.add(Occurrence(start=factories.in_days(20)))
    save_draft(draft, base_revision_id=page.latest_revision_id, actor=member)
    submit_for_review(page, actor=member)
    before = uids(reload(page).get_latest_revision_as_object())

    admin_client.post(edit_url(page), form_data(admin_client, page, summary="Redigiert."))
    edited = reload(page).get_latest_revision_as_object()
    assert edited.summary == "Redigiert."
    assert uids(edited) == before

    extra = decision_data("approve", "{}")
    admin_client.post(edit_url(page), form_data(admin_client, page) | extra)
    assert set(uids(reload(page))) == set(before)
    assert reload(page).summary == "Redigiert."
    # Once published, the editor finds the rows by their primary keys.
    admin_client.post(edit_url(page), form_data(admin_client, page, summary="Noch einmal.") | {"action-publish": "1"})
    assert set(uids(reload(page))) == set(before)
    assert reload(page).cancellations.count() == 0


def test_dates_of_a_never_published_draft_keep_their_uid(admin_client):
    page = factories.draft_offering(dates=[factories.in_days(10), factories.in_days(20)])
    before = uids(page)
    admin_client.post(edit_url(page), form_data(admin_client, page, summary="Redigiert."))
    assert uids(reload(page).get_latest_revision_as_object()) == before


def test_forged_uids_are_not_accepted(admin_client):
    foreign = factories.published_offering()
    page = factories.published_offering()
    draft = page.get_latest_revision_as_object()
    draft.title = "Änderung"
    draft.occurrences.add(Occurrence(start=factories.in_days(20)))
    draft.save_revision()
    own = uids(reload(page).get_latest_revision_as_object())
    form = admin_client.get(edit_url(page)).context["form"]
    rows = [date_row(row) for row in form.formsets["occurrences"].initial_forms]
    pending = next(row for row in rows if not row["id"])
    forged = [
        *rows,
        {**pending, "id": ""},
        {**pending, "id": "", "known_uid": str(uids(foreign)[0])},
        {**pending, "id": "", "known_uid": str(own[0])},
        {**pending, "id": "", "known_uid": "x"},
    ]
    data = form_data(admin_client, page, occurrences=inline_formset(forged, initial=len(rows)))
    admin_client.post(edit_url(page), data)
    saved = uids(reload(page).get_latest_revision_as_object())
    assert len(saved) == len(set(saved)) == 6
    assert set(own) <= set(saved)
    assert uids(foreign)[0] not in saved
    assert all(isinstance(uid, uuid.UUID) for uid in saved)


def test_several_new_dates_get_a_uid_each(admin_client):
    page = factories.draft_offering()
    rows = [date_row(row) for row in admin_client.get(edit_url(page)).context["form"].formsets["occurrences"].initial_forms]
    new = {**rows[0], "id": "", "known_uid": ""}
    admin_client.post(edit_url(page), form_data(admin_client, page, occurrences=inline_formset([*rows, new, new], initial=1)))
    saved = uids(reload(page).get_latest_revision_as_object())
    assert len(set(saved)) == 3
    assert uids(page)[0] in saved


def test_blank_row_of_the_form_carries_no_uid(admin_client):
    page = factories.draft_offering()
    formset = admin_client.get(edit_url(page)).context["form"].formsets["occurrences"]
    assert not formset.empty_form["known_uid"].value()
    assert formset.initial_forms[0]["known_uid"].value() == str(uids(page)[0])


def test_removed_date_is_removed_from_a_draft(admin_client):
    page = factories.draft_offering(dates=[factories.in_days(10), factories.in_days(20)])
    form = admin_client.get(edit_url(page)).context["form"]
    rows = [date_row(row) for row in form.formsets["occurrences"].initial_forms]
    rows[0]["DELETE"] = "on"
    data = form_data(admin_client, page, occurrences=inline_formset(rows, initial=2))
    admin_client.post(edit_url(page), data)
    assert len(uids(reload(page).get_latest_revision_as_object())) == 1


# Who may enter


@pytest.mark.parametrize("name", ["edit", "view_draft", "history", "preview_on_edit", "workflow_history", "unpublish", "delete"])
def test_partners_reach_nothing_of_the_admin(client, site, name):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member, title="Geheimer Entwurf")
    client.force_login(member)
    url = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
    revisions = Revision.objects.count()
    for response in (client.get(url, follow=True), client.post(url, {"action-publish": "1", "title": "Anders"}, follow=True)):
        assert "Geheimer Entwurf" not in response.content.decode()
    assert reload(page).title == "Geheimer Entwurf"
    assert not reload(page).live
    assert Revision.objects.count() == revisions
    listing = client.get(f"{reverse('wagtailadmin_home')}api/main/pages/{page.pk}/", follow=True)
    assert "Geheimer Entwurf" not in listing.content.decode()
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"


def test_coordinators_edit_programme_and_circles_and_nothing_else(admin_client, site):
    programme, circles = site
    home = programme.get_parent()
    circle = factories.circle_page()
    offering = factories.published_offering()
    for page in (programme, circles, circle, offering):
        assert page.permissions_for_user(admin_client.get(edit_url(page)).wsgi_request.user).can_edit()
    before = home.title
    response = admin_client.post(edit_url(home), {"title": "Gekapert", "action-publish": "1"}, follow=True)
    assert response.redirect_chain
    home.refresh_from_db()
    assert home.title == before


def test_other_editors_do_not_edit_the_programme(client, site):
    programme, _circles = site
    page = factories.published_offering(title="Unverändert")
    editor = factories.UserFactory()
    editor.groups.add(factories.Group.objects.create(name="Redaktion der Seiten"))
    client.force_login(editor)
    client.post(edit_url(page), {"title": "Gekapert", "action-publish": "1"})
    client.post(edit_url(programme), {"title": "Gekapert", "action-publish": "1"})
    assert reload(page).title == "Unverändert"
    assert reload(programme).title == "Programm"


# The last guard


def test_withdrawal_before_the_editors_decision_is_said(admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, _task_state = factories.submitted_offering(organisation=organisation, actor=member)
    data = form_data(admin_client, page) | decision_data("approve", "{}")
    withdraw_from_review(page, actor=member)
    response = admin_client.post(edit_url(page), data, follow=True)
    assert len(texts(response)) == 2
    assert not ReviewDecision.objects.exists()
    assert not reload(page).live
    assert reload(page).current_workflow_state is None
