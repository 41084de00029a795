"""What is taken out of the sign-ups as a file or on paper stands in Wagtail's log, without names."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from ehrenamt_wagtail.models import SupervisionPage
from tests.clients import signed_in
from tests.factories import member_of, offering_with_sign_up, published_offering, sign_up_of

CSV = "Die Anmeldungen wurden als CSV exportiert"
XLSX = "Die Anmeldungen wurden als XLSX exportiert, mit Barrierefreiheit und Verpflegung"
SHEET = "Die Unterschriftenliste wurde geöffnet"


@pytest.fixture
def offering(organisation):
    return offering_with_sign_up(page=published_offering(organisation=organisation))


def exported(page) -> list:
    """Who took what away, as the log has it."""
    entries = PageLogEntry.objects.filter(page=page.pk, action="ehrenamt.export_sign_ups").order_by("pk")
    return [(entry.user, str(entry.message), str(entry.data)) for entry in entries]


@pytest.mark.parametrize(
    ("name", "kind", "query", "sentence"),
    [
        ("sign-ups-export", "csv", "", CSV),
        ("sign-ups-export", "xlsx", "?q=Erika&angaben=1", XLSX),
        ("attendance-sheet", None, "", SHEET),
    ],
)
def test_what_is_taken_away_leaves_a_line_in_the_log_without_names(client, offering, person, name, kind, query, sentence):
    page, plan = offering
    sign_up_of(plan, needs="glutenfrei")
    url = reverse(f"ehrenamt:{name}", args=[page.pk, kind or page.occurrences.get().uid]) + query
    client.head(url)
    assert exported(page) == []
    assert client.get(url).status_code == 200
    ((user, message, data),) = exported(page)
    assert (user, message) == (person, sentence)
    assert "Erika" not in data
    assert "glutenfrei" not in data


def test_refused_exports_leave_no_line(client, offering, organisation):
    page, plan = offering
    sign_up_of(plan)
    group = published_offering(model=SupervisionPage, organisation=organisation)
    uid = page.occurrences.get().uid
    stranger = signed_in(member_of())
    for answer in (
        client.get(reverse("ehrenamt:sign-ups-export", args=[page.pk, "pdf"])),
        client.get(reverse("ehrenamt:sign-ups-export", args=[group.pk, "csv"])),
        client.get(reverse("ehrenamt:attendance-sheet", args=[group.pk, group.occurrences.get().uid])),
        stranger.get(reverse("ehrenamt:sign-ups-export", args=[page.pk, "csv"])),
        stranger.get(reverse("ehrenamt:attendance-sheet", args=[page.pk, uid])),
    ):
        assert answer.status_code == 404
    assert exported(page) == exported(group) == []
