"""Signing up on a phone, with the keyboard alone and without JavaScript; each page in front of axe, narrow and wide."""

from functools import partial

import pytest

from ehrenamt_wagtail.models import PrivacyNotice, Question, SignUp
from tests.browser.looking import wrong_now
from tests.browser.ways import press_until, type_into
from tests.factories import make_site, offering_with_sign_up, published_offering
from tests.mails import link_in, newest_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def phone(browse):
    """Opens a page in a browser of its own, on a phone."""
    return partial(browse, viewport=PHONE)


@pytest.fixture
def offering(live_server):
    """An evening with a single seat, with everything that a form can ask."""
    make_site()
    page = published_offering(title="Zuhören können")
    PrivacyNotice.objects.create(organisation=page.organisation, controller="Pfarramt, Kirchgasse 1", law="kdg")
    page, plan = offering_with_sign_up(page=page, capacity=1, seats_per_sign_up=2, asks_phone=True)
    Question.objects.create(plan=plan, text="Was wollen Sie wissen?", purpose="zur Vorbereitung")
    Question.objects.create(plan=plan, text="Essen?", kind="choice", choices=["Suppe", "Salat"], purpose="für die Küche")
    return page


def must_be_accessible(page) -> None:
    """At both widths: nothing for axe to find, nothing wider than the screen, everything from here."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert wrong_now(page) == [], page.url
    page.set_viewport_size(PHONE)


def link_for(address: str) -> str:
    """The path of the own page in the newest mail to the address."""
    return link_in(newest_to(address), "/anmeldung/")


def sign_up(page, offering, name: str, button: str) -> None:
    page.goto(offering.url)
    page.locator(".ehrenamt-sign-up a").first.click()
    page.fill("input[name=name]", name)
    page.fill("input[name=email]", f"{name.split()[0].lower()}@post.example")
    page.get_by_role("button", name=button).click()
    assert "Bitte sehen Sie in Ihr Postfach" in page.inner_text("h1")


def states() -> list[str]:
    return list(SignUp.objects.order_by("pk").values_list("status", flat=True))


def test_seat_moves_from_phone_to_phone(phone, offering):
    erika, otto = phone(), phone()
    erika.goto(offering.url)
    must_be_accessible(erika)
    erika.get_by_role("link", name="Zur Veranstaltung anmelden").click()
    erika.click("summary:has-text('Brauchen Sie etwas')")
    erika.click("summary:has-text('Datenschutz')")
    must_be_accessible(erika)
    erika.get_by_role("button", name="Zur Veranstaltung anmelden").click()
    erika.wait_for_selector(".ehrenamt-errors:focus")
    must_be_accessible(erika)
    sign_up(erika, offering, "Erika Muster", "Zur Veranstaltung anmelden")
    must_be_accessible(erika)

    erika.goto(link_for("erika@post.example"))
    assert states() == ["pending"]
    must_be_accessible(erika)
    erika.get_by_role("button", name="Anmeldung bestätigen").click()
    assert "Sie haben einen Platz." in erika.inner_text("main")
    must_be_accessible(erika)
    erika.get_by_role("link", name="Bestätigung zum Ausdrucken").click()
    must_be_accessible(erika)
    erika.go_back()

    sign_up(otto, offering, "Otto Muster", "Auf die Warteliste setzen")
    otto.goto(link_for("otto@post.example"))
    otto.get_by_role("button", name="Anmeldung bestätigen").click()
    assert "Sie stehen an Stelle 1 der Warteliste." in otto.inner_text("main")
    must_be_accessible(otto)

    erika.get_by_role("button", name="Teilnahme absagen").click()
    assert "Sie haben abgesagt." in erika.inner_text("main")
    must_be_accessible(erika)
    assert states() == ["cancelled", "offered"]

    otto.goto(link_for("otto@post.example"))
    assert "Sie sind an der Reihe" in otto.inner_text("main")
    must_be_accessible(otto)
    otto.get_by_role("button", name="Platz annehmen").click()
    assert "Sie haben einen Platz." in otto.inner_text("main")
    assert states() == ["cancelled", "confirmed"]
    otto.goto("/anmeldung/so-nicht/")
    must_be_accessible(otto)


def test_two_people_and_one_seat_are_told_on_the_same_page(phone, offering):
    page = phone()
    page.goto(offering.url)
    page.get_by_role("link", name="Zur Veranstaltung anmelden").click()
    page.fill("input[name=name]", "Erika Muster")
    page.fill("input[name=email]", "erika@post.example")
    page.fill("input[name=second_name]", "Otto Muster")
    page.check("input[value=Suppe]")
    page.get_by_role("button", name="Zur Veranstaltung anmelden").click()
    assert "Es ist nur noch ein Platz frei." in page.inner_text("[role=alert]")
    assert page.input_value("input[name=second_name]") == "Otto Muster"
    assert page.is_checked("input[value=Suppe]")
    must_be_accessible(page)
    page.get_by_role("button", name="Nur Erika Muster anmelden").click()
    assert "Postfach" in page.inner_text("h1")
    assert states() == ["pending"]


def test_keyboard_alone_signs_up_confirms_and_cancels(phone, offering):
    page = phone()
    page.goto(offering.url)
    press_until(page, "Tab", ".ehrenamt-sign-up a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    type_into(page, name="Erika Muster", email="erika@post.example")
    press_until(page, "Tab", "summary")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "textarea[name=needs]")
    page.keyboard.type("Gebärdensprache")
    press_until(page, "Tab", "input[name=needs_consent]")
    page.keyboard.press("Space")
    # What only machines fill in cannot be reached.
    press_until(page, "Tab", "button[value=sign-up]")
    assert page.input_value("input[name=note]") == ""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(link_for("erika@post.example"))
    for button, state in (("confirm", "confirmed"), ("cancel", "cancelled")):
        press_until(page, "Tab", f"button[value={button}]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert states() == [state]
    assert SignUp.objects.get().needs.text == "Gebärdensprache"


def test_everything_works_without_javascript(phone, offering):
    page = phone(java_script_enabled=False)
    sign_up(page, offering, "Erika Muster", "Zur Veranstaltung anmelden")
    page.goto(link_for("erika@post.example"))
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    assert states() == ["confirmed"]
    page.get_by_role("button", name="Teilnahme absagen").click()
    assert states() == ["cancelled"]
    assert [cookie["name"] for cookie in page.context.cookies()] == ["csrftoken"]


def test_word_without_end_widens_no_page(phone, offering):
    page = phone()
    page.set_viewport_size({"width": 320, "height": 720})
    page.goto(offering.url)
    page.get_by_role("link", name="Zur Veranstaltung anmelden").click()
    page.fill("input[name=name]", "W" * 200)
    page.fill("input[name=email]", "erika@post.example")
    page.get_by_role("button", name="Zur Veranstaltung anmelden").click()
    page.goto(link_for("erika@post.example"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    page.get_by_role("link", name="Bestätigung zum Ausdrucken").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
