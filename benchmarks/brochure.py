"""A brochure of 200 offerings to come, written past the app: each says about as much as one of the demonstration does.

All have place, trainer, seats and contact; one in three also what it costs and brings with it, who else takes part and who funds it,
with a logo. One in five has a text that is cut.
"""

from __future__ import annotations

import datetime as dt
import io

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw
from wagtail.images import get_image_model

from benchmarks.dataset import Base, at, copy_pages, make_organisations, titles
from benchmarks.offerings import NAMES, SENTENCES
from ehrenamt_wagtail import models
from ehrenamt_wagtail.programme import listed
from ehrenamt_wagtail.programme.models import CoHost, Funder, Trainer

OFFERINGS, DATES = 200, 2
# After all dates that figures count.
DAYS_AHEAD, DAYS = 400, 181
FIRST_STEP = 50_000

FACTS = {
    "live": True,
    "has_unpublished_changes": False,
    "summary": " ".join(SENTENCES[:2]),
    "contact_name": "Petra Beispiel",
    "contact_phone": "07031 12345",
    "contact_email": "petra@post.example",
}
SOME, SOME_FACTS = 3, {
    "subtitle": "Eine Einführung für alle, die begleiten",
    "what_to_bring": "eigene Fragen",
    "costs": "10 Euro, ermäßigt 5 Euro",
    "child_care": "nach Absprache",
    "languages": ["de", "ar"],
}
FEW, FEW_FACTS = 5, {"contents": "\n\n".join(SENTENCES)}


def make_brochure(base: Base) -> models.Brochure:
    """The brochure; its offerings are listed, their read model is up to date."""
    first = base.today + dt.timedelta(days=DAYS_AHEAD)
    days = {"first_day": first, "last_day": first + dt.timedelta(days=DAYS), "deadline": first}
    period = models.ProgrammePeriod.objects.create(name="Programm", **days)
    keys = copy_pages(base, OFFERINGS, first_step=FIRST_STEP)
    towns = list(models.Municipality.objects.order_by("pk"))
    describe(keys, towns, base)
    add_rows(keys, towns, first)
    models.OfferingPage.topics.through.objects.bulk_create(
        models.OfferingPage.topics.through(offeringpage_id=key, topic_id=base.topics[key % len(base.topics)].pk) for key in keys
    )
    listed.refresh(keys)
    cover = picture("Titelbild", (2400, 1600))
    texts = {"preface": "\n\n".join(SENTENCES), "imprint": "Herausgegeben vom Landratsamt."}
    return models.Brochure.objects.create(period=period, title="Programm", cover=cover, **texts)


def describe(keys: list[int], towns: list, base: Base) -> None:
    organisations = make_organisations(towns)
    venues = {town.pk: venue_in(town) for town in towns}
    pages = list(models.OfferingPage.objects.filter(pk__in=keys).order_by("pk"))
    published = at(base.today - dt.timedelta(days=30), 10)
    for number, (page, title) in enumerate(zip(pages, titles(), strict=False)):
        town = towns[number % len(towns)]
        facts = {"title": title, "draft_title": title, "first_published_at": published, "municipality": town}
        facts |= {"venue": venues[town.pk], "organisation_id": organisations[town.pk][number % 2]}
        some = SOME_FACTS if number % SOME == 0 else {}
        few = FEW_FACTS if number % FEW == 0 else {}
        for name, value in (FACTS | some | few | facts).items():
            setattr(page, name, value)
    changed = ["title", "draft_title", "first_published_at", "municipality", "venue", "organisation", *FACTS, *SOME_FACTS, *FEW_FACTS]
    models.OfferingPage.objects.bulk_update(pages, changed)


def venue_in(town) -> models.Venue:
    access = {"step_free": "yes", "accessible_toilet": "yes", "hearing_loop": "partly", "nearest_stop": "Rathaus"}
    return models.Venue.objects.create(
        name="Haus der Begegnung", municipality=town, street="Kirchgasse 1", postal_code="71083", **access
    )


def add_rows(keys: list[int], towns: list, first: dt.date) -> None:
    """What lies below the offerings or belongs to them."""
    logos = [picture(f"Logo {number}", (600, 200)) for number in range(3)]
    dates, planned = [], []
    for number, key in enumerate(keys):
        for place in range(DATES):
            start = at(first + dt.timedelta(days=number * (DAYS - 7) // OFFERINGS + 7 * place), 19)
            end = start + dt.timedelta(hours=2)
            date = models.Occurrence(page_id=key, sort_order=place, start=start, end=end, starts_at=start, ends_at=end)
            dates.append(date)
            facts = {"state": "published", "starts_at": start, "ends_at": end, "kind": "training", "art": "fortbildung"}
            planned.append(models.PlannedDate(offering_id=key, uid=date.uid, municipality=towns[number % len(towns)], **facts))
    rows = [
        *dates,
        *planned,
        *(Trainer(page_id=key, name=f"Dr. {NAMES[key % len(NAMES)]}", function="Rechtsanwältin") for key in keys),
        *(CoHost(page_id=key, name="Evangelischer Kirchenbezirk") for key in keys[::SOME]),
        *(Funder(page_id=key, name="Ministerium für Soziales", logo=logos[key % len(logos)]) for key in keys[::SOME]),
        *(models.SeatPlan(offering_id=key, mode="here", capacity=20) for key in keys),
    ]
    for model in dict.fromkeys(map(type, rows)):
        model.objects.bulk_create([row for row in rows if type(row) is model])


def picture(title: str, size: tuple[int, int]):
    image = Image.new("RGB", size, "#0d4a54")
    ImageDraw.Draw(image).ellipse((20, 20, size[0] - 20, size[1] - 20), fill="#f2a33a")
    file = io.BytesIO()
    image.save(file, "PNG")
    file = ImageFile(file, name="bild.png")
    return get_image_model().objects.create(title=title, file=file, width=size[0], height=size[1])
