from collections.abc import Callable

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .deadlines import Light
from .models import CheckItem, Reason
from .queries import CHANGE, NEW


class ApproveForm(forms.Form):
    checklist = forms.MultipleChoiceField(label=_("Checked"), choices=CheckItem, required=False, widget=forms.CheckboxSelectMultiple)
    comment = forms.CharField(
        label=_("Comment for the organisation"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def decision(self) -> dict:
        """Keyword arguments of ``actions.approve``."""
        return {"checklist": self.cleaned_data["checklist"], "comment": self.cleaned_data["comment"]}


class ReturnForm(ApproveForm):
    reasons = forms.MultipleChoiceField(
        label=_("Reasons"),
        choices=Reason,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one reason.")},
    )
    field_order = ["reasons", "comment", "checklist"]

    def decision(self) -> dict:
        """Keyword arguments of ``actions.return_to_organisation``."""
        return {**super().decision(), "reasons": self.cleaned_data["reasons"]}


class QueueFilterForm(forms.Form):
    """What the queue shows; a value that makes no sense is ignored."""

    MINE, OTHERS, NOBODY = "mine", "others", "nobody"
    WITH, WITHOUT = "with", "without"

    light = forms.ChoiceField(
        label=_("Answer"), required=False, choices=[("", pgettext_lazy("answers", "All")), *reversed(Light.choices)]
    )
    kind = forms.ChoiceField(
        label=_("New or change"),
        required=False,
        choices=[("", _("New and changes")), (NEW, _("New")), (CHANGE, pgettext_lazy("submission", "Change"))],
    )
    art = forms.ChoiceField(label=_("Kind"), required=False)
    organisation = forms.TypedChoiceField(label=_("Organisation"), required=False, coerce=int, empty_value=None)
    clashes = forms.ChoiceField(
        label=_("Clashes"),
        required=False,
        choices=[("", _("With and without")), (WITHOUT, _("Without clashes")), (WITH, _("With clashes"))],
    )
    claim = forms.ChoiceField(
        label=_("In progress"),
        required=False,
        choices=[
            ("", pgettext_lazy("submissions", "All")),
            (MINE, pgettext_lazy("in progress", "With me")),
            (OTHERS, pgettext_lazy("in progress", "With others")),
            (NOBODY, pgettext_lazy("in progress", "With nobody")),
        ],
    )

    def __init__(self, data, *, organisations, arts):
        super().__init__(data)
        choices = [(organisation.pk, organisation.name) for organisation in organisations]
        self.fields["organisation"].choices = [("", _("All organisations")), *choices]
        self.fields["art"].choices = [("", _("All kinds")), *arts]
        self.is_valid()

    @property
    def number_active(self) -> int:
        return sum(value not in ("", None) for value in self.cleaned_data.values())

    def apply(self, rows: list, *, user, clashes: Callable) -> list:
        """The rows that fit. ``clashes`` counts what competes with them, by page; it is asked only where that matters."""
        wanted = self.cleaned_data.get
        tests = {
            "light": lambda row, value: row.light == value,
            "kind": lambda row, value: row.is_change == (value == CHANGE),
            "art": lambda row, value: row.art == value,
            "organisation": lambda row, value: row.organisation_id == value,
            "claim": lambda row, value: value == self.whose(row, user),
        }
        for name, test in tests.items():
            if value := wanted(name):
                rows = [row for row in rows if test(row, value)]
        if value := wanted("clashes"):
            counts = clashes(rows)
            rows = [row for row in rows if (row.page_id in counts) == (value == self.WITH)]
        return rows

    def whose(self, row, user) -> str:
        if row.claimed_by is None:
            return self.NOBODY
        return self.MINE if row.claimed_by == user.pk else self.OTHERS
