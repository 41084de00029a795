"""What districts really announced, entered through the form."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import OfferingPage

from .helpers import form_data

CSV = Path(__file__).resolve().parents[2] / "example_site" / "data" / "real_offerings.csv"
ART = {
    "Fortbildung": "fortbildung",
    "Workshop": "workshop",
    "Informationsvortrag": "vortrag",
    "Austauschrunde": "austausch",
    "Supervision": "supervision",
    "Ehrenamtstag": "ehrenamtstag",
}
ROWS = list(csv.DictReader(CSV.open(encoding="utf-8")))


def dates_of(row: dict) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """Wall-clock times, moved by whole weeks so that the first lies at least a week ahead."""
    pairs = [part.strip().partition("/") for part in row["dates"].split(";")]
    spans = [(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end) if end else None) for start, _, end in pairs]
    ahead = (timezone.localdate() + dt.timedelta(days=7) - spans[0][0].date()).days
    shift = dt.timedelta(weeks=-(-ahead // 7))
    return [(start + shift, end + shift if end else None) for start, end in spans]


@pytest.mark.parametrize("row", ROWS, ids=[row["title"][:30] for row in ROWS])
def test_real_offering_is_entered_and_submitted(client, row):
    address = f"/partner/angebote/neu/?art={ART[row['format']]}"
    dates = dates_of(row)
    data = form_data(client.get(address), action="submit")
    data |= {
        "title": row["title"],
        "audience": row["audience"],
        "costs": "" if row["cost"] == "kostenlos" else row["cost"],
        "place": row["place"] or "Wird bekannt gegeben",
        "summary": f"{row['title']} – eine Veranstaltung von {row['organiser']}.",
        "contact_name": "Petra Beispiel",
        "contact_email": "petra@post.example",
        "dates-TOTAL_FORMS": str(len(dates)),
        "trainers-TOTAL_FORMS": "1" if row["trainer"] else "0",
        "trainers-0-name": row["trainer"],
    }
    for number, (start, end) in enumerate(dates):
        data |= {
            f"dates-{number}-date": f"{start:%Y-%m-%d}",
            f"dates-{number}-start_time": f"{start:%H:%M}",
            f"dates-{number}-end_time": f"{end:%H:%M}" if end else "",
        }
    hosts = [name.strip() for name in row["co_hosts"].split(";") if name.strip()]
    data["co_hosts-TOTAL_FORMS"] = str(len(hosts))
    data |= {f"co_hosts-{number}-name": name for number, name in enumerate(hosts)}

    response = client.post(address, data)

    page = OfferingPage.objects.get().specific
    assert response.url == f"/partner/angebote/{page.pk}/"
    assert page.workflow_in_progress
    assert (page.title, page.audience, page.art) == (row["title"], row["audience"], ART[row["format"]])
    local = [(timezone.localtime(date.start), date.end and timezone.localtime(date.end)) for date in page.occurrences.all()]
    assert [(start.replace(tzinfo=None), end and end.replace(tzinfo=None)) for start, end in local] == dates
    assert [host.name for host in page.co_hosts.all()] == hosts
    assert [trainer.name for trainer in page.trainers.all()] == ([row["trainer"]] if row["trainer"] else [])
