"""The form that sets up how people sign up, and the one for the privacy notice."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.clock import aware
from ehrenamt_wagtail.portal.facts import date_text
from ehrenamt_wagtail.programme.models import OfferingPage
from ehrenamt_wagtail.signups.models import PrivacyNotice, Question, SeatPlan
from ehrenamt_wagtail.signups.settings import MOST_QUESTIONS, Day, Present, QuestionSettings, SignUpSettings, errors_in

from .dates import LAST_YEAR, date_field, time_field
from .moments import PlainForm
from .rows import RowForm, make_rows, number_in, with_added_row, without_row

PREFIX = "questions"
# Who says when it closes and no time means the whole day.
END_OF_DAY = dt.time(23, 59)
Mode = SeatPlan.Mode
MODES = [
    (Mode.HERE, gettext_lazy("Here: people sign up on the page of the event")),
    (Mode.CONTACT, gettext_lazy("By telephone or mail to the contact person")),
    (Mode.EXTERNAL, gettext_lazy("On another website")),
    (Mode.NONE, gettext_lazy("Not at all: whoever likes simply comes")),
]
NUMBER = gettext_lazy("Please enter a number from 1 to 10,000, or leave it empty.")


def count_field(label, **options) -> forms.IntegerField:
    """How many; limits are judged with all else, see ``settings.errors_in``."""
    widget = forms.NumberInput({"min": 1, "inputmode": "numeric", "class": "ehrenamt-field__number"})
    return forms.IntegerField(label=label, required=False, widget=widget, error_messages={"invalid": NUMBER}, **options)


class QuestionRow(RowForm):
    text = forms.CharField(label=gettext_lazy("Question"), required=False, max_length=200)
    purpose = forms.CharField(
        label=gettext_lazy("What do you need the answer for?"),
        help_text=gettext_lazy("Stands below the question. For example: So that we order enough lunch."),
        required=False,
        max_length=200,
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), required=False, choices=Question.Kind.choices)
    choices = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        help_text=gettext_lazy("One in each line; only for “one of several answers”."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    main_names = ("text", "purpose", "kind", "choices", "is_required")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("text", "purpose", "kind"):
            self.fields[name].hide_optional = True

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("text", "purpose", "choices"))

    def settings(self) -> QuestionSettings:
        data = self.cleaned_data
        kind = data.get("kind") or Question.Kind.TEXT
        lines = (" ".join(line.split()) for line in data.get("choices", "").splitlines())
        return QuestionSettings(
            text=" ".join(data.get("text", "").split()),
            purpose=" ".join(data.get("purpose", "").split()),
            kind=kind,
            choices=tuple(filter(None, lines)) if kind == Question.Kind.CHOICE else (),
            is_required=data.get("is_required", False),
        )

    @staticmethod
    def initial_of(question: QuestionSettings) -> dict:
        return {
            "text": question.text,
            "purpose": question.purpose,
            "kind": question.kind,
            "choices": "\n".join(question.choices),
            "is_required": question.is_required,
        }


class SettingsForm(PlainForm):
    """``wanted()`` gives the ``SignUpSettings`` of a valid form; ``rows`` are the questions."""

    mode = forms.ChoiceField(label=gettext_lazy("How do people sign up?"), choices=MODES, widget=forms.RadioSelect)
    external_url = forms.URLField(
        label=gettext_lazy("Address of the other website"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("The page where people sign up."),
        error_messages={"invalid": gettext_lazy("This is no address of a web page. It begins with https://.")},
        widget=forms.URLInput({"inputmode": "url"}),
    )
    capacity = count_field(gettext_lazy("How many seats are there?"), help_text=gettext_lazy("Empty: as many as come."))
    per_date = forms.ChoiceField(
        label=gettext_lazy("What does one sign up for?"),
        required=False,
        choices=[("", gettext_lazy("For all dates together")), ("1", gettext_lazy("For each date by itself"))],
        widget=forms.RadioSelect,
    )
    has_waiting_list = forms.BooleanField(
        label=gettext_lazy("Waiting list when all seats are taken"),
        help_text=gettext_lazy("A seat that becomes free is offered to the next in line, without any work for you."),
        required=False,
    )
    two_people = forms.BooleanField(
        label=gettext_lazy("One person may sign up a second one"),
        help_text=gettext_lazy("For example a couple with one mail address. Both names are asked for, and both have a seat."),
        required=False,
    )
    asks_phone = forms.BooleanField(
        label=gettext_lazy("Ask for a telephone number"),
        help_text=gettext_lazy("Only if you will call people, for example at short notice."),
        required=False,
    )
    opens_date = date_field(gettext_lazy("Opens on"), help_text=gettext_lazy("Empty: at once."))
    opens_time = time_field(gettext_lazy("Opens at"))
    closes_date = date_field(gettext_lazy("Closes on"), help_text=gettext_lazy("Empty: when the event begins."))
    closes_time = time_field(gettext_lazy("Closes at"))
    minimum = count_field(
        gettext_lazy("Takes place from so many people on"), help_text=gettext_lazy("Empty: it takes place in any case.")
    )
    minimum_decided_on = date_field(
        gettext_lazy("You decide on"),
        help_text=gettext_lazy(
            "On the morning of this day you get a mail that says how many have a seat. Nothing is cancelled by itself."
        ),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, page: OfferingPage, present: Present, days: Sequence[Day]):
        self.page, self.present, self.days = page, present, days
        shown = present.settings or SignUpSettings(per_date=suggests_single_dates(page, days))
        super().__init__(data, initial={**initial_of(shown), "opened": present.stamp})
        self.to_come = [day for day in days if day.is_to_come]
        for field in self.fields.values():
            field.hide_optional = True
        self.add_dates(shown)
        self.rows = make_rows(
            QuestionRow,
            PREFIX,
            data=self.data if self.is_bound else None,
            initial=[QuestionRow.initial_of(question) for question in shown.questions],
            most=MOST_QUESTIONS,
            page=page,
        )

    def add_dates(self, shown: SignUpSettings) -> None:
        """A number of its own for each date to come; nothing to choose where there is only one date."""
        if len(self.days) < 2 and not shown.per_date:
            del self.fields["per_date"]
        else:
            self.fields["capacity"].help_text = _("For single dates: on each of them. Empty: as many as come.")
        for day in self.dates_with_own_seats():
            self.fields[f"capacity_{day.uid}"] = count_field(date_text(day.date))
            self.fields[f"capacity_{day.uid}"].hide_optional = True
            self.initial[f"capacity_{day.uid}"] = shown.capacities.get(day.uid)

    def dates_with_own_seats(self) -> list[Day]:
        if "per_date" in self.fields:
            return self.to_come
        return [day for day in self.to_come if day.uid == self.present.information_uid]

    @property
    def date_fields(self) -> list:
        return [self[f"capacity_{day.uid}"] for day in self.dates_with_own_seats()]

    def clean(self) -> dict:
        data = super().clean()
        data["opens_at"] = self.local_moment("opens", dt.time.min)
        data["closes_at"] = self.local_moment("closes", END_OF_DAY)
        self.rows.is_valid()
        if "mode" not in self.errors and not self.rows.non_form_errors():
            wanted, today = self.wanted(), timezone.localdate()
            wrong = errors_in(wanted, page=self.page, days=self.days, before=self.present.settings, today=today)
            # Where something could not be read at all, that is enough to say.
            self.show_errors({name: sentences for name, sentences in wrong.items() if name not in self.errors})
        return data

    def is_valid(self) -> bool:
        return super().is_valid() and self.rows.is_valid()

    def show_errors(self, errors: dict[str, list[str]]) -> None:
        """Each beside its field; those of questions at their row."""
        rows = self.rows.filled_forms()
        for name, sentences in errors.items():
            number = number_in(name.removeprefix(f"{PREFIX}_")) if name.startswith(f"{PREFIX}_") else None
            for sentence in sentences:
                if number is not None and number < len(rows):
                    rows[number].add_error(None, sentence)
                else:
                    self.add_error(self.field_for(name), sentence)

    def field_for(self, name: str) -> str | None:
        """Where an error is shown; above the form if its field is not there."""
        name = {"seats_per_sign_up": "two_people"}.get(name, name)
        return name if name in self.fields else None

    def local_moment(self, stem: str, otherwise: dt.time) -> dt.datetime | None:
        day_name, time_name = f"{stem}_date", f"{stem}_time"
        day, time = self.cleaned_data.get(day_name), self.cleaned_data.get(time_name)
        if {day_name, time_name} & set(self.errors):
            return None
        if day is None:
            if time is not None:
                self.add_error(day_name, _("Enter the day as well, or leave the time empty."))
            return None
        if not 2000 <= day.year <= LAST_YEAR:
            self.add_error(day_name, _("Please check the year."))
            return None
        stored = getattr(self.present.settings, f"{stem}_at", None)
        if stored and timezone.localtime(stored).replace(tzinfo=None) == dt.datetime.combine(day, time or otherwise):
            # Of an hour that happens twice, keep the one that was meant.
            return stored
        found = aware(day, time or otherwise)
        if found is None:
            sentence = _("This time does not exist: the clocks go forward that night. Please choose another time.")
            self.add_error(time_name, sentence)
        return found

    def wanted(self) -> SignUpSettings:
        data = self.cleaned_data
        own = {day.uid: data.get(f"capacity_{day.uid}") for day in self.dates_with_own_seats()}
        per_date = data.get("per_date") == "1"
        counted = set(own) if per_date else {self.present.information_uid}
        return SignUpSettings(
            mode=data["mode"],
            per_date=per_date,
            capacity=data.get("capacity"),
            capacities={
                uid: number for uid, number in own.items() if uid in counted and number not in (None, data.get("capacity"))
            },
            # Of another way to sign up than the chosen one nothing is kept.
            external_url=data.get("external_url", "") if data["mode"] == Mode.EXTERNAL else "",
            has_waiting_list=data["has_waiting_list"],
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            minimum=data.get("minimum"),
            minimum_decided_on=data.get("minimum_decided_on"),
            seats_per_sign_up=2 if data["two_people"] else 1,
            asks_phone=data["asks_phone"],
            questions=tuple(row.settings() for row in self.rows.filled_forms()),
        )

    def without_validation(self) -> None:
        """Show what was typed, without judging it yet."""
        self._errors = forms.utils.ErrorDict()
        self.cleaned_data = {}
        self.rows.without_validation()


def suggests_single_dates(page: OfferingPage, days: Sequence[Day]) -> bool:
    """The dates of a supervision are slots that people choose from."""
    setup = getattr(page, "supervision_setup", None)
    return bool(setup and setup.form == setup.Form.SINGLE and len(days) > 1)


def initial_of(settings: SignUpSettings) -> dict:
    opens, closes = (value and timezone.localtime(value) for value in (settings.opens_at, settings.closes_at))
    return {
        "mode": settings.mode,
        "external_url": settings.external_url,
        "capacity": settings.capacity,
        "per_date": "1" if settings.per_date else "",
        "has_waiting_list": settings.has_waiting_list,
        "two_people": settings.seats_per_sign_up == 2,
        "asks_phone": settings.asks_phone,
        "opens_date": opens and opens.date(),
        "opens_time": opens and opens.time(),
        "closes_date": closes and closes.date(),
        "closes_time": closes and closes.time(),
        "minimum": settings.minimum,
        "minimum_decided_on": settings.minimum_decided_on,
    }


def changed_rows(data: QueryDict, action: str) -> QueryDict | None:
    """``data`` after „add_question“ or „remove_questions-2“; ``None`` if ``action`` is none of them."""
    if action == "add_question":
        return with_added_row(data, PREFIX)
    stem = f"remove_{PREFIX}-"
    number = number_in(action.removeprefix(stem)) if action.startswith(stem) else None
    return None if number is None else without_row(data, PREFIX, number)


class PrivacyForm(PlainForm):
    controller = forms.CharField(
        label=gettext_lazy("Who is responsible?"),
        help_text=gettext_lazy("Name and address of your organisation, and a mail address or telephone number."),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say who is responsible for the data.")},
    )
    law = forms.ChoiceField(
        label=gettext_lazy("Which law applies to your organisation?"),
        choices=PrivacyNotice.Law.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose the law that applies.")},
    )
    data_protection_officer = forms.CharField(
        label=gettext_lazy("Data protection officer"),
        help_text=gettext_lazy("Name or office, and how to reach it. Leave it empty if your organisation needs none."),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    more = forms.CharField(
        label=gettext_lazy("Further notes"),
        help_text=gettext_lazy("For example the address of your own privacy statement."),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def facts(self) -> dict:
        data = self.cleaned_data
        return {name: data[name].strip() for name in ("controller", "law", "data_protection_officer", "more")}
