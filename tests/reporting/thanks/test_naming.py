"""Naming people to be thanked and taking names back: who may, until when, and that nothing is stored twice."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry, ReferenceIndex

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.models import ThankedPerson, ThanksLetters
from ehrenamt_wagtail.reporting.thanks import actions
from ehrenamt_wagtail.reporting.thanks.asking import ask
from tests.factories import UserFactory, member_of

from .rounds import make_circle, make_round

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year


def name(thanks, circle, person="Maria Beispiel", since=2015, **facts):
    facts = {"has_consented": True, "is_by_link": True, **facts}
    return actions.name_person(thanks, circle, name=person, since=since, **facts)


def names() -> list[tuple]:
    return list(ThankedPerson.objects.order_by("pk").values_list("name", "since"))


def test_circle_names_somebody_and_the_log_says_it_without_the_name(thanks, circle):
    before = timezone.now()
    person = name(thanks, circle, "  Maria   Beispiel ")
    assert (person.name, person.since, person.circle, person.named_by) == ("Maria Beispiel", 2015, circle, None)
    assert before <= person.consented_at <= timezone.now()
    (entry,) = ModelLogEntry.objects.filter(action="ehrenamt.name_thanked")
    assert (entry.user, entry.data) == (None, {"circle": circle.title})
    assert "Beispiel" not in str(vars(entry))


def test_second_click_names_nobody_twice_and_another_year_corrects_the_first(thanks, circle):
    assert name(thanks, circle) == name(thanks, circle)
    name(thanks, circle, since=2016)
    assert names() == [("Maria Beispiel", 2016)]
    # Somebody of the same name in another circle is another person.
    name(thanks, make_circle("Leonberg"))
    assert len(names()) == 2


@pytest.mark.parametrize("since", [1929, 0, -1, 10**9, YEAR + 30])
def test_year_that_cannot_be_is_refused(thanks, circle, since):
    with pytest.raises(ValidationError) as refused:
        name(thanks, circle, since=since)
    assert list(refused.value.message_dict) == ["since"]
    assert names() == []


@pytest.mark.parametrize("person", ["", "   ", "x" * 151])
def test_name_that_cannot_be_is_refused(thanks, circle, person):
    with pytest.raises(ValidationError) as refused:
        name(thanks, circle, person)
    assert list(refused.value.message_dict) == ["name"]
    assert names() == []


def test_without_consent_no_name_is_stored(thanks, circle):
    with pytest.raises(ValidationError, match="einverstanden"):
        name(thanks, circle, has_consented=False)
    assert names() == []


def test_neither_members_nor_strangers_name_anybody_by_their_account(thanks, circle):
    for actor in (UserFactory(), member_of(circle.organisation), None):
        with pytest.raises(NotAllowed):
            name(thanks, circle, actor=actor, is_by_link=False)
    assert names() == []


def test_after_the_deadline_coordinators_alone_add_and_circles_still_delete(circle, coordinator):
    thanks = make_round(deadline=-1)
    with pytest.raises(NotAllowed, match="vorbei"):
        name(thanks, circle)
    person = name(thanks, circle, actor=coordinator, is_by_link=False)
    assert names() == [("Maria Beispiel", 2015)]
    assert actions.remove_person(thanks, circle, person.pk, is_by_link=True)
    assert names() == []


def test_once_the_day_is_over_nothing_is_stored(circle, coordinator):
    thanks = make_round(in_days=-1, deadline=-5)
    for facts in ({}, {"actor": coordinator, "is_by_link": False}):
        with pytest.raises(NotAllowed, match="gelöscht"):
            name(thanks, circle, **facts)
    assert names() == []


def test_circle_names_so_many_people_and_no_more(thanks, circle, monkeypatch):
    monkeypatch.setattr(actions, "MOST_OF_CIRCLE", 2)
    for person in ("A", "B"):
        name(thanks, circle, person)
    with pytest.raises(NotAllowed, match="2"):
        name(thanks, circle, "C")
    # Who is named already can be corrected.
    name(thanks, circle, "B", since=2020)
    assert names() == [("A", 2015), ("B", 2020)]


def test_who_is_deleted_takes_the_letters_along(thanks, circle, coordinator):
    person, other = name(thanks, circle), name(thanks, circle, "Ali Muster")
    ThanksLetters.objects.create(round=thanks, pdf=b"%PDF", number=2)
    assert actions.remove_person(thanks, circle, person.pk, is_by_link=True)
    assert names() == [("Ali Muster", 2015)]
    assert not ThanksLetters.objects.exists()
    # The second click finds nobody.
    assert not actions.remove_person(thanks, circle, person.pk, is_by_link=True)
    (entry,) = ModelLogEntry.objects.filter(action="ehrenamt.remove_thanked")
    assert entry.data == {"circle": circle.title}
    assert other.pk


def test_nobody_deletes_whom_another_circle_or_round_named(thanks, circle):
    person = name(thanks, circle)
    assert not actions.remove_person(thanks, make_circle("Leonberg"), person.pk, is_by_link=True)
    assert not actions.remove_person(make_round(), circle, person.pk, is_by_link=True)
    assert names() == [("Maria Beispiel", 2015)]


def test_deadline_after_the_day_and_unknown_placeholders_are_refused(thanks):
    thanks.deadline = thanks.day + dt.timedelta(days=1)
    thanks.letter = "Guten Tag {nmae}, seit {Seit} … {}"
    with pytest.raises(ValidationError) as refused:
        thanks.full_clean()
    assert set(refused.value.message_dict) == {"deadline", "letter"}
    assert "{nmae}, {}" in refused.value.message_dict["letter"][0]


def test_name_stands_in_its_own_table_and_nowhere_else(thanks, circle, coordinator):
    person = name(thanks, circle, "Geheimname Beispiel")
    name(thanks, circle, "Geheimname Zwei", actor=coordinator, is_by_link=False)
    ask(thanks, [make_circle("Leonberg", contact_email="kontakt@leonberg.example")], actor=coordinator)
    actions.write_letters(thanks, actor=coordinator)
    actions.remove_person(thanks, circle, person.pk, is_by_link=True)
    rows = ((model, row) for model in apps.get_models() for row in model._base_manager.values())
    assert {model for model, row in rows if "Geheimname" in str(row)} == {ThankedPerson}
    assert not ReferenceIndex.model_is_indexable(ThankedPerson)
