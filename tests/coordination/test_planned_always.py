"""Whatever people do, one after the other: the table of planned dates is what a rebuild would make of it."""

import datetime as dt
import io
from collections import Counter
from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination import holds, joins
from ehrenamt_wagtail.coordination.planning import find_drift
from ehrenamt_wagtail.exceptions import EhrenamtError
from ehrenamt_wagtail.programme import actions as programme
from ehrenamt_wagtail.review import actions as review
from tests import factories
from tests.machines import TakenBack, steps
from tests.testapp.models import ConcertPage

pytestmark = pytest.mark.django_db

KINDS = [models.TrainingPage, models.SupervisionPage, ConcertPage]
STEPS = steps(sequences=6, length=15)

some = st.integers(0, 99)
days = st.integers(1, 40)


class People:
    """The scene, the same for every sequence."""

    def __init__(self):
        factories.make_site()
        self.organisations = [factories.OrganisationFactory() for _number in range(2)]
        self.members = [factories.member_of(organisation) for organisation in self.organisations]
        self.coordinator = factories.coordinator_user()
        self.towns = [factories.MunicipalityFactory() for _number in range(2)]
        self.venues = [factories.VenueFactory(municipality=town) for town in self.towns]
        self.topics = [factories.TopicFactory() for _number in range(3)]
        self.day = factories.published_offering(
            model=models.VolunteerDayPage, organisation=self.organisations[0], dates=[factories.in_days(30)]
        )
        self.done = Counter()


class Planning(TakenBack):
    """Refusals are part of the game; what is left out by them is counted nowhere."""

    people: People

    def do(self, name, action):
        with suppress(EhrenamtError, ValidationError, PermissionDenied), transaction.atomic():
            action()
            self.people.done[name] += 1

    # Picking

    def offerings(self, **condition):
        return models.OfferingPage.objects.exclude(pk=self.people.day.pk).filter(alias_of=None, **condition).order_by("pk")

    def pick(self, number, **condition):
        pages = list(self.offerings(**condition))
        return pages[number % len(pages)].specific if pages else None

    def member(self, page):
        return self.people.members[self.people.organisations.index(page.organisation)]

    def waiting(self, number):
        """A review that runs."""
        states = [page.specific.current_workflow_state for page in self.offerings()]
        states = [state for state in states if state and state.status == state.STATUS_IN_PROGRESS]
        return states[number % len(states)].current_task_state if states else None

    # What members do

    @initialize(first=some, second=some)
    def begin(self, first, second):
        for number in (first, second):
            self.create(number, [number % 20 + 1, number % 20 + 8])

    @rule(number=some, on=st.lists(days, max_size=3, unique=True))
    def create(self, number, on):
        people = self.people
        page = factories.build_offering(
            KINDS[number % 3],
            organisation=people.organisations[number % 2],
            municipality=people.towns[number % 2],
            topics=people.topics[: number % 3],
            dates=[models.Occurrence(start=factories.in_days(day)) for day in on],
        )
        programme_page = Page.objects.get(pk=models.ProgrammePage.objects.get().pk)
        self.do("create", lambda: programme.create_draft(page, parent=programme_page, actor=self.member(page)))

    @rule(number=some, which=some, day=days, what=st.sets(st.sampled_from(["title", "move", "add", "drop", "topics", "place"])))
    def save(self, number, which, day, what):
        if (page := self.pick(number)) is None:
            return
        draft = page.get_latest_revision_as_object()
        dates = list(draft.occurrences.all())
        if "title" in what:
            draft.title = f"Titel {which}"
        if "move" in what and dates:
            dates[which % len(dates)].start = factories.in_days(day)
        if "drop" in what and dates:
            dates.pop(which % len(dates))
        if "add" in what:
            dates.append(models.Occurrence(start_date=factories.in_days(day).date(), mode="online" if which % 2 else ""))
        if "place" in what:
            draft.venue = [None, *self.people.venues][which % 3]
        draft.occurrences = dates
        if "topics" in what:
            draft.topics.set(self.people.topics[which % 3 :])
        self.do("save", lambda: programme.save_draft(draft, base_revision_id=page.latest_revision_id, actor=self.member(page)))

    @rule(number=some)
    def submit(self, number):
        if page := self.pick(number):
            self.do("submit", lambda: review.submit_for_review(page, actor=self.member(page), reason="Geht nur dann."))

    @rule(number=some)
    def withdraw(self, number):
        if task := self.waiting(number):
            page = task.workflow_state.content_object.specific
            self.do("withdraw", lambda: review.withdraw_from_review(page, actor=self.member(page)))

    @rule(number=some, which=some)
    def cancel(self, number, which):
        if page := self.pick(number, live=True):
            uids = [None, *page.occurrences.values_list("uid", flat=True)]
            uid = uids[which % len(uids)]
            self.do("cancel", lambda: programme.cancel(page, actor=self.member(page), occurrence_uid=uid))

    @rule(number=some, weeks=st.integers(1, 5))
    def copy(self, number, weeks):
        if page := self.pick(number):
            self.do("copy", lambda: programme.copy_offering(page, weeks=weeks, actor=self.member(page)))

    @rule(number=some)
    def delete(self, number):
        if page := self.pick(number):
            self.do("delete", lambda: programme.delete_draft(page, actor=self.member(page)))

    @rule(number=some, accept=st.booleans())
    def join_volunteer_day(self, number, accept):
        if page := self.pick(number):
            request = []
            self.do("ask", lambda: request.append(programme.request_day(page, day=self.people.day, actor=self.member(page))))
            if request:
                self.do("move", lambda: programme.decide_day(request[0], accept=accept, actor=self.people.members[0]))

    # What the district does

    @rule(number=some, approved=st.booleans())
    def decide(self, number, approved):
        if task := self.waiting(number):
            actor = self.people.coordinator
            if approved:
                self.do("approve", lambda: review.approve(task, actor=actor))
            else:
                self.do("return", lambda: review.return_to_organisation(task, actor=actor, reasons=["date_clash"]))

    @rule(number=some, other=some)
    def join_forces(self, number, other):
        joining, host = self.pick(number), self.pick(other)
        if joining and joining.pk != host.pk:
            found = []
            self.do("propose", lambda: found.append(joins.propose_join(joining, host, actor=self.people.coordinator)))
            for member in self.people.members if found else []:
                self.do("join", lambda member=member: joins.accept_join(found[0], actor=member))

    @rule(number=some, north=st.integers(0, 3))
    def move_places(self, number, north):
        people = self.people
        town = models.Municipality.objects.get(pk=people.towns[number % 2].pk)
        town.latitude = [None, 48.5, 48.6, 48.7][north]
        town.save()
        venue = models.Venue.objects.get(pk=people.venues[number % 2].pk)
        venue.latitude, venue.longitude = [(None, None), (48.1, None), (48.2, 8.8), (48.3, 9.0)][north]
        venue.municipality = people.towns[north % 2]
        venue.save()
        people.done["places"] += 1

    # What Wagtail's editor does

    @rule(number=some)
    def publish(self, number):
        if (page := self.pick(number)) and page.latest_revision:
            self.do("publish", page.latest_revision.publish)

    @rule(number=some)
    def unpublish(self, number):
        if page := self.pick(number, live=True):
            self.do("unpublish", page.unpublish)

    @rule(number=some, hours=st.integers(-1, 1))
    def schedule(self, number, hours):
        if page := self.pick(number):
            draft = page.get_latest_revision_as_object()
            draft.go_live_at = timezone.now() + dt.timedelta(hours=hours)
            self.do("schedule", lambda: draft.save_revision(clean=False).publish())
            call_command("publish_scheduled", stdout=io.StringIO())

    @rule(number=some, day=days)
    def overwrite(self, number, day):
        if (page := self.pick(number)) and page.latest_revision:
            draft = page.get_latest_revision_as_object()
            draft.occurrences = [models.Occurrence(start=factories.in_days(day))]
            revision = page.latest_revision
            self.do("overwrite", lambda: draft.save_revision(clean=False, user=revision.user, overwrite_revision=revision))

    @rule(number=some, keep_live=st.booleans())
    def copy_in_editor(self, number, keep_live):
        if page := self.pick(number):
            copy = CopyPageAction(
                page, to=page.get_parent(), update_attrs={"slug": f"kopie-{Page.objects.count()}"}, keep_live=keep_live
            )
            self.do("editor copy", lambda: copy.execute(skip_permission_checks=True))

    @rule(number=some)
    def make_alias(self, number):
        if page := self.pick(number):
            alias = CreatePageAliasAction(page, parent=page.get_parent(), update_slug=f"alias-{Page.objects.count()}")
            self.do("alias", lambda: alias.execute(skip_permission_checks=True))

    @precondition(lambda self: self.offerings().count() > 2)
    @rule(number=some)
    def delete_in_editor(self, number):
        self.do("editor delete", self.pick(number).delete)

    # Holds

    def active_hold(self, number):
        active = list(models.DateHold.objects.active().order_by("pk"))
        return active[number % len(active)] if active else None

    @rule(number=some, day=days)
    def hold(self, number, day):
        people = self.people
        self.do(
            "hold",
            lambda: holds.hold_date(
                organisation=people.organisations[number % 2],
                actor=people.members[number % 2],
                start=factories.in_days(day),
                municipality=people.towns[number % 2],
                topic=people.topics[number % 3],
            ),
        )

    @rule(number=some)
    def release(self, number):
        if hold := self.active_hold(number):
            actor = self.people.members[self.people.organisations.index(hold.organisation)]
            self.do("release", lambda: holds.release_hold(hold, actor=actor))

    @rule(number=some)
    def use(self, number):
        if hold := self.active_hold(number):
            actor = self.people.members[self.people.organisations.index(hold.organisation)]
            parent = Page.objects.get(pk=models.ProgrammePage.objects.get().pk).specific
            self.do("use", lambda: holds.become_offering(hold, model=KINDS[number % 3], parent=parent, actor=actor))

    @rule(number=some)
    def expire(self, number):
        if hold := self.active_hold(number):
            self.do("expire", lambda: holds.expire_holds(now=hold.expires_at))

    @invariant()
    def table_is_what_a_rebuild_would_make(self):
        assert list(find_drift()) == []


def test_table_equals_a_rebuild_after_each_kind_of_action(db):
    """Each one once at least, and none of them refused."""
    Planning.people = People()
    machine = Planning()
    steps = [
        ("create", lambda: machine.create(0, [3, 9])),
        # It has no venue yet: the town's coordinates count.
        ("places", lambda: machine.move_places(0, 3)),
        ("save", lambda: machine.save(0, 1, 12, {"title", "move", "add", "topics", "place"})),
        ("submit", lambda: machine.submit(0)),
        ("withdraw", lambda: machine.withdraw(0)),
        ("submit", lambda: machine.submit(0)),
        ("return", lambda: machine.decide(0, False)),
        ("submit", lambda: machine.submit(0)),
        ("approve", lambda: machine.decide(0, True)),
        ("save", lambda: machine.save(0, 0, 20, {"move", "drop"})),
        ("places", lambda: machine.move_places(0, 2)),
        ("cancel", lambda: machine.cancel(0, 1)),
        ("ask", lambda: machine.join_volunteer_day(0, True)),
        ("copy", lambda: machine.copy(0, 2)),
        ("delete", lambda: machine.delete(1)),
        ("unpublish", lambda: machine.unpublish(0)),
        ("publish", lambda: machine.publish(0)),
        ("overwrite", lambda: machine.overwrite(0, 15)),
        ("editor copy", lambda: machine.copy_in_editor(0, True)),
        ("alias", lambda: machine.make_alias(0)),
        ("schedule", lambda: machine.schedule(1, 1)),
        ("hold", lambda: machine.hold(0, 9)),
        ("release", lambda: machine.release(0)),
        ("hold", lambda: machine.hold(1, 9)),
        ("use", lambda: machine.use(0)),
        ("hold", lambda: machine.hold(0, 9)),
        ("expire", lambda: machine.expire(0)),
        ("editor delete", lambda: machine.delete_in_editor(0)),
    ]
    for name, step in steps:
        before = Planning.people.done[name]
        step()
        assert Planning.people.done[name] > before, name
        machine.table_is_what_a_rebuild_would_make()
    machine.teardown()


@pytest.mark.thorough
def test_table_equals_a_rebuild_after_any_sequence_of_actions(db):
    Planning.people = People()
    run_state_machine_as_test(Planning, settings=STEPS)
    assert sum(Planning.people.done.values()) > STEPS.max_examples
