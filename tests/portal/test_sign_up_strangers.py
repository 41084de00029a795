"""Every address of the portal about sign-ups with what does not belong to it: people of others, and own pages with others' rows."""

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.core import serializers
from django.urls import reverse
from django.utils import timezone

from ehrenamt_wagtail import models
from ehrenamt_wagtail.portal.urls import urlpatterns
from ehrenamt_wagtail.signups.attendance import mark_present
from ehrenamt_wagtail.signups.certificates import release_certificates
from ehrenamt_wagtail.signups.organising import version_of
from tests.clients import signed_in
from tests.factories import in_days, member_of, offering_with_sign_up, published_offering, sign_up_of

from .helpers import soup

pytestmark = pytest.mark.django_db

ROOM = "ehrenamt_wagtail.signups.models"
# Tells what one sends to make each address do something, if it were one's own.
POSTS = {
    "sign-up-settings": {"mode": "contact", "questions-TOTAL_FORMS": "0", "action": "save"},
    "sign-up-add": {"name": "Nora Neu", "uid": str(uuid.uuid4())},
    "certificates": {"action": "take-back"},
    "notice-new": {"audience": "all", "subject": "Hallo", "text": "Bis bald", "action": "send", "uid": str(uuid.uuid4())},
    "door": {"action": "walk-in", "name": "Zoe Neu"},
}


def names_below(part: str) -> list[str]:
    return [pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith(part)]


ADDRESSES = names_below("angebote/<int:page_id>/anmeldungen/")


def stored() -> str:
    """All rows of the room, as they are."""
    rows = [row for model in apps.get_models() if model.__module__.startswith(ROOM) for row in model._default_manager.order_by("pk")]
    return serializers.serialize("json", rows)


class Scene:
    """An evening that is over with somebody who was there, released, and with a message; of one organisation."""

    def __init__(self, organisation, *, name: str):
        self.actor = member_of(organisation)
        models.PrivacyNotice.objects.get_or_create(organisation=organisation, defaults={"controller": "Marktplatz 1"})
        page = published_offering(organisation=organisation, title=f"Abend mit {name}", dates=[in_days(-2)])
        self.page, self.plan = offering_with_sign_up(page=page, capacity=9)
        self.sign_up = sign_up_of(self.plan, name=name, email="wer@post.example", now=timezone.now() - dt.timedelta(days=9))
        self.person = self.sign_up.participants.get()
        date = page.occurrences.get()
        self.uid = date.uid
        mark_present(self.person, date=date, actor=self.actor, now=date.starts_at)
        release_certificates(self.plan, hours=2, contents="", actor=self.actor)
        self.release = models.CertificateRelease.objects.get(offering=page.pk)
        self.notice = models.Notice.objects.create(offering_id=page.pk, kind="message", subject="Hallo", text="Bis bald")

    def arguments(self, name: str) -> list:
        return {
            "sign-up-detail": [self.sign_up.pk],
            "sign-up-letter": [self.sign_up.pk],
            "sign-ups-export": ["csv"],
            "attendance-sheet": [self.uid],
            "door": [self.uid],
            "certificates-print": [self.release.pk],
            "notice": [self.notice.pk],
        }.get(name, [])

    def posts(self, name: str) -> list[dict]:
        seen = version_of(self.sign_up)
        if name == "sign-up-detail":
            return [
                {"action": "cancel", "seen": seen}, {"action": "send", "seen": seen},
                {"action": "names", "name_0": "Nora Neu", "seen": seen}, {"action": "move", "to": self.plan.pk, "seen": seen},
            ]  # fmt: skip
        if name == "door":
            return [POSTS["door"], *({key: self.person.pk} for key in ("present", "absent", "seat"))]
        if name == "certificates":
            hours = {f"plan-{self.plan.pk}-hours": "9"}
            return [{"plan": self.plan.pk, "action": action, **hours} for action in ("release", "print", "take-back")]
        return [POSTS.get(name, {})]


@pytest.fixture
def own(organisation):
    return Scene(organisation, name="Erika Eigen")


@pytest.fixture
def foreign(site):
    from tests.factories import OrganisationFactory

    return Scene(OrganisationFactory(), name="Frida Fremd")


def address(name: str, page, *arguments) -> str:
    return reverse(f"ehrenamt:{name}", args=[page.pk, *arguments])


@pytest.mark.parametrize("name", ADDRESSES)
def test_address_of_another_organisation_does_not_exist_and_does_nothing(name, own, foreign):
    client = signed_in(own.actor)
    url = address(name, foreign.page, *foreign.arguments(name))
    before = stored()
    answers = [client.get(url), *(client.post(url, data) for data in foreign.posts(name))]
    assert {answer.status_code for answer in answers} <= {404, 405}
    assert not any(b"Frida" in answer.content for answer in answers)
    assert stored() == before


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name not in ("sign-ups-export",)])
def test_own_offering_with_rows_of_another_one_shows_and_changes_nothing_of_it(name, own, foreign):
    """Whatever number of the other organisation stands in the address or in what is sent."""
    client = signed_in(own.actor)
    before = stored()
    url = address(name, own.page, *foreign.arguments(name))
    answers = [client.get(url)]
    # What only makes something of one's own is no attack here.
    if name not in ("sign-up-settings", "sign-up-add", "notice-new"):
        answers += [client.post(url, data) for data in foreign.posts(name)]
    if foreign.arguments(name):
        assert {answer.status_code for answer in answers} <= {404, 405}
    assert not any("Frida" in answer.content.decode() for answer in answers)
    assert stored() == before


def test_own_door_marks_nobody_of_another_organisation(own, foreign):
    client = signed_in(own.actor)
    url = address("door", own.page, own.uid)
    before = stored()
    for key in ("present", "absent", "seat"):
        answer = client.post(url, {key: foreign.person.pk})
        assert "steht nicht mehr auf der Liste" in answer.content.decode()
    assert "Frida" not in client.get(url, {"zuletzt": foreign.person.pk, "q": "frida"}).content.decode()
    assert stored() == before


def test_form_of_a_walk_in_with_the_mark_of_another_organisation_makes_an_own_sign_up(own, foreign):
    models.SignUp.objects.filter(pk=foreign.sign_up.pk).update(source="hand")
    client = signed_in(own.actor)
    client.post(address("door", own.page, own.uid), {"action": "walk-in", "name": "Frida Fremd", "uid": foreign.sign_up.uid})
    new = models.SignUp.objects.latest("pk")
    assert (new.plan, new.uid == foreign.sign_up.uid) == (own.plan, False)
    assert models.SignUp.objects.get(pk=foreign.sign_up.pk).plan == foreign.plan
    assert models.Attendance.objects.filter(participant__sign_up__plan=foreign.plan).count() == 1


def test_date_of_another_organisation_takes_no_sign_up_by_hand(own, foreign):
    second = models.SeatPlan.objects.create(offering_id=own.page.pk, occurrence_uid=own.uid, mode="here")
    client = signed_in(own.actor)
    url = f"{address('sign-up-add', own.page)}?termin={foreign.plan.pk}"
    before = stored()
    answer = client.post(url, {"name": "Nora Neu"})
    links = [link["href"] for link in soup(answer).select("main a") if "termin=" in link["href"]]
    assert [link.rpartition("=")[2] for link in links] == [str(own.plan.pk), str(second.pk)]
    assert stored() == before


def test_settings_name_seats_of_another_organisations_date_in_vain(own, foreign):
    page = published_offering(organisation=own.page.organisation, title="Reihe", dates=[in_days(5), in_days(12)])
    client = signed_in(own.actor)
    data = {"mode": "here", "capacity": "8", "per_date": "1", "questions-TOTAL_FORMS": "0", "action": "save"}
    before = list(models.SeatPlan.objects.filter(offering=foreign.page.pk).values())
    client.post(address("sign-up-settings", page), {**data, f"capacity_{foreign.uid}": "1"})
    assert list(models.SeatPlan.objects.filter(offering=foreign.page.pk).values()) == before
    made = models.SeatPlan.objects.filter(offering=page.pk)
    assert {plan.occurrence_uid: plan.capacity for plan in made} == {date.uid: 8 for date in page.occurrences.all()}


@pytest.mark.parametrize("name", ["supervision-add", "supervision-write"])
def test_supervisor_reaches_no_plan_of_another_supervisor(name, organisation, own, foreign):
    pages = []
    for actor in (own.actor, foreign.actor):
        group = actor.ehrenamt_memberships.get().organisation
        page = published_offering(model=models.SupervisionPage, organisation=group, title="Supervision", dates=[in_days(9)])
        models.SupervisionSetup.objects.create(offering_id=page.pk, form="single", supervisor=actor)
        plan = models.SeatPlan.objects.create(offering_id=page.pk, mode="here")
        sign_up_of(plan, name=f"Geheim {group}", email="g@post.example")
        pages.append((page, plan))
    (mine, _plan), (_theirs, their_plan) = pages
    client = signed_in(own.actor)
    before, mails = stored(), models.OutgoingMail.objects.count()
    for page in (mine, _theirs):
        url = reverse(f"ehrenamt:{name}", args=[page.pk, their_plan.pk])
        data = {"name": "Nora Neu", "names": "Nora Neu", "subject": "Hallo", "text": "Bis bald", "action": "send"}
        for answer in (client.get(url), client.post(url, data)):
            assert (answer.status_code, "Geheim" in answer.content.decode()) == (404, False)
    assert (stored(), models.OutgoingMail.objects.count()) == (before, mails)
