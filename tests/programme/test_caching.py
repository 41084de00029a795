"""Which answers are kept for everybody, for whom, and until when."""

import datetime as dt
import pickle
import re

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.models import Occurrence, OfferingPage, SeatPlan
from ehrenamt_wagtail.programme import caching, moments, providers, versions
from ehrenamt_wagtail.programme.caching import ProgrammeCacheMiddleware
from ehrenamt_wagtail.programme.forms import FilterForm
from ehrenamt_wagtail.programme.parameters import NAMES
from ehrenamt_wagtail.signups.tokens import token_of
from tests import factories
from tests.factories import in_days

LIST = "/programm/"
MONTH = "/programm/kalender/2027/3/"
OFFERING = "/programm/grundlagen-des-asylrechts/"
CIRCLES = "/arbeitskreise/"
HAS_OPENED_A_FORM = {"cookie": f"csrftoken={'a' * 32}"}
ADDRESSES = [
    LIST, "/programm/?art=workshop", "/programm/?q=asyl", MONTH, "/programm/karte/?art=workshop", OFFERING, f"{OFFERING}termin.ics",
    f"{OFFERING}qr.svg", "/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/", CIRCLES,
    "/arbeitskreise/arbeitskreis-asyl/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def one_process(settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CACHE_ONE_PROCESS": True}
    cache.set(versions.VERSION, "first")
    # Says with each answer whether it came from the cache.
    settings.DEBUG = True


@pytest.fixture(autouse=True)
def nothing_pending():
    """A test's transaction never ends, so that no hook takes its marks away."""
    connection.ehrenamt_change = None
    yield
    connection.ehrenamt_change = None


@pytest.fixture
def site(programme, live_offering, date):
    """A programme with one offering and a circle, whose changes are over."""
    live_offering(dates=[date(40)])
    factories.circle_page()
    versions.finish(connection)


def how(response) -> str:
    return response.get("X-Ehrenamt-Cache", "")


def entries() -> dict[str, tuple]:
    stored = {key: pickle.loads(value) for key, value in cache._cache.items()}
    return {key: value for key, value in stored.items() if caching.PREFIX in key}


# Hits


@pytest.mark.parametrize("address", ADDRESSES)
def test_second_answer_comes_from_the_cache_without_a_query(client, site, address, django_assert_num_queries):
    first = client.get(address)
    assert how(first) == "miss"
    with django_assert_num_queries(0):
        second = client.get(address)
    assert how(second) == "hit"
    assert second.content == first.content
    assert {**second.headers, "X-Ehrenamt-Cache": ""} == {**first.headers, "X-Ehrenamt-Cache": ""}
    assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"])
    assert first["Cache-Control"].startswith("public, max-age=")
    assert first["Cache-Control"].endswith("must-revalidate")
    assert "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("address", [LIST, "/programm/feed.atom", "/api/angebote/"])
def test_who_has_the_answer_already_is_told_so_at_first_and_from_the_cache(client, site, address, django_assert_num_queries):
    etag = client.head(address)["ETag"]
    first = client.get(address, headers={"if-none-match": etag})
    with django_assert_num_queries(0):
        second = client.get(address, headers={"if-none-match": etag})
        # The first answer was kept in full, though it was told in short.
        full = client.get(address)
    assert [(answer.status_code, answer.content, answer["ETag"]) for answer in (first, second)] == [(304, b"", etag)] * 2
    assert (how(full), full["ETag"], bool(full.content)) == ("hit", etag, True)
    assert first["Cache-Control"] == second["Cache-Control"] == full["Cache-Control"]


@pytest.fixture
def bodies_apart(monkeypatch):
    """All of them are kept as large ones are; gives the keys of those that were asked for."""
    asked, body = [], versions.body
    monkeypatch.setattr(caching, "LARGE_BODY", 10)
    monkeypatch.setattr(versions, "body", lambda cache, key: asked.append(key) or body(cache, key))
    return asked


@pytest.mark.parametrize("address", [LIST, "/programm/kalender.ics"])
def test_large_answer_is_not_fetched_for_who_has_it_already(client, site, bodies_apart, address, django_assert_num_queries):
    first = client.get(address)
    with django_assert_num_queries(0):
        short = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (short.status_code, bodies_apart) == (304, [])
        full = client.get(address)
    assert (how(full), full.content, full["Content-Length"]) == ("hit", first.content, str(len(first.content)))
    assert client.head(address)["Content-Length"] == full["Content-Length"]


def test_large_answer_without_its_body_is_written_anew(client, site, bodies_apart):
    first = client.get(LIST)
    cache.delete(next(entry[4] for entry in entries().values()))
    second = client.get(LIST)
    assert (how(second), second.content, len(bodies_apart)) == ("miss", first.content, 1)
    assert how(client.get(LIST)) == "hit"


def test_first_answer_may_be_short_even_where_nothing_is_kept(client, site, settings):
    etag = client.get(LIST)["ETag"]
    settings.EHRENAMT = {}
    response = client.get(LIST, headers={"if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")
    assert client.get(LIST, headers={"if-none-match": '"other"'}).status_code == 200


def test_head_is_answered_from_the_cache_and_fills_nothing(client, site):
    head = client.head(LIST)
    assert (how(head), head.content, entries()) == ("miss", b"", {})
    full = client.get(LIST)
    head = client.head(LIST)
    assert (how(head), head.content) == ("hit", b"")
    assert head["Content-Length"] == str(len(full.content))
    assert head["ETag"] == full["ETag"]


# Keys


def test_parameters_count_in_any_order_and_empty_ones_not_at_all(client, site):
    client.get(LIST, {"art": ["workshop", "vortrag"], "von": "2027-03-01"})
    same = client.get(f"{LIST}?von=2027-03-01&q=&art=workshop&art=vortrag&seite=")
    assert how(same) == "hit"
    assert how(client.get(f"{LIST}?von=2027-03-01&art=vortrag&art=workshop")) == "miss"
    assert how(client.get(f"{LIST}?von=2027-03-02&art=workshop&art=vortrag")) == "miss"


@pytest.mark.parametrize("query", ["utm_source=post", "q=asyl&fbclid=1", f"q={'x' * 600}"])
def test_unknown_or_endless_parameters_are_not_kept(client, site, query):
    for _time in range(2):
        response = client.get(f"{LIST}?{query}")
        assert how(response) == "miss"
        assert b"<h1" in response.content
    assert entries() == {}


def test_host_and_scheme_are_told_apart(site, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert how(Client().get(LIST)) == "miss"
    assert how(Client().get(LIST, headers={"host": "other.example"})) == "miss"
    assert how(Client().get(LIST, secure=True)) == "miss"
    assert how(Client().get(LIST)) == "hit"


def test_port_that_a_proxy_names_is_told_apart(site, settings):
    settings.USE_X_FORWARDED_PORT = True
    assert how(Client().get(LIST)) == "miss"
    assert how(Client().get(LIST, headers={"x-forwarded-port": "8443"})) == "miss"
    assert how(Client().get(LIST)) == "hit"


def test_parameters_of_the_programme_are_known():
    assert set(FilterForm.NAMES) | {"seite"} <= NAMES
    assert caching.PARAMETERS == NAMES


@pytest.mark.expected_errors("Invalid HTTP_HOST header")
def test_unknown_host_is_refused_as_always(site, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    response = Client(raise_request_exception=False).get(LIST, headers={"host": "evil.example"})
    assert response.status_code == 400
    assert entries() == {}


def test_languages_are_told_apart(site, settings):
    at = settings.MIDDLEWARE.index("django.middleware.common.CommonMiddleware")
    middleware = list(settings.MIDDLEWARE)
    middleware.insert(at, "django.middleware.locale.LocaleMiddleware")
    settings.MIDDLEWARE = middleware
    # Django's middleware leaves the language of the last request behind.
    with translation.override(settings.LANGUAGE_CODE):
        german = Client().get(CIRCLES, headers={"accept-language": "de"})
        english = Client().get(CIRCLES, headers={"accept-language": "en"})
    assert (how(german), how(english)) == ("miss", "miss")
    assert b'lang="de"' in german.content
    assert b'lang="en"' in english.content
    again = Client().get(CIRCLES, headers={"accept-language": "en-GB,en;q=0.9"})
    assert (how(again), again.content) == ("hit", english.content)
    assert "Accept-Language" in again["Vary"]


# Who is not served, and what is not kept


@pytest.mark.parametrize(
    "identity",
    [
        {"headers": {"authorization": "Basic eDp5"}},
        {"REMOTE_USER": "erika"},
        {"headers": {"cookie": "sessionid=abc"}},
        {"headers": {"cookie": "messages=abc"}},
    ],
)
def test_who_may_be_somebody_is_not_served_and_leaves_nothing(client, site, identity):
    assert how(Client().get(LIST, **identity)) == ""
    assert entries() == {}
    client.get(LIST)
    response = Client().get(LIST, **identity)
    assert (how(response), response.status_code) == ("", 200)
    assert "Cache-Control" not in response


def test_other_cookies_may_be_served_but_fill_nothing(client, site):
    assert how(Client().get(LIST, headers=HAS_OPENED_A_FORM)) == "miss"
    assert entries() == {}
    client.get(LIST)
    assert how(Client().get(LIST, headers=HAS_OPENED_A_FORM)) == "hit"


def test_post_passes(client, site):
    client.get(LIST)
    response = client.post(LIST)
    assert how(response) == ""
    assert len(entries()) == 1


@pytest.mark.parametrize(
    "address", ["/", "/partner/login/", "/programm/kalender/", "/programm/nirgendwo/", "/programm/kalender/2027/13/"]
)
def test_nothing_else_is_kept(client, site, address):
    response = client.get(address)
    assert how(response) == ""
    assert entries() == {}


def test_pages_behind_a_password_are_not_kept(client, site):
    page = OfferingPage.objects.get()
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="geheim")
    versions.finish(connection)
    response = client.get(OFFERING)
    assert b'name="password"' in response.content
    assert entries() == {}


def test_preview_is_neither_served_nor_kept(client, site):
    client.get(OFFERING)
    page = OfferingPage.objects.get().specific
    page.title = "Nur eine Vorschau"
    response = page.make_preview_request()
    assert "Nur eine Vorschau" in response.content.decode()
    assert response["Cache-Control"] == "private"
    assert len(entries()) == 1
    assert "Nur eine Vorschau" not in client.get(OFFERING).content.decode()


def answer(change, *, marked=True, request=None, status=200):
    """What the middleware makes of an answer that ``change`` was done to."""

    def view(request):
        response = HttpResponse("<p>Angebote</p>", status=status)
        response = change(response) or response
        return caching.mark(response, request) if marked else response

    middleware = ProgrammeCacheMiddleware(view)
    request = request or RequestFactory().get("/seite/")
    return middleware(request)


def header(name, value):
    def change(response):
        response[name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda response: response.set_cookie("theme", "dark"),
        lambda response: StreamingHttpResponse([b"x"]),
        header("Cache-Control", "private"),
        header("Cache-Control", "max-age=5, no-store"),
        header("Vary", "Cookie, User-Agent"),
        header("Vary", "Accept-Language"),
        header("Vary", "*"),
        header("Content-Encoding", "gzip"),
        header("Content-Security-Policy", "script-src 'nonce-abc'"),
    ],
)
def test_answers_that_are_not_for_everybody_are_not_kept(change):
    response = answer(change)
    assert entries() == {}
    assert "ETag" not in response
    assert "public" not in response.get("Cache-Control", "")


@pytest.mark.django_db
def test_errors_and_what_is_not_marked_are_not_kept():
    answer(lambda response: None, status=404)
    answer(lambda response: None, marked=False)
    assert entries() == {}
    answer(lambda response: None)
    assert len(entries()) == 1


@pytest.mark.django_db
def test_page_that_depends_on_cookies_is_for_those_without_only():
    answer(header("Vary", "Cookie"))
    factory = RequestFactory()
    assert how(answer(header("Vary", "Cookie"))) == "hit"
    assert how(answer(header("Vary", "Cookie"), request=factory.get("/seite/", headers={"cookie": "theme=dark"}))) == "miss"


def test_csrf_token_is_never_kept(client, site, settings):
    """A host's template with a form on every page: it sets the cookie at first, and later shows the token of the cookie."""
    templates = [{**settings.TEMPLATES[0], "APP_DIRS": False, "DIRS": [], "OPTIONS": dict(settings.TEMPLATES[0]["OPTIONS"])}]
    templates[0]["OPTIONS"]["loaders"] = [
        ("django.template.loaders.locmem.Loader", {"ehrenamt_wagtail/base.html": "{% csrf_token %}{% block content %}{% endblock %}"}),
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = templates
    for _time in range(2):
        response = client.get(LIST)
        assert b"csrfmiddlewaretoken" in response.content
        assert how(response) != "hit"
    assert client.cookies["csrftoken"].value
    assert entries() == {}


# Until when


def test_answer_ends_at_the_next_moment(client, site, monkeypatch):
    began = timezone.now()
    Occurrence.objects.update(starts_at=began + dt.timedelta(minutes=3), ends_at=began + dt.timedelta(minutes=5))
    client.get(LIST)
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 179)
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 180.01)
    assert how(client.get(LIST)) == "miss"
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began.timestamp() + 300)
    assert how(client.get(LIST)) == "miss"


def test_page_shows_others_on_its_topic_as_long_as_they_are_not_over(client, live_offering, date, monkeypatch):
    topic, began = factories.TopicFactory(), timezone.now()
    page = live_offering("Dieses", topics=[topic], dates=[date(40)])
    versions.finish(connection)
    client.get(page.url)
    assert how(client.get(page.url)) == "hit"
    running = Occurrence(start=began - dt.timedelta(hours=1), end=began + dt.timedelta(minutes=5))
    live_offering("Anderes", topics=[topic], dates=[running])
    versions.finish(connection)
    assert how(client.get(page.url)) == "miss"
    assert b"Anderes" in client.get(page.url).content
    moment = began + dt.timedelta(seconds=301)
    monkeypatch.setattr("time.time", moment.timestamp)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    response = client.get(page.url)
    assert how(response) == "miss"
    assert b"Anderes" not in response.content


def test_nothing_is_kept_beyond_the_longest_time(client, site, monkeypatch, settings):
    settings.EHRENAMT = {**settings.EHRENAMT, "CACHE_SECONDS": 20}
    began = timezone.now().timestamp()
    monkeypatch.setattr(moments, "next_moment", lambda now: now + dt.timedelta(hours=1))
    client.get(LIST)
    assert how(client.get(LIST)) == "hit"
    monkeypatch.setattr("time.time", lambda: began + 25)
    assert how(client.get(LIST)) == "miss"


def test_what_ends_while_it_is_rendered_is_not_kept(client, site, monkeypatch):
    monkeypatch.setattr(moments, "end_of_validity", lambda version, began: began)
    client.get(LIST)
    assert entries() == {}


def test_next_moment_is_the_first_of_dates_sign_ups_and_midnight(site, django_assert_num_queries):
    noon = in_days(3, hour=12)
    midnight = in_days(4, hour=0)
    assert moments.next_moment(noon) == midnight
    page = OfferingPage.objects.get()
    Occurrence.objects.filter(page=page).update(starts_at=in_days(3, hour=9), ends_at=in_days(3, hour=19))
    assert moments.next_moment(noon) == in_days(3, hour=19)
    later = Occurrence.objects.create(page=page, start=in_days(3, hour=18))
    assert moments.next_moment(noon) == in_days(3, hour=18)
    plan = SeatPlan.objects.create(offering=page, mode="here", opens_at=in_days(3, hour=17), closes_at=in_days(3, hour=16))
    assert moments.next_moment(noon) == in_days(3, hour=16)
    SeatPlan.objects.filter(pk=plan.pk).update(closes_at=in_days(2))
    with django_assert_num_queries(2):
        assert moments.next_moment(noon) == in_days(3, hour=17)
    assert moments.next_moment(later.starts_at) == in_days(3, hour=19)


def test_host_names_moments_of_its_own(site, monkeypatch):
    monkeypatch.setattr(providers, "_moments", [])
    providers.register_moments(lambda now: now + dt.timedelta(seconds=5))
    providers.register_moments(lambda now: None)
    now = in_days(3, hour=12)
    assert moments.next_moment(now) == now + dt.timedelta(seconds=5)


# Personal data


def test_nothing_personal_is_ever_kept(site, settings, django_user_model):
    """Somebody signs up, opens the own page, somebody else signs in: of all of them the cache knows nothing."""
    page = OfferingPage.objects.get()
    plan = SeatPlan.objects.create(offering=page, mode="here", capacity=5)
    uid = page.occurrences.get().uid
    visitor, member = Client(), Client()
    settings.CACHES = settings.CACHES
    person = factories.member_of(page.organisation, first_name="Ottilie", last_name="Partnerin", email="ottilie@verein.example")
    member.force_login(person)
    secrets = ["Erika Geheim", "erika.geheim", "Ottilie", "ottilie@verein", member.cookies["sessionid"].value]
    form = visitor.get(f"/anmeldung/neu/{uid}/")
    secrets.append(re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.content.decode())[1])
    secrets.append(visitor.cookies["csrftoken"].value)
    row = factories.sign_up_of(plan, name="Erika Geheim", email="erika.geheim@post.example")
    token = token_of(row)
    secrets.append(token)
    versions.finish(connection)
    own = visitor.get(f"/anmeldung/{token}/")
    assert "Erika Geheim" in own.content.decode()
    for client in (visitor, member, Client()):
        for address in [*ADDRESSES, "/partner/", f"/anmeldung/neu/{uid}/", f"/anmeldung/{token}/"]:
            client.get(address)
    assert len(entries()) == len(ADDRESSES)
    everything = b"".join(value for store in caches.all() for value in store._cache.values()).decode(errors="replace")
    assert "Grundlagen des Asylrechts" in everything
    assert [secret for secret in secrets if secret in everything] == []
