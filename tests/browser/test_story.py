"""The main job on the running demonstration: submitted, returned, corrected, approved, found; and told by mail.

Three people sit at three browsers; a fourth, the public, has no account.
"""

import datetime as dt
import email
import time
from email import policy

import pytest

from example_site.screenshots import PASSWORD, sign_in

pytestmark = pytest.mark.browser

TITLE = "Gespräche über Flucht & „Heimat“: Zuhören können"
SLUG = "gespraeche-ueber-flucht-heimat-zuhoeren-koennen"
DESCRIPTION = (
    "Wie höre ich zu, wenn jemand von der Flucht erzählt? Wir üben an Beispielen – ruhig, ohne „richtige“ Antworten. "
    "Größe, Übermut und Ärger haben Platz; Rückfragen sind erwünscht. "
).ljust(1500, "x")[:1480].rstrip() + " Schluss: äöüß."
FIRST_DAY = dt.date.today() + dt.timedelta(days=40)
SECOND_DAY = FIRST_DAY + dt.timedelta(days=7)
NEW = "/partner/angebote/neu/?art=fortbildung"

DISTRICT = "miriam.sommerfeld@landkreis.example"
PARTNER = "karin.lindenmaier@caritas-bb.example"
TOWN = "ehrenamt@boeblingen.example"
EXPECTED_MAILS = [
    (DISTRICT, f"Zu prüfen: {TITLE} (Caritas-Zentrum Böblingen)"),
    (PARTNER, f"Bitte noch einmal ansehen: {TITLE}"),
    (DISTRICT, f"Zu prüfen: {TITLE} (Caritas-Zentrum Böblingen)"),
    (PARTNER, f"Veröffentlicht: {TITLE}"),
    (TOWN, f"Neu in Böblingen: {TITLE}"),
]


@pytest.fixture
def person(browser, demo_url):
    """Gives each account a browser of its own."""
    contexts = []

    def open_browser(account=""):
        context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", base_url=demo_url)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if account == "koordination":
            page.goto("/verwaltung/login/")
            page.fill("input[name=username]", account)
            page.fill("input[name=password]", PASSWORD)
            page.click("button[type=submit]")
        elif account:
            sign_in(page, demo_url, account)
        return page

    yield open_browser
    for context in contexts:
        context.close()


def mails_about(demo_dir, title, *, at_least=0) -> list[tuple[str, str]]:
    """(recipient, subject) of the mails that name ``title``; waits up to 60 seconds for ``at_least`` and 3 for one too many."""
    deadline = time.monotonic() + 60
    while True:
        found = []
        for path in sorted((demo_dir / "mail").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            text = message.get_body(("plain",)).get_content()
            if title in text or title in str(message["Subject"]):
                # Python 3.13 keeps the space of a folded header.
                found.append((str(message["To"]), str(message["Subject"]).strip()))
        if time.monotonic() > deadline:
            return found
        if len(found) >= at_least:
            deadline = min(deadline, time.monotonic() + 3)
        time.sleep(0.5)


def fill_date(page, number, day, start, end):
    page.fill(f"input[name=dates-{number}-date]", day.isoformat())
    page.fill(f"input[name=dates-{number}-start_time]", start)
    page.fill(f"input[name=dates-{number}-end_time]", end)


def public_finds(page, address) -> bool:
    page.goto(address)
    return page.get_by_role("link", name=TITLE).count() > 0


def test_partner_submits_district_approves_public_reads(person, demo_dir, demo_url):
    caritas, herrenberg, koordination, public = (
        person("caritas"),
        person("herrenberg"),
        person("koordination"),
        person(),
    )
    month = f"/programm/kalender/{FIRST_DAY.year}/{FIRST_DAY.month}/"
    searches = [
        "/programm/?q=zuhören+können",
        f"/programm/?art=fortbildung&von={FIRST_DAY}&bis={FIRST_DAY}",
        month,
    ]

    # caritas enters a training with two dates, looks at it and submits it.
    caritas.goto(NEW)
    caritas.fill("input[name=title]", TITLE)
    fill_date(caritas, 0, FIRST_DAY, "19:00", "21:00")
    caritas.get_by_role("button", name="Weiteren Termin hinzufügen").click()
    fill_date(caritas, 1, SECOND_DAY, "19:30", "")
    caritas.fill("textarea[name=summary]", DESCRIPTION)
    caritas.get_by_role("button", name="Speichern und Vorschau ansehen").click()
    assert TITLE in caritas.inner_text("h1")
    assert "Schluss: äöüß." in caritas.inner_text("main")
    caritas.goto("/partner/")
    caritas.get_by_role("link", name=TITLE, exact=True).click()
    edit_address = caritas.url
    page_id = int(edit_address.rstrip("/").rsplit("/", 1)[1])
    caritas.click("button[name=action][value=submit]")
    caritas.wait_for_selector("button[value=withdraw]")

    # Nobody else sees it.
    for address in searches:
        assert not public_finds(public, address), address
    assert public.goto(f"/programm/{SLUG}/").status == 404
    for address in (
        f"/partner/angebote/{page_id}/",
        f"/partner/angebote/{page_id}/vorschau/",
        f"/partner/angebote/{page_id}/verlauf/",
        f"/partner/angebote/{page_id}/kopieren/",
        f"/programm/{SLUG}/",
        f"/programm/{SLUG}/termin.ics",
    ):
        assert herrenberg.goto(address).status == 404, address
    for address in (
        f"/verwaltung/pages/{page_id}/edit/",
        f"/verwaltung/pages/{page_id}/view_draft/",
        f"/verwaltung/pages/{page_id}/edit/preview/",
        "/verwaltung/ehrenamt/review/",
    ):
        herrenberg.goto(address)
        assert "/verwaltung/login/" in herrenberg.url, address
    for address in ("/api/angebote/?q=zuhören+können", "/programm/kalender.ics", "/programm/feed.atom"):
        assert TITLE not in herrenberg.request.get(address).text(), address

    # koordination sends it back with a reason.
    koordination.goto("/verwaltung/ehrenamt/review/")
    koordination.get_by_role("link", name=TITLE, exact=True).click()
    koordination.check("input[value=facts_missing]")
    koordination.fill("textarea[name=return-comment]", "Bitte nennen Sie den Raum.")
    koordination.click("button[name=action][value=return]")

    # caritas reads why, corrects and submits again.
    caritas.goto("/partner/")
    caritas.get_by_role("link", name=TITLE, exact=True).click()
    assert "Bitte nennen Sie den Raum." in caritas.inner_text("main")
    assert "Es fehlen Angaben" in caritas.inner_text("main")
    assert caritas.input_value("textarea[name=summary]").replace("\r\n", "\n") == DESCRIPTION
    caritas.fill("input[name=room]", "Saal „Süd“")
    caritas.click("button[name=action][value=submit]")
    caritas.wait_for_selector("button[value=withdraw]")

    # koordination approves; the public finds it every way and reads it.
    koordination.goto("/verwaltung/ehrenamt/review/")
    koordination.get_by_role("link", name=TITLE, exact=True).click()
    koordination.click("button[name=action][value=approve]")
    koordination.wait_for_load_state()
    for address in searches:
        assert public_finds(public, address), address
    public.goto("/programm/?q=zuhören+können")
    public.get_by_role("link", name=TITLE, exact=True).click()
    assert public.url == f"{demo_url}/programm/{SLUG}/"
    text = public.inner_text("main")
    assert "Saal „Süd“" in text
    assert "Schluss: äöüß." in text
    assert text.count("Uhr") >= 2
    assert public.context.cookies() == []
    found = public.request.get("/api/angebote/?q=zuhören+können").json()["results"]
    assert TITLE in [offering["title"] for offering in found]
    calendar = public.request.get(f"/programm/{SLUG}/termin.ics").text()
    assert calendar.count("BEGIN:VEVENT") == 2

    # The outbox holds exactly the expected mails.
    mails = mails_about(demo_dir, TITLE, at_least=len(EXPECTED_MAILS))
    assert sorted(mails) == sorted(EXPECTED_MAILS)
