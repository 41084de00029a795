"""Whatever people do, one after the other: the read model says what a naive walk over the pages says, at any moment."""

import datetime as dt
import io
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.test import TestCase
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction, ParentNotTranslatedError
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page, PageViewRestriction, Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.exceptions import EhrenamtError
from ehrenamt_wagtail.programme import actions as programme
from ehrenamt_wagtail.programme.filters import Filters
from ehrenamt_wagtail.programme.listed import find_drift
from tests import factories
from tests.machines import TakenBack, steps
from tests.testapp.models import ConcertPage

from .comparing import assert_equal
from .reference import Reference, public_pages
from .reference import window_of as period_of

pytestmark = pytest.mark.django_db

KINDS = [models.TrainingPage, models.SupervisionPage, ConcertPage]
STEPS = steps(sequences=6, length=15)

some = st.integers(0, 99)
days = st.integers(-20, 40)


class Scene:
    """The same for every sequence: a section that holds two programmes, one with a volunteer day, and a private corner."""

    def __init__(self):
        root = Site.objects.get(is_default_site=True).root_page
        self.section = root.add_child(instance=Page(title="Ehrenamt", slug="ehrenamt"))
        self.corner = root.add_child(instance=Page(title="Intern", slug="intern"))
        PageViewRestriction.objects.create(page=self.corner, restriction_type="login")
        self.programmes = [
            self.section.add_child(instance=models.ProgrammePage(title=name, slug=name.lower())) for name in ("Programm", "Archiv")
        ]
        self.organisations = [factories.OrganisationFactory() for _number in range(3)]
        self.towns = [factories.MunicipalityFactory() for _number in range(3)]
        self.venues = [factories.VenueFactory(municipality=town) for town in self.towns]
        self.topics = [factories.TopicFactory() for _number in range(3)]
        self.actor = factories.UserFactory()
        for organisation in self.organisations:
            factories.MembershipFactory(user=self.actor, organisation=organisation)
        self.day = factories.published_offering(
            parent=self.programmes[0],
            model=models.VolunteerDayPage,
            title="Ehrenamtstag",
            organisation=self.organisations[0],
            dates=[factories.in_days(30)],
        )
        self.locale = Locale.objects.create(language_code="en")
        self.done = Counter()
        self.refused = {}


class Listing(TakenBack):
    """Refusals are part of the game; what is left out by them is counted nowhere."""

    scene: Scene

    def teardown(self):
        super().teardown()
        Site.clear_site_root_paths_cache()

    def do(self, name, action):
        refusals = (EhrenamtError, ValidationError, PermissionDenied, ProtectedError, ParentNotTranslatedError)
        try:
            with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
                action()
                self.scene.done[name] += 1
        except refusals as error:
            self.scene.refused[name] = error

    # Picking

    def pick(self, number, **condition):
        pages = list(models.OfferingPage.objects.exclude(pk=self.scene.day.pk).filter(**condition).order_by("pk"))
        return pages[number % len(pages)].specific if pages else None

    def own(self, number, **condition):
        return self.pick(number, alias_of=None, **condition)

    def any_page(self, number):
        """An offering, or what is above offerings."""
        above = [self.scene.section, *self.scene.programmes, self.scene.day]
        kept = [page for page in above if Page.objects.filter(pk=page.pk).exists()]
        offerings = list(models.OfferingPage.objects.exclude(pk=self.scene.day.pk).order_by("pk"))
        page = [*kept, *offerings][number % (len(kept) + len(offerings))]
        return Page.objects.get(pk=page.pk).specific

    def parents(self):
        above = [*self.scene.programmes, self.scene.day, self.scene.corner]
        return list(Page.objects.filter(pk__in=[page.pk for page in above]).order_by("pk"))

    def date(self, day, which=0):
        venue = [None, None, *self.scene.venues][which % 5]
        mode = ["", "", "online", "both"][which % 4]
        start = factories.in_days(day, hour=8 + which % 12)
        if which % 3 == 2:
            last = start.date() + dt.timedelta(days=which % 8)
            return models.Occurrence(start_date=start.date(), end_date=last, venue=venue, mode=mode)
        return models.Occurrence(start=start, end=start + dt.timedelta(hours=which % 70 + 1), venue=venue, mode=mode)

    def first_in(self, parent):
        """Wagtail numbers pages that are copied with their parent from 0 on, and django-treebeard 5.3 puts nothing before a 0."""
        return "last-child" if parent.get_children().filter(path__endswith="0000").exists() else "first-child"

    # Writing

    @initialize(first=some, second=some)
    def begin(self, first, second):
        for number in (first, second):
            self.create(number, [(number % 20 + 1, number), (-3, number + 1)], True)

    @rule(number=some, on=st.lists(st.tuples(days, some), min_size=1, max_size=3), live=st.booleans())
    def create(self, number, on, live):
        scene = self.scene

        def action():
            page = factories.build_offering(
                KINDS[number % 3],
                organisation=scene.organisations[number % 3],
                municipality=scene.towns[number % 2],
                topics=scene.topics[: number % 3],
                dates=[self.date(day, which) for day, which in on],
                title=f"Angebot {number}",
            )
            page.live = False
            page.co_hosts.add(models.CoHost(organisation=scene.organisations[number % 2]))
            self.parents()[number % len(self.parents())].add_child(instance=page)
            # Dates in the past are refused to what was never published.
            Page.objects.filter(pk=page.pk).update(first_published_at=timezone.now())
            revision = type(page).objects.get(pk=page.pk).save_revision(clean=False)
            if live:
                revision.publish()

        self.do("create", action)

    @rule(
        number=some,
        which=some,
        day=days,
        live=st.booleans(),
        what=st.sets(st.sampled_from(["title", "move", "add", "drop", "topics", "place", "hosts", "mode", "slug"])),
    )
    def edit(self, number, which, day, live, what):
        if (page := self.own(number)) is None:
            return
        draft = page.get_latest_revision_as_object()
        dates = list(draft.occurrences.all())
        if "title" in what:
            draft.title = f"Titel {which}"
        if "move" in what and dates:
            dates[which % len(dates)].start_date = factories.in_days(day).date()
            dates[which % len(dates)].start = dates[which % len(dates)].end = dates[which % len(dates)].end_date = None
        if "drop" in what and len(dates) > 1:
            dates.pop(which % len(dates))
        if "add" in what:
            dates.append(self.date(day, which))
        if "place" in what:
            draft.venue = [None, *self.scene.venues][which % 3]
            draft.municipality = self.scene.towns[which % 3]
        if "mode" in what:
            draft.mode = ["on_site", "online", "both"][which % 3]
        if "slug" in what:
            draft.slug = f"adresse-{Page.objects.count()}-{which}"
        draft.occurrences = dates
        if "topics" in what:
            draft.topics.set(self.scene.topics[which % 3 :])
        if "hosts" in what:
            draft.co_hosts = [models.CoHost(organisation=self.scene.organisations[which % 3])]

        def action():
            revision = draft.save_revision(clean=False)
            if live:
                revision.publish()

        self.do("publish" if live else "draft", action)

    @rule(number=some)
    def publish(self, number):
        if (page := self.own(number)) and page.latest_revision:
            self.do("publish draft", page.latest_revision.publish)

    @rule(number=some)
    def publish_an_old_revision(self, number):
        if page := self.own(number):
            self.do("publish old", page.revisions.order_by("pk").first().publish)

    @rule(number=some)
    def unpublish(self, number):
        if page := self.pick(number, live=True):
            self.do("unpublish", page.unpublish)

    @rule(number=some, what=st.sampled_from(["go live", "go live later", "expire"]))
    def schedule(self, number, what):
        if page := self.own(number):
            draft = page.get_latest_revision_as_object()
            hour = dt.timedelta(hours=1)

            def action():
                if what == "expire":
                    draft.expire_at = timezone.now() + hour
                    draft.save_revision(clean=False).publish()
                    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - hour)
                else:
                    draft.go_live_at = timezone.now() + hour
                    draft.save_revision(clean=False).publish()
                    if what == "go live":
                        page.revisions.exclude(approved_go_live_at=None).update(approved_go_live_at=timezone.now() - hour)
                        revision = page.revisions.exclude(approved_go_live_at=None).first()
                        revision.content["go_live_at"] = None
                        revision.save(update_fields=["content"])
                call_command("publish_scheduled", stdout=io.StringIO())

            self.do(what, action)

    @rule(number=some, which=some, deleted=st.booleans())
    def cancel(self, number, which, deleted):
        if page := self.pick(number, live=True):
            uids = [None, *page.occurrences.order_by("pk").values_list("uid", flat=True)]
            uid = uids[which % len(uids)]
            if deleted and (row := page.cancellations.first()):
                self.do("takes place", row.delete)
            else:
                self.do("cancel", lambda: programme.cancel(page, actor=self.scene.actor, occurrence_uid=uid))

    # The tree

    @rule(number=some)
    def rename(self, number):
        page = self.any_page(number)
        page.slug = f"name-{number}-{Page.objects.filter(slug__startswith='name').count()}"
        self.do("rename", lambda: page.save(clean=False))

    @rule(number=some, where=some)
    def move(self, number, where):
        if page := self.pick(number):
            target = self.parents()[where % len(self.parents())]
            self.do("move", lambda: page.move(target, pos="last-child"))

    @rule(number=some, where=st.sampled_from(["corner", "section", "other"]))
    def move_what_is_above(self, number, where):
        scene = self.scene
        page = [scene.day, *scene.programmes][number % 3]
        target = scene.programmes[number % 2] if page is scene.day else scene.corner if where == "corner" else scene.section
        page, target = Page.objects.get(pk=page.pk), Page.objects.get(pk=target.pk)
        if not target.path.startswith(page.path):
            self.do("move above", lambda: page.move(target, pos="last-child" if number % 2 else self.first_in(target)))

    @rule(number=some)
    def reorder(self, number):
        if page := self.pick(number):
            parent = page.get_parent()
            self.do("reorder", lambda: page.move(parent, pos=self.first_in(parent)))

    @rule(number=some, kind=st.sampled_from(["password", "login", "groups", "none", "elsewhere"]))
    def restrict(self, number, kind):
        page = self.any_page(number)
        row = PageViewRestriction.objects.filter(page=page.pk).first()
        if kind == "none":
            row = row or PageViewRestriction.objects.exclude(page=self.scene.corner.pk).first()
            if row:
                self.do("open", row.delete)
        elif kind == "elsewhere":
            row = PageViewRestriction.objects.exclude(page=self.scene.corner.pk).first()
            if row and not page.view_restrictions.exists():
                row.page = Page.objects.get(pk=page.pk)
                self.do("restrict elsewhere", row.save)
        else:
            row = row or PageViewRestriction(page=Page.objects.get(pk=page.pk))
            row.restriction_type, row.password = kind, "geheim"
            self.do("restrict", row.save)

    @rule(number=some, keep_live=st.booleans(), where=some)
    def copy(self, number, keep_live, where):
        if page := self.pick(number):
            target = self.parents()[where % len(self.parents())]
            attributes = {"slug": f"kopie-{Page.objects.count()}"}
            copy = CopyPageAction(page, to=target, update_attrs=attributes, keep_live=keep_live)
            self.do("copy", lambda: copy.execute(skip_permission_checks=True))

    @rule(number=some, keep_live=st.booleans())
    def copy_what_is_above(self, number, keep_live):
        if models.OfferingPage.objects.count() > 12:
            return
        page = Page.objects.get(pk=[self.scene.day, *self.scene.programmes][number % 3].pk)
        attributes = {"slug": f"alles-{Page.objects.count()}"}
        copy = CopyPageAction(page, to=page.get_parent(), recursive=True, update_attrs=attributes, keep_live=keep_live)
        self.do("copy above", lambda: copy.execute(skip_permission_checks=True))

    @rule(number=some, where=some, recursive=st.booleans())
    def make_alias(self, number, where, recursive):
        day = Page.objects.get(pk=self.scene.day.pk)
        page = day if recursive and models.OfferingPage.objects.count() < 12 else self.pick(number)
        if page:
            parent = Page.objects.get(pk=self.scene.programmes[where % 2].pk)
            slug = f"alias-{Page.objects.count()}"
            alias = CreatePageAliasAction(page, parent=parent, update_slug=slug, recursive=recursive)
            self.do("alias", lambda: alias.execute(skip_permission_checks=True))

    @rule(number=some)
    def convert_alias(self, number):
        aliases = list(models.OfferingPage.objects.exclude(alias_of=None).order_by("pk"))
        if aliases:
            action = ConvertAliasPageAction(aliases[number % len(aliases)].specific, user=self.scene.actor)
            self.do("convert", lambda: action.execute(skip_permission_checks=True))

    @rule(number=some, alias=st.booleans())
    def translate(self, number, alias):
        if (page := self.pick(number)) and models.OfferingPage.objects.count() < 20:
            action = CopyPageForTranslationAction(page, self.scene.locale, copy_parents=True, alias=alias)
            self.do("translate", lambda: action.execute(skip_permission_checks=True))

    @rule(number=some)
    def delete(self, number):
        if models.OfferingPage.objects.count() > 2 and (page := self.pick(number)):
            self.do("delete", page.delete)

    @rule(number=some)
    def delete_a_copy_of_the_day(self, number):
        copies = models.VolunteerDayPage.objects.exclude(pk=self.scene.day.pk).order_by("pk")
        if copies:
            self.do("delete above", copies[number % len(copies)].delete)

    @rule(host=st.sampled_from(["ehrenamt.example", "localhost"]), higher=st.booleans())
    def change_site(self, host, higher):
        site = Site.objects.get(is_default_site=True)
        site.hostname = host
        site.root_page = Page.objects.get(pk=self.scene.section.pk if not higher else self.scene.section.get_parent().pk)
        self.do("site", site.save)

    # Registers

    @rule(number=some, what=st.sampled_from(["organisations", "towns", "venues", "topics"]))
    def rename_entry(self, number, what):
        entry = getattr(self.scene, what)[number % 3]
        entry = type(entry).objects.filter(pk=entry.pk).first()
        if entry:
            entry.name = f"{what} {number} neu"
            if hasattr(entry, "slug"):
                entry.slug = f"{what}-{number}"
            else:
                entry.municipality = self.scene.towns[number % 2]
            self.do("rename entry", entry.save)

    @rule(number=some)
    def delete_entry(self, number):
        entries = [self.scene.topics[number % 3], self.scene.venues[2], self.scene.towns[2], self.scene.organisations[2]]
        entry = entries[number % 4]
        if type(entry).objects.filter(pk=entry.pk).exists():
            self.do("delete entry", type(entry).objects.get(pk=entry.pk).delete)

    @invariant()
    def read_model_says_what_pages_say(self):
        assert list(find_drift(lambda done, total: None)) == []
        today = timezone.localdate()
        period = {"from_date": today - dt.timedelta(days=5), "to_date": today + dt.timedelta(days=9)}
        pages = public_pages()
        for programme_page in models.ProgrammePage.objects.all():
            reference = Reference(programme_page, pages)
            now, later, *moments = reference.moments()
            assert_equal(programme_page, Filters(**period), now, reference, spans=[period_of(Filters(**period), now)])
            for moment in [now, later, *moments[:: len(moments) // 2 or 1][:2]]:
                for filters in (Filters(), Filters(archive=True), Filters(times=("abend",))):
                    assert_equal(programme_page, filters, moment, reference)


ROUND = [
    ("create", lambda do: do.create(4, [(5, 3), (9, 0), (-2, 1)], True)),
    ("create", lambda do: do.create(2, [(30, 3)], True)),
    ("draft", lambda do: do.edit(0, 1, 12, False, {"title", "move", "add", "topics", "place"})),
    ("publish draft", lambda do: do.publish(0)),
    ("publish", lambda do: do.edit(0, 2, 14, True, {"drop", "hosts", "mode", "slug"})),
    ("publish old", lambda do: do.publish_an_old_revision(0)),
    ("cancel", lambda do: do.cancel(0, 1, False)),
    ("cancel", lambda do: do.cancel(1, 0, False)),
    ("takes place", lambda do: do.cancel(1, 0, True)),
    ("rename", lambda do: do.rename(0)),
    ("rename", lambda do: do.rename(1)),
    ("rename", lambda do: do.rename(3)),
    ("rename", lambda do: do.rename(4)),
    ("move", lambda do: do.move(0, 3)),
    ("alias", lambda do: do.make_alias(1, 0, False)),
    ("alias", lambda do: do.make_alias(0, 0, True)),
    ("restrict", lambda do: do.restrict(3, "groups")),
    ("restrict elsewhere", lambda do: do.restrict(4, "elsewhere")),
    ("restrict", lambda do: do.restrict(4, "password")),
    ("open", lambda do: do.restrict(4, "none")),
    ("restrict", lambda do: do.restrict(0, "login")),
    ("open", lambda do: do.restrict(0, "none")),
    ("move above", lambda do: do.move_what_is_above(1, "corner")),
    ("move above", lambda do: do.move_what_is_above(1, "section")),
    ("move above", lambda do: do.move_what_is_above(3, "other")),
    ("reorder", lambda do: do.reorder(0)),
    ("copy", lambda do: do.copy(1, True, 1)),
    ("copy above", lambda do: do.copy_what_is_above(0, True)),
    ("copy above", lambda do: do.copy_what_is_above(1, True)),
    ("convert", lambda do: do.convert_alias(0)),
    ("translate", lambda do: do.translate(1, True)),
    ("delete above", lambda do: do.delete_a_copy_of_the_day(0)),
    ("site", lambda do: do.change_site("ehrenamt.example", False)),
    ("go live", lambda do: do.schedule(0, "go live")),
    ("go live later", lambda do: do.schedule(1, "go live later")),
    ("expire", lambda do: do.schedule(0, "expire")),
    ("rename entry", lambda do: do.rename_entry(1, "organisations")),
    ("rename entry", lambda do: do.rename_entry(0, "towns")),
    ("rename entry", lambda do: do.rename_entry(1, "venues")),
    ("rename entry", lambda do: do.rename_entry(0, "topics")),
    ("delete entry", lambda do: do.delete_entry(0)),
    ("unpublish", lambda do: do.unpublish(0)),
    ("delete", lambda do: do.delete(0)),
]


def test_read_model_equals_the_pages_after_each_kind_of_action(db):
    """Each one once at least, and none of them refused."""
    Listing.scene = Scene()
    machine = Listing()
    try:
        for number, (name, step) in enumerate(ROUND):
            before = Listing.scene.done[name]
            step(machine)
            assert Listing.scene.done[name] > before, (number, name, Listing.scene.refused.get(name))
            machine.read_model_says_what_pages_say()
    finally:
        machine.teardown()


@pytest.mark.thorough
def test_read_model_equals_the_pages_after_any_sequence_of_actions(db):
    Listing.scene = Scene()
    run_state_machine_as_test(Listing, settings=STEPS)
    assert sum(Listing.scene.done.values()) > STEPS.max_examples
