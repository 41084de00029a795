"""Forms about members, for the admin and the portal alike."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Membership, Organisation


class InvitationForm(forms.Form):
    """Whom to invite. ``organisations`` are those that the person who fills it in may invite to."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("The invitation is sent here. Several people may share one address, for example that of an office."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=_("Please choose")
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role,
        initial=Membership.Role.MEMBER,
        help_text=_("Managers also invite and remove colleagues."),
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["role"].choices = [(role.value, role.label) for role in Membership.Role]
