"""What people come for, from the first page to the end, with the mouse, by the keyboard alone and without JavaScript.

What has to be found is taken from all offerings of the API, without its filters.
"""

import datetime as dt
import io
from math import asin, cos, radians, sin, sqrt
from urllib.parse import parse_qs, urlsplit

import feedparser
import icalendar
import pytest
import segno

from ehrenamt_wagtail.days_off import school_holidays
from example_site.demo.register import rows
from tests.pdfs import read_pdf, text_of

from .ways import WAYS

pytestmark = pytest.mark.browser

TODAY = dt.date.today()
KILOMETRES, EARTH = 20, 6371
LINKS = ".ehrenamt-offering__link"
FILTERS = ".ehrenamt-filter .ehrenamt-fold__summary"
APPLY = ".ehrenamt-filter .ehrenamt-fold__body > button[type=submit]"
PHONE = {"width": 390, "height": 844}
# People sign up for it.
OFFERING = "/programm/fernreise-daheim/"


@pytest.fixture(params=WAYS)
def way(request, browser, demo_url):
    """Somebody with a browser of their own."""
    context = browser.new_context(
        locale="de-DE",
        timezone_id="Europe/Berlin",
        base_url=demo_url,
        viewport={"width": 1280, "height": 900},
        java_script_enabled=request.param != "without JavaScript",
    )
    context.set_default_timeout(20_000)
    yield WAYS[request.param](context.new_page())
    context.close()


@pytest.fixture(scope="module")
def offerings(browser, demo_url) -> list[dict]:
    """All that is coming, as the API tells it."""
    context = browser.new_context()
    found, address = [], f"{demo_url}/api/angebote/"
    while address:
        answer = context.request.get(address).json()
        found, address = found + answer["results"], answer["next"]
    context.close()
    return found


def days_of(date: dict) -> tuple[dt.date, dt.date]:
    first = dt.datetime.fromisoformat(date["start"]).date()
    return first, dt.datetime.fromisoformat(date["end"]).date() if date["end"] else first


def takes_place_between(offering: dict, first: dt.date, last: dt.date) -> bool:
    return any(begins <= last and ends >= first for begins, ends in map(days_of, offering["dates"]))


def near(town: str, kilometres: float) -> set[str]:
    """The slugs of the towns around one of the district."""
    places = {row["name"]: (radians(float(row["latitude"])), radians(float(row["longitude"]))) for row in rows("municipalities.csv")}
    north, east = places[town]

    def distance(place: tuple[float, float]) -> float:
        half = sin((place[0] - north) / 2) ** 2 + cos(north) * cos(place[0]) * sin((place[1] - east) / 2) ** 2
        return 2 * EARTH * asin(sqrt(half))

    umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})
    return {name.lower().translate(umlauts) for name, place in places.items() if distance(place) <= kilometres}


def titles(way) -> set[str]:
    """All that the list shows, on whatever pages."""
    found = set(way.page.locator(LINKS).all_inner_texts())
    while (following := way.page.locator(".ehrenamt-pagination a[rel=next]")).count():
        number = parse_qs(urlsplit(following.get_attribute("href")).query)["seite"][0]
        way.press(".ehrenamt-pagination a[rel=next]")
        wait_for(way, seite=number)
        found |= set(way.page.locator(LINKS).all_inner_texts())
    return found


def wait_for(way, **parameters: str) -> None:
    """Until the list of an address with these values is there, be it shown in place or loaded."""
    wanted = {name: [value] for name, value in parameters.items()}
    way.page.wait_for_url(lambda url: wanted.items() <= parse_qs(urlsplit(url).query).items())
    way.page.wait_for_load_state()
    way.page.locator("[data-ehrenamt-loading]").wait_for(state="hidden")


def named(offerings: list[dict]) -> set[str]:
    return {offering["title"] for offering in offerings}


def test_supervision_near_herrenberg_in_the_next_four_weeks(way, offerings):
    last = TODAY + dt.timedelta(days=28)
    way.page.goto("/programm/")
    way.press(FILTERS)
    way.tick("input[name=gemeinde][value=herrenberg]")
    way.choose("select[name=umkreis]", str(KILOMETRES))
    way.tick("input[name=art][value=supervision]")
    way.enter_date("input[name=von]", TODAY)
    way.enter_date("input[name=bis]", last)
    way.press(APPLY)
    wait_for(way, umkreis=str(KILOMETRES), art="supervision", von=TODAY.isoformat(), bis=last.isoformat())

    around = near("Herrenberg", KILOMETRES)
    wanted = [
        offering
        for offering in offerings
        if offering["kind"] == "supervision" and offering["municipality"] in around and takes_place_between(offering, TODAY, last)
    ]
    assert wanted
    assert titles(way) == named(wanted)
    way.press(LINKS)
    way.page.wait_for_url("**/programm/*/")
    assert way.page.inner_text("h1") in named(wanted)
    assert "Supervision" in way.page.inner_text(".ehrenamt-kind")


def test_what_is_on_in_the_whitsun_holidays(way, offerings):
    whitsun = next(span for span in school_holidays(TODAY.year, TODAY.year + 1) if "Pfingst" in span.name and span.last >= TODAY)
    first = max(TODAY, whitsun.first)
    way.page.goto("/programm/")
    way.press(FILTERS)
    way.enter_date("input[name=von]", first)
    way.enter_date("input[name=bis]", whitsun.last)
    way.press(APPLY)
    wait_for(way, von=first.isoformat(), bis=whitsun.last.isoformat())
    wanted = [offering for offering in offerings if takes_place_between(offering, first, whitsun.last)]
    assert titles(way) == named(wanted)
    if not wanted:
        assert "Zu diesen Filtern gibt es nichts." in way.page.inner_text("main")


def test_what_is_on_in_the_next_holidays_by_one_choice(way, offerings):
    following = next(span for span in school_holidays(TODAY.year, TODAY.year + 1) if span.last >= TODAY)
    first = max(TODAY, following.first)
    way.page.goto("/programm/")
    way.press(f".ehrenamt-periods a:has-text('{following.name}'):visible")
    wait_for(way, von=first.isoformat(), bis=following.last.isoformat())
    assert titles(way) == named([row for row in offerings if takes_place_between(row, first, following.last)])


def test_calendar_and_feed_of_a_filter_are_subscribed_to(way, offerings):
    way.page.goto("/programm/")
    way.press(FILTERS)
    way.tick("input[name=art][value=workshop]")
    way.press(APPLY)
    wait_for(way, art="workshop")
    wanted = [offering for offering in offerings if offering["format"] == "workshop"]
    assert wanted and len(wanted) < len(offerings)

    calendar = "main a[href*='kalender.ics']"
    assert parse_qs(urlsplit(way.found(calendar).get_attribute("href")).query) == {"art": ["workshop"]}
    with way.page.expect_download() as download:
        way.press(calendar)
    events = icalendar.Calendar.from_ical(download.value.path().read_bytes()).events
    assert {str(event["uid"]) for event in events} == {date["uid"] for offering in wanted for date in offering["dates"]}

    feed = "main a[href*='feed.atom']"
    if hasattr(way, "reach"):
        way.reach(feed)
    answer = way.page.request.get(way.found(feed).get_attribute("href"))
    entries = feedparser.parse(answer.body()).entries
    assert {entry.link for entry in entries} == {offering["url"] for offering in wanted}


def test_offering_is_printed(way, demo_url, offerings):
    way.page.goto("/programm/?q=fernreise")
    way.press(LINKS)
    way.page.wait_for_url(f"**{OFFERING}")
    title = way.page.inner_text("h1")
    printed = read_pdf(way.page.pdf(format="A4"))
    text = text_of(printed)
    assert len(printed.pages) == 1
    for part in (title, "Wann", "Wo", f"{demo_url}{OFFERING}"):
        assert part in text, part
    for part in ("Für Partner: Einloggen", "Zum Inhalt springen", "Kalender abonnieren"):
        assert part not in text, part
    way.page.emulate_media(media="print")
    code = way.page.locator(".ehrenamt-share__code img")
    assert code.is_visible()
    assert code.bounding_box()["width"] >= 90


def test_code_leads_to_the_offering_with_its_sign_up_on_the_first_screen(way, demo_url):
    way.page.set_viewport_size(PHONE)
    way.page.goto(OFFERING)
    code = way.page.request.get(way.page.locator(".ehrenamt-share__code img").get_attribute("src"))
    address = f"{demo_url}{OFFERING}"
    # No reader of codes is at hand: the only code that says this.
    wanted = io.BytesIO()
    segno.make_qr(address, error="m").save(wanted, kind="svg", scale=10, border=4, light="#fff", svgclass=None, lineclass=None)
    assert code.body() == wanted.getvalue()

    way.page.goto(address)
    button = way.page.locator(".ehrenamt-sign-up a[href^='/anmeldung/']").first
    box = button.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]
    assert "Wann" in way.page.inner_text(".ehrenamt-facts")
    way.press(".ehrenamt-sign-up a[href^='/anmeldung/']")
    way.page.wait_for_url("**/anmeldung/neu/**")
    assert way.page.locator("form input[name=email]").count() == 1
