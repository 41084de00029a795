"""``/api/angebote/``: exactly the documented keys."""

import datetime as dt

import pytest
from django.utils import timezone

from ehrenamt_wagtail.models import Occurrence, SupervisionPage
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories

pytestmark = pytest.mark.django_db


def test_offering_has_exactly_the_documented_fields(client, live_offering):
    zone = timezone.get_current_timezone()
    topic = factories.TopicFactory(name="Wohnen")
    organisation = factories.OrganisationFactory(name="Caritas", municipality__name="Böblingen")
    page = live_offering(
        organisation=organisation,
        topics=[topic],
        training_format="exchange",
        dates=[
            Occurrence(start=dt.datetime(2027, 3, 14, 19, tzinfo=zone), end=dt.datetime(2027, 3, 14, 21, tzinfo=zone)),
            Occurrence(start=dt.datetime(2027, 7, 14, 19, tzinfo=zone), mode="online"),
            Occurrence(start_date=dt.date(2027, 8, 1), end_date=dt.date(2027, 8, 2)),
            Occurrence(start_date=dt.date(2027, 9, 1)),
        ],
    )
    uids = [str(row.uid) for row in page.occurrences.order_by("starts_at")]
    cancel(page, actor=factories.member_of(organisation), occurrence_uid=page.occurrences.order_by("starts_at")[1].uid)
    at = page.cancellations.get().at
    same = {"mode": "on_site", "cancelled": False}
    assert client.get("/api/angebote/").json() == {
        "count": 1,
        "next": None,
        "results": [
            {
                "id": page.pk,
                "url": f"http://testserver{page.url}",
                "title": page.title,
                "kind": "training",
                "format": "exchange",
                "organiser": "caritas",
                "municipality": "boeblingen",
                "topics": ["wohnen"],
                "dates": [
                    {
                        "uid": uids[0], "start": "2027-03-14T19:00:00+01:00", "end": "2027-03-14T21:00:00+01:00",
                        "all_day": False, **same,
                    },
                    {
                        "uid": uids[1], "start": "2027-07-14T19:00:00+02:00", "end": None, "all_day": False,
                        "mode": "online", "cancelled": True,
                    },
                    {"uid": uids[2], "start": "2027-08-01", "end": "2027-08-02", "all_day": True, **same},
                    {"uid": uids[3], "start": "2027-09-01", "end": None, "all_day": True, **same},
                ],
                "updated": timezone.localtime(at).isoformat(timespec="seconds"),
            }
        ],
    }  # fmt: skip


def test_pages_are_linked_until_the_last_one(client, live_offering, date):
    for number in range(41):
        live_offering(f"Angebot {number:02}", dates=[date(number + 1)])
    live_offering("Supervision", model=SupervisionPage, dates=[date(1)])
    address, titles = "/api/angebote/?art=fortbildung&seite=1&q=angebot", []
    while address:
        content = client.get(address).json()
        assert content["count"] == 41
        titles.append([row["title"] for row in content["results"]])
        address = content["next"]
        assert address is None or (address.startswith("http://testserver/api/angebote/?") and "art=fortbildung" in address)
    assert [len(page) for page in titles] == [20, 20, 1]
    assert sum(titles, []) == [f"Angebot {number:02}" for number in range(41)]


@pytest.mark.parametrize(
    "query",
    ["gemeinde=%00", "q=" + "x" * 10000, "von=2027-02-01&bis=2027-01-01", "seite=0", "seite=-1", "seite=abc", "seite=999999",
     "von=0000-00-00", "bis=99999-12-31", "art=quatsch", "q=%ff%fe", "gemeinde=a&gemeinde=b&thema=c&traeger=d", "q=%00"],
)  # fmt: skip
def test_bad_values_are_left_out_without_failing(client, live_offering, date, query):
    live_offering(dates=[date(1)])
    for address in ("/api/angebote/", "/programm/", "/programm/kalender.ics", "/programm/feed.atom", "/programm/kalender/2027/1/"):
        assert client.get(f"{address}?{query}").status_code == 200
    content = client.get(f"/api/angebote/?{query}").json()
    assert set(content) == {"count", "next", "results"}
    assert content["count"] == (0 if query.startswith("q=x") or query == "q=%ff%fe" else 1)


def test_api_only_reads(live_offering, date):
    from django.test import Client

    live_offering(dates=[date(1)])
    client = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        response = getattr(client, method)("/api/angebote/")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    head = client.head("/api/angebote/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == client.get("/api/angebote/")["ETag"]


def test_site_without_programme_has_an_empty_list(client):
    assert client.get("/api/angebote/").json() == {"count": 0, "next": None, "results": []}
