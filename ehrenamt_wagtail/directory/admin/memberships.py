"""Memberships: made by invitation only, changed and ended through our actions."""

from django import forms
from django.conf import settings
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import re_path
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.views import DeleteView, EditView, InstanceSpecificView, WMABaseView

from ehrenamt_wagtail.exceptions import NotAllowed, first_objection

from .. import actions, rules
from ..forms import InvitationForm
from ..models import Membership, Organisation
from ..queries import is_coordinator
from .base import DirectoryRegister, status_tag
from .organisations import ADD_MEMBERSHIP, OrganisationButtonHelper, membership_url


class MembershipPermissionHelper(PermissionHelper):
    """Wagtail's permissions and our rules together; nobody picks an account from a list."""

    def user_can_create(self, user) -> bool:
        return False

    def user_can_invite(self, user) -> bool:
        return user.has_perm(ADD_MEMBERSHIP)

    def user_can_edit_obj(self, user, obj) -> bool:
        return super().user_can_edit_obj(user, obj) and self._may_manage(user, obj)

    def user_can_delete_obj(self, user, obj) -> bool:
        return super().user_can_delete_obj(user, obj) and self._may_manage(user, obj)

    @staticmethod
    def _may_manage(user, membership) -> bool:
        return first_objection(rules.MANAGE, organisation=membership.organisation, actor=user) is None


class MembershipButtonHelper(OrganisationButtonHelper):
    """Rows can be mailed again instead of inviting somebody else, and end instead of being deleted."""

    def delete_button(self, *args, **kwargs):
        return {
            **super().delete_button(*args, **kwargs),
            "label": gettext("End access"),
            "title": gettext("End the access of this person"),
        }

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super(OrganisationButtonHelper, self).get_buttons_for_obj(
            obj, exclude, classnames_add, classnames_exclude
        )
        if self.permission_helper.user_can_edit_obj(self.request.user, obj):
            buttons.insert(
                1,
                {
                    "url": membership_url("resend", quote(obj.pk)),
                    "label": gettext("Invite again"),
                    "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])]),
                    "title": gettext("Send the invitation to %(person)s again") % {"person": person_name(obj)},
                },
            )
        return buttons


class InvitationView(WMABaseView, FormView):
    """A small form: whom to invite, for which organisation, as what."""

    form_class = InvitationForm
    template_name = "ehrenamt_wagtail/directory/admin/invite.html"
    page_title = _("Invite a person")

    def check_action_permitted(self, user) -> bool:
        return self.permission_helper.user_can_invite(user)

    @cached_property
    def organisations(self):
        """Where this person may invite; coordinators everywhere, others where they are managers."""
        active = Organisation.objects.filter(is_active=True).order_by("name")
        user = self.request.user
        allowed = [one.pk for one in active if not first_objection(rules.INVITE, organisation=one, actor=user)]
        return active.filter(pk__in=allowed)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "organisations": self.organisations}

    def get_initial(self):
        wanted = self.request.GET.get("organisation", "")
        return {"organisation": wanted if wanted.isdecimal() else None}

    def form_valid(self, form):
        try:
            membership = actions.invite_member(actor=self.request.user, **form.cleaned_data)
        except NotAllowed as objection:
            form.add_error(None, objection.message)
            return self.form_invalid(form)
        messages.success(
            self.request,
            gettext("%(person)s was invited for %(organisation)s. The mail is on its way.")
            % {"person": person_name(membership), "organisation": membership.organisation},
        )
        return redirect(self.index_url)

    def form_invalid(self, form):
        messages.validation_error(self.request, gettext("Nobody was invited yet. Please look at the notes."), form)
        return super().form_invalid(form)


class ResendView(InstanceSpecificView):
    """Asks first: only the POST sends a mail."""

    template_name = "ehrenamt_wagtail/directory/admin/resend.html"
    page_title = _("Invite again")

    def check_action_permitted(self, user) -> bool:
        return self.permission_helper.user_can_edit_obj(user, self.instance)

    def get_context_data(self, **kwargs):
        objection = first_objection(
            rules.RESEND,
            organisation=self.instance.organisation,
            membership=self.instance,
            actor=self.request.user,
        )
        return super().get_context_data(objection=objection, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            actions.resend_invitation(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(
                request, gettext("The invitation to %(person)s is on its way.") % {"person": person_name(self.instance)}
            )
        return redirect(self.index_url)


class JoinView(WMABaseView):
    """A coordinator joins the district's organisation; POST only."""

    http_method_names = ["post"]
    organisation_pk: str | None = None

    def __init__(self, model_admin, organisation_pk):
        super().__init__(model_admin)
        self.organisation_pk = organisation_pk

    def check_action_permitted(self, user) -> bool:
        return is_coordinator(user)

    def post(self, request, *args, **kwargs):
        organisation = get_object_or_404(Organisation, pk=self.organisation_pk)
        try:
            actions.join_district(user=request.user, organisation=organisation)
        except NotAllowed as objection:
            raise PermissionDenied(objection.message) from objection
        messages.success(
            request, gettext("You now act for %(organisation)s in the partner portal.") % {"organisation": organisation}
        )
        return redirect("ehrenamt_wagtail_organisation_modeladmin_edit", quote(organisation.pk))


class MembershipForm(WagtailAdminModelForm):
    """Saves through the actions, whose refusals become errors of the form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            choices=[("", gettext("Language of the site")), *settings.LANGUAGES],
            required=False,
        )

    def clean_role(self):
        role = self.cleaned_data["role"]
        demotes = self.instance.role == Membership.Role.MANAGER and role != self.instance.role
        objection = first_objection(
            rules.DEMOTE if demotes else rules.CHANGE_ROLE,
            organisation=self.instance.organisation,
            membership=self.instance,
            role=role,
            actor=self.for_user,
        )
        if objection:
            self.add_error("role", objection.message)
        return role

    def save(self, commit=True):
        membership = actions.change_role(self.instance, role=self.cleaned_data["role"], actor=self.for_user)
        return actions.change_language(membership, language=self.cleaned_data["language"], actor=self.for_user)


class PersonPanel(FieldPanel):
    def format_value_for_display(self, value):
        return f"{value.get_full_name() or value.get_username()} ({value.email})"


class MembershipEditView(EditView):
    def get_page_subtitle(self):
        return person_name(self.instance)


class MembershipDeleteView(DeleteView):
    """Ends the access; the account and its history stay."""

    page_title = _("End access")

    def confirmation_message(self):
        return gettext(
            "Do you want to end the access of %(person)s for %(organisation)s? The person can no longer see or change its "
            "offerings. The account and what the person did so far are kept."
        ) % {"person": person_name(self.instance), "organisation": self.instance.organisation}

    def get_context_data(self, **kwargs):
        return super().get_context_data(shown_uses=[], further_uses=0, **kwargs)

    def post(self, request, *args, **kwargs):
        try:
            actions.remove_member(self.instance, actor=request.user)
        except NotAllowed as objection:
            messages.error(request, objection.message)
        else:
            messages.success(
                request,
                gettext("%(person)s no longer has access for %(organisation)s.")
                % {"person": person_name(self.instance), "organisation": self.instance.organisation},
            )
        return redirect(self.index_url)


class MembershipRegister(DirectoryRegister):
    model = Membership
    menu_label = _("Members")
    menu_icon = "user"
    menu_order = 200
    permission_helper_class = MembershipPermissionHelper
    button_helper_class = MembershipButtonHelper
    edit_view_class = MembershipEditView
    delete_view_class = MembershipDeleteView
    index_template_name = "ehrenamt_wagtail/directory/admin/index.html"
    list_display = ("person", "organisation", "role_tag", "address", "last_sign_in")
    list_select_related = ("user", "organisation")
    list_filter = ("role", "organisation__kind")
    search_fields = ("user__first_name", "user__last_name", "user__email", "organisation__name")
    list_export = ("person", "organisation", "role", "address", "language", "invited_at", "last_sign_in")
    export_filename = "ansprechpersonen"
    edit_handler = ObjectList(
        [
            PersonPanel("user", read_only=True, heading=_("Person")),
            FieldPanel("organisation", read_only=True),
            MultiFieldPanel([FieldPanel("role"), FieldPanel("language")], heading=pgettext_lazy("of a person", "Access")),
        ],
        base_form_class=MembershipForm,
    )

    def get_admin_urls_for_registration(self):
        base = self.url_helper.base_url_path
        own = {
            "invite": (rf"^{base}/invite/$", lambda request: self._serve(InvitationView, request)),
            "resend": (
                rf"^{base}/resend/(?P<instance_pk>[-\w]+)/$",
                lambda request, instance_pk: self._serve(ResendView, request, instance_pk=instance_pk),
            ),
            "join": (
                rf"^{base}/join/(?P<organisation_pk>\d+)/$",
                lambda request, organisation_pk: self._serve(JoinView, request, organisation_pk=organisation_pk),
            ),
        }
        return super().get_admin_urls_for_registration() + tuple(
            re_path(pattern, view, name=self.url_helper.get_action_url_name(name))
            for name, (pattern, view) in own.items()
        )

    def _serve(self, view_class, request, **kwargs):
        return view_class.as_view(model_admin=self, **kwargs)(request)

    def person(self, membership) -> str:
        return person_name(membership)

    person.short_description = _("Person")
    person.admin_order_field = "user__last_name"

    def role_tag(self, membership):
        return status_tag(membership.get_role_display(), is_primary=membership.role == Membership.Role.MANAGER)

    role_tag.short_description = _("Role")
    role_tag.admin_order_field = "role"

    def address(self, membership) -> str:
        return membership.user.email

    address.short_description = _("Mail address")
    address.admin_order_field = "user__email"

    def last_sign_in(self, membership):
        return membership.user.last_login

    last_sign_in.short_description = _("Last sign-in")
    last_sign_in.admin_order_field = "user__last_login"


def person_name(membership: Membership) -> str:
    return membership.user.get_full_name() or membership.user.get_username()
