from django import forms
from django.utils.translation import gettext_lazy as _

from ehrenamt_wagtail.directory.models import Membership

from .rows import TOO_LONG


class InviteForm(forms.Form):
    first_name = forms.CharField(
        label=_("First name"), max_length=150, error_messages={"required": _("Enter the first name."), "max_length": TOO_LONG}
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, error_messages={"required": _("Enter the last name."), "max_length": TOO_LONG}
    )
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("The invitation goes there. Several people may share one address."),
        error_messages={
            "required": _("Enter the mail address."),
            "max_length": TOO_LONG,
            "invalid": _("This is no mail address. It looks like this: name@example.org"),
        },
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role,
        initial=Membership.Role.MEMBER,
        help_text=_("Managers also invite and remove colleagues."),
        error_messages={"invalid_choice": _("There is no such role. Please choose one of the list.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
