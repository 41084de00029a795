"""A coordinator types dates into the admin as people do; nothing is put in their place."""

import datetime as dt

import pytest

from ehrenamt_wagtail.models import ThanksRound
from example_site.screenshots import sign_in
from tests.factories import coordinator_user, make_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_dates_are_typed_and_what_is_none_is_named(browse, live_server):
    make_site()
    coordinator_user(username="koordination")
    page = browse(viewport={"width": 1280, "height": 900})
    sign_in(page, "", "koordination")
    page.goto("/verwaltung/ehrenamt_wagtail/thanksround/create/")
    page.fill("[name=title]", "Ehrenamtstag 2099")

    def typed(name: str, text: str) -> None:
        page.locator(f"[name={name}]").click()
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.locator("[name=title]").click()

    typed("day", "2.7.2099")
    typed("deadline", "31.06.2099")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Bitte ein gültiges Datum eingeben").wait_for()
    assert page.input_value("[name=deadline]") == "31.06.2099" and not ThanksRound.objects.exists()
    typed("deadline", "30.06.2099")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("ist gespeichert").wait_for()
    assert (ThanksRound.objects.get().day, ThanksRound.objects.get().deadline) == (dt.date(2099, 7, 2), dt.date(2099, 6, 30))
