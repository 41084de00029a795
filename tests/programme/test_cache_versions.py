"""What is cached ends with every change that the public can see, at the moment it becomes visible, and with no other."""

from functools import partial

import pytest
from django.core.cache import cache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.core.signals import request_finished
from django.db import connection, transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page, PageViewRestriction, Site

from ehrenamt_wagtail.circles.figures import state_figure
from ehrenamt_wagtail.models import (
    Cancellation,
    CirclePage,
    Coordinator,
    Municipality,
    OfferingPage,
    Organisation,
    ProgrammePage,
    SeatPlan,
    Topic,
    Venue,
)
from ehrenamt_wagtail.programme import caching, versions
from ehrenamt_wagtail.programme.actions import cancel, create_draft, save_draft
from ehrenamt_wagtail.programme.cache_receivers import announce, changed, watch
from ehrenamt_wagtail.programme.caching import programme_changed
from ehrenamt_wagtail.signups import deletion, plans, signing
from ehrenamt_wagtail.signups.models import SupervisionSetup
from tests import factories
from tests.factories import in_days

LIST = "/programm/"


@pytest.fixture(autouse=True)
def one_process(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CACHE_ONE_PROCESS": True}
    settings.DEBUG = True


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No change of another test goes on, and nothing is known of the cache."""
    connection.ehrenamt_change = None
    cache.set(versions.VERSION, "first", None)
    monkeypatch.setattr(versions, "contact", versions.Contact())
    yield
    connection.ehrenamt_change = None


def how(client, address=LIST) -> str:
    return client.get(address).get("X-Ehrenamt-Cache")


def marks() -> set[str]:
    return set(cache.get_many([*versions.PLACES, versions.NO_PLACE]))


def version() -> str:
    return cache.get(versions.VERSION)


# Where the transaction really ends


@pytest.fixture
def topic(transactional_db):
    factories.make_site(setup=False)
    topic = factories.TopicFactory(name="Wohnen")
    factories.published_offering(topics=[topic], title="Mietrecht", dates=[in_days(20)])
    return topic


TITLE = "/programm/mietrecht/"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_served_or_kept_until_the_change_is_committed(client, topic):
    how(client, TITLE)
    assert how(client, TITLE) == "hit"
    topic.name = "Wohnen und Arbeit"
    with transaction.atomic():
        topic.save()
        for _time in range(2):
            assert how(client, TITLE) == "miss"
    assert marks() == set()
    response = client.get(TITLE)
    assert response["X-Ehrenamt-Cache"] == "miss"
    assert "Wohnen und Arbeit" in response.content.decode()
    assert how(client, TITLE) == "hit"


@pytest.mark.django_db(transaction=True)
def test_change_without_transaction_is_marked_before_and_over_at_once(client, topic, monkeypatch):
    how(client, TITLE)
    announced = []
    monkeypatch.setattr(Topic, "_save_table", spy(Topic._save_table, lambda: announced.append(len(marks()))))
    topic.save()
    assert announced == [1]
    assert marks() == set()
    assert how(client, TITLE) == "miss"
    assert how(client, TITLE) == "hit"


def spy(function, note):
    def wrapped(*args, **kwargs):
        note()
        return function(*args, **kwargs)

    return wrapped


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_leaves_no_mark_after_the_request(client, topic):
    how(client, TITLE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        topic.name = "Nie gespeichert"
        topic.save()
        raise ZeroDivisionError
    assert len(marks()) == 1
    request_finished.send(sender=None)
    assert marks() == set()
    assert how(client, TITLE) == "miss"
    assert how(client, TITLE) == "hit"
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
    how(client, TITLE)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        transaction.on_commit(lambda: 1 / 0)
        topic.name = "Wohnraum"
        topic.save()
    assert "Wohnraum" in client.get(TITLE).content.decode()
    # The request that has just ended took the mark away.
    assert marks() == set()
    how(client, TITLE)
    assert how(client, TITLE) == "hit"


@pytest.mark.django_db(transaction=True)
def test_transaction_longer_than_its_mark_still_ends_what_was_kept_meanwhile(client, topic):
    with transaction.atomic():
        Topic.objects.filter(pk=topic.pk).update(name="Umzug")
        programme_changed()
        cache.delete_many(marks())
        answer("/seite/")
        assert is_served("/seite/")
    assert not is_served("/seite/")


def answer(path: str, view=None):
    def plain(request):
        return caching.mark(HttpResponse("Angebote"), request)

    return caching.ProgrammeCacheMiddleware(view or plain)(RequestFactory().get(path))


def is_served(path: str) -> bool:
    return answer(path)["X-Ehrenamt-Cache"] == "hit"


# The same with nothing but the cache


@pytest.mark.django_db
def test_what_was_rendered_before_a_change_is_never_served_after_it():
    def overtaken(request):
        response = caching.mark(HttpResponse("alt"), request)
        versions.finish(connection)
        return response

    answer("/seite/", overtaken)
    assert not is_served("/seite/")
    assert is_served("/seite/")


@pytest.mark.django_db
def test_render_that_began_during_a_change_is_not_kept(monkeypatch):
    programme_changed()
    assert len(marks()) == 1

    def view(request):
        versions.finish(connection)
        return caching.mark(HttpResponse("alt"), request)

    answer("/seite/", view)
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_process_that_died_blocks_for_a_while_and_revives_nothing():
    answer("/seite/")
    assert is_served("/seite/")
    programme_changed()
    connection.ehrenamt_change = None  # as if nobody remembered it
    assert not is_served("/seite/")
    (place,) = marks()
    assert 0 < cache._expire_info[cache.make_key(place)] - timezone.now().timestamp() <= versions.CHANGE_SECONDS
    cache.delete(place)
    assert not is_served("/seite/")
    assert is_served("/seite/")


@pytest.mark.django_db
def test_one_change_does_not_take_away_the_mark_of_another():
    other = versions.marked(cache, None)
    programme_changed()
    assert len(marks()) == 2
    versions.finish(connection)
    assert marks() == {other.place}
    assert not is_served("/seite/")
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_more_changes_at_once_than_places_block_until_the_limit():
    changes = [versions.marked(cache, None) for _number in range(len(versions.PLACES) + 1)]
    assert sum(change.place is None for change in changes) == 1
    assert marks() == {*versions.PLACES, versions.NO_PLACE}
    for change in changes:
        connection.ehrenamt_change = change
        versions.finish(connection)
    assert marks() == {versions.NO_PLACE}
    assert not is_served("/seite/")


@pytest.mark.django_db
def test_mark_is_put_once_a_transaction_and_again_when_half_of_its_time_is_over(monkeypatch):
    programme_changed()
    place, first = *marks(), version()
    for _time in range(3):
        programme_changed()
    assert (marks(), version()) == ({place}, first)
    later = connection.ehrenamt_change.until - versions.CHANGE_SECONDS / 3
    monkeypatch.setattr(versions.time, "monotonic", lambda: later)
    programme_changed()
    assert (marks(), connection.ehrenamt_change.until) == ({place}, later + versions.CHANGE_SECONDS)
    # Where the old one is over another place is taken, and the old one is left to whoever has it now.
    much_later = later + 2 * versions.CHANGE_SECONDS
    monkeypatch.setattr(versions.time, "monotonic", lambda: much_later)
    programme_changed()
    assert len(marks()) == 2
    versions.finish(connection)
    assert marks() == {place}


@pytest.mark.django_db
def test_without_a_version_nothing_is_kept_and_one_is_given():
    cache.clear()
    answer("/seite/")
    assert version()
    assert not is_served("/seite/")
    assert is_served("/seite/")


# Where the cache is off


@pytest.mark.django_db
def test_changes_ask_nothing_of_a_cache_that_is_off(settings, monkeypatch):
    monkeypatch.setattr(LocMemCache, "add", lambda *args, **kwargs: pytest.fail("asked"))
    monkeypatch.setattr(LocMemCache, "set", lambda *args, **kwargs: pytest.fail("asked"))
    settings.EHRENAMT = {}
    programme_changed()
    settings.EHRENAMT = {"CACHE_ONE_PROCESS": True}
    settings.MIDDLEWARE = [path for path in settings.MIDDLEWARE if "ProgrammeCache" not in path]
    programme_changed()
    assert versions.pending(connection) is None


class OwnMiddleware(caching.ProgrammeCacheMiddleware):
    pass


@pytest.mark.django_db
def test_command_forgets_what_is_kept(settings, capsys):
    answer("/seite/")
    call_command("ehrenamt_forget_pages")
    assert "are forgotten" in capsys.readouterr().out
    versions.finish(connection)
    assert not is_served("/seite/")
    settings.EHRENAMT = {}
    call_command("ehrenamt_forget_pages")
    assert "nothing to forget" in capsys.readouterr().out


@pytest.mark.django_db
def test_middleware_of_a_host_derived_from_ours_counts(settings):
    settings.MIDDLEWARE = ["tests.programme.test_cache_versions.OwnMiddleware"]
    programme_changed()
    assert len(marks()) == 1


# Where the cache does not answer


class Unreachable(LocMemCache):
    is_down = False

    def _check(self):
        if Unreachable.is_down:
            raise ConnectionError("nobody answers")

    def get_many(self, *args, **kwargs):
        self._check()
        return super().get_many(*args, **kwargs)

    def set(self, *args, **kwargs):
        self._check()
        return super().set(*args, **kwargs)

    def add(self, *args, **kwargs):
        self._check()
        return super().add(*args, **kwargs)


@pytest.fixture
def unreliable(settings, monkeypatch):
    monkeypatch.setattr(Unreachable, "is_down", False)
    settings.CACHES = {"default": {"BACKEND": "tests.programme.test_cache_versions.Unreachable", "LOCATION": "unreliable"}}
    cache.clear()
    cache.set(versions.VERSION, "first", None)


@pytest.mark.django_db
@pytest.mark.expected_errors("cache of the programme cannot be reached")
def test_cache_that_is_down_stops_no_change_and_no_answer(unreliable, monkeypatch, caplog):
    topic = factories.TopicFactory(name="Wohnen")
    versions.finish(connection)
    answer("/seite/")
    assert is_served("/seite/")
    monkeypatch.setattr(Unreachable, "is_down", True)
    topic.name = "Wohnraum"
    topic.save()
    versions.finish(connection)
    assert Topic.objects.get().name == "Wohnraum"
    for _time in range(3):
        assert answer("/seite/").content == b"Angebote"
        assert not is_served("/seite/")
    assert [record.levelname for record in caplog.records if "cannot be reached" in record.message] == ["ERROR"]
    # It answers again, with all it had: what was changed meanwhile counts.
    monkeypatch.setattr(Unreachable, "is_down", False)
    assert not is_served("/seite/")
    monkeypatch.setattr(versions.contact, "ask_again_at", 0)
    assert not is_served("/seite/")
    assert is_served("/seite/")


# What counts as a change


@pytest.fixture
def shown(programme, live_offering, date):
    """An offering and all that shows with it; nothing goes on."""
    circle = factories.circle_page()
    page = live_offering(dates=[date(30)], topics=[factories.TopicFactory()])
    page.save_revision(clean=False)
    plan = SeatPlan.objects.create(offering=page, mode="here", capacity=1)
    factories.CoordinatorFactory()
    factories.VenueFactory()
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


def test_place_that_two_found_free_at_once_belongs_to_who_wrote_last(tmp_path, monkeypatch):
    files = FileBasedCache(str(tmp_path), {})
    add, asked = files.add, []

    def add_and_be_overwritten(key, *arguments):
        asked.append(key)
        is_added = add(key, *arguments)
        if len(asked) == 1:
            files.set(key, "another", 60)
        return is_added

    monkeypatch.setattr(files, "add", add_and_be_overwritten)
    place = versions.free_place(files)
    assert asked == [next(other for other in versions.PLACES if files.get(other) == "another"), place]
    assert versions.free_place(files) not in asked[:2]
