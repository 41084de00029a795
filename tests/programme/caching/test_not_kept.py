"""Who is not served from the cache, and what is not kept."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail.models import OfferingPage, SeatPlan
from ehrenamt_wagtail.programme import caching, versions
from ehrenamt_wagtail.signups.tokens import token_of
from tests import factories

from .cached import ADDRESSES, LIST, OFFERING, answer, entries, how

HAS_OPENED_A_FORM = {"cookie": f"csrftoken={'a' * 32}"}


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


def changed_answer(change, *, marked=True, status=200, **request):
    """What the middleware makes of an answer that ``change`` was done to."""

    def view(request):
        response = HttpResponse("<p>Angebote</p>", status=status)
        response = change(response) or response
        return caching.mark(response, request) if marked else response

    return answer("/seite/", view, **request)


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
    response = changed_answer(change)
    assert entries() == {}
    assert "ETag" not in response
    assert "public" not in response.get("Cache-Control", "")


@pytest.mark.django_db
def test_errors_and_what_is_not_marked_are_not_kept():
    changed_answer(lambda response: None, status=404)
    changed_answer(lambda response: None, marked=False)
    assert entries() == {}
    changed_answer(lambda response: None)
    assert len(entries()) == 1


@pytest.mark.django_db
def test_page_that_depends_on_cookies_is_for_those_without_only():
    changed_answer(header("Vary", "Cookie"))
    assert how(changed_answer(header("Vary", "Cookie"))) == "hit"
    assert how(changed_answer(header("Vary", "Cookie"), headers={"cookie": "theme=dark"})) == "miss"


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
