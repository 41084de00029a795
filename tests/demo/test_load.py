"""What stands in the database after loading, and that loading is safe to repeat."""

import json
import re
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, PageLogEntry, Revision, Site, TaskState

from ehrenamt_wagtail import models
from ehrenamt_wagtail.circles.figures import series_of
from ehrenamt_wagtail.circles.half_years import HalfYear, present_half_year
from ehrenamt_wagtail.programme.queries import OfferingState, offering_state
from ehrenamt_wagtail.signups.supervision import named_supervisors
from example_site.demo.load import load_demo
from example_site.mailbox import newest_mails
from example_site.models import HomePage, StandardPage

from .shown import content

PORTAL_ACCOUNTS = ["caritas", "herrenberg", "kirche", "ak-renningen", "supervision"]
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


def user(username):
    return get_user_model().objects.get(username=username)


def states() -> Counter:
    return Counter(offering_state(page).code for page in models.OfferingPage.objects.specific())


def row_counts() -> dict:
    from django.apps import apps

    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


# The contract


def test_registers_hold_what_the_contract_says(demo):
    assert models.Municipality.objects.count() == 26
    assert models.Organisation.objects.count() == 14
    assert set(models.Organisation.objects.values_list("kind", flat=True)) == set(models.Organisation.Kind.values)
    assert set(models.Topic.objects.values_list("focus", flat=True)) == set(models.Topic.Focus.values)
    assert not models.Organisation.objects.filter(default_venue=None).exists()
    assert not models.Venue.objects.filter(rooms=None).exists()
    on_office = models.Coordinator.objects.in_office()
    assert on_office.count() == 2
    (ending,) = on_office.exclude(until_date=None)
    assert (ending.until_date.month, ending.until_date.day) == (6, 30)
    assert 0 <= (ending.until_date - timezone.localdate()).days <= 366


def test_circles_have_about_a_thousand_volunteers(demo):
    assert models.CirclePage.objects.live().count() == 28
    latest = {figure.circle_id: figure for figure in models.CircleFigure.objects.filter(is_current=True).order_by("year", "half")}
    assert len(latest) == 28
    assert 950 <= sum(figure.volunteers for figure in latest.values()) <= 1050
    assert models.CircleFigure.objects.filter(year=2015, half=1).count() == 25
    assert not models.CirclePage.objects.filter(municipality=None).exists()


def test_circles_stated_their_figures_twice_a_year(demo):
    present = present_half_year()
    first = HalfYear(2015, 1)
    series = {sums.half_year: sums for sums in series_of([first.later(number) for number in range(present.since(first) + 1)])}
    assert {sums.circles for sums in series.values()} <= {25, 26, 27, 28} and series[present].circles == 28
    assert series[present].carried_circles == 5
    assert 950 <= series[present].volunteers <= 1050 and series[present].groups > 50
    # Rise and decline, and the second rise.
    volunteers = {half_year: sums.volunteers for half_year, sums in series.items()}
    assert volunteers[HalfYear(2016, 1)] > 1.4 * volunteers[first] and volunteers[HalfYear(2021, 1)] < volunteers[first]
    assert volunteers[HalfYear(2022, 1)] > 1.2 * volunteers[HalfYear(2021, 1)] and volunteers[HalfYear(2022, 1)] > volunteers[present]
    assert not models.CircleFigure.objects.filter(stated_at__gt=demo).exists()
    assert not models.CircleFigure.objects.filter(stated_at=None).exists()
    (mistaken,) = models.CircleFigure.objects.filter(is_current=False)
    corrected = models.CircleFigure.objects.get(
        circle=mistaken.circle, year=mistaken.year, half=mistaken.half, is_current=True
    )
    assert corrected.pk > mistaken.pk and corrected.volunteers != mistaken.volunteers
    assert corrected.remarks and corrected.stated_by.username == "koordination"


def test_one_circle_was_asked_for_its_figures(demo):
    mail = models.OutgoingMail.objects.get(template="circles/figures_asked")
    assert (mail.status, mail.address) == ("sent", "kontakt@ak-renningen.example")


def test_programme_is_full_and_of_all_kinds(demo):
    offerings = list(models.OfferingPage.objects.live().specific())
    assert len(offerings) >= 60
    upcoming = [page for page in offerings if not page.is_past()]
    assert len(upcoming) > 3 * 20
    assert len(offerings) - len(upcoming) >= 10
    assert {page.art for page in upcoming} == {"fortbildung", "workshop", "vortrag", "austausch", "supervision", "ehrenamtstag"}
    assert {page.mode for page in offerings} == {"on_site", "online", "both"}
    assert len({page.organisation_id for page in offerings}) == 14
    assert any(page.easy_language_checked_by for page in offerings)
    assert sum(not page.costs for page in offerings) > len(offerings) * 0.8
    assert {page.series_title for page in offerings if page.module_number} == {"Grundkurs Begleitung"}


def test_volunteer_days_have_children_of_several_organisations_and_towns(demo):
    past, coming = sorted(models.VolunteerDayPage.objects.live(), key=lambda day: day.occurrences.first().starts_at)
    assert past.is_past() and not coming.is_past()
    children = models.OfferingPage.objects.live().child_of(coming)
    assert children.count() == 7
    assert len({child.organisation_id for child in children}) == 7
    assert len({child.municipality_id for child in children}) >= 5
    assert models.OfferingPage.objects.live().child_of(past).count() == 2
    assert sorted(models.DayRequest.objects.values_list("status", flat=True)) == ["accepted", "requested"]


def test_every_state_of_an_offering_is_shown(demo):
    present = states()
    assert present[OfferingState.IN_REVIEW] == 6
    assert present[OfferingState.RETURNED] == 1
    assert present[OfferingState.DRAFT] == 1
    assert present[OfferingState.CANCELLED] == 1
    assert present[OfferingState.CHANGE_IN_REVIEW] == 1
    assert present[OfferingState.PAST] >= 10
    assert models.Cancellation.objects.exclude(occurrence_uid=None).count() == 1
    circle = models.CirclePage.objects.get(title="Arbeitskreis Asyl Renningen")
    assert offering_state(circle).code == OfferingState.CHANGE_IN_REVIEW


def test_waiting_offerings_wait_for_different_times(demo):
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    days = sorted((timezone.localdate() - timezone.localdate(state.started_at)).days for state in waiting)
    assert days == [0, 1, 1, 2, 2, 3, 6, 9]


def test_history_tells_return_correction_and_approval_in_order(demo):
    page = models.TrainingPage.objects.get(title="Einführung in die Anhörungsbegleitung")
    decisions = list(models.ReviewDecision.objects.filter(page_id=page.pk).order_by("at"))
    assert [decision.outcome for decision in decisions] == ["returned", "approved"]
    created = PageLogEntry.objects.filter(page_id=page.pk).order_by("timestamp").first()
    assert created.user == user("caritas") and created.timestamp < decisions[0].at < decisions[1].at < demo
    assert page.prior_knowledge == "Grundlagen des Asylverfahrens"


def test_published_pages_are_complete_and_nothing_happened_in_the_future(demo):
    offerings = models.OfferingPage.objects.live().specific()
    for page in [*offerings, *models.CirclePage.objects.live()]:
        assert page.submission_errors() == {}, page
        assert page.first_published_at < demo
    with_picture = [page for page in offerings if page.image_id]
    assert len(with_picture) > 40 and all(page.image_alt for page in with_picture)
    assert not Revision.objects.filter(created_at__gt=timezone.now()).exists()
    own = models.ReviewDecision.objects.filter(page__title="Fragestunde zum neuen Partnerbereich").get()
    assert own.is_own_offering


# Accounts


@pytest.mark.parametrize("username", PORTAL_ACCOUNTS)
def test_partner_signs_in_to_the_portal_but_never_enters_the_admin(demo, client, username):
    assert client.post("/partner/login/", {"username": username, "password": "ehrenamt-demo"}).status_code == 302
    assert int(client.session["_auth_user_id"]) == user(username).pk
    assert user(username).ehrenamt_memberships.exists()
    response = client.get("/verwaltung/", follow=True)
    assert "wagtailadmin/home.html" not in [template.name for template in response.templates]
    assert not user(username).has_perm("wagtailadmin.access_admin")


@pytest.mark.parametrize("username", ["admin", "koordination", "redaktion"])
def test_staff_enters_the_admin(demo, client, username):
    assert client.login(username=username, password="ehrenamt-demo")
    response = client.get("/verwaltung/")
    assert response.status_code == 200
    assert "wagtailadmin/home.html" in [template.name for template in response.templates]
    assert user(username).is_superuser is (username == "admin")


def test_memberships_are_those_of_the_contract(demo):
    roles = {
        membership.user.username: (membership.organisation.kind, membership.role)
        for membership in models.Membership.objects.select_related("user", "organisation")
    }
    assert roles["caritas"] == ("welfare", "manager")
    assert roles["herrenberg"] == ("municipality", "member")
    assert roles["kirche"] == ("church", "member")
    assert roles["ak-renningen"][0] == "circle"
    assert roles["koordination"][0] == "district"
    assert "supervision" in roles and "redaktion" not in roles and "admin" not in roles
    assert list(named_supervisors()) == [user("supervision")]
    assert models.CirclePage.objects.filter(organisation__memberships__user__username="ak-renningen").count() == 1


def test_editor_works_on_the_sections_only_and_coordinator_on_programme_and_circles_only(demo):
    ours = [
        *models.ProgrammePage.objects.all(), *models.CircleIndexPage.objects.all(), *models.OfferingPage.objects.all()[:5],
        *models.CirclePage.objects.all()[:5],
    ]  # fmt: skip
    theirs = list(StandardPage.objects.all())
    for username, may_edit, may_not in (("redaktion", theirs, ours), ("koordination", ours, theirs)):
        for page in may_edit:
            rights = page.permissions_for_user(user(username))
            assert rights.can_edit() and rights.can_publish(), (username, page)
        for page in [*may_not, *HomePage.objects.all()]:
            rights = page.permissions_for_user(user(username))
            assert not rights.can_edit() and not rights.can_publish() and not rights.can_delete(), (username, page)
            assert not rights.can_add_subpage(), (username, page)


# Safe to repeat, invented, told once


def test_loading_again_changes_nothing(demo):
    before, counts = content(), row_counts()
    assert load_demo() is False
    call_command("load_demo")
    call_command("ehrenamt_setup")
    assert content() == before
    assert row_counts() == counts


@pytest.mark.thorough
def test_two_loads_give_the_same_content(demo, loaded):
    assert content() == loaded


def test_nothing_is_loaded_when_the_site_is_no_demonstration(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="nichts geladen"):
        call_command("load_demo")
    assert settings.DEMO is False


def test_all_mail_addresses_and_websites_are_invented(demo):
    texts = [json.dumps(revision.content) for revision in Revision.objects.all()]
    texts += get_user_model().objects.values_list("email", flat=True)
    texts += models.Organisation.objects.values_list("contact_email", flat=True)
    texts += models.Municipality.objects.values_list("email", flat=True)
    texts += models.Coordinator.objects.values_list("email", flat=True)
    texts += models.OutgoingMail.objects.values_list("address", flat=True)
    addresses = {address for text in texts for address in ADDRESS.findall(text)}
    assert len(addresses) > 50
    assert {address for address in addresses if not address.endswith(".example")} == set()
    websites = {website for website in models.Organisation.objects.values_list("website", flat=True) if website}
    websites |= {website for website in models.CirclePage.objects.values_list("website", flat=True) if website}
    assert all(re.fullmatch(r"https://[\w.-]+\.example(/.*)?", website) for website in websites)


def test_loading_sends_few_mails_and_leaves_none_behind(demo):
    mails = models.OutgoingMail.objects.all()
    assert 5 <= mails.filter(status=models.OutgoingMail.Status.SENT).count() <= 70
    assert set(mails.values_list("status", flat=True)) <= {"sent", "dropped"}


def test_mails_go_on_in_small_letters_after_the_greeting(demo):
    begun = re.compile(r"Guten Tag[^\n]*,\s+(\w+)")
    first_words = {found[1] for mail in newest_mails() if (found := begun.search(mail.text))}
    assert len(first_words) > 5
    assert not first_words & {"Bitte", "Das", "Der", "Ein", "Eine", "Es", "Für", "In", "Was", "Wem", "Wer", "Wie", "Wir"}


# What the public sees


def test_site_starts_at_the_home_page_without_wagtails_welcome(demo):
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific_class is HomePage
    assert list(Page.objects.filter(depth=2)) == [site.root_page]
    slugs = set(site.root_page.get_children().values_list("slug", flat=True))
    assert {"programm", "arbeitskreise", "aktuelles", "landratsamt", "impressum"} <= slugs


def test_home_page_links_to_everything(demo, client):
    response = client.get("/")
    text = response.content.decode()
    for address in (
        "/programm/", "/arbeitskreise/", "/partner/", "/verwaltung/", "/demo/post/", "/programm/kalender.ics",
        "/programm/feed.atom", "/api/angebote/", "/aktuelles/", "/impressum/",
    ):  # fmt: skip
        assert f'href="{address}"' in text, address
    today = timezone.localdate()
    assert f'href="/programm/kalender/{today.year}/{today.month}/"' in text
    assert "GeoNames" in text
    assert not response.cookies


def test_every_published_page_is_shown_with_its_title(demo, client):
    pages = Page.objects.live().filter(depth__gt=1)
    assert pages.count() > 130
    for page in pages:
        response = client.get(page.url)
        assert response.status_code == 200, page.url
        assert escape(page.title) in response.content.decode(), page.url


def test_pictures_and_documents_can_be_opened(demo):
    from PIL import Image

    images = get_image_model().objects.all()
    assert images.count() >= 15
    for image in images:
        assert image.description
        with image.open_file() as file:
            assert Image.open(file).format == "PNG"
    for document in get_document_model().objects.all():
        assert document.file.read().startswith(b"%PDF-1.4")
