"""Held dates, needs and blocked dates of the demonstration."""

import datetime as dt
from collections import Counter

from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.coordination.planning import find_drift
from ehrenamt_wagtail.models import DateHold, Need
from example_site.demo.dates import easter_sunday
from example_site.demo.plans import next_carnival


def test_holds_of_several_organisations_stand_beside_an_expired_one(demo):
    active = DateHold.objects.active()
    assert len(set(active.values_list("organisation", flat=True))) == 4
    assert DateHold.objects.filter(status="expired").count() == 1
    assert not active.filter(expires_at__lte=demo).exists()
    soon = active.filter(expires_at__lte=demo + dt.timedelta(days=conf.HOLD_REMINDER_DAYS, hours=24))
    assert [hold.title for hold in soon] == ["Bewerbungswerkstatt"]
    assert models.PlannedDate.objects.exclude(hold=None).count() == active.count()


def test_needs_are_open_taken_up_and_answered(demo):
    assert Counter(Need.objects.values_list("status", flat=True)) == {"open": 3, "taken": 1, "answered": 1}
    taken = Need.objects.get(status="taken")
    assert taken.holds.get().organisation == taken.taken_by != taken.organisation
    assert Need.objects.get(status="answered").offering.live
    assert all(need.circle for need in Need.objects.filter(organisation__name="Arbeitskreis Asyl Renningen"))


def test_blocked_dates_lie_ahead_and_one_organisation_shares_its_drafts(demo):
    today = timezone.localdate()
    blocked = {entry.name: entry for entry in models.BlockedDate.objects.all()}
    assert set(blocked) == {"Wahlsonntag", "Ehrenamtstag", "Bewegliche Ferientage (Fasching)", "Ramadan"}
    assert all((entry.until_date or entry.from_date) >= today for entry in blocked.values())
    assert blocked["Wahlsonntag"].from_date.weekday() == 6
    coming = models.VolunteerDayPage.objects.live().order_by("-occurrences__starts_at").first()
    assert blocked["Ehrenamtstag"].from_date == timezone.localdate(coming.occurrences.get().starts_at)
    assert models.Organisation.objects.get(shares_drafts=True).name == "Stadt Herrenberg"


def test_every_planned_date_is_what_a_rebuild_would_write(demo):
    assert list(find_drift()) == []


def test_carnival_is_the_coming_one_on_any_day():
    for number in range(0, 3 * 365, 3):
        today = dt.date(2026, 1, 1) + dt.timedelta(days=number)
        monday, friday = next_carnival(today)
        assert friday >= today and (friday - monday).days == 4
        assert monday + dt.timedelta(days=48) == easter_sunday(monday.year)
        assert (monday - today).days < 390
