"""Dates are written into the admin's forms as people write them, whatever the site's settings."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils.translation import override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.models import get_page_models

from ehrenamt_wagtail.admin_dates import DateInput, DateTimeInput
from ehrenamt_wagtail.coordination.admin import HoldRegister
from ehrenamt_wagtail.mail.admin import OutgoingMailAdmin
from ehrenamt_wagtail.outreach.admin import BarrierRegister
from ehrenamt_wagtail.reporting.period_views import ReopenForm
from ehrenamt_wagtail.reporting.report.forms import NewReportForm
from ehrenamt_wagtail.signups.admin import DeletionRegister, SeatFigureRegister
from ehrenamt_wagtail.wagtail_hooks import EhrenamtGroup

DAY = dt.date(2027, 7, 2)
MOMENT = dt.datetime(2027, 7, 2, 19, 30, tzinfo=ZoneInfo("Europe/Berlin"))


class Form(forms.Form):
    day = forms.DateField(widget=DateInput)
    moment = forms.DateTimeField(widget=DateTimeInput)


@pytest.fixture
def no_setting(settings):
    del settings.WAGTAIL_DATE_FORMAT, settings.WAGTAIL_DATETIME_FORMAT


@pytest.mark.parametrize(
    ("language", "day", "moment", "format"),
    [("de", "02.07.2027", "02.07.2027 19:30", "d.m.Y"), ("en-gb", "02/07/2027", "02/07/2027 19:30", "d/m/Y")],
)
def test_shown_as_the_language_writes_it_and_read_again(language, day, moment, format, no_setting):
    with override(language):
        form = Form(initial={"day": DAY, "moment": MOMENT})
        assert f'value="{day}"' in str(form["day"]) and f'value="{moment}"' in str(form["moment"])
        assert f'"format": "{format}"' in str(form["day"]) and f'"format": "{format} H:i"' in str(form["moment"])
        again = Form({"day": day, "moment": moment})
        assert again.is_valid(), again.errors
    assert again.cleaned_data == {"day": DAY, "moment": MOMENT}


def test_site_says_how_dates_are_written(settings):
    settings.WAGTAIL_DATE_FORMAT, settings.WAGTAIL_DATETIME_FORMAT = "%d-%m-%Y", "%d-%m-%Y, %H:%M"
    form = Form(initial={"day": DAY, "moment": MOMENT})
    assert 'value="02-07-2027"' in str(form["day"]) and '"format": "d-m-Y"' in str(form["day"])
    assert 'value="02-07-2027, 19:30"' in str(form["moment"]) and '"format": "d-m-Y, H:i"' in str(form["moment"])


def test_what_is_no_date_stays_and_is_named():
    form = Form({"day": "31.06.2027", "moment": "morgen"})
    assert set(form.errors) == {"day", "moment"}
    assert 'value="31.06.2027"' in str(form["day"]) and 'value="morgen"' in str(form["moment"])


READ_ONLY = {HoldRegister, SeatFigureRegister, DeletionRegister, BarrierRegister, OutgoingMailAdmin}


def forms_of_the_admin() -> dict[str, type[forms.BaseForm]]:
    """Every form in which the admin edits rows of this app: registers, pages and the rows on them, and those of own views."""
    found = {form.__name__: form for form in (ReopenForm, NewReportForm)}
    for register in set(EhrenamtGroup.items) - READ_ONLY:
        found[register.__name__] = register().get_edit_handler().bind_to_model(register.model).get_form_class()
    for page in [model for model in get_page_models() if model._meta.app_label == "ehrenamt_wagtail"]:
        found[page.__name__] = page.get_edit_handler().get_form_class()
        for name, formset in getattr(found[page.__name__], "formsets", {}).items():
            found[f"{page.__name__}.{name}"] = formset.form
    return found


def test_no_form_of_the_admin_takes_today_for_what_it_cannot_read():
    found = forms_of_the_admin()
    fields = {(form, name): field.widget for form in found for name, field in found[form].base_fields.items()}
    dates = {key: widget for key, widget in fields.items() if isinstance(widget, AdminDateInput | AdminDateTimeInput)}
    published = {key for key in dates if key[1] in ("go_live_at", "expire_at")}
    wrong = {key for key, widget in dates.items() if not isinstance(widget, DateInput | DateTimeInput)}
    assert wrong == published
    assert len(dates) - len(published) > 20
