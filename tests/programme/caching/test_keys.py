"""Which requests have the same answer."""

import pytest
from django.test import Client
from django.utils import translation

from ehrenamt_wagtail.programme import caching
from ehrenamt_wagtail.programme.forms import FilterForm
from ehrenamt_wagtail.programme.parameters import NAMES

from .cached import CIRCLES, LIST, entries, how


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
