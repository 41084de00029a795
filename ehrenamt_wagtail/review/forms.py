from django import forms
from django.utils.translation import gettext_lazy as _

from .models import CheckItem, Reason


class ApproveForm(forms.Form):
    checklist = forms.MultipleChoiceField(
        label=_("Checked"), choices=CheckItem, required=False, widget=forms.CheckboxSelectMultiple
    )
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
