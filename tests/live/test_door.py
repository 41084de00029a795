"""At the door with a phone, and what follows: present, released, fetched, verified. With the keyboard, and nothing for axe to find."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from ehrenamt_wagtail import models, pdf
from ehrenamt_wagtail.signups.tokens import token_of
from example_site.screenshots import sign_in
from tests.browser.looking import wrong_now
from tests.factories import make_site, member_of, offering_with_sign_up, published_offering, sign_up_of
from tests.pdfs import read_pdf, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def evening(live_server):
    """An event that ended a moment ago: people are still at the door, and certificates may be released."""
    make_site()
    now = timezone.now()
    date = models.Occurrence(start=now - dt.timedelta(hours=2), end=now - dt.timedelta(minutes=1))
    page, plan = offering_with_sign_up(page=published_offering(title="Grundlagen des Asylrechts", dates=[date]), capacity=3)
    early = now - dt.timedelta(days=20)
    for name in ("Erika Muster", "Ayşe Öztürk"):
        sign_up_of(plan, name=name, email=f"{name[0].lower()}@post.example", now=early)
    member_of(page.organisation, username="mitglied")
    return page, plan


def press(page, name: str) -> None:
    """Go to a button or link with the keyboard alone and press it."""
    target = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first
    for _step in range(80):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach {name!r}")


def test_evening_from_the_door_to_the_verified_certificate(evening, browse):
    page, plan = evening
    erika, ayse = models.SignUp.objects.order_by("pk")
    organiser, participant, authority = (browse(viewport=PHONE) for _person in range(3))

    # At the door: one by the list, one by the code of the confirmation, one who had not signed up.
    sign_in(organiser, "", "mitglied")
    organiser.goto(reverse("ehrenamt:door", args=[page.pk, page.occurrences.get().uid]))
    expect(organiser.get_by_text("0 von 2 da")).to_be_visible()
    assert wrong_now(organiser) == []
    button = organiser.get_by_role("button", name="Erika Muster")
    assert button.bounding_box()["height"] >= 44 and button.get_attribute("aria-pressed") == "false"
    press(organiser, "Erika Muster")
    expect(organiser.get_by_role("button", name="Erika Muster")).to_have_attribute("aria-pressed", "true")
    expect(organiser.get_by_text("1 von 2 da")).to_be_visible()

    organiser.goto(reverse("ehrenamt:sign-up", args=[token_of(ayse)]))
    assert wrong_now(organiser) == []
    press(organiser, "Ayşe Öztürk als anwesend markieren")
    expect(organiser.get_by_role("status").get_by_text("Ayşe Öztürk ist da.")).to_be_visible()
    organiser.get_by_label("Vor- und Nachname").fill("Zoe Neu")
    organiser.keyboard.press("Enter")
    expect(organiser.get_by_text("3 von 3 da")).to_be_visible()
    expect(organiser.get_by_text("Zurzeit kann niemand hinzukommen.")).to_be_visible()
    assert wrong_now(organiser) == []

    # Afterwards: released.
    organiser.goto(reverse("ehrenamt:certificates", args=[page.pk]))
    assert wrong_now(organiser) == []
    assert organiser.get_by_label("Stunden").input_value() == "2"
    press(organiser, "Bescheinigungen freigeben")
    expect(organiser.get_by_text("Die Bescheinigungen sind freigegeben.")).to_be_visible()
    expect(organiser.get_by_text("keine E-Mail-Adresse: bitte ausdrucken")).to_be_visible()
    assert wrong_now(organiser) == []

    # Fetched from the own page.
    own = reverse("ehrenamt:sign-up", args=[token_of(erika)])
    participant.goto(own)
    expect(participant.get_by_text("als anwesend markieren")).to_have_count(0)
    assert wrong_now(participant) == []
    address = reverse("ehrenamt:certificate", args=[token_of(erika), erika.participants.get().pk])
    with participant.expect_response(lambda response: response.url.endswith(address) and response.request.method == "GET"):
        participant.get_by_role("button", name="Bescheinigung abrufen").click()
    certificate = models.Certificate.objects.get()
    document = participant.request.get(address)
    assert document.headers["content-type"] == "application/pdf"
    text = text_of(read_pdf(document.body()))
    assert "Erika Muster" in text and "Grundlagen des Asylrechts" in text

    # Verified by an authority, typed from paper.
    authority.goto(reverse("ehrenamt:certificate-check"))
    assert wrong_now(authority) == []
    authority.get_by_label("Prüfcode").fill(certificate.code.lower())
    press(authority, "Prüfen")
    expect(authority.get_by_text("Diese Bescheinigung ist echt")).to_be_visible()
    expect(authority.get_by_text("E. M.")).to_be_visible()
    expect(authority.get_by_text("Erika")).to_have_count(0)
    assert wrong_now(authority) == []
    authority.goto(reverse("ehrenamt:certificate-verified", args=["AAAA-BBBB-CCCC-DDDD"]))
    assert wrong_now(authority) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_about_certificates_are_accessible_at_every_width(width, evening, browse, monkeypatch):
    from ehrenamt_wagtail.signups import attendance, certificates, records

    page, plan = evening
    actor = models.Membership.objects.get(user__username="mitglied").user
    erika = models.SignUp.objects.order_by("pk").first()
    attendance.mark_present(erika.participants.get(), date=attendance.date_of(page, page.occurrences.get().uid), actor=actor)
    certificates.release_certificates(plan, hours=2, contents="Rechte und Pflichten", actor=actor)
    certificates.issue(erika.participants.get())
    token = records.link_token(erika.email)
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    screen = browse(viewport={"width": width, "height": 800})
    for address in (
        reverse("ehrenamt:own-records"),
        reverse("ehrenamt:own-records-sent"),
        reverse("ehrenamt:own-records-list", args=[token]),
        reverse("ehrenamt:own-records-list", args=["alt"]),
        reverse("ehrenamt:own-records-document", args=[token, erika.participants.get().pk]),
        reverse("ehrenamt:certificate", args=[token_of(erika), erika.participants.get().pk]),
    ):
        screen.goto(address)
        assert wrong_now(screen) == [], address
