"""The site of the serving benchmark, and offerings in its tree as true live pages, copied quickly past the app."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Site

from benchmarks.dataset import DATA, SUBJECTS
from benchmarks.floors.models import EmptyPage, EventDate, EventPage, EventTrainer, PlainListing
from benchmarks.offerings import FEED_ORGANISER, NAMES, SENTENCES, District, month_after, offering
from benchmarks.rows import write
from ehrenamt_wagtail.models import Municipality, OfferingPage, Organisation, ProgrammePage, Topic, Venue
from example_site.models import HomePage, StandardPage

# So many are kept in memory.
CHUNK = 2_000
TOPICS = 20
PLAIN_PAGES = 20


def build_site(today: dt.date) -> District:
    """The pages and registers that all sizes have."""
    home = Page.get_first_root_node().add_child(instance=HomePage(title="Landkreis", slug="landkreis"))
    Site.objects.filter(is_default_site=True).update(root_page=home)
    Site.clear_site_root_paths_cache()
    programme = home.add_child(instance=ProgrammePage(title="Programm", slug="programm"))
    for parent in (home, programme):
        parent.add_child(instance=EmptyPage(title="Leer", slug="leer"))
    home.add_child(instance=PlainListing(title="Veranstaltungen", slug="veranstaltungen"))
    for number in range(PLAIN_PAGES):
        body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
        home.add_child(instance=StandardPage(title=f"Beratung {number}", slug=f"beratung-{number}", body=body))
    towns = make_towns()
    topics = [Topic.objects.create(name=subject) for subject in SUBJECTS[:TOPICS]]
    organisers = [
        Organisation.objects.create(name=f"{kind} {town.name}", kind=code, municipality=town)
        for town in towns
        for kind, code in (("Volkshochschule", "education"), ("Kirchengemeinde", "church"))
    ]
    venues = {
        town.pk: [Venue.objects.create(name=name, municipality=town, street="Marktplatz 1") for name in ("Bürgerhaus", "Bücherei")]
        for town in towns
    }
    feed_organiser = Organisation.objects.create(name="Bildungswerk im Kreis", slug=FEED_ORGANISER, municipality=towns[0])
    for number in range(PLAIN_PAGES):
        add_event(home, number, feed_organiser, venues[towns[0].pk][0], topics[:2])
    return District(
        today=today,
        programme=ProgrammePage.objects.get(pk=programme.pk),
        month=month_after(today.replace(day=1), 6),
        organisers=tuple(organisers),
        feed_organiser=feed_organiser,
        venues=venues,
        topics=tuple(topics),
    )


def add_event(parent: Page, number: int, organiser: Organisation, venue: Venue, topics: list[Topic]) -> None:
    page = EventPage(
        title=f"Veranstaltung {number}",
        slug=f"veranstaltung-{number}",
        summary=" ".join(SENTENCES[:2]),
        contents="\n\n".join(SENTENCES),
        audience="Ehrenamtliche",
        contact="kontakt@post.example",
        town=venue.municipality,
        venue=venue,
        organiser=organiser,
    )
    page.topics = topics
    page.dates = [EventDate(start=timezone.now() + dt.timedelta(days=days)) for days in (30, 37)]
    page.trainers = [EventTrainer(name=NAMES[0])]
    parent.add_child(instance=page)


def make_towns() -> list[Municipality]:
    with (DATA / "municipalities.csv").open(encoding="utf-8") as lines:
        return [
            Municipality.objects.create(name=row["name"], latitude=float(row["latitude"]), longitude=float(row["longitude"]))
            for row in csv.DictReader(lines)
        ]


def grow(district: District, size: int, *, indexed: bool) -> None:
    """Add offerings until there are ``size``, and what is derived from them; in Wagtail's search index only if ``indexed``."""
    with connection.cursor() as cursor:
        # What is written here is consistent; checking each foreign key would take most of the time.
        cursor.execute("SET session_replication_role = replica")
    for first in range(OfferingPage.objects.count(), size, CHUNK):
        write([offering(number, district) for number in range(first, min(first + CHUNK, size))], district, indexed=indexed)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), (SELECT max(id) FROM wagtailcore_page))")
    children = Page.objects.child_of(district.programme).count()
    Page.objects.filter(pk=district.programme.pk).update(numchild=children)
    call_command("ehrenamt_rebuild_listing", stdout=io.StringIO())
    with connection.cursor() as cursor:
        # What autovacuum does by itself within a minute, and what would be written in the background meanwhile.
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
