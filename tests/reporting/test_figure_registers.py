"""The registers of entered figures and of their kinds, and the kinds that a new installation begins with."""

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail.models import EnteredFigure, FigureKind
from tests import factories
from tests.reporting.works import editor_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(ready_site):
    return ready_site


@pytest.fixture
def user(site, client):
    user = factories.coordinator_user()
    client.force_login(user)
    return user


def address(model, action="index", *args):
    return reverse(f"ehrenamt_wagtail_{model}_modeladmin_{action}", args=args)


def form(**facts) -> dict:
    today = timezone.localdate()
    return {
        "kind": FigureKind.objects.get(name="Beratungen").pk,
        "first_day": today.isoformat(),
        "last_day": today.isoformat(),
        "value": "12",
        "note": "Sprechstunde",
        **facts,
    }


def test_setup_makes_the_kinds_once_and_keeps_what_was_changed(site):
    names = list(FigureKind.objects.values_list("name", flat=True))
    assert names == [
        "Besuche bei Arbeitskreisen", "Beratungen", "Vermittlungen", "Presseberichte", "Förderung", "Gäste der Ehrenamtstage",
    ]  # fmt: skip
    assert all(FigureKind.objects.values_list("definition", flat=True))
    assert FigureKind.objects.get(is_people=True).name == "Gäste der Ehrenamtstage"
    assert FigureKind.objects.get(unit="euro").name == "Förderung"
    FigureKind.objects.exclude(name="Beratungen").delete()
    FigureKind.objects.update(name="Gespräche")
    call_command("ehrenamt_setup", stdout=io.StringIO())
    assert list(FigureKind.objects.values_list("name", flat=True)) == ["Gespräche"]


def test_coordinator_enters_a_figure(user, client):
    response = client.post(address("enteredfigure", "create"), form(), follow=True)
    figure = EnteredFigure.objects.get()
    assert (figure.value, figure.note, figure.entered_by) == (12, "Sprechstunde", user)
    assert "Beratungen" in response.content.decode() and "Sprechstunde" in response.content.decode()
    figure.first_day, figure.last_day = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    assert str(figure) == "Beratungen, 1. Januar – 30. Juni 2026"


@pytest.mark.parametrize(
    ("facts", "field", "message"),
    [
        ({"last_day": "2020-01-01"}, "last_day", "Der letzte Tag liegt vor dem ersten."),
        ({"first_day": "0206-01-01"}, "first_day", "Bitte prüfen Sie das Jahr."),
        ({"value": "-3"}, "value", "Geben Sie 0 oder mehr ein."),
    ],
)
def test_mistakes_are_told_beside_the_field_and_nothing_is_kept(user, client, facts, field, message):
    response = client.post(address("enteredfigure", "create"), form(**facts))
    assert response.context["form"].errors[field] == [message]
    assert message in response.content.decode()
    assert not EnteredFigure.objects.exists()


def test_kind_no_longer_counted_is_offered_where_it_was_chosen_only(user, client):
    old = FigureKind.objects.create(name="Fahrdienste", definition="Fahrten.", is_active=False)
    figure = EnteredFigure.objects.create(kind=old, first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 1, 1), value=3)
    assert "Fahrdienste" not in client.get(address("enteredfigure", "create")).content.decode()
    assert "Fahrdienste" in client.get(address("enteredfigure", "edit", figure.pk)).content.decode()


def test_kind_with_values_is_not_deleted(user, client):
    kind = FigureKind.objects.get(name="Beratungen")
    EnteredFigure.objects.create(kind=kind, first_day=dt.date(2026, 1, 1), last_day=dt.date(2026, 1, 1), value=3)
    response = client.post(address("figurekind", "delete", kind.pk))
    assert FigureKind.objects.filter(pk=kind.pk).exists() and EnteredFigure.objects.count() == 1
    assert response.status_code == 200


def test_others_enter_nothing(site, client):
    for user in (factories.member_of(), editor_user()):
        client.force_login(user)
        response = client.post(address("enteredfigure", "create"), form())
        assert response.status_code == 302 and not EnteredFigure.objects.exists()
