"""What an organisation may see of others: a secret in every field of every state, and everything a partner can ask for."""

import pytest
from django.db import transaction
from wagtail.models import Page

from ehrenamt_wagtail.models import OfferingPage
from tests.coordination.secrets import DAY, SHARED, District, SecretsCrawl, addresses
from tests.portal.helpers import day

# The first puts these tests before those that empty the database.
pytestmark = [pytest.mark.django_db, pytest.mark.thorough, pytest.mark.indexed]

PORTAL = ("ehrenamt:",)
PUBLIC = ["/", "/programm/", "/arbeitskreise/", "/api/angebote/", "/programm/kalender.ics", "/programm/feed.atom"]
CHECK = "/partner/angebote/pruefen/?art=fortbildung"


@pytest.fixture(scope="module")
def district(django_db_setup, django_db_blocker):
    """Built once; every question rolls back what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield District()
        transaction.set_rollback(True)


@pytest.fixture
def database(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def months() -> list[str]:
    months = sorted({day(DAY)[:7], day(DAY + 7)[:7]})
    return [f"/partner/termine/?monat={month}" for month in months] + [f"/programm/kalender/{m[:4]}/{int(m[5:])}/" for m in months]


def site_pages() -> list[str]:
    return [path for page in Page.objects.filter(depth__gt=2) for path in (page.url or f"/programm/{page.slug}/",)]


def own_pages(organisation) -> list[str]:
    pages = OfferingPage.objects.filter(organisation=organisation).values_list("pk", flat=True)
    return [f"/partner/angebote/{pk}/{part}" for pk in pages for part in ("", "vorschau/", "verlauf/")]


def rival_form(district) -> dict:
    """A new offering at the same time and place as all the secrets."""
    return {
        "title": "Noch ein Abend",
        "summary": "Ein Abend.",
        "mode": "on_site",
        "municipality": str(district.town.pk),
        "topics": [str(district.topic.pk)],
        "dates-TOTAL_FORMS": "1",
        "dates-INITIAL_FORMS": "0",
        "dates-0-date": day(DAY),
        "dates-0-start_time": "19:00",
    }


def private(leaks: dict[str, set[str]]) -> dict[str, list[str]]:
    found = {what: sorted(secret - {"public"}) for what, secret in leaks.items()}
    return {what: secrets for what, secrets in found.items() if secrets}


def test_partner_gets_no_secret_of_another_organisation(district, database):
    start = [*PUBLIC, *months(), *addresses(district, PORTAL)]
    with transaction.atomic():
        crawl = SecretsCrawl(district, district.asker, start=start, most=len(start) + 100).run()
        for path in (CHECK, "/partner/angebote/neu/?art=fortbildung"):
            for action in ("", "check", "submit", "save"):
                crawl.send(path, {**rival_form(district), "action": action})
        crawl.look_at_mails("mail")
        transaction.set_rollback(True)
    assert private(crawl.leaks) == {}
    # The crawl has been where something could be found.
    assert crawl.statuses[200] > 100
    assert any("Evang. Kirchenbezirk" in crawl.client.get(month).content.decode() for month in months()[:2])


def test_visitor_gets_no_secret(district, database):
    with transaction.atomic():
        crawl = SecretsCrawl(district, None, start=[*PUBLIC, *months(), *site_pages()], most=120).run()
        transaction.set_rollback(True)
    assert private(crawl.leaks) == {}


def test_the_crawl_finds_secrets_where_they_may_be_read(district, database):
    """The positive control: the organisation's own member reads everything that is searched for."""
    with transaction.atomic():
        start = ["/partner/", "/partner/vormerkungen/", *own_pages(district.owner)]
        crawl = SecretsCrawl(district, district.insider, start=start, most=120, forms=False).run()
        transaction.set_rollback(True)
    found = set().union(*crawl.leaks.values())
    missing = {meaning for meaning in district.secrets.meanings.values() if meaning not in found} - NOT_IN_THE_PORTAL
    assert missing == set()


# Nobody reads them in the portal.
NOT_IN_THE_PORTAL: set[str] = set()


def test_shared_plans_give_title_and_text_and_nothing_else(district, database):
    with transaction.atomic():
        district.owner.shares_drafts = True
        district.owner.save()
        start = ["/partner/", "/partner/luecken/", *months(), *own_pages(district.partner)]
        crawl = SecretsCrawl(district, district.asker, start=start, most=60).run()
        crawl.send(CHECK, rival_form(district))
        transaction.set_rollback(True)
    found = set().union(*private(crawl.leaks).values())
    district.owner.refresh_from_db()
    assert {"title of draft", "title of hold", "summary of draft", "contents of in review", "title of change"} <= found
    assert {meaning for meaning in found if meaning.split(" of ")[0] not in SHARED} == set()
