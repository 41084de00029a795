"""Forms of the organiser's list of sign-ups."""

import uuid
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.signups.forms import NameField, field_name, field_of, readable_name
from ehrenamt_wagtail.signups.listing import STATES, PlanRow, state_labels
from ehrenamt_wagtail.signups.models import Question, SeatPlan, SignUp

from .moments import PlainForm


class ListFilterForm(forms.Form):
    """Field names are the address parameters; what is not understood is left out."""

    q = forms.CharField(label=gettext_lazy("Name, mail address or circle"), max_length=200, required=False)
    stand = forms.ChoiceField(label=pgettext_lazy("sign-up", "State"), required=False)
    termin = forms.TypedChoiceField(label=pgettext_lazy("offering", "Date"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args, plans: Sequence[PlanRow], **kwargs) -> None:
        super().__init__(*args, auto_id="filter_%s", **kwargs)
        self.fields["q"].label = _("Name, mail address or %(circle)s") % {"circle": conf.CIRCLE_NAME}
        labels = state_labels()
        self.fields["stand"].choices = [("", _("all states")), *((state, labels[state]) for state in STATES)]
        self.plans = {row.plan.pk: row.plan for row in plans}
        self.fields["termin"].choices = [("", _("all dates")), *((row.plan.pk, row.label) for row in plans)]
        if len(plans) < 2:
            del self.fields["termin"]
        for field in self.fields.values():
            field.hide_optional = True

    def chosen(self) -> dict:
        """As ``listing.filtered`` takes it."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "text": data.get("q", ""),
            "state": data.get("stand", ""),
            "plan": self.plans.get(data.get("termin")),
        }


class AddForm(PlainForm):
    """Somebody who signed up by telephone, for example. No mail address is needed, and no question has to be answered."""

    name = NameField(
        label=gettext_lazy("First and last name"),
        error_messages={"required": gettext_lazy("Please enter the person's name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    second_name = NameField(
        label=gettext_lazy("Name of a second person"),
        required=False,
        help_text=gettext_lazy("Leave it empty for one person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Mail address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("Without one you print the confirmation on the next page."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Without a mail address this is how you reach the person if something changes."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    circle = forms.ModelChoiceField(queryset=CirclePage.objects.none(), required=False)
    uid = forms.CharField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(self, *args, plan: SeatPlan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if plan.seats_per_sign_up < 2:
            del self.fields["second_name"]
        circle = self.fields["circle"]
        circle.queryset = CirclePage.objects.live().order_by("title")
        circle.label = conf.CIRCLE_NAME
        circle.empty_label = pgettext("circle", "none")
        self.questions = list(plan.questions.all())
        for question in self.questions:
            self.fields[field_name(question)] = voluntary(question)

    def clean_uid(self) -> uuid.UUID:
        """Sent twice, the form makes one sign-up; one that lost its mark gets a new one."""
        try:
            return uuid.UUID(self.cleaned_data["uid"])
        except ValueError:
            return uuid.uuid4()

    def clean_phone(self) -> str:
        return readable_name(self.cleaned_data["phone"])

    def clean(self) -> dict:
        data = super().clean()
        first, second = data.get("name"), data.get("second_name")
        if first and second and first.casefold() == second.casefold():
            self.add_error("second_name", _("Both names are the same. Leave this field empty for one person."))
        return data

    def names(self) -> list[str]:
        return [name for name in (self.cleaned_data["name"], self.cleaned_data.get("second_name")) if name]

    def facts(self) -> dict:
        """All that ``adding.add_by_hand`` takes besides names and actor."""
        data = self.cleaned_data
        answers = {question: data[field_name(question)] for question in self.questions if data[field_name(question)]}
        return {"uid": data["uid"], "email": data["email"], "phone": data["phone"], "circle": data["circle"], "answers": answers}


def voluntary(question: Question) -> forms.Field:
    """Who calls may not want to answer; the question is asked all the same."""
    field = field_of(question)
    field.required = False
    if question.kind != Question.Kind.TEXT and question.is_required:
        field.choices = [*field.choices, ("", _("no answer"))]
    return field


class NamesForm(PlainForm):
    """The names of a sign-up's people as they are right."""

    def __init__(self, *args, sign_up: SignUp, **kwargs) -> None:
        people = list(sign_up.participants.all())
        super().__init__(*args, **kwargs)
        for number, person in enumerate(people):
            label = _("Name") if len(people) == 1 else _("Name of person %(number)s") % {"number": number + 1}
            self.fields[f"name_{number}"] = NameField(
                label=label,
                initial=person.name,
                error_messages={"required": _("Please enter the person's name.")},
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def names(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class MoveForm(PlainForm):
    to = forms.TypedChoiceField(
        label=gettext_lazy("Other date"),
        coerce=int,
        error_messages={"required": gettext_lazy("Please choose the date.")},
    )

    def __init__(self, *args, rows: Sequence[PlanRow], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {row.plan.pk: row.plan for row in rows}
        self.fields["to"].choices = [("", _("Please choose …")), *((row.plan.pk, words_of(row)) for row in rows)]

    def plan(self) -> SeatPlan:
        return self.plans[self.cleaned_data["to"]]


def words_of(row: PlanRow) -> str:
    """A date with what is free."""
    if row.count.free is None:
        return row.label
    free = _("full") if row.count.is_full else _("%(number)s free") % {"number": row.count.free}
    return f"{row.label} ({free})"
