"""The form to sign up: no more is asked than the organiser needs, and all that is voluntary says so."""

import unicodedata
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ehrenamt_wagtail.circles.models import CirclePage
from ehrenamt_wagtail.conf import conf

from .models import Question, SeatPlan
from .seats import normal_name

LONGEST_TEXT = 500
# Invisible characters that turn the direction of writing: with them one name looks like another.
TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def readable_name(value: str) -> str:
    """The name without what nobody sees: control characters and those that turn the direction of writing."""
    seen = (
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp") else character
        for character in value
        if unicodedata.bidirectional(character) not in TURNING
    )
    return normal_name("".join(seen))


def must_be_a_name(value: str) -> None:
    """Refuse what has no letter, and addresses: mails greet with the name, and nobody is to send advertising that way."""
    if not any(character.isalpha() for character in value):
        raise ValidationError(_("Please enter a name."))
    if "://" in value or "www." in value.lower():
        raise ValidationError(_("Please enter a name only, without an address of a website."))


class NameField(forms.CharField):
    def __init__(self, **kwargs) -> None:
        super().__init__(max_length=200, **kwargs)

    def clean(self, value) -> str:
        name = super().clean(value)
        name = readable_name(name)
        if name or self.required:
            must_be_a_name(name)
        return name


def must_be_visible(value: str) -> None:
    """Refuse characters that nobody sees; Django takes them in the name of a host."""
    if not value.isprintable():
        raise ValidationError(validate_email.message, code="invalid")


class CircleField(forms.ModelChoiceField):
    def to_python(self, value):
        """A number that no database can hold is the number of no circle."""
        if value and not (str(value).isdecimal() and len(str(value)) < 10):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)

    def label_from_instance(self, page: CirclePage) -> str:
        return page.title


class SignUpForm(forms.Form):
    """``names()`` and ``facts()`` give what ``signing.sign_up`` takes. ``is_trap``: a machine filled in what nobody sees."""

    name = NameField(
        label=gettext_lazy("Your name"),
        error_messages={"required": gettext_lazy("Please enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your mail address"),
        max_length=254,
        validators=[must_be_visible],
        help_text=gettext_lazy("We send the confirmation there. Two people may use the same address."),
        error_messages={"required": gettext_lazy("Please enter your mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    second_name = NameField(
        label=gettext_lazy("Name of a second person"),
        required=False,
        help_text=gettext_lazy("If somebody comes with you, you can sign up both at once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        max_length=50,
        required=False,
        help_text=gettext_lazy("Only in case something changes at short notice."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    circle = CircleField(queryset=CirclePage.objects.none(), required=False)
    needs = forms.CharField(
        label=gettext_lazy("What do you need to take part?"),
        max_length=LONGEST_TEXT,
        required=False,
        help_text=gettext_lazy("For example a step-free way in, sign language, a place for your wheelchair, or food without nuts."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    needs_consent = forms.BooleanField(
        label=gettext_lazy("I agree that what I wrote here is stored for this event."),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    uid = forms.CharField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    main = ("name", "email", "second_name", "phone", "circle")

    def __init__(self, *args, plan: SeatPlan, **kwargs) -> None:
        self.plan = plan
        super().__init__(*args, **kwargs)
        if plan.seats_per_sign_up < 2:
            del self.fields["second_name"]
        if not plan.asks_phone:
            del self.fields["phone"]
        circle = self.fields["circle"]
        circle.queryset = CirclePage.objects.live().public().order_by("title")
        circle.label = _("Your %(circle)s") % {"circle": conf.CIRCLE_NAME}
        circle.empty_label = _("none, or I rather do not say")
        for question in self.questions:
            self.fields[field_name(question)] = field_of(question)

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.plan.questions.all())

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.main if name in self.fields]

    def question_fields(self) -> list[forms.BoundField]:
        return [self[field_name(question)] for question in self.questions]

    @property
    def needs_open(self) -> bool:
        """Whether the fold with needs holds something, a mistake among it."""
        return bool(self["needs"].value() or self["needs_consent"].value() or self["needs"].errors)

    def clean_phone(self) -> str:
        return readable_name(self.cleaned_data["phone"])

    def clean_uid(self) -> uuid.UUID:
        """A form that lost its mark gets a new one: it may then be sent twice, and that is all."""
        try:
            return uuid.UUID(self.cleaned_data["uid"])
        except ValueError:
            return uuid.uuid4()

    def clean(self) -> dict:
        data = super().clean()
        if data.get("needs") and not data.get("needs_consent"):
            message = _(
                "We may keep this only if you agree. Please set the tick below the field, or clear the field; you can sign up "
                "in both cases."
            )
            self.add_error("needs", message)
        first, second = data.get("name"), data.get("second_name")
        if first and second and first.casefold() == second.casefold():
            self.add_error("second_name", _("Both names are the same. Leave this field empty if you come alone."))
        return data

    @property
    def is_trap(self) -> bool:
        return bool(self.data.get("note"))

    def names(self) -> list[str]:
        return [name for name in (self.cleaned_data["name"], self.cleaned_data.get("second_name")) if name]

    def answers(self) -> dict[Question, str]:
        return {question: self.cleaned_data[field_name(question)] for question in self.questions}

    def facts(self) -> dict:
        """All that ``signing.sign_up`` takes besides the names."""
        data = self.cleaned_data
        return {
            "email": data["email"],
            "uid": data["uid"],
            "phone": data.get("phone", ""),
            "circle": data["circle"],
            "answers": self.answers(),
            "needs": data["needs"] if data["needs_consent"] else "",
        }


class SeatsForm(forms.Form):
    """The second person of a sign-up that was made already; empty for who comes alone."""

    second_name = NameField(
        label=gettext_lazy("Name of a second person"),
        required=False,
        help_text=gettext_lazy("Leave it empty if you come alone."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def field_name(question: Question) -> str:
    return f"question_{question.pk}"


def field_of(question: Question) -> forms.Field:
    """The field for a question of the organiser; what it is for stands below."""
    facts = {
        "label": question.text,
        "required": question.is_required,
        "help_text": format_html(_("What for: {}"), question.purpose),
        "error_messages": {"required": _("Please answer this question.")},
    }
    if question.kind == Question.Kind.TEXT:
        return forms.CharField(max_length=LONGEST_TEXT, **facts)
    answers = [_("Yes"), _("No")] if question.kind == Question.Kind.YES_NO else [str(choice) for choice in question.choices]
    choices = [(answer, answer) for answer in answers]
    if not question.is_required:
        choices.append(("", _("no answer")))
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **facts)
