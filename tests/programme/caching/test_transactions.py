"""Nothing is kept of a change before it is committed; where the transaction really ends."""

import pytest
from django.core.cache import cache
from django.core.signals import request_finished
from django.db import transaction

from ehrenamt_wagtail.models import OfferingPage, Topic
from ehrenamt_wagtail.programme.caching import programme_changed
from tests import factories
from tests.factories import in_days

from .cached import answer, how, is_served, marks, version


@pytest.fixture
def topic(transactional_db):
    factories.make_site(setup=False)
    topic = factories.TopicFactory(name="Wohnen")
    factories.published_offering(topics=[topic], title="Mietrecht", dates=[in_days(20)])
    return topic


TITLE = "/programm/mietrecht/"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_served_or_kept_until_the_change_is_committed(client, topic):
    how(client.get(TITLE))
    assert how(client.get(TITLE)) == "hit"
    topic.name = "Wohnen und Arbeit"
    with transaction.atomic():
        topic.save()
        for _time in range(2):
            assert how(client.get(TITLE)) == "miss"
    assert marks() == set()
    response = client.get(TITLE)
    assert response["X-Ehrenamt-Cache"] == "miss"
    assert "Wohnen und Arbeit" in response.content.decode()
    assert how(client.get(TITLE)) == "hit"


@pytest.mark.django_db(transaction=True)
def test_change_without_transaction_is_marked_before_and_over_at_once(client, topic, monkeypatch):
    how(client.get(TITLE))
    announced = []
    monkeypatch.setattr(Topic, "_save_table", spy(Topic._save_table, lambda: announced.append(len(marks()))))
    topic.save()
    assert announced == [1]
    assert marks() == set()
    assert how(client.get(TITLE)) == "miss"
    assert how(client.get(TITLE)) == "hit"


def spy(function, note):
    def wrapped(*args, **kwargs):
        note()
        return function(*args, **kwargs)

    return wrapped


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_leaves_no_mark_after_the_request(client, topic):
    how(client.get(TITLE))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        topic.name = "Nie gespeichert"
        topic.save()
        raise ZeroDivisionError
    assert len(marks()) == 1
    request_finished.send(sender=None)
    assert marks() == set()
    assert how(client.get(TITLE)) == "miss"
    assert how(client.get(TITLE)) == "hit"
    assert "Nie gespeichert" not in client.get(TITLE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_change_after_a_savepoint_was_rolled_back_counts(client, topic):
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            topic.save()
            raise ZeroDivisionError
        OfferingPage.objects.filter(topics=topic).update(subtitle="Wohnen am Ort")
        programme_changed()
        before = version()
    assert version() != before
    assert marks() == set()
    assert "Wohnen am Ort" in client.get(TITLE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_failing_hook_of_somebody_else_does_not_keep_an_old_answer(client, topic):
    how(client.get(TITLE))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        transaction.on_commit(lambda: 1 / 0)
        topic.name = "Wohnraum"
        topic.save()
    assert "Wohnraum" in client.get(TITLE).content.decode()
    # The request that has just ended took the mark away.
    assert marks() == set()
    how(client.get(TITLE))
    assert how(client.get(TITLE)) == "hit"


@pytest.mark.django_db(transaction=True)
def test_transaction_longer_than_its_mark_still_ends_what_was_kept_meanwhile(client, topic):
    with transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(name="Umzug")
        programme_changed()
        cache.delete_many(marks())
        answer("/seite/")
        assert is_served("/seite/")
    assert not is_served("/seite/")
