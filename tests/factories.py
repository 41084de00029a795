"""Objects for tests; every offering is complete enough to be submitted unless a test takes something away."""

import datetime as dt
import io
import uuid

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page, Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.review.actions import approve, return_to_organisation, submit_for_review
from ehrenamt_wagtail.signups import signing


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = "Petra"
    last_name = factory.Sequence(lambda n: f"Beispiel {n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@post.example")
    password = factory.PostGenerationMethodCall("set_password", "ehrenamt-demo")

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create:
            instance.save()


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Municipality

    name = factory.Sequence(lambda n: f"Musterort {n}")
    latitude = 48.6
    longitude = 8.9


class TopicFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Topic

    name = factory.Sequence(lambda n: f"Thema {n}")


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Organisation

    name = factory.Sequence(lambda n: f"Verein {n}")
    kind = models.Organisation.Kind.OTHER
    municipality = factory.SubFactory(MunicipalityFactory)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class VenueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Venue

    name = factory.Sequence(lambda n: f"Haus {n}")
    municipality = factory.SubFactory(MunicipalityFactory)


class CoordinatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Coordinator

    name = factory.Sequence(lambda n: f"Koordination {n}")


def member_of(organisation=None, **person):
    """A person with access for ``organisation`` (a new one by default)."""
    return MembershipFactory(
        user=UserFactory(**person), organisation=organisation or OrganisationFactory()
    ).user


def coordinator_user(**person):
    user = UserFactory(**person)
    user.groups.add(Group.objects.get_or_create(name=conf.COORDINATOR_GROUP)[0])
    return user


def editor_user():
    """Somebody who edits another section of the same site."""
    root = Site.objects.get(is_default_site=True).root_page
    section = root.add_child(instance=Page(title="Aktuelles", slug="aktuelles"))
    group = Group.objects.create(name="Redaktion")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=["add_page", "change_page", "publish_page"]
    ):
        GroupPagePermission.objects.create(group=group, page=section, permission=permission)
    user = UserFactory()
    user.groups.add(group)
    return user


def make_site(*, setup: bool = True) -> tuple[models.ProgrammePage, models.CircleIndexPage]:
    """A programme and an index of circles below the root of the default site, ready for review."""
    root = Site.objects.get(is_default_site=True).root_page
    programme = root.add_child(instance=models.ProgrammePage(title="Programm", slug="programm"))
    circles = root.add_child(instance=models.CircleIndexPage(title="Arbeitskreise", slug="arbeitskreise"))
    if setup:
        call_command("ehrenamt_setup", stdout=io.StringIO())
    return programme, circles


def in_days(days: int, hour: int = 19, minute: int = 0) -> dt.datetime:
    """That local hour, so many days from today, as an aware datetime."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def build_offering(model=models.TrainingPage, *, organisation=None, dates=None, topics=(), **facts):
    """An unsaved offering with one date in ten days; ``dates`` are ``Occurrence`` objects or start datetimes."""
    organisation = organisation or OrganisationFactory()
    facts = {
        "title": "Grundlagen des Asylrechts",
        "summary": "Ein Abend für alle, die Geflüchtete begleiten.",
        "contact_name": "Petra Beispiel",
        "contact_email": "petra@post.example",
        "municipality": organisation.municipality,
        "place": "Gemeindehaus, Kirchgasse 1",
        **facts,
    }
    page = model(organisation=organisation, **facts)
    for date in dates if dates is not None else [in_days(10)]:
        page.occurrences.add(date if isinstance(date, models.Occurrence) else models.Occurrence(start=date))
    if topics:
        page.topics.set(topics)
    return page


def draft_offering(parent=None, model=models.TrainingPage, **facts):
    """A draft in the database with its first revision."""
    page = build_offering(model, **facts)
    page.live = False
    page.has_unpublished_changes = True
    parent = parent or models.ProgrammePage.objects.first()
    parent = Page.objects.get(pk=parent.pk)
    parent.add_child(instance=page)
    page.save_revision(clean=False)
    return page


def published_offering(parent=None, model=models.TrainingPage, **facts):
    """An offering that the public sees; dates may lie in the past."""
    dates = facts.get("dates")
    page = draft_offering(parent, model, **facts)
    if dates is not None and not dates:
        raise ValueError("A published offering has dates.")
    models.OfferingPage.objects.filter(pk=page.pk).update(first_published_at=timezone.now())
    page.refresh_from_db()
    page.latest_revision.publish()
    return type(page).objects.get(pk=page.pk)


def submitted_offering(*, actor=None, reason="Nur an diesem Abend kann die Referentin.", **facts):
    """An offering waiting for review, whatever competes with it; gives the page and its task state."""
    organisation = facts.pop("organisation", None) or OrganisationFactory()
    actor = actor or member_of(organisation)
    page = draft_offering(organisation=organisation, **facts)
    return page, submit_for_review(page, actor=actor, reason=reason)


def returned_with_date(*, start=None, end=None, **facts):
    """An offering that came back with another date proposed for its first one; gives the page and the decision."""
    page, task_state = submitted_offering(**facts)
    date = min(page.get_latest_revision_as_object().occurrences.all(), key=models.Occurrence.span)
    decision = return_to_organisation(
        task_state,
        actor=coordinator_user(),
        reasons=["date_clash"],
        comment="Passt Ihnen ein anderer Abend?",
        proposed_for=date.uid,
        proposed_start=start or in_days(17),
        proposed_end=end,
    )
    return type(page).objects.get(pk=page.pk), decision


def approved_offering(**facts):
    page, task_state = submitted_offering(**facts)
    approve(task_state, actor=coordinator_user())
    return type(page).objects.get(pk=page.pk)


def circle_page(*, organisation=None, parent=None, live=True, **facts):
    organisation = organisation or OrganisationFactory(kind=models.Organisation.Kind.CIRCLE)
    facts = {
        "title": "Arbeitskreis Asyl",
        "summary": "Wir begleiten Familien im Alltag.",
        "municipality": organisation.municipality,
        **facts,
    }
    page = models.CirclePage(organisation=organisation, live=live, **facts)
    parent = parent or models.CircleIndexPage.objects.first()
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    revision = page.save_revision(clean=False)
    if live:
        revision.publish()
    return models.CirclePage.objects.get(pk=page.pk)


def offering_with_sign_up(*, page=None, per_date=False, **facts):
    """A published offering that one signs up for on this site; gives the page and its plan. ``facts`` are those of the plan."""
    page = page or published_offering()
    uid = page.occurrences.first().uid if per_date else None
    return page, models.SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=uid, **{"mode": "here", **facts})


def sign_up_of(plan, *, name="Erika Muster", email="erika@post.example", confirmed=True, **facts):
    """A sign-up as the public makes it, confirmed from its mail unless said otherwise; give two ``names`` for two people."""
    names = facts.pop("names", [name])
    uid = uuid.uuid4()
    signing.sign_up(plan, names=names, email=email, uid=uid, would_wait=True, **facts)
    row = models.SignUp.objects.get(uid=uid)
    return signing.confirm(row) if confirmed else row
