"""What search engines are told: the sitemap, what is not to be kept, and where the endless begins."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Page, PageViewRestriction, Site

from ehrenamt_wagtail.models import OfferingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.views import neighbour
from tests import factories

META = '<meta name="robots" content="noindex,follow">'


def month(distance: int) -> str:
    first = neighbour(timezone.localdate().replace(day=1), distance)
    return f"/programm/kalender/{first.year}/{first.month}/"


@pytest.fixture
def offerings(live_offering, date, settings):
    """Two pages of the list."""
    settings.EHRENAMT = {**settings.EHRENAMT, "ITEMS_PER_PAGE": 2}
    town = factories.MunicipalityFactory(name="Herrenberg")
    for number in range(3):
        live_offering(f"Angebot {number}", dates=[date(number + 1)], municipality=town)


def heads_of(client, address: str) -> tuple[bool, list[str]]:
    head = client.get(address).content.decode().partition("</head>")[0]
    return META in head, re.findall(r'<link rel="canonical" href="http://testserver(.*?)">', head)


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/programm/", "/programm/"),
        ("/programm/?seite=2", "/programm/?seite=2"),
        ("/programm/?utm_source=x&seite=1&von=", "/programm/"),
        ("/programm/?gemeinde=nirgendwo", "/programm/"),
        (month(0) + "?utm_source=x", month(0)),
        (month(12), month(12)),
        (month(-1), month(-1)),
        ("/programm/karte/?utm_source=x&seite=2", "/programm/karte/"),
    ],
)
def test_plain_pages_are_kept_under_one_address(client, offerings, address, canonical):
    assert heads_of(client, address) == (False, [canonical])


@pytest.mark.parametrize(
    "address",
    ["/programm/?gemeinde=herrenberg", "/programm/?q=angebot", "/programm/?von=2027-01-01", "/programm/?archiv=1",
     "/programm/?art=workshop&seite=2", month(0) + "?art=workshop", month(13), month(-2),
     "/programm/karte/?art=workshop", "/programm/karte/?q=angebot"],
)  # fmt: skip
def test_choices_and_far_months_are_not_kept(client, offerings, address):
    assert heads_of(client, address) == (True, [])


def test_links_that_only_combine_are_not_followed(client, offerings):
    content = client.get("/programm/?gemeinde=herrenberg&q=angebot").content.decode()
    chips = re.findall(r'<a class="ehrenamt-chip"[^>]*>', content)
    # The last one takes all filters away.
    assert ['rel="nofollow"' in chip for chip in chips] == [True, True, False]
    assert f'rel="nofollow" href="{escape("?gemeinde=herrenberg&q=angebot&sortierung=relevanz")}"' in content
    plain = client.get(month(0)).content.decode()
    assert f'rel="prev" href="{month(-1)}"' in plain and f'rel="next" href="{month(1)}"' in plain
    assert f'rel="next nofollow" href="{month(13)}"' in client.get(month(12)).content.decode()
    filtered = client.get(month(0) + "?art=workshop").content.decode()
    assert 'rel="prev nofollow"' in filtered and 'rel="next nofollow"' in filtered


@pytest.mark.parametrize("address", ["/programm/kalender.ics", "/programm/feed.atom", "/api/angebote/", "/api/openapi.json"])
def test_files_are_not_kept(client, offerings, address):
    assert client.get(address)["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/programm/")


# Sitemap


def sitemap_of(client) -> dict[str, str]:
    root = ET.fromstring(client.get("/sitemap.xml").content)
    return {url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in root}


@pytest.fixture
def host(programme):
    """Wagtail names pages by the address of their site."""
    Site.objects.update(hostname="testserver", port=80)
    Site.clear_site_root_paths_cache()
    return "http://testserver"


def test_sitemap_has_what_is_coming_and_public(client, host, live_offering, date, programme):
    day = live_offering("Ehrenamtstag", model=VolunteerDayPage, dates=[date(9, all_day=True)])
    part = live_offering("Stand", dates=[date(9)], parent=day)
    open_date = live_offering("Termin offen", dates=[])
    live_offering("vorbei", dates=[date(-5)])
    live_offering("Entwurf", dates=[date(5)], live=False)
    hidden = live_offering("privat", dates=[date(5)])
    PageViewRestriction.objects.create(page=Page.objects.get(pk=hidden.pk), restriction_type="login")
    entries = sitemap_of(client)
    ours = {address for address in entries if address.startswith(f"{host}/programm/")}
    assert ours == {f"{host}/programm/"} | {f"{host}{page.url}" for page in (day, part, open_date)}
    assert entries[f"{host}{part.url}"] == timezone.localdate(part.last_published_at).isoformat()
    assert not any("kalender" in address or "?" in address for address in entries)


def test_sitemap_asks_once_for_all_offerings(client, host, live_offering, date):
    numbers = []
    for count in (1, 3, 20):
        for number in range(count):
            live_offering(f"Angebot {count}-{number}", dates=[date(number + 1)])
        client.get("/sitemap.xml")
        with CaptureQueriesContext(connection) as queries:
            client.get("/sitemap.xml")
        numbers.append(len(queries))
    assert len(set(numbers)) == 1
    assert len(sitemap_of(client)) > OfferingPage.objects.count()


# robots.txt of the demonstration


def is_allowed(rules: str, address: str) -> bool:
    """As RFC 9309 says, for a file that only forbids."""
    patterns = re.findall(r"^Disallow: (\S+)$", rules, re.MULTILINE)
    return not any(re.match(re.escape(pattern).replace(r"\*", ".*"), address) for pattern in patterns)


def test_robots_may_read_pages_and_one_filter_but_no_combinations(client, programme):
    response = client.get("/robots.txt")
    rules = response.content.decode()
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in rules
    for address in ("/", "/programm/", "/programm/?seite=2", "/programm/?gemeinde=herrenberg", "/programm/wohnen/", month(0),
                    "/programm/karte/", "/arbeitskreise/"):  # fmt: skip
        assert is_allowed(rules, address), address
    for address in ("/programm/?gemeinde=a&thema=b", f"{month(0)}?art=workshop", "/programm/kalender.ics?art=workshop",
                    "/programm/karte/?q=x", "/partner/", "/anmeldung/neu/x/", "/verwaltung/", "/programm/feed.atom?q=x"):  # fmt: skip
        assert not is_allowed(rules, address), address
