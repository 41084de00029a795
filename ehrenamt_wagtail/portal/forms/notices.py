"""The form in which an organiser writes to participants."""

import uuid
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ehrenamt_wagtail.signups.listing import PlanRow
from ehrenamt_wagtail.signups.models import Notice

from .moments import PlainForm


class MessageForm(PlainForm):
    """``uid`` makes a form that is sent twice one message."""

    uid = forms.UUIDField(widget=forms.HiddenInput())
    audience = forms.ChoiceField(label=pgettext_lazy("recipients", "To"), widget=forms.RadioSelect())
    plan = forms.TypedChoiceField(label=pgettext_lazy("offering", "Date"), required=False, coerce=int, empty_value=None)
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=120,
        error_messages={"required": gettext_lazy("Say in a few words what it is about.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("Plain text; an empty line makes a paragraph. Greeting and name of the offering are added."),
        max_length=5000,
        widget=forms.Textarea({"rows": 10}),
        error_messages={"required": gettext_lazy("The message is still empty.")},
    )

    def __init__(self, *args, plans: Sequence[PlanRow], numbers: dict[str, int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uid"].initial = uuid.uuid4
        labels = {
            Notice.Audience.ALL: _("everybody (%(number)s)"),
            Notice.Audience.SEATS: _("those who have a seat (%(number)s)"),
            Notice.Audience.WAITING: _("the waiting list (%(number)s)"),
        }
        self.fields["audience"].choices = [(value, label % {"number": numbers[value]}) for value, label in labels.items()]
        self.fields["audience"].initial = Notice.Audience.ALL
        self.plans = {row.plan.pk: row.plan for row in plans}
        self.fields["plan"].choices = [("", _("all dates")), *((row.plan.pk, row.label) for row in plans)]
        self.fields["plan"].hide_optional = True
        if len(plans) < 2:
            del self.fields["plan"]

    @property
    def chosen_plan(self):
        return self.plans.get(self.cleaned_data.get("plan"))
