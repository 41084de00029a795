"""Who did what, when, why, what was shown, and which version it was about."""

import csv
import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.models import OfferingPage, ReviewDecision, ReviewRequest
from ehrenamt_wagtail.programme.actions import cancel, delete_draft, save_draft
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from ehrenamt_wagtail.review.history import history
from ehrenamt_wagtail.review.history_csv import safe
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(site, coordinator):
    """Submitted with a reason, returned with another date, changed, submitted again, approved."""
    organisation = factories.OrganisationFactory(name="Verein")
    member = factories.member_of(organisation, first_name="Mia", last_name="Mitglied")
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member, reason="Nur da ist Zeit")
    ReviewRequest.objects.filter(task_state=task_state).update(warnings=["Am selben Abend: Supervision"])
    decision = return_to_organisation(task_state, actor=coordinator, reasons=["date_clash"], comment="Anderer Abend?")
    start = factories.in_days(33)
    ReviewDecision.objects.filter(pk=decision.pk).update(
        warnings=["Am selben Abend: Geheimer Titel"], proposed_start=start, proposed_end=start + dt.timedelta(hours=2)
    )
    page = OfferingPage.objects.get(pk=page.pk).specific
    draft = page.get_latest_revision_as_object()
    for title in ("Zwei", "Drei"):
        draft.title = title
        save_draft(draft, base_revision_id=OfferingPage.objects.get(pk=page.pk).latest_revision_id, actor=member)
    again = submit_for_review(page, actor=member, reason="Jetzt passt es")
    approve(again, actor=coordinator, checklist=["facts"], comment="Schön")
    return OfferingPage.objects.get(pk=page.pk).specific, member


def steps(page, **facts):
    return [entry.what for entry in history(page.pk, **facts)]


def test_every_step_has_its_facts(story, coordinator):
    page, _member = story
    entries = {entry.what: entry for entry in history(page.pk, for_reviewers=True, url_of=lambda pk: f"/{pk}/")}
    returned = entries["Zurückgegeben"]
    assert returned.who == "Karin Koordination"
    assert returned.reasons == ["Der Termin überschneidet sich mit einem anderen Angebot"]
    assert returned.why == "Anderer Abend?"
    assert returned.warnings == ["Am selben Abend: Geheimer Titel"]
    assert returned.proposed.endswith("19–21 Uhr")
    submitted = entries["Zur Prüfung eingereicht"]
    assert (submitted.who, submitted.why) == ("Mia Mitglied", "Nur da ist Zeit")
    assert submitted.warnings == ["Am selben Abend: Supervision"]
    again = entries["Erneut zur Prüfung eingereicht"]
    assert (again.why, again.warnings) == ("Jetzt passt es", [])
    approved = entries["Freigegeben"]
    assert approved.checked == ["Die Angaben sind vollständig"]
    revisions = list(page.revisions.order_by("pk").values_list("pk", flat=True))
    assert [submitted.revision_id, returned.revision_id, approved.revision_id] == [revisions[0], revisions[0], revisions[-1]]
    assert again.revision_id == revisions[-1]
    assert approved.url == f"/{revisions[-1]}/"


def test_saves_in_a_row_count_as_one_step_and_singly_in_the_table(story):
    page, _member = story
    saved = next(entry for entry in history(page.pk) if entry.what == "Gespeichert")
    assert saved.times == 2
    assert steps(page).count("Gespeichert") == 1
    assert steps(page, every_step=True).count("Gespeichert") == 2


def portal(page, member, name="offering-history", *more):
    client = Client()
    client.force_login(member)
    return client.get(reverse(f"ehrenamt:{name}", args=[page.pk, *more]))


def test_organisation_reads_what_it_was_shown_but_not_what_names_others(story):
    page, member = story
    for name in ("offering-history", "offering-history-csv"):
        text = portal(page, member, name).content.decode()
        assert "Am selben Abend: Supervision" in text
        assert "Nur da ist Zeit" in text
        assert "Anderer Abend?" in text
        assert "Geheimer Titel" not in text
        assert "Die Angaben sind vollständig" not in text


def test_coordinators_read_what_they_were_shown(story, admin_client):
    page, _member = story
    for name in ("review_history", "review_history_csv"):
        text = admin_client.get(reverse(f"ehrenamt_admin:{name}", args=[page.pk])).content.decode()
        assert "Am selben Abend: Geheimer Titel" in text
        assert "Die Angaben sind vollständig" in text


def test_versions_can_be_seen_by_whoever_may_see_the_history(story):
    page, member = story
    first = page.revisions.order_by("pk").first()
    html = portal(page, member).content.decode()
    assert reverse("ehrenamt:offering-version", args=[page.pk, first.pk]) in html
    shown = portal(page, member, "offering-version", first.pk).content.decode()
    assert "Grundlagen des Asylrechts" in shown
    assert "Fassung von" in shown
    other = factories.draft_offering(title="Fremdes Geheimnis")
    assert portal(page, member, "offering-version", other.latest_revision_id).status_code == 404
    assert portal(page, factories.member_of(), "offering-version", first.pk).status_code == 404


def rows_of(response):
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_table_is_read_by_german_excel(story):
    page, member = story
    response = portal(page, member, "offering-history-csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="verlauf-')
    rows = rows_of(response)
    assert rows[0][:4] == ["Zeit (ISO 8601)", "Zeit", "Schritt", "Person"]
    assert len({len(row) for row in rows}) == 1
    times = [dt.datetime.fromisoformat(row[0]) for row in rows[1:]]
    assert times == sorted(times, reverse=True)
    assert all(time.tzinfo for time in times)
    assert len(rows) - 1 == len(history(page.pk, every_step=True))


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+49 7031", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "\u00a0=1", "＝1+1", "|calc", "%0A=1", "\n=1"],
)
def test_no_cell_is_taken_for_a_formula(evil):
    assert safe(evil) == f"'{evil}"


def test_harmless_cells_stay_as_they_are():
    for text in ("", "Am Abend", "Nur da – oder nie", "a=b"):
        assert safe(text) == text


def test_formula_in_a_reason_is_disarmed_in_the_download(site):
    member = factories.member_of()
    organisation = member.ehrenamt_memberships.get().organisation
    page, _state = factories.submitted_offering(
        organisation=organisation, actor=member, reason='=HYPERLINK("https://boese.example")', title="=1+1"
    )
    cells = [cell for row in rows_of(portal(page, member, "offering-history-csv")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=HYPERLINK(\"https://boese.example\")" in cells


def test_number_of_queries_does_not_grow_over_years(site, coordinator, django_assert_max_num_queries, admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(day) for day in range(3, 9)])
    counts = []
    for more in (1, 3, 296):
        dates = list(page.occurrences.all())
        for number in range(more):
            PageLogEntry.objects.log_action(
                page,
                "ehrenamt.cancel",
                user=member if number % 2 else coordinator,
                timestamp=timezone.now() - dt.timedelta(days=2 * number),
                data={"occurrence_uid": str(dates[number % len(dates)].uid), "reason": "Krank"},
            )
        for address in (
            reverse("ehrenamt_admin:review_history", args=[page.pk]),
            reverse("ehrenamt_admin:review_history_csv", args=[page.pk]),
        ):
            admin_client.get(address)
            with django_assert_max_num_queries(60) as captured:
                response = admin_client.get(address)
            counts.append(len(captured))
    assert response.content.count(b"Krank") == 300
    assert counts[0::2] == [counts[0]] * 3
    assert counts[1::2] == [counts[1]] * 3


def test_history_of_a_deleted_page_is_kept_for_coordinators(site, coordinator, admin_client):
    organisation = factories.OrganisationFactory()
    member = factories.member_of(organisation)
    page, task_state = factories.submitted_offering(organisation=organisation, actor=member, title="Bald weg", reason="Weil")
    decision = return_to_organisation(task_state, actor=coordinator, reasons=["other"], comment="Bitte kürzer")
    before = (ReviewDecision.objects.values().get(), ReviewRequest.objects.values().get())
    delete_draft(page, actor=member)
    kept = (ReviewDecision.objects.values().get(), ReviewRequest.objects.values().get())
    for old, new in zip(before, kept, strict=True):
        assert {**new, "revision_id": old["revision_id"]} == old
    response = admin_client.get(reverse("ehrenamt_admin:review_history", args=[page.pk]))
    html = response.content.decode()
    assert "Bald weg" in html
    assert "Bitte kürzer" in html
    assert "wurde gelöscht" in html
    assert "Bitte kürzer" in admin_client.get(reverse("ehrenamt_admin:review_history_csv", args=[page.pk])).content.decode()
    assert portal(page, member).status_code == 404
    assert str(ReviewDecision.objects.get(pk=decision.pk))


def test_history_of_other_pages_is_none_of_ours(admin_client, site):
    programme, _circles = site
    for page_id in (programme.pk, 987654, 10**30):
        for name in ("review_history", "review_history_csv"):
            assert admin_client.get(reverse(f"ehrenamt_admin:{name}", args=[page_id])).status_code == 404


def test_nothing_in_the_interface_changes_or_deletes_decisions(story, admin_client):
    """No register, viewset or address serves these models, not even to superusers."""
    from wagtail_modeladmin.options import ModelAdmin

    page, member = story
    watched = {ReviewDecision, ReviewRequest}
    names = {model._meta.model_name for model in watched}
    addresses = [str(pattern) for pattern in every_pattern(get_resolver())]
    assert addresses
    assert not [address for address in addresses if any(name in address for name in names)]
    registered = [cls for cls in all_subclasses(ModelAdmin) if getattr(cls, "model", None) in watched]
    assert registered == []
    before = [list(model.objects.order_by("pk").values()) for model in sorted(watched, key=str)]
    superuser = factories.UserFactory(is_superuser=True, is_staff=True)
    for user in (superuser, member):
        client = Client()
        client.force_login(user)
        for name in ("review_history", "review_history_csv"):
            for method in (client.post, client.put, client.patch, client.delete):
                method(reverse(f"ehrenamt_admin:{name}", args=[page.pk]), {"action": "delete"})
        for name in ("offering-history", "offering-history-csv"):
            for method in (client.post, client.delete):
                method(reverse(f"ehrenamt:{name}", args=[page.pk]))
    assert [list(model.objects.order_by("pk").values()) for model in sorted(watched, key=str)] == before


def every_pattern(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        here = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from every_pattern(pattern, here)
        else:
            yield f"{here} {pattern.name or ''}"


def all_subclasses(cls):
    for sub in cls.__subclasses__():
        yield sub
        yield from all_subclasses(sub)


def test_cancelled_date_is_named(site):
    organisation = factories.OrganisationFactory()
    page = factories.published_offering(organisation=organisation, dates=[factories.in_days(5), factories.in_days(9)])
    cancel(page, actor=factories.member_of(organisation), occurrence_uid=page.occurrences.first().uid, reason="Krank")
    entry = history(page.pk)[0]
    assert entry.what.startswith("Termin abgesagt: ")
    assert entry.why == "Krank"


def test_proposed_whole_day_is_called_a_day(site, coordinator):
    page, decision = factories.returned_with_date()
    start = timezone.make_aware(dt.datetime(2027, 3, 14))
    ReviewDecision.objects.filter(pk=decision.pk).update(proposed_start=start, proposed_end=start + dt.timedelta(days=1))
    proposed = [entry.proposed for entry in history(page.pk) if entry.proposed]
    assert proposed == ["Sonntag, 14. März 2027"]
