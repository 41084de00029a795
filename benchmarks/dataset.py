"""Planned dates in any number, the same every time: real towns and titles, copied quickly past the app."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import uuid
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Page, Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.coordination.planning import FACTS
from ehrenamt_wagtail.programme.actions import create_draft

DATA = Path(__file__).resolve().parent.parent / "example_site" / "data"
UPCOMING = 0.8
ARTS = ["fortbildung", "workshop", "vortrag", "austausch", "supervision"]
FORMS = ["Einführung:", "Fortbildung", "Gesprächsabend", "Workshop", "Austausch zu", "Vortrag:", "Fragen rund um", "Aufbaukurs"]
SUBJECTS = """
    Asylrecht, Aufenthaltsrecht, Familiennachzug, Wohnungssuche, Mietrecht, Sprachbegleitung, Alphabetisierung, Traumafolgen,
    Arbeitsmarktzugang, Ausbildungsduldung, Anerkennung von Zeugnissen, Schulsystem, Kinderbetreuung, Gesundheitsversorgung,
    Schwangerschaft, Umgang mit Behörden, Dolmetschen, interkulturelle Kommunikation, Konflikte, Nähe und Distanz, Rassismus,
    Islam im Alltag, Syrien, Afghanistan, Ukraine, Eritrea, Fahrradwerkstatt, Begegnungscafé, Öffentlichkeitsarbeit, Spenden,
    Datenschutz, Versicherung im Ehrenamt, Kassenführung, Vereinsrecht, Jugendarbeit, Frauengruppen, Sport, Musik, Kochen, Garten
""".replace("\n", " ").split(",")
SUBJECTS = [subject.strip() for subject in SUBJECTS]
ENDINGS = ["", "für Ehrenamtliche", "– Grundlagen", "– aktuelle Entwicklungen", "im Landkreis", "(Teil 2)", "aus der Praxis"]
STATES = ["published"] * 12 + ["in_review"] * 3 + ["draft"] * 4 + ["returned"]
TEXT = "Der Abend gibt einen Überblick über die rechtlichen Grundlagen und über Fragen aus dem Alltag der Begleitung. "


@dataclass(frozen=True)
class Scene:
    """How planned dates grow in number: over more years, or over more districts, each as large as ours."""

    name: str
    title: str
    # So many dates a year in one district.
    a_year: int
    # So many dates are planned in the whole area in a year; ``None``: ever more districts.
    districts: int | None

    def years(self, size: int) -> float:
        return 1 if self.districts is None else size / (self.a_year * self.districts)

    def tiles(self, size: int) -> int:
        return size // self.a_year if self.districts is None else self.districts


SCENES = [
    Scene("years", "spread over more years: one district of 26 towns, 1,000 dates a year, for 1, 10, 100 years", 1000, 1),
    Scene("districts", "spread over more towns: one year, 250 dates in each of 4, 40, 400 districts of 26 towns", 250, None),
]


@dataclass
class Base:
    """What every data set has: a programme, a draft that is checked and the member who writes it."""

    today: dt.date
    programme: Page
    draft: models.OfferingPage
    member: object
    topics: list[models.Topic]
    template: models.OfferingPage

    def form_data(self) -> dict:
        """The form of a new offering like the draft, as the portal's script sends it."""
        rows = self.draft.get_latest_revision_as_object().occurrences.all()
        data = {
            "art": "fortbildung",
            "title": self.draft.title,
            "summary": TEXT,
            "mode": "on_site",
            "training_format": "training",
            "municipality": self.draft.municipality_id,
            "topics": [topic.pk for topic in self.draft.topics.all()],
            "dates-TOTAL_FORMS": len(rows),
            "dates-INITIAL_FORMS": 0,
        }
        for number, row in enumerate(rows):
            start, end = timezone.localtime(row.start), timezone.localtime(row.end)
            data |= {
                f"dates-{number}-date": start.date().isoformat(),
                f"dates-{number}-start_time": f"{start:%H:%M}",
                f"dates-{number}-end_time": f"{end:%H:%M}",
            }
        return data


def build_base(today: dt.date) -> Base:
    root = Site.objects.get(is_default_site=True).root_page
    programme = root.add_child(instance=models.ProgrammePage(title="Programm", slug="programm"))
    call_command("ehrenamt_setup", stdout=io.StringIO())
    topics = [models.Topic.objects.create(name=f"Thema {number}") for number in range(14)]
    make_towns(1)
    town = models.Municipality.objects.get(name="Herrenberg")
    organisation = models.Organisation.objects.create(name="Bildungswerk", municipality=town)
    member = get_user_model().objects.create_user("benchmark", "benchmark@post.example")
    models.Membership.objects.create(user=member, organisation=organisation)
    draft = offering("Grundlagen des Asyl- und Aufenthaltsrechts", organisation, topics[:2], today, days=[30, 37, 44])
    draft = create_draft(draft, parent=programme, actor=member)
    other = models.Organisation.objects.create(name="Vorlage", municipality=town)
    models.Membership.objects.create(user=member, organisation=other)
    template = create_draft(offering("Vorlage", other, [], today, days=[]), parent=programme, actor=member)
    models.Membership.objects.filter(organisation=other).delete()
    return Base(today, programme, draft, member, topics, template)


def offering(title: str, organisation, topics, today: dt.date, *, days: list[int]) -> models.TrainingPage:
    page = models.TrainingPage(
        title=title,
        organisation=organisation,
        municipality=organisation.municipality,
        place="Gemeindehaus",
        summary=TEXT,
        audience="Ehrenamtliche",
        contact_name="Petra Beispiel",
        contact_email="petra@post.example",
    )
    for day in days:
        start = at(today + dt.timedelta(days=day), 19)
        page.occurrences.add(models.Occurrence(start=start, end=start + dt.timedelta(hours=2)))
    page.topics.set(topics)
    return page


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def make_towns(districts: int) -> None:
    """The 26 towns of the district, and as many again in every further district, side by side; the first is in their middle."""
    with (DATA / "municipalities.csv").open(encoding="utf-8") as lines:
        towns = list(csv.DictReader(lines))
    present = models.Municipality.objects.count() // len(towns)
    places = sorted(((row, column) for row in range(-15, 16) for column in range(-15, 16)), key=lambda p: (p[0] ** 2 + p[1] ** 2, p))
    made = []
    for number, (row, column) in list(enumerate(places))[present:districts]:
        for town in towns:
            name = town["name"] if number == 0 else f"{town['name']} {number}"
            made.append(
                models.Municipality(
                    name=name,
                    slug=f"ort-{number}-{town['ags']}",
                    latitude=float(town["latitude"]) + 0.33 * row,
                    longitude=float(town["longitude"]) + 0.48 * column,
                )
            )
    models.Municipality.objects.bulk_create(made, batch_size=1000)


def titles() -> list[str]:
    """Those of the demonstration, and as many sorts of other ones as a district thinks of in many years."""
    with (DATA / "titles.csv").open(encoding="utf-8") as lines:
        known = [row["title"] for row in csv.DictReader(lines)]
    return known + [" ".join(words).strip() for words in product(FORMS, SUBJECTS, ENDINGS)]


def fill(scene: Scene, size: int, base: Base) -> None:
    """Exactly ``size`` planned dates, those of the draft among them; four fifths are upcoming, two dates an offering."""
    chance = random.Random(size)
    make_towns(scene.tiles(size))
    towns = list(models.Municipality.objects.order_by("pk")[: 26 * scene.tiles(size)])
    organisations = make_organisations(towns)
    with connection.cursor() as cursor:
        # What is written here is consistent; checking each foreign key would take most of the time.
        cursor.execute("SET session_replication_role = replica")
    clear(base)
    own = models.PlannedDate.objects.count()
    wanted = size - own
    pages = copy_pages(base, (wanted + 1) // 2)
    days = round(365 * scene.years(size))
    known = titles()
    rows, links, first = [], [], last_key() + 1
    for number in range(wanted):
        if number % 2 == 0:
            town, title = chance.choice(towns), chance.choice(known)
            facts = {
                "offering_id": pages[number // 2],
                "hold_id": None,
                "state": chance.choice(STATES),
                "mode": chance.choices(["on_site", "online", "both"], [95, 4, 1])[0],
                "organisation_id": chance.choice(organisations[town.pk]),
                "title": title,
                "text": f"{title}. " + TEXT * chance.randint(1, 3),
                "art": chance.choice(ARTS),
            }
            topics = chance.sample(base.topics, chance.randint(0, 3))
        day = base.today + dt.timedelta(days=chance.randrange(-round(days * (1 - UPCOMING)), round(days * UPCOMING)))
        starts_at = at(day, chance.choice([9, 14, 17, 18, 19, 19, 19, 20]), chance.choice([0, 0, 30]))
        is_online = facts["mode"] == "online"
        rows.append(
            facts
            | {
                "id": first + number,
                "uid": uuid.UUID(int=chance.getrandbits(128)),
                "is_cancelled": chance.random() < 0.02,
                "starts_at": starts_at,
                "ends_at": starts_at + dt.timedelta(hours=chance.choice([2, 2, 3])),
                "is_all_day": False,
                "has_end": True,
                "municipality_id": town.pk,
                "venue_id": None,
                "latitude": None if is_online else town.latitude,
                "longitude": None if is_online else town.longitude,
                "kind": "supervision" if facts["art"] == "supervision" else "training",
                "audience": "Ehrenamtliche",
            }
        )
        links += [(first + number, topic.pk) for topic in topics]
    write(rows, links)
    assert models.PlannedDate.objects.count() == size


def make_organisations(towns: list[models.Municipality]) -> dict[int, list[int]]:
    """Two in each town."""
    known = set(models.Organisation.objects.values_list("name", flat=True))
    made = [
        models.Organisation(name=f"{kind} {town.name}", slug=f"o-{town.pk}-{kind}", municipality=town)
        for town in towns
        for kind in ("Verein", "Kirche")
        if f"{kind} {town.name}" not in known
    ]
    models.Organisation.objects.bulk_create(made, batch_size=1000)
    found: dict[int, list[int]] = {}
    for pk, town in models.Organisation.objects.filter(slug__startswith="o-").values_list("pk", "municipality_id"):
        found.setdefault(town, []).append(pk)
    return found


# Past the app, which would take an hour


def clear(base: Base) -> None:
    with connection.cursor() as cursor:
        keep = [base.draft.pk, base.template.pk]
        for table, column in (
            ("ehrenamt_wagtail_planneddate_topics", "planneddate_id"),
            ("ehrenamt_wagtail_planneddate", "offering_id"),
            ("ehrenamt_wagtail_trainingpage", "offeringpage_ptr_id"),
            ("ehrenamt_wagtail_offeringpage", "page_ptr_id"),
        ):
            if column == "planneddate_id":
                cursor.execute(
                    f"DELETE FROM {table} WHERE {column} IN "
                    "(SELECT id FROM ehrenamt_wagtail_planneddate WHERE offering_id <> ALL(%s))",
                    [keep],
                )
            else:
                cursor.execute(f"DELETE FROM {table} WHERE {column} <> ALL(%s)", [keep])
        below = [base.programme.path + "%", [*keep, base.programme.pk]]
        cursor.execute("DELETE FROM wagtailcore_page WHERE path LIKE %s AND id <> ALL(%s)", below)


def last_key() -> int:
    return models.PlannedDate.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def copy_pages(base: Base, number: int, first_step: int = 10_000) -> list[int]:
    """Copies of the template below the programme, by treebeard's paths from a step on; gives their keys."""
    first = Page.objects.order_by("-pk").values_list("pk", flat=True).first() + 1
    steps = range(first_step, first_step + number)
    keys = [first + place for place in range(number)]
    paths = [Page._get_path(base.programme.path, base.programme.depth + 1, step) for step in steps]
    unique = [str(uuid.uuid4()) for _key in keys]
    with connection.cursor() as cursor:
        for model, key in (
            (Page, "id"),
            (models.OfferingPage, "page_ptr_id"),
            (models.TrainingPage, "offeringpage_ptr_id"),
        ):
            new = {key: "n.id"}
            if model is Page:
                slug = "'kopie-' || n.id"
                new |= {"path": "n.path", "slug": slug, "translation_key": "n.key", "url_path": f"'/programm/' || {slug} || '/'"}
            columns = [field.column for field in model._meta.local_concrete_fields]
            values = [new.get(column, f't."{column}"') for column in columns]
            names = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)} FROM {model._meta.db_table} t, "
                f"unnest(%s::int[], %s::text[], %s::uuid[]) AS n(id, path, key) WHERE t.{key} = %s",
                [keys, paths, unique, base.template.pk],
            )
        cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), %s)", [keys[-1]])
    return keys


def write(rows: list[dict], links: list[tuple[int, int]]) -> None:
    columns = ["id", *FACTS]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY ehrenamt_wagtail_planneddate ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])
        with cursor.copy("COPY ehrenamt_wagtail_planneddate_topics (planneddate_id, topic_id) FROM STDIN") as copy:
            for link in links:
                copy.write_row(link)
        cursor.execute("SET session_replication_role = DEFAULT")
        # What autovacuum does by itself within a minute, and what would be written in the background meanwhile.
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def copy(model, rows: list[dict]) -> None:
    """Write the rows; columns that they leave out have the model's default."""
    if not rows:
        return
    fields = [field for field in model._meta.local_concrete_fields if field.column in rows[0] or not field.primary_key]
    plain = model()
    default = {field.column: field.get_db_prep_save(getattr(plain, field.attname), connection) for field in fields}
    names = ", ".join(f'"{column}"' for column in default)
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as target:
            for row in rows:
                target.write_row(list((default | row).values()))
