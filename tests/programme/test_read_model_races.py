"""Two people at the same moment, on PostgreSQL with real threads: afterwards the read model says what the pages say.

One holds its transaction open until the other waits for it or is done: then nothing is left to chance.
"""

import threading
import time

import pytest
from django.db import connection, transaction
from wagtail.models import Page, PageViewRestriction

from ehrenamt_wagtail import models
from ehrenamt_wagtail.programme import actions
from ehrenamt_wagtail.programme.listed import find_drift
from tests import factories
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WAIT = 0.6  # seconds


@pytest.fixture(autouse=True)
def programme(queued_jobs, db):
    return factories.make_site(setup=False)[0]


def reload(page):
    return type(page).objects.get(pk=page.pk)


def race(*functions):
    """Nothing may go wrong, and the read model is right afterwards."""
    outcomes = at_once(*functions)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert list(find_drift(lambda done, total: None)) == []


def slowly(begun: threading.Event, action):
    """Do it in a transaction that stays open for a while after it has written everything."""

    def run():
        with transaction.atomic():
            action()
            begun.set()
            time.sleep(WAIT)

    return run


def then(begun: threading.Event, action):
    """Do it, in a transaction or not, as soon as the other one has written everything but not committed."""

    def run():
        assert begun.wait(10)
        action()

    return run


def in_turn(first, second):
    begun = threading.Event()
    race(slowly(begun, first), then(begun, second))


def changed(page, **facts):
    draft = reload(page).get_latest_revision_as_object()
    for name, value in facts.items():
        setattr(draft, name, value)
    return draft.save_revision(clean=False)


def renamed(entry, name):
    row = type(entry).objects.get(pk=entry.pk)
    row.name = name
    row.save()


@pytest.mark.parametrize("order", [0, 1])
def test_publish_against_cancel(order):
    page = factories.published_offering()
    member = factories.member_of(page.organisation)
    revision = changed(page, title="Neu")
    acts = [revision.publish, lambda: actions.cancel(reload(page), actor=member)]
    in_turn(acts[order], acts[1 - order])
    facts = models.ListedOffering.objects.get(pk=page.pk).facts
    assert (facts["title"], facts["cancelled"]) == ("Neu", True)


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("named", ["topic", "town", "venue", "organisation"])
def test_publish_of_what_names_an_entry_for_the_first_time_against_its_rename(named, order):
    """The row that names it is not committed yet while it is renamed."""
    page = factories.published_offering()
    venue = factories.VenueFactory()
    entries = {
        "topic": factories.TopicFactory(), "town": venue.municipality, "venue": venue, "organisation": factories.OrganisationFactory()
    }  # fmt: skip
    draft = reload(page).get_latest_revision_as_object()
    draft.topics.set([entries["topic"]])
    draft.venue = venue
    draft.organisation = entries["organisation"]
    revision = draft.save_revision(clean=False)
    acts = [revision.publish, lambda: renamed(entries[named], "Ganz neu")]
    in_turn(acts[order], acts[1 - order])
    assert "Ganz neu" in str(models.ListedOffering.objects.get(pk=page.pk).facts)


@pytest.mark.parametrize("order", [0, 1])
def test_publish_against_rename_of_a_topic_that_many_have(order):
    topic = factories.TopicFactory()
    pages = [factories.published_offering(topics=[topic]) for _number in range(5)]
    revision = changed(pages[3], title="Neu")
    acts = [revision.publish, lambda: renamed(topic, "Ganz neu")]
    in_turn(acts[order], acts[1 - order])
    assert models.ListedOffering.objects.filter(facts__topics__0__1="Ganz neu").count() == 5


@pytest.mark.parametrize("order", [0, 1])
def test_publish_against_restriction(programme, order):
    page = factories.draft_offering()

    def restrict():
        PageViewRestriction.objects.create(page=Page.objects.get(pk=programme.pk), restriction_type="login")

    acts = [page.latest_revision.publish, restrict]
    in_turn(acts[order], acts[1 - order])
    assert not models.ListedOffering.objects.exists()


@pytest.mark.parametrize("order", [0, 1])
def test_new_published_page_against_restriction(programme, order):
    """Created and published in one transaction: the one who restricts cannot see it yet."""
    factories.published_offering()

    def create():
        with transaction.atomic():
            page = factories.build_offering(title="Neu")
            Page.objects.get(pk=programme.pk).add_child(instance=page)
            page.save_revision(clean=False).publish()

    def restrict():
        PageViewRestriction.objects.create(page=Page.objects.get(pk=programme.pk), restriction_type="login")

    acts = [create, restrict]
    in_turn(acts[order], acts[1 - order])
    assert models.OfferingPage.objects.live().count() == 2
    assert not models.ListedOffering.objects.exists()


@pytest.mark.parametrize("order", [0, 1])
def test_new_published_page_against_the_end_of_a_restriction(programme, order):
    row = PageViewRestriction.objects.create(page=Page.objects.get(pk=programme.pk), restriction_type="login")

    def create():
        with transaction.atomic():
            page = factories.build_offering(title="Neu")
            Page.objects.get(pk=programme.pk).add_child(instance=page)
            page.save_revision(clean=False).publish()

    acts = [create, row.delete]
    in_turn(acts[order], acts[1 - order])
    assert models.ListedOffering.objects.count() == 1


@pytest.mark.parametrize("order", [0, 1])
def test_move_into_a_section_against_its_restriction(programme, order):
    section = Page.objects.get(pk=programme.pk).add_child(instance=models.ProgrammePage(title="Zwei", slug="zwei"))
    page = factories.published_offering(parent=programme)

    def restrict():
        PageViewRestriction.objects.create(page=Page.objects.get(pk=section.pk), restriction_type="login")

    acts = [lambda: Page.objects.get(pk=page.pk).move(Page.objects.get(pk=section.pk), pos="last-child"), restrict]
    in_turn(acts[order], acts[1 - order])
    assert not models.ListedOffering.objects.exists()


def test_many_publish_offerings_with_the_same_words_and_topics():
    topics = [factories.TopicFactory() for _number in range(3)]
    revisions = []
    for number in range(8):
        page = factories.published_offering(title=f"Asyl Recht {number}", topics=topics)
        words = ["Deutsch", "Kurs", "Wohnung", "Ehrenamt", "Arbeit", "Schule"]
        revisions.append(changed(page, summary=" ".join(words[number % 6 :] + words[: number % 6])))
    race(*[revision.publish for revision in revisions])
    assert models.ListedOffering.objects.filter(facts__summary__icontains="Wohnung").count() == 8


@pytest.mark.parametrize("turned", [False, True])
def test_several_published_together_against_one_of_them(turned):
    """As with bulk actions: several in one transaction, in any order, while somebody else publishes one of them."""
    pages = [factories.published_offering(title=f"Asyl {number}") for number in range(2)]
    together = [changed(page, summary=f"Wohnung {number}") for number, page in enumerate(pages)]
    alone = reload(pages[0 if turned else 1])
    begun = threading.Event()

    def publish_together():
        with transaction.atomic():
            for position, revision in enumerate(reversed(together) if turned else together):
                revision.publish()
                if position == 0:
                    begun.set()
                    time.sleep(WAIT)

    race(publish_together, then(begun, lambda: changed(alone, title="Neu").publish()))
    assert models.ListedOffering.objects.filter(facts__summary__icontains="Wohnung").count() >= 1


def test_connection_is_postgresql():
    assert connection.vendor == "postgresql"
