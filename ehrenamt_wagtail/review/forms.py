from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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

    kind = forms.ChoiceField(
        label=_("New or change"),
        required=False,
        choices=[("", _("New and changes")), (NEW, _("New")), (CHANGE, pgettext_lazy("submission", "Change"))],
    )
    organisation = forms.TypedChoiceField(label=_("Organisation"), required=False, coerce=int, empty_value=None)

    def __init__(self, data, *, organisations):
        super().__init__(data)
        choices = [(organisation.pk, organisation.name) for organisation in organisations]
        self.fields["organisation"].choices = [("", _("All organisations")), *choices]

    def apply(self, rows: list) -> list:
        self.is_valid()
        kind = self.cleaned_data.get("kind", "")
        organisation_id = self.cleaned_data.get("organisation")
        return [
            row
            for row in rows
            if (not kind or row.is_change == (kind == CHANGE)) and (organisation_id is None or row.organisation_id == organisation_id)
        ]
