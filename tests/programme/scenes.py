"""Programmes that tests only read."""

import datetime as dt

from django.utils import timezone

from ehrenamt_wagtail.models import Cancellation, CoHost, Occurrence, SupervisionPage, TrainingPage, VolunteerDayPage
from ehrenamt_wagtail.programme.actions import cancel
from tests import factories
from tests.kept import kept
from tests.testapp.models import ConcertPage

from .offerings import date, live_offering

NUMBER = 36


def make_mixture() -> None:
    """Every mixture of kinds, towns, topics, hosts and dates, some cancelled, some below a volunteer day."""
    factories.make_site(setup=False)
    # About eight kilometres from one to the next; nobody knows where the last one lies.
    towns = [
        factories.MunicipalityFactory(name=f"Ort {number}", slug=f"ort-{number}", latitude=latitude, longitude=9)
        for number, latitude in enumerate((48.60, 48.67, 48.74, None))
    ]
    access = ("yes", "no", "")
    venues = [factories.VenueFactory(municipality=towns[number], step_free=access[number]) for number in range(3)]
    topics = [factories.TopicFactory(name=f"Thema {number}", slug=f"thema-{number}") for number in range(4)]
    hosts = [factories.OrganisationFactory(name=f"Verein {number}", slug=f"verein-{number}") for number in range(4)]
    parent = live_offering(title="Tag", model=VolunteerDayPage, municipality=towns[0], organisation=hosts[0])
    kinds = [TrainingPage, SupervisionPage, ConcertPage, TrainingPage]
    for number in range(NUMBER):
        model = kinds[number % 4]
        page = live_offering(
            title=f"Angebot {number}",
            model=model,
            parent=parent if number % 9 == 4 else None,
            municipality=towns[number % 3],
            organisation=hosts[number // 2 % 3],
            topics=[topics[number % 3], topics[number // 3 % 3]][: number % 3],
            rows=[CoHost(organisation=hosts[number // 5 % 3])] if number % 4 == 0 else (),
            dates=list(dates_for(number, venues)),
            venue=venues[number % 3] if number % 8 == 6 else None,
            languages=[[], ["de"], ["en", "de"], ["ar"]][number // 3 % 4],
            costs=["", "5 Euro", " "][number // 2 % 3],
            **({"training_format": ["training", "workshop"][number // 4 % 2]} if model is TrainingPage else {}),
        )
        if number % 7 == 3:
            Cancellation.objects.create(offering=page)
        elif number % 5 == 2:
            Cancellation.objects.create(offering=page, occurrence_uid=page.occurrences.order_by("pk").first().uid)


def dates_for(number, venues):
    for position, first in enumerate([(number * 7) % 60 - 35, (number * 11) % 50 - 20][: number % 2 + 1]):
        venue = venues[(number + position) % 3] if (number + position) % 4 == 1 else None
        mode = ["", "online", "both"][(number + position) % 3]
        if number % 6 == 5:
            start = timezone.localdate() + dt.timedelta(days=first)
            yield Occurrence(start_date=start, end_date=start + dt.timedelta(days=number % 12), venue=venue, mode=mode)
        else:
            yield Occurrence(start=factories.in_days(first, hour=10 + number % 9), venue=venue, mode=mode)


def make_variety() -> None:
    """Six offerings, each of which is found by other filters."""
    factories.make_site(setup=False)
    herrenberg, leonberg = (factories.MunicipalityFactory(name=name) for name in ("Herrenberg", "Leonberg"))
    topics = [factories.TopicFactory(name=name) for name in ("Asylrecht", "Wohnen")]
    caritas = factories.OrganisationFactory(name="Caritas", municipality=herrenberg)
    mill = factories.VenueFactory(name="Alte Mühle", municipality=leonberg)
    live_offering("A", organisation=caritas, topics=topics[:1], dates=[date(-3), date(1, hours=3), date(9)])
    live_offering("B", organisation=caritas, topics=topics, training_format="workshop", dates=[date(0, all_day=True, length=3)])
    live_offering("C", model=SupervisionPage, dates=[date(3), date(4, venue=mill)], rows=[CoHost(organisation=caritas)])
    live_offering("D", model=VolunteerDayPage, topics=topics, dates=[date(-30), date(-20)], venue=mill)
    off = live_offering("E", organisation=caritas, dates=[date(2), date(5)])
    cancel(off, actor=factories.member_of(caritas), occurrence_uid=off.occurrences.order_by("starts_at")[0].uid)
    live_offering("F", organisation=caritas, mode="online", dates=[date(2), date(2)])


MIXTURE = kept("kept_mixture", make_mixture)
VARIETY = kept("kept_variety", make_variety)
