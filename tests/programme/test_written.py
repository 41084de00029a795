"""What publishing, saving and deleting do not do twice, or for nothing; and that nothing is missed thereby."""

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from ehrenamt_wagtail import models
from ehrenamt_wagtail.programme import listed
from ehrenamt_wagtail.programme.words import wrong_counts
from ehrenamt_wagtail.signals import offering_saved
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(ready_site):
    return ready_site


def published(number=2, **facts):
    dates = [models.Occurrence(start=factories.in_days(10 + place), sort_order=place) for place in range(number)]
    page = factories.published_offering(dates=dates, **facts)
    publish(page)
    return page


def publish(page):
    """Gives the statements of publishing it once more."""
    page = Page.objects.get(pk=page.pk).specific
    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()
    return [query["sql"] for query in queries]


def writes_of(statements, model):
    table = f'"{model._meta.db_table}"'
    return [sql for sql in statements if sql.startswith((f"UPDATE {table}", f"INSERT INTO {table}", f"DELETE FROM {table}"))]


def assert_listed_right():
    assert list(listed.find_drift(lambda done, total: None)) == []


def test_publishing_asks_as_often_for_one_date_as_for_many():
    """Wagtail itself reads the page for each row of a revision; that is not counted."""
    one, many = (asked_of_the_app(publish(published(number))) for number in (1, 12))
    assert len(one) == len(many) < 45
    assert_listed_right()


def asked_of_the_app(statements):
    pages = 'SELECT "wagtailcore_page"'
    return [sql for sql in statements if sql.startswith("SELECT") and '"ehrenamt_wagtail_' in sql and not sql.startswith(pages)]


def test_publishing_writes_only_the_date_that_is_different():
    page = published(3)
    assert writes_of(publish(page), models.Occurrence) == []
    draft = Page.objects.get(pk=page.pk).specific
    dates = list(draft.occurrences.all())
    dates[1].room = "Saal 2"
    draft.occurrences = dates
    [written] = writes_of(publish_object(draft), models.Occurrence)
    assert written.startswith("UPDATE")
    assert sorted(models.Occurrence.objects.filter(page=page.pk).values_list("room", flat=True)) == ["", "", "Saal 2"]
    assert_listed_right()


def publish_object(page):
    with CaptureQueriesContext(connection) as queries:
        page.save_revision().publish()
    return [query["sql"] for query in queries]


def test_date_that_somebody_else_moved_is_written_again():
    """What is compared is what stands in the table when it is written, not what was there when the page was read."""
    page = published(1)
    draft = Page.objects.get(pk=page.pk).specific
    dates = list(draft.occurrences.all())
    start = dates[0].start
    draft.occurrences = dates
    models.Occurrence.objects.filter(page=page.pk).update(start=start + dt.timedelta(days=1))
    draft.save()
    assert models.Occurrence.objects.get(page=page.pk).start == start
    assert_listed_right()


def test_page_that_remembers_an_old_name_is_listed_with_the_new_one():
    venue = factories.VenueFactory(name="Altes Haus", municipality__name="Leonberg")
    host = models.CoHost(organisation=factories.OrganisationFactory(name="Alter Verein"))
    page = factories.build_offering(venue=venue, dates=[models.Occurrence(start=factories.in_days(3), venue=venue)])
    page.co_hosts = [host]
    models.ProgrammePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    draft = Page.objects.get(pk=page.pk).specific
    assert (draft.venue.name, draft.organisation.name, draft.municipality.name) == ("Altes Haus", page.organisation.name, "Leonberg")
    draft.occurrences = draft.occurrences.all().select_related("venue")
    draft.co_hosts = draft.co_hosts.all().select_related("organisation")
    # As another process would rename them.
    models.Venue.objects.filter(pk=venue.pk).update(name="Neues Haus")
    models.Municipality.objects.filter(pk=venue.municipality_id).update(name="Neustadt")
    models.Organisation.objects.filter(pk=draft.organisation_id).update(name="Neues Amt")
    models.Organisation.objects.filter(pk=host.organisation_id).update(name="Neuer Verein")
    draft.title = "Neuer Titel"
    draft.save()
    row = models.ListedOffering.objects.get(pk=page.pk)
    assert (row.facts["title"], row.facts["town"], row.facts["organiser"]) == ("Neuer Titel", "Neustadt", "Neues Amt")
    assert row.facts["dates"][0]["place"] == "Neues Haus"
    assert row.details["co_hosts"] == ["Neuer Verein"]
    assert_listed_right()


def test_what_was_written_is_known_as_it_is_stored():
    """In another zone, with text for a day, in another order than it is stored."""
    page = published(1)
    models.Occurrence.objects.update(sort_order=9)
    draft = Page.objects.get(pk=page.pk).specific
    start = timezone.make_aware(dt.datetime(2031, 7, 1, 19, 0, 0, 123))
    draft.occurrences = [
        models.Occurrence(start=start, sort_order=2),
        models.Occurrence(start_date=dt.date(2031, 7, 2), sort_order=1, uid="7a1f3c9e-0000-4000-8000-000000000000"),
    ]
    draft.trainers = [models.Trainer(name="Zweite", sort_order=5), models.Trainer(name="Erste", sort_order=1)]
    heard = []
    hear = lambda written, **kwargs: heard.append(written)  # noqa: E731
    offering_saved.connect(hear)
    try:
        draft.save()
    finally:
        offering_saved.disconnect(hear)
    [written] = heard
    # The published date that is missing is kept.
    assert {name: len(rows) for name, rows in written.rows.items()} == {"occurrences": 3, "trainers": 2}
    assert listed.entries_of([page.pk], written) == listed.entries_of([page.pk])
    assert_listed_right()


def test_draft_that_was_never_listed_is_not_derived(monkeypatch):
    page = factories.draft_offering(title="Entwurf")
    monkeypatch.setattr(listed, "entries_of", lambda *arguments: pytest.fail("derived"))
    page.title = "Neuer Entwurf"
    page.save()
    page.save_revision()
    assert not models.ListedOffering.objects.exists()


def test_unpublished_offering_is_listed_no_longer():
    page = published(1)
    page.unpublish()
    assert not models.ListedOffering.objects.exists()
    assert_listed_right()


def test_deleting_many_offerings_counts_their_words_once():
    programme = models.ProgrammePage.objects.get()
    published(1, title="Bleibt Asylrecht")
    pages = [published(1, title=f"Asylrecht Nummer{number}") for number in range(4)]
    with CaptureQueriesContext(connection) as queries:
        Page.objects.filter(pk__in=[page.pk for page in pages]).delete()
    statements = [query["sql"] for query in queries]
    assert len(writes_of(statements, models.ListedVocabulary)) == 1
    assert len(writes_of(statements, models.ListedWord)) == 2
    assert dict(models.ListedWord.objects.filter(word="asylrecht").values_list("word", "number")) == {"asylrecht": 1}
    assert wrong_counts(programme.pk) == {}


def test_deletion_that_failed_and_is_tried_again_counts_the_words_once(monkeypatch):
    programme = models.ProgrammePage.objects.get()
    published(1, title="Bleibt Asylrecht")
    row = models.ListedOffering.objects.get(pk=published(1, title="Asylrecht").pk)

    def fail(*arguments, **options):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("django.db.models.sql.DeleteQuery.delete_batch", fail)
        with pytest.raises(RuntimeError), transaction.atomic():
            row.delete()
    assert wrong_counts(programme.pk) == {}
    row.delete()
    assert wrong_counts(programme.pk) == {}
