"""The forms of supervision: setting it up, asking for it, agreeing on a date, adding a person, what took place."""

import datetime as dt
import uuid
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from ehrenamt_wagtail.programme.presentation import date_text
from ehrenamt_wagtail.signups.models import SupervisionSetup
from ehrenamt_wagtail.signups.supervision import name_of

from .dates import date_field
from .moments import MomentForm, PlainForm

MOST_PEOPLE = 1000

FORM_HELP = {
    SupervisionSetup.Form.SINGLE: _("Single dates: people sign up for each date by itself."),
    SupervisionSetup.Form.GROUP: _("Closed group: people sign up for all dates together and stay the same."),
    SupervisionSetup.Form.ON_REQUEST: _("On request: a circle asks, and dates and place are agreed with the supervisor."),
}


def message_field(label, *, required: bool = True, **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=options.pop("max_length", 3000),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Please write a few words.")},
        **options,
    )


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user) -> str:
        return name_of(user)


class SetupForm(PlainForm):
    """Form, supervisor and, for a closed group, the information evening before it."""

    form = forms.ChoiceField(
        label=_("In which form?"),
        widget=forms.RadioSelect,
        choices=list(FORM_HELP.items()),
        error_messages={"required": _("Please choose how the supervision is held.")},
    )
    supervisor = PersonField(
        label=_("Who is the supervisor?"),
        queryset=None,
        empty_label=_("please choose"),
        help_text=_("This account alone reads who takes part. It is a personal account that nobody else uses."),
        error_messages={"required": _("Please choose who is the supervisor.")},
    )
    information = forms.ChoiceField(
        label=_("Information evening"),
        required=False,
        help_text=_("Only for a closed group: one date before it that everybody may sign up for."),
    )

    def __init__(self, *args, people, dates, setup: SupervisionSetup | None = None, **kwargs):
        if setup is not None:
            kwargs["initial"] = {
                "form": setup.form, "supervisor": setup.supervisor_id, "information": str(setup.information_uid or "")
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].queryset = people
        none = ("", pgettext("information evening", "none"))
        self.fields["information"].choices = [none, *((str(date.uid), date_text(date)) for date in dates)]

    def information_uid(self) -> uuid.UUID | None:
        text = self.cleaned_data["information"]
        return uuid.UUID(text) if text else None


class AskForm(PlainForm):
    """What a circle writes first."""

    organisation = forms.ModelChoiceField(label=_("Circle"), queryset=None)
    text = message_field(
        _("Your message"),
        help_text=_("What is it about, when and where would it suit you, how many are you? Only the supervisor reads this."),
    )

    def __init__(self, *args, organisations: list, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_organisation(organisations)

    def clean_organisation(self):
        return self.cleaned_data["organisation"] or self.fields["organisation"].queryset.get(
            pk=self.fields["organisation"].initial
        )


class MessageForm(PlainForm):
    text = message_field(_("Your message"))


class AgreeForm(MomentForm):
    """The next date and its place."""

    place = forms.CharField(label=_("Place"), required=False, max_length=255)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["all_day"]
        self.fields["place"].hide_optional = True

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("place"):
            self.add_error("place", _("Enter where you meet, or “online”."))
        if data.get("start") and data["start"] <= timezone.now():
            self.add_error("date", _("This day is over. Please choose a day to come."))
        return data


class PeopleMessageForm(PlainForm):
    """To all who have a seat."""

    uid = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    subject = forms.CharField(
        label=_("Subject"),
        max_length=120,
        help_text=_("It stands in the mail, not in the list of mails of those who get it."),
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    text = message_field(_("Message"), max_length=5000)


class PersonForm(PlainForm):
    """Somebody who asked in another way."""

    name = forms.CharField(
        label=_("Name"), max_length=200, error_messages={"required": _("Please enter the name.")}
    )
    email = forms.EmailField(
        label=_("Mail address"),
        required=False,
        max_length=254,
        help_text=_("With one, the person gets a confirmation and your messages."),
        error_messages={"invalid": _("This is not a mail address. It looks like this: name@example.org.")},
    )
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=50)


class HeldForm(PlainForm):
    """What took place; ``asks_day`` for a supervision on request."""

    date = date_field(_("Day"))
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=Decimal("0.25"),
        max_value=24,
        max_digits=4,
        decimal_places=2,
        localize=True,
        help_text=_("For example 1.5 for an hour and a half."),
        error_messages={
            "required": _("Enter how many hours it lasted."),
            "invalid": _("Please enter a number of hours."),
            "min_value": _("Please enter at least a quarter of an hour."),
            "max_value": _("A day has 24 hours."),
            "max_digits": _("Please round to quarters of an hour."),
            "max_decimal_places": _("Please round to quarters of an hour."),
            "max_whole_digits": _("A day has 24 hours."),
        },
    )
    head_count = forms.IntegerField(
        label=_("How many people took part?"),
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("The number alone; no names are passed on."),
        error_messages={
            "required": _("Enter how many people took part."),
            "invalid": _("Please enter a number."),
            "min_value": _("Please enter a number from 0 on."),
            "max_value": _("Please check the number of people."),
        },
    )

    def __init__(self, *args, asks_day: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_day = asks_day
        if not asks_day:
            del self.fields["date"]
        else:
            self.fields["date"].hide_optional = True

    def clean(self) -> dict:
        data = super().clean()
        if self.asks_day and "date" not in self.errors:
            day = data.get("date")
            if day is None:
                self.add_error("date", _("Enter the day on which it took place."))
            elif day > timezone.localdate():
                self.add_error("date", _("This day has not come yet. Record the supervision when it has taken place."))
            elif day < timezone.localdate() - dt.timedelta(days=3 * 366):
                self.add_error("date", _("Please check the year."))
        return data


class SupervisorForm(PlainForm):
    """A person whom every organisation may choose as supervisor."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        error_messages={"invalid": _("This is not a mail address. It looks like this: name@example.org.")},
    )


class PeriodForm(forms.Form):
    """From when until when; anything that is no day counts as not said. Without both it is this year so far."""

    von = date_field(_("From"))
    bis = date_field(_("Until"))

    def period(self) -> tuple[dt.date, dt.date]:
        today = timezone.localdate()
        data = self.cleaned_data if self.is_valid() else {}
        first = data.get("von") or dt.date((data.get("bis") or today).year, 1, 1)
        return first, data.get("bis") or max(today, first)

    def clean(self) -> dict:
        data = super().clean()
        first, last = data.get("von"), data.get("bis")
        if first and last and last < first:
            self.add_error("bis", _("The last day lies before the first."))
        return data
