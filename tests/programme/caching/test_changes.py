"""What is kept ends with every change that the public can see, and with no other."""

from functools import partial

import pytest
from django.db import connection
from django.db.models.signals import post_save, pre_delete, pre_save
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site

from ehrenamt_wagtail.circles.figures import state_figure
from ehrenamt_wagtail.models import (
    Brochure,
    BrochureFile,
    Cancellation,
    CirclePage,
    Coordinator,
    Municipality,
    OfferingPage,
    Organisation,
    ProgrammePage,
    ProgrammePeriod,
    SeatPlan,
    Topic,
    Venue,
)
from ehrenamt_wagtail.programme import versions
from ehrenamt_wagtail.programme.actions import cancel, create_draft, save_draft
from ehrenamt_wagtail.programme.cache_receivers import announce, changed, watch
from ehrenamt_wagtail.signups import deletion, plans, signing
from ehrenamt_wagtail.signups.models import SupervisionSetup
from tests import factories
from tests.factories import in_days
from tests.reporting.brochures import brochure

from .cached import marks, version


@pytest.fixture
def shown(programme, live_offering, date):
    """An offering and all that shows with it; nothing goes on."""
    circle = factories.circle_page()
    page = live_offering(dates=[date(30)], topics=[factories.TopicFactory()])
    page.save_revision(clean=False)
    plan = SeatPlan.objects.create(offering=page, mode="here", capacity=1)
    factories.CoordinatorFactory()
    factories.VenueFactory()
    brochure()
    page = page.specific_class.objects.get(pk=page.pk)
    versions.finish(connection)
    return page, circle, plan


def save(instance, **facts):
    for name, value in facts.items():
        setattr(instance, name, value)
    instance.save()


def publish(page):
    page.title = "Anders"
    page.save_revision(clean=False).publish()


def document(page):
    get_document_model().objects.create(title="Merkblatt", file="merkblatt.pdf")


CHANGES = {
    "published": lambda page, circle, plan: publish(page),
    "unpublished": lambda page, circle, plan: page.unpublish(),
    "moved": lambda page, circle, plan: page.move(ProgrammePage.objects.get(), pos="first-child"),
    "renamed": lambda page, circle, plan: save(page, slug="anders"),
    "renamed_ancestor": lambda page, circle, plan: save(ProgrammePage.objects.get(), slug="angebote"),
    "plain_page": lambda page, circle, plan: save(Page.objects.get(pk=page.pk), title="Anders"),
    "page_of_the_host": lambda page, circle, plan: save(Site.objects.get().root_page, show_in_menus=True),
    "deleted": lambda page, circle, plan: page.delete(),
    "restricted": lambda page, circle, plan: PageViewRestriction.objects.create(page=page, restriction_type="login"),
    "site": lambda page, circle, plan: save(Site.objects.get(), site_name="Landkreis"),
    "cancelled": lambda page, circle, plan: cancel(page, actor=factories.member_of(page.organisation)),
    "cancelled_by_row": lambda page, circle, plan: Cancellation.objects.create(offering=page),
    "date": lambda page, circle, plan: page.occurrences.get().save(),
    "organisation": lambda page, circle, plan: save(Organisation.objects.first(), name="Anderer Verein"),
    "town": lambda page, circle, plan: save(Municipality.objects.first(), name="Anderswo"),
    "topic": lambda page, circle, plan: save(Topic.objects.get(), name="Anderes"),
    "topic_deleted": lambda page, circle, plan: Topic.objects.create(name="Weg").delete(),
    "venue": lambda page, circle, plan: save(Venue.objects.first(), name="Anderes Haus"),
    "coordinator": lambda page, circle, plan: save(Coordinator.objects.get(), until_date=timezone.localdate()),
    "document": lambda page, circle, plan: document(page),
    "circle": lambda page, circle, plan: publish(circle),
    "circle_unpublished": lambda page, circle, plan: circle.unpublish(),
    "figure": lambda page, circle, plan: circle.figures.create(year=2026, volunteers=20),
    "figure_stated": lambda page, circle, plan: state_figure(circle, year=2025, half=1, volunteers=20, is_by_link=True),
    "plan": lambda page, circle, plan: save(plan, opens_at=in_days(3)),
    "seats": lambda page, circle, plan: plans.set_capacity(plan, capacity=9, actor=factories.member_of(page.organisation)),
    "plan_deleted": lambda page, circle, plan: plan.delete(),
    "supervisor": lambda page, circle, plan: SupervisionSetup.objects.create(offering=page, supervisor=factories.UserFactory()),
    "brochure": lambda page, circle, plan: save(Brochure.objects.get(), published_at=timezone.now()),
    "brochure_file": lambda page, circle, plan: BrochureFile.objects.create(brochure=Brochure.objects.get(), pages=4, offerings=1),
    "period": lambda page, circle, plan: save(ProgrammePeriod.objects.get(), name="Anderes Halbjahr"),
    "seat_taken": lambda page, circle, plan: factories.sign_up_of(plan, confirmed=False),
}


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.django_db
def test_change_that_the_public_sees_ends_what_is_kept(shown, name):
    before = version()
    CHANGES[name](*shown)
    assert version() != before
    assert marks()


def draft_of(page):
    page.title = "Noch nicht öffentlich"
    page.save_revision(clean=False)


def new_draft(page):
    actor = factories.member_of(page.organisation)
    draft = create_draft(factories.build_offering(organisation=page.organisation), parent=ProgrammePage.objects.get(), actor=actor)
    assert not marks()
    latest = draft.get_latest_revision_as_object()
    latest.title = "Noch ein Entwurf"
    save_draft(latest, base_revision_id=draft.latest_revision_id, actor=actor)
    CirclePage.objects.first().save_revision(clean=False)


UNSEEN = {
    "draft_of_published": lambda page, circle, plan: draft_of(page),
    "new_draft": lambda page, circle, plan: new_draft(page),
    "read": lambda page, circle, plan: OfferingPage.objects.get(pk=page.pk).specific,
    "account": lambda page, circle, plan: factories.UserFactory(),
    "member": lambda page, circle, plan: factories.MembershipFactory(organisation=page.organisation),
}


@pytest.mark.parametrize("name", UNSEEN)
@pytest.mark.django_db
def test_what_the_public_does_not_see_ends_nothing(shown, name):
    before = version()
    UNSEEN[name](*shown)
    assert (version(), marks()) == (before, set())


@pytest.mark.django_db
def test_sign_up_ends_what_is_kept_only_where_seats_change(shown):
    _page, _circle, plan = shown

    def changes(action) -> bool:
        before = version()
        action()
        is_changed = version() != before
        versions.finish(connection)
        return is_changed

    rows = []
    assert changes(lambda: rows.append(factories.sign_up_of(plan, confirmed=False)))
    (first,) = rows
    assert not changes(partial(signing.confirm, first))
    # The plan is full: who waits takes no seat, and neither does who is refused.
    assert not changes(lambda: rows.append(factories.sign_up_of(plan, name="Otto", email="otto@post.example", confirmed=False)))
    with pytest.raises(signing.NoSeatLeft):
        signing.sign_up(plan, names=["Ida"], email="ida@post.example")
    assert not marks()
    assert changes(partial(signing.cancel_sign_up, first))
    assert changes(lambda: deletion.delete_rows(type(first).objects.filter(pk=first.pk)))


@pytest.mark.django_db
def test_host_watches_a_model_of_its_own(shown, django_user_model):
    person = factories.UserFactory()
    assert not marks()
    watch(django_user_model)
    try:
        person.save()
        assert len(marks()) == 1
    finally:
        for signal in (pre_save, post_save, pre_delete):
            for receiver in (announce, changed):
                uid = f"ehrenamt_cache_{receiver.__name__}_{django_user_model._meta.label}"
                signal.disconnect(sender=django_user_model, dispatch_uid=uid)
