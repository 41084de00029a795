"""Asking circles whom to thank: whom the mails go to, what they say, and the page behind their link."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import Coordinator, OutgoingMail, ThankedPerson
from ehrenamt_wagtail.reporting.thanks.asking import ASKED, ask, rows_of
from ehrenamt_wagtail.reporting.thanks.tokens import token_of
from tests.factories import UserFactory, member_of

from .rounds import make_circle, make_round

pytestmark = pytest.mark.django_db


def address(thanks, circle) -> str:
    return f"/danken/{token_of(thanks.pk, circle.pk)}/"


def names() -> list[str]:
    return list(ThankedPerson.objects.order_by("pk").values_list("name", flat=True))


def person(**facts) -> dict:
    return {"name": "Maria Beispiel", "since": "2015", "consent": "on", **facts}


# The mail


def test_mail_goes_to_the_contact_and_says_what_to_do(thanks, circle, coordinator):
    Coordinator.objects.create(name="Miriam Sommerfeld", email="miriam@landkreis.example")
    assert ask(thanks, [circle], actor=coordinator).asked == [circle]
    mail = OutgoingMail.objects.get(template=ASKED)
    assert (mail.recipient_address(), mail.params) == (
        "kontakt@renningen.example",
        {"round": thanks.pk, "circle": circle.pk, "is_reminder": 0},
    )
    message = render(mail)
    assert message.subject == "Wem möchten Sie danken? Arbeitskreis Asyl Renningen"
    assert re.search(r"https?://\S+/danken/\S+", message.text)[0].endswith(address(thanks, circle))
    assert message.reply_to == "miriam@landkreis.example"
    (entry,) = ModelLogEntry.objects.filter(action="ehrenamt.ask_thanks")
    assert (entry.user, entry.data) == (coordinator, {"circles": [circle.pk]})


def test_on_one_day_nobody_is_asked_twice_and_later_it_is_a_reminder(thanks, circle, coordinator):
    ask(thanks, [circle], actor=coordinator)
    assert ask(thanks, [circle], actor=coordinator).asked_before == [circle]
    assert OutgoingMail.objects.count() == 1
    OutgoingMail.objects.update(created_at=timezone.now() - dt.timedelta(days=1), dedupe_key="earlier")
    assert ask(thanks, [circle], actor=coordinator).asked == [circle]
    assert render(OutgoingMail.objects.latest("pk")).subject.startswith("Erinnerung: ")


def test_circle_that_named_people_or_has_no_address_is_not_written_to(thanks, circle, coordinator):
    ThankedPerson.objects.create(round=thanks, circle=circle, name="A", since=2015)
    silent = make_circle("Leonberg")
    outcome = ask(thanks, [circle, silent], actor=coordinator)
    assert (outcome.has_stated, outcome.unreachable, outcome.asked) == ([circle], [silent], [])
    assert not OutgoingMail.objects.exists()


def test_mail_falls_silent_when_there_is_nothing_to_ask_any_more(thanks, circle, coordinator):
    ask(thanks, [circle], actor=coordinator)
    mail = OutgoingMail.objects.get()
    ThankedPerson.objects.create(round=thanks, circle=circle, name="A", since=2015)
    assert render(mail) is None
    ThankedPerson.objects.all().delete()
    assert render(mail) is not None
    thanks.deadline = timezone.localdate() - dt.timedelta(days=1)
    thanks.save()
    assert render(mail) is None


def test_only_coordinators_ask_and_only_until_the_deadline(thanks, circle, coordinator):
    for actor in (UserFactory(), member_of(circle.organisation)):
        with pytest.raises(NotAllowed):
            ask(thanks, [circle], actor=actor)
    with pytest.raises(NotAllowed):
        ask(make_round(in_days=-1, deadline=-3), [circle], actor=coordinator)
    assert not OutgoingMail.objects.exists()


def test_queries_do_not_grow_with_circles(thanks, circle, django_assert_max_num_queries):
    for town in ("Leonberg", "Herrenberg", "Holzgerlingen"):
        other = make_circle(town)
        ThankedPerson.objects.create(round=thanks, circle=other, name="A", since=2015)
    with django_assert_max_num_queries(5):
        assert [(row.circle.title.split()[-1], row.named) for row in rows_of(thanks)] == [
            ("Herrenberg", 1), ("Holzgerlingen", 1), ("Leonberg", 1), ("Renningen", 0),
        ]  # fmt: skip


# The page behind the link


def test_circle_names_people_and_deletes_one_without_cookie_of_a_session(client, thanks, circle):
    page = client.get(address(thanks, circle))
    assert "no-store" in page["Cache-Control"]
    assert "Wem möchten Sie danken?" in page.text
    answer = client.post(address(thanks, circle), person(), follow=True)
    assert "Der Name ist gespeichert" in answer.text and "Maria Beispiel, seit 2015" in answer.text
    key = ThankedPerson.objects.get().pk
    answer = client.post(address(thanks, circle), {"remove": str(key)}, follow=True)
    assert "Der Name ist gelöscht" in answer.text and "Maria Beispiel" not in answer.text
    assert names() == []
    assert "sessionid" not in client.cookies


def test_opening_the_link_changes_nothing(client, thanks, circle):
    ThankedPerson.objects.create(round=thanks, circle=circle, name="A", since=2015)
    client.get(address(thanks, circle), {"remove": ThankedPerson.objects.get().pk, **person()})
    assert names() == ["A"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": ""}, "Bitte geben Sie den Namen ein."),
        ({"since": "seit langem"}, "mit vier Ziffern"),
        ({"since": "1890"}, "ein Jahr ab 1930"),
        ({"since": "9999"}, "Jahr"),
        ({"since": "0001"}, "Jahr"),
        ({"consent": ""}, "einverstanden"),
        ({"name": "x" * 151}, "150"),
        ({"name": "\u202e\u0000"}, "Bitte geben Sie den Namen ein."),
    ],
)
def test_what_cannot_be_is_explained_and_what_was_typed_stays(client, thanks, circle, typed, says):
    page = client.post(address(thanks, circle), person(**typed))
    assert page.status_code == 200 and says in page.text
    assert names() == []
    if "since" in typed:
        assert 'value="Maria Beispiel"' in page.text


def test_form_sent_after_the_deadline_stores_nothing_and_keeps_what_was_typed(client, circle):
    thanks = make_round(deadline=-1)
    page = client.post(address(thanks, circle), person())
    assert page.status_code == 403 and "vorbei" in page.text
    assert names() == []


@pytest.mark.parametrize("key", ["", "0", "-1", "abc", "9" * 30, "²"])
def test_button_of_nobody_deletes_nobody(client, thanks, circle, key):
    ThankedPerson.objects.create(round=thanks, circle=circle, name="A", since=2015)
    assert client.post(address(thanks, circle), {"remove": key}).status_code == 302
    assert names() == ["A"]


def test_link_of_one_circle_shows_and_deletes_nothing_of_another(client, thanks, circle):
    other = make_circle("Leonberg")
    theirs = ThankedPerson.objects.create(round=thanks, circle=other, name="Fremde Person", since=2015)
    assert "Fremde Person" not in client.get(address(thanks, circle)).text
    client.post(address(thanks, circle), {"remove": str(theirs.pk)})
    assert names() == ["Fremde Person"]


def test_altered_link_leads_nowhere_and_says_what_to_do(client, thanks, circle):
    ThankedPerson.objects.create(round=thanks, circle=circle, name="Maria Beispiel", since=2015)
    token = token_of(thanks.pk, circle.pk)
    other = token.replace(f"{thanks.pk}-", f"{thanks.pk + 1}-", 1)
    for wrong in (token[:-3], other, "x", token.upper()):
        page = client.get(f"/danken/{wrong}/")
        assert page.status_code == 404 and "Kopieren Sie die ganze Adresse" in page.text
        assert "Maria Beispiel" not in page.text


def test_link_ends_with_the_day(client, circle):
    thanks = make_round(in_days=-1, deadline=-5)
    ThankedPerson.objects.create(round=thanks, circle=circle, name="Maria Beispiel", since=2015)
    page = client.get(address(thanks, circle))
    assert page.status_code == 410 and "Der Tag ist vorbei" in page.text and "Maria Beispiel" not in page.text
    assert client.post(address(thanks, circle), person()).status_code == 410
    assert names() == ["Maria Beispiel"]


# The portal


@pytest.mark.parametrize("place", ["/partner/", "/partner/arbeitskreise/{}/"])
def test_members_find_the_link_in_the_portal(place, client, thanks, circle):
    place = place.format(circle.pk)
    client.force_login(member_of(circle.organisation))
    page = client.get(place)
    assert address(thanks, circle) in page.text and "Ehrenamtstag" in page.text
    thanks.deadline = timezone.localdate() - dt.timedelta(days=1)
    thanks.save()
    assert "/danken/" not in client.get(place).text
    thanks.deadline = timezone.localdate()
    thanks.save()
    circle.unpublish()
    assert "/danken/" not in client.get(place).text
