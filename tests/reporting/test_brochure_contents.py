"""What stands in a brochure, compared with a count in plain Python over the pages; and what must not stand in it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from ehrenamt_wagtail import models
from ehrenamt_wagtail.formatting import date_range
from ehrenamt_wagtail.programme.actions import cancel
from ehrenamt_wagtail.reporting.brochure.contents import contents_of, entries_of
from tests import factories

from .brochures import brochure, period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready_site")]


def late(page) -> None:
    models.OfferingPage.objects.filter(pk=page.pk).update(first_published_at=timezone.now() + dt.timedelta(days=3))


def titles(of) -> list[str]:
    return [entry.title for entry in entries_of(of)]


def day(days: int, **facts) -> models.Occurrence:
    return models.Occurrence(start=factories.in_days(days), end=factories.in_days(days, 21), **facts)


# The reference


def reference(of: models.Brochure) -> list[dict]:
    """The same from the pages alone: no read model, no query that narrows anything."""
    found = []
    for page in models.OfferingPage.objects.all().specific():
        cancelled = {row.occurrence_uid for row in page.cancellations.all()}
        if not page.live or page.view_restrictions.exists() or None in cancelled:
            continue
        if of.kinds and page.art not in of.kinds:
            continue
        if not of.with_late and timezone.localdate(page.first_published_at) > of.period.deadline:
            continue
        dates = []
        for date in page.occurrences.all():
            first = date.start_date or timezone.localdate(date.start)
            last = date.end_date or (timezone.localdate(date.end) if date.end else first)
            if first <= of.period.last_day and last >= of.period.first_day:
                dates.append(date)
        taking_place = [date for date in dates if date.uid not in cancelled]
        if not taking_place:
            continue
        dates.sort(key=lambda date: date.starts_at)
        first = min(date.starts_at for date in taking_place)
        found.append(
            {
                "first": first,
                "title": page.title,
                "kind": str(page.kind_label),
                "organiser": page.organisation.name,
                "dates": [
                    (
                        date_range(date.start_date or date.start, date.end_date or date.end, bool(date.start_date)),
                        date.uid in cancelled,
                    )
                    for date in dates
                ],
                "costs": page.costs or "kostenlos",
                "contact": (page.contact_name, page.contact_phone, page.contact_email),
                "text": page.summary + (f"\n\n{page.contents}" if page.contents else ""),
                "url": page.full_url,
                "trainers": [str(trainer) for trainer in page.trainers.all()],
                "co_hosts": [str(host) for host in page.co_hosts.all()],
                "child_care": page.child_care,
                "audience": page.audience,
            }
        )
    found.sort(key=lambda one: (one["first"], one["title"].casefold()))
    return [{"number": number, **one} for number, one in enumerate(found, start=1)]


def shown(of: models.Brochure) -> list[dict]:
    return [
        {
            "number": entry.number,
            "first": entry.first.starts_at,
            "title": entry.title,
            "kind": entry.kind,
            "organiser": entry.organiser,
            "dates": [(date.text, date.cancelled) for date in entry.dates],
            "costs": entry.costs,
            "contact": (entry.contact_name, entry.contact_phone, entry.contact_email),
            "text": entry.text,
            "url": entry.address,
            "trainers": list(entry.trainers),
            "co_hosts": list(entry.co_hosts),
            "child_care": entry.child_care,
            "audience": entry.audience,
        }
        for entry in entries_of(of)
    ]


def programme_of_all_sorts() -> None:
    """Trainings, supervisions, before, after, across the borders, cancelled in part and as a whole, drafts, late ones."""
    organisation = factories.OrganisationFactory(name="Caritas")
    for number in range(6):
        page = factories.draft_offering(
            organisation=organisation,
            title=f"Abend {number}",
            training_format=["training", "workshop", "lecture", "exchange"][number % 4],
            dates=[day(3 + 5 * number), day(10 + 5 * number), day(300)],
            costs="5 Euro" if number % 2 else "",
            contact_phone="07031 1",
            contents="Mehr dazu." if number % 3 else "",
            child_care="nach Absprache" if number == 2 else "",
            audience="Patinnen und Paten",
        )
        page.trainers.add(models.Trainer(name=f"Dr. Muster {number}", function="Juristin"))
        page.co_hosts.add(models.CoHost(name="Stadt Herrenberg"))
        page.save_revision().publish()
    factories.published_offering(title="Zuvor", dates=[day(-5)])
    factories.published_offering(title="Danach", dates=[day(200)])
    today = timezone.localdate()
    begun = models.Occurrence(start_date=today - dt.timedelta(days=2), end_date=today + dt.timedelta(days=4))
    factories.published_offering(title="Ausstellung", dates=[begun])
    factories.published_offering(title="Fallbesprechung", model=models.SupervisionPage, dates=[day(20)])
    factories.draft_offering(title="Entwurf", dates=[day(9)])
    private = factories.published_offering(title="Nur für manche", dates=[day(9)])
    PageViewRestriction.objects.create(page_id=private.pk, restriction_type="login")
    private.save()
    member = factories.member_of(organisation)
    cancel(factories.published_offering(title="Fällt aus", organisation=organisation, dates=[day(8)]), actor=member)
    partly = factories.published_offering(title="Fällt einmal aus", organisation=organisation, dates=[day(11), day(12)])
    cancel(partly, actor=member, occurrence_uid=partly.occurrences.first().uid, reason="Krankheit")
    late(factories.published_offering(title="Kam zu spät", dates=[day(14)]))


@pytest.mark.parametrize("with_late", [False, True])
@pytest.mark.parametrize("kinds", [[], ["workshop", "supervision"]])
def test_contents_are_those_of_the_pages(with_late, kinds):
    programme_of_all_sorts()
    of = brochure(with_late=with_late, kinds=kinds)
    expected = reference(of)
    assert shown(of) == expected
    named = [one["title"] for one in expected]
    assert ("Kam zu spät" in named) == (with_late and not kinds)
    assert not {"Entwurf", "Nur für manche", "Fällt aus", "Zuvor", "Danach"} & set(named)
    assert len(named) == (3 if kinds else 9 + with_late)


def test_overview_names_each_date_on_its_day_with_the_number_of_its_offering():
    programme_of_all_sorts()
    of = brochure()
    numbers = {one["title"]: one["number"] for one in reference(of)}
    lines = [(line.day, line.title, line.number) for month in contents_of(of).months for line in month.lines]
    assert lines == sorted(lines, key=lambda line: line[0])
    assert all(number == numbers[title] for _day, title, number in lines)
    dates = [not cancelled for one in reference(of) for _text, cancelled in one["dates"]]
    assert len(lines) == sum(dates)
    # What began before stands on the first day of the period.
    assert lines[0][:2] == (of.period.first_day, "Ausstellung")
    for month in contents_of(of).months:
        assert {line.day.replace(day=1) for line in month.lines} == {month.first}


def test_numbers_stay_the_same_when_nothing_changes_and_follow_date_then_title():
    same = [day(5), day(5), day(5)]
    for title, date in zip(["Zebra", "Äpfel", "Birne"], same, strict=True):
        factories.published_offering(title=title, dates=[date])
    of = brochure()
    assert titles(of) == ["Äpfel", "Birne", "Zebra"] == titles(of)


# Who, where, how


def test_entry_says_place_access_seats_and_sign_up():
    town = factories.MunicipalityFactory(name="Herrenberg")
    venue = factories.VenueFactory(
        name="Klosterhof", municipality=town, street="Bronngasse 13", postal_code="71083", step_free="yes", hearing_loop="yes",
        accessible_toilet="no", parking="im Hof",
    )
    other = factories.VenueFactory(name="Rathaus", municipality=town, street="Marktplatz 5", postal_code="71083")
    page = factories.published_offering(
        venue=venue, room="Saal", place="", languages=["de", "ar"], dates=[day(4), day(5, venue=other, room="Zimmer 3")]
    )
    factories.offering_with_sign_up(page=page, capacity=20)
    [entry] = entries_of(brochure())
    assert entry.place == "Klosterhof, Saal, Bronngasse 13, 71083 Herrenberg"
    assert [date.place for date in entry.dates] == ["", "Rathaus, Zimmer 3, Marktplatz 5, 71083 Herrenberg"]
    assert entry.access == ("stufenlos", "Induktionsschleife für Hörgeräte")
    assert (entry.sign_up.way, entry.sign_up.seats) == ("here", "20 Plätze")
    assert entry.languages == ("Deutsch", "Arabisch")


def test_online_only_has_no_house():
    factories.published_offering(mode="online", online_url="https://meet.example/geheim", dates=[day(4)])
    [entry] = entries_of(brochure())
    assert (entry.place, entry.online, entry.first.where) == ("", "Online", "online")
    assert "meet.example" not in repr(entry)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"mode": "here", "capacity": 12}, ("here", "12 Plätze")),
        ({"mode": "here", "capacity": None}, ("here", "")),
        ({"mode": "external", "external_url": "https://buchen.example/1"}, ("external", "")),
        ({"mode": "contact"}, ("contact", "")),
        ({"mode": "none"}, ("none", "")),
    ],
)
def test_ways_to_sign_up(facts, expected):
    factories.offering_with_sign_up(page=factories.published_offering(dates=[day(4)]), **facts)
    [entry] = entries_of(brochure())
    assert (entry.sign_up.way, entry.sign_up.seats) == expected
    assert entry.sign_up.url == facts.get("external_url", "")


def test_what_is_fully_booked_says_so():
    _page, plan = factories.offering_with_sign_up(page=factories.published_offering(dates=[day(4)]), capacity=1)
    factories.sign_up_of(plan)
    [entry] = entries_of(brochure())
    assert entry.sign_up.seats == "1 Platz, ausgebucht – Warteliste möglich"


def test_seats_of_each_date():
    page = factories.published_offering(dates=[day(4), day(5)])
    for date in page.occurrences.all():
        models.SeatPlan.objects.create(offering_id=page.pk, occurrence_uid=date.uid, mode="here", capacity=8)
    [entry] = entries_of(brochure())
    assert entry.sign_up.seats == "je Termin 8 Plätze"


def test_supervision_tells_no_number_and_no_supervisor():
    page = factories.published_offering(model=models.SupervisionPage, dates=[day(4)], online_url="https://meet.example/x")
    supervisor = factories.UserFactory(first_name="Verena", last_name="Vertraulich")
    factories.offering_with_sign_up(page=page, capacity=7)
    models.SupervisionSetup.objects.create(offering_id=page.pk, supervisor=supervisor)
    [entry] = entries_of(brochure())
    said = repr(entry)
    assert entry.kind == "Supervision" and entry.sign_up.seats == ""
    assert "Vertraulich" not in said and "7 Plätze" not in said and "meet.example" not in said


def test_long_text_is_cut_and_says_so():
    factories.published_offering(dates=[day(4)], summary="Kurz und klar.", contents="Ein langer Satz über Rechte und Pflichten. " * 60)
    [entry] = entries_of(brochure())
    assert entry.is_cut and entry.text.startswith("Kurz und klar.\n\nEin langer Satz") and entry.text.endswith("Pflichten.")
    assert len(entry.text) <= 700


def test_logo_is_embedded_small_and_a_lost_file_leaves_the_name():
    from wagtail.images.tests.utils import get_test_image_file

    image = models.Funder._meta.get_field("logo").related_model
    logo = image.objects.create(title="Ministerium", file=get_test_image_file(size=(2000, 1000)))
    lost = image.objects.create(title="Stiftung", file=get_test_image_file(filename="lost.png"))
    page = factories.draft_offering(dates=[day(4)])
    page.funders.add(models.Funder(name="Ministerium", logo=logo), models.Funder(name="Stiftung", logo=lost))
    page.save_revision().publish()
    lost.file.storage.delete(lost.file.name)
    [entry] = entries_of(brochure())
    first, second = entry.funders
    assert (first.name, second.name, second.logo) == ("Ministerium", "Stiftung", None)
    assert first.logo.src.startswith("data:image/png;base64,") and first.logo.width <= 480


# Volunteer days


def test_volunteer_day_has_its_timetable_with_the_numbers_of_its_parts():
    host = factories.published_offering(model=models.VolunteerDayPage, title="Ehrenamtstag", dates=[day(30)])
    early = models.Occurrence(start=factories.in_days(30, 10), end=factories.in_days(30, 12))
    for title, date in (("Auftakt", day(30)), ("Führung", early)):
        factories.published_offering(parent=host, title=title, dates=[date])
    factories.draft_offering(parent=host, title="Geplant", dates=[day(30)])
    found = contents_of(brochure())
    [shown_day] = found.days
    # At the same moment the day comes before its parts, whatever these are called.
    assert [entry.title for entry in found.entries] == ["Führung", "Ehrenamtstag", "Auftakt"]
    parts = [(part.when, part.title, part.number) for part in shown_day.parts]
    assert parts == [("10–12 Uhr", "Führung", 1), ("19–21 Uhr", "Auftakt", 3)]
    # Where parts have no entry of their own they are named all the same.
    [only_day] = contents_of(brochure(kinds=["ehrenamtstag"], period=models.ProgrammePeriod.objects.get())).days
    assert [(part.title, part.number) for part in only_day.parts] == [("Führung", None), ("Auftakt", None)]


# Circles and people


def test_circles_show_only_what_is_public():
    town = factories.MunicipalityFactory(name="Aidlingen")
    factories.circle_page(
        title="Arbeitskreis Asyl",
        municipality=town,
        contact_name="Petra Geheim",
        contact_email="ak@post.example",
        contact_phone="0170 999",
        contact_email_is_public=True,
    )
    factories.circle_page(title="Entwurf", live=False)
    found = contents_of(brochure())
    [shown_town] = found.towns
    [circle] = shown_town.circles
    assert (shown_town.name, circle.title, circle.contact_email) == ("Aidlingen", "Arbeitskreis Asyl", "ak@post.example")
    assert "Geheim" not in repr(found) and "0170 999" not in repr(found)
    assert circle.address == models.CirclePage.objects.get(title="Arbeitskreis Asyl").full_url
    assert contents_of(brochure(with_circles=False, period=models.ProgrammePeriod.objects.get())).towns == ()


def test_people_are_those_in_office_when_the_period_begins():
    of = brochure(period=period(first=20))
    today = timezone.localdate()
    factories.CoordinatorFactory(name="Bleibt")
    factories.CoordinatorFactory(name="Geht vorher", until_date=today + dt.timedelta(days=10))
    factories.CoordinatorFactory(name="Kommt rechtzeitig", from_date=of.period.first_day)
    assert {person.name for person in contents_of(of).people} == {"Bleibt", "Kommt rechtzeitig"}


def test_partners_are_all_organisers_and_co_hosts_but_the_district():
    district = factories.OrganisationFactory(name="Landratsamt", kind="district")
    page = factories.draft_offering(organisation=district, dates=[day(4)])
    page.co_hosts.add(models.CoHost(name="Ökumene"))
    page.save_revision().publish()
    factories.published_offering(organisation=factories.OrganisationFactory(name="Zentrum"), dates=[day(5)])
    assert contents_of(brochure()).partners == ("Ökumene", "Zentrum")


def test_without_programme_there_is_an_empty_brochure():
    models.ProgrammePage.objects.all().delete()
    found = contents_of(brochure())
    assert (found.entries, found.programme_url) == ([], "")


# Cost


def test_number_of_queries_does_not_grow():
    of = brochure()

    def add(number: int) -> None:
        for _number in range(number):
            page = factories.draft_offering(dates=[day(4), day(5)])
            page.funders.add(models.Funder(name="Ministerium"))
            page.save_revision().publish()
            factories.offering_with_sign_up(page=page, capacity=5)
            factories.circle_page(title=f"Kreis {page.pk}")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            contents_of(of)
        return len(queries)

    add(1)
    asked()
    numbers = [asked()]
    for number in (2, 27):
        add(number)
        numbers.append(asked())
    assert len(set(numbers)) == 1 and numbers[0] <= 25
