import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from ehrenamt_wagtail.circles import needs
from ehrenamt_wagtail.circles.models import Need
from ehrenamt_wagtail.circles.queries import open_needs
from ehrenamt_wagtail.exceptions import NotAllowed
from ehrenamt_wagtail.mail.models import OutgoingMail
from ehrenamt_wagtail.mail.rendering import render
from ehrenamt_wagtail.models import Membership, ProgrammePage, TrainingPage
from ehrenamt_wagtail.programme.actions import delete_draft
from ehrenamt_wagtail.review.actions import approve, submit_for_review
from tests.factories import OrganisationFactory, build_offering, circle_page, coordinator_user, member_of

pytestmark = pytest.mark.django_db

Status = Need.Status


@pytest.fixture(autouse=True)
def programme(ready_site):
    return ready_site[0]


@pytest.fixture
def asking():
    return OrganisationFactory(name="Arbeitskreis Renningen", kind="circle")


@pytest.fixture
def asker(asking):
    return member_of(asking, email="ak@post.example")


@pytest.fixture
def need(asking, asker):
    return needs.report_need(
        organisation=asking, actor=asker, title="Wohnungssuche", group_size=12, from_date=dt.date(2027, 3, 1)
    )


@pytest.fixture
def partner():
    return OrganisationFactory(name="Caritasverband", contact_name="Petra Beispiel", contact_email="caritas@post.example")


@pytest.fixture
def member(partner):
    return member_of(partner)


def draft_for(need, partner, member) -> TrainingPage:
    page = build_offering(organisation=partner, title="Wohnungen finden")
    return needs.answer_with_draft(need, page, parent=ProgrammePage.objects.get(), actor=member)


def mails(template: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(template=f"circles/{template}").order_by("pk"))


def test_need_names_town_and_circle_and_reaches_the_coordinators(asking, asker):
    coordinator = coordinator_user()
    circle = circle_page(organisation=asking)
    need = needs.report_need(organisation=asking, actor=asker, title="Wohnungssuche")
    assert (need.municipality, need.circle, need.status) == (asking.municipality, circle, Status.OPEN)
    (mail,) = mails("need_reported")
    assert mail.user == coordinator
    text = render(mail).text
    assert "Arbeitskreis Renningen hat einen Bedarf gemeldet." in text
    assert f"/need/inspect/{need.pk}/" in text


def test_same_words_sent_twice_are_one_need(asking, asker, need):
    again = needs.report_need(
        organisation=asking, actor=asker, title="Wohnungssuche", group_size=12, from_date=dt.date(2027, 3, 1)
    )
    other = needs.report_need(organisation=asking, actor=asker, title="Wohnungssuche", group_size=13)
    assert again == need != other


def test_need_for_others_is_refused_except_by_the_district(asking):
    with pytest.raises(NotAllowed):
        needs.report_need(organisation=asking, actor=member_of(), title="Wohnungssuche")
    assert not Need.objects.exists()
    assert needs.report_need(organisation=asking, actor=coordinator_user(), title="Wohnungssuche").organisation == asking


def test_need_without_words_is_refused(asking, asker):
    with pytest.raises(ValidationError):
        needs.report_need(organisation=asking, actor=asker, title="")
    assert not Need.objects.exists()


def test_draft_takes_the_need_up_and_who_asked_is_told(need, asker, partner, member):
    page = draft_for(need, partner, member)
    need.refresh_from_db()
    assert (need.status, need.taken_by, need.offering_id) == (Status.TAKEN, partner, page.pk)
    assert need not in open_needs()
    (mail,) = mails("need_taken")
    assert mail.user == asker
    rendered = render(mail)
    text = rendered.text
    assert "Caritasverband hat Ihren Bedarf aufgegriffen" in text
    contact = ", ".join(filter(None, [partner.contact_name, partner.contact_email, partner.contact_phone]))
    assert "Petra Beispiel, " in contact
    assert f"Zum Absprechen: {contact}\n" in text
    assert f"Zum Absprechen: {contact}<" in rendered.html
    # What the draft says is nobody else's business yet.
    assert "Wohnungen finden" not in text


def test_second_taker_is_told_who_was_faster_and_gets_no_draft(need, partner, member):
    draft_for(need, partner, member)
    rival = OrganisationFactory(name="Kirchengemeinde")
    with pytest.raises(NotAllowed, match="Caritasverband"):
        draft_for(need, rival, member_of(rival))
    need.refresh_from_db()
    assert need.taken_by == partner
    assert TrainingPage.objects.count() == 1


def test_approval_answers_the_need_once(need, asker, partner, member):
    page = draft_for(need, partner, member)
    approve(submit_for_review(page, actor=member), actor=coordinator_user())
    need.refresh_from_db()
    assert need.status == Status.ANSWERED
    (mail,) = mails("need_answered")
    text = render(mail).text
    assert mail.user == asker
    assert "„Wohnungen finden“ ist veröffentlicht." in text
    assert TrainingPage.objects.get().url in text
    TrainingPage.objects.get().latest_revision.publish()
    assert len(mails("need_answered")) == 1


def test_deleted_draft_opens_the_need_again(need, asker, partner, member):
    page = draft_for(need, partner, member)
    delete_draft(page, actor=member)
    need.refresh_from_db()
    assert (need.status, need.taken_by, need.offering) == (Status.OPEN, None, None)
    (mail,) = mails("need_open_again")
    assert mail.user == asker
    assert "Caritasverband verfolgt nicht weiter" in render(mail).text
    # The mail that it is taken up says nothing any more.
    assert render(mails("need_taken")[0]) is None
    delete_draft(draft_for(need, partner, member), actor=member)
    assert len(mails("need_open_again")) == 2


def test_closed_need_is_neither_taken_nor_opened_again(need, asker, partner, member):
    page = draft_for(need, partner, member)
    needs.close_need(need, actor=asker)
    delete_draft(page, actor=member)
    need.refresh_from_db()
    assert need.status == Status.CLOSED
    assert mails("need_open_again") == []
    with pytest.raises(NotAllowed):
        draft_for(need, partner, member)
    with pytest.raises(NotAllowed):
        needs.close_need(need, actor=asker)
    with pytest.raises(NotAllowed):
        needs.edit_need(need, actor=asker, title="Anders")
    need.refresh_from_db()
    assert (need.status, need.title) == (Status.CLOSED, "Wohnungssuche")


def test_others_neither_edit_nor_close(need, member):
    for act in (lambda: needs.close_need(need, actor=member), lambda: needs.edit_need(need, actor=member, title="Anders")):
        with pytest.raises(NotAllowed):
            act()
    need.refresh_from_db()
    assert (need.status, need.title) == (Status.OPEN, "Wohnungssuche")


def test_whoever_left_is_not_told_but_the_other_members(need, asker, asking, partner, member):
    colleague = member_of(asking)
    Membership.objects.get(user=asker).delete()
    draft_for(need, partner, member)
    assert [mail.user for mail in mails("need_taken")] == [colleague]


def test_mails_are_not_sent_to_people_who_left(need, asker, partner, member):
    draft_for(need, partner, member)
    Membership.objects.get(user=asker).delete()
    assert render(mails("need_taken")[0]) is None
