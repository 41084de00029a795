"""The list in a frame of another website, and the code for it."""

import re
from html import unescape

import pytest
from django.test import override_settings

from tests import factories

FRAME = "/programm/einbetten/"
CODE = "/programm/einbetten/code/"
# Unlike the demonstration's, with nothing between the app and the answer but what every site has.
PLAIN = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def body_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def offerings(live_offering, date):
    town = factories.MunicipalityFactory(name="Herrenberg")
    live_offering("Wohnen", dates=[date(3)], municipality=town)
    live_offering("Anderes", dates=[date(4)])


def test_frame_shows_what_the_filters_leave_and_links_leave_it(client, offerings):
    response = client.get(FRAME + "?gemeinde=herrenberg")
    body = body_of(response)
    assert "Wohnen" in body and "Anderes" not in body and "Programm: Herrenberg" in body
    assert '<base target="_top">' in body
    links = re.findall(r'<a\b[^>]*href="([^"]*)"', body)
    assert links == ["/programm/wohnen/", "/programm/?gemeinde=herrenberg"]
    assert "<script" not in body and "noindex" in body
    assert response.cookies == {} and "Cookie" not in response.get("Vary", "")


def test_frame_without_anything_to_show_still_leads_to_the_programme(client, programme):
    body = body_of(client.get(FRAME + "?q=gibtesnicht"))
    assert "nichts geplant" in body and 'href="/programm/?q=gibtesnicht"' in body


def test_frame_begins_with_the_first_page_and_leads_to_the_rest(client, live_offering, date):
    for number in range(21):
        live_offering(f"Angebot {number:02}", dates=[date(number + 1)])
    body = body_of(client.get(FRAME + "?seite=1&unbekannt=1"))
    assert "Angebot 19" in body and "Angebot 20" not in body and "Weitere Angebote" in body
    assert "unbekannt" not in body


def test_frame_asks_as_often_for_many_as_for_few(client, live_offering, date, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    live_offering(dates=[date(3)])
    client.get(FRAME)
    with CaptureQueriesContext(connection) as first:
        client.get(FRAME)
    for number in range(15):
        live_offering(f"Angebot {number}", dates=[date(number + 1)])
    with django_assert_num_queries(len(first)):
        client.get(FRAME)


@pytest.mark.parametrize("path", ["/programm/", CODE, "/programm/kalender/2027/3/", "/programm/karte/", "/partner/login/"])
def test_only_the_frame_may_be_framed(client, offerings, path):
    frame, other = client.get(FRAME), client.get(path)
    assert "X-Frame-Options" not in frame
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert other["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in other["Content-Security-Policy"]


@override_settings(MIDDLEWARE=PLAIN)
def test_frame_may_be_framed_on_a_site_without_a_policy(client, offerings):
    assert client.get("/programm/")["X-Frame-Options"] == "SAMEORIGIN"
    frame = client.get(FRAME)
    assert "X-Frame-Options" not in frame and frame["Content-Security-Policy"] == "frame-ancestors *"


def test_frame_keeps_all_but_the_ancestors_of_a_policy_of_django(client, offerings):
    pytest.importorskip("django.middleware.csp")
    policy = {"default-src": ["'self'"], "frame-ancestors": ["'none'"]}
    with override_settings(MIDDLEWARE=[*PLAIN, "django.middleware.csp.ContentSecurityPolicyMiddleware"], SECURE_CSP=policy):
        assert client.get("/programm/")["Content-Security-Policy"] == "default-src 'self'; frame-ancestors 'none'"
        assert client.get(FRAME)["Content-Security-Policy"] == "default-src 'self'; frame-ancestors *"


def test_code_frames_the_list_with_the_present_filters(client, offerings):
    assert 'href="/programm/einbetten/code/?gemeinde=herrenberg"' in body_of(client.get("/programm/?gemeinde=herrenberg&seite=1"))
    body = body_of(client.get(CODE + "?gemeinde=herrenberg&seite=3&fremd=1"))
    code = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body).group(1))
    assert code.startswith('<iframe src="http://testserver/programm/einbetten/?gemeinde=herrenberg" title="Programm"')
    address = re.search(r'src="([^"]*)"', code).group(1).removeprefix("http://testserver")
    assert "Wohnen" in body_of(client.get(address))


def test_code_stays_code_whatever_the_address_says(client, offerings):
    body = body_of(client.get(CODE, {"q": '"></textarea><script>alert(1)</script>'}))
    assert "<script>alert" not in body
    code = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body).group(1))
    assert code.count("<") == 2


def test_offering_is_not_given_the_address_of_the_frame(programme):
    page = factories.draft_offering(programme, title="Einbetten")
    assert page.slug != "einbetten"
