"""Organisations, with their members shown on the page where one edits them."""

from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel
from wagtail_modeladmin.helpers import ButtonHelper

from ehrenamt_wagtail.exceptions import first_objection
from ehrenamt_wagtail.registers import RelatedFilter

from .. import rules
from ..models import Organisation
from ..queries import is_coordinator, members_of
from .base import DirectoryRegister, status_tag

ADD_MEMBERSHIP = "ehrenamt_wagtail.add_membership"


def membership_url(action: str, *args) -> str:
    """An address of the register of memberships."""
    return reverse(f"ehrenamt_wagtail_membership_modeladmin_{action}", args=args)


def invitation_url(organisation: Organisation | None = None) -> str:
    query = "?" + urlencode({"organisation": organisation.pk}) if organisation else ""
    return membership_url("invite") + query


def may_invite(user, organisation: Organisation) -> bool:
    return user.has_perm(ADD_MEMBERSHIP) and not first_objection(rules.INVITE, organisation=organisation, actor=user)


class MembersPanel(Panel):
    """Who belongs to the organisation, with links to change it. Shows rows, takes no input."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "ehrenamt_wagtail/directory/admin/members_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            organisation, user = self.instance, self.request.user
            may_manage = user.has_perm("ehrenamt_wagtail.change_membership") and not first_objection(
                rules.MANAGE, organisation=organisation, actor=user
            )
            is_district = organisation.kind == Organisation.Kind.DISTRICT
            members = list(members_of(organisation)) if user.has_perm("ehrenamt_wagtail.view_membership") else []
            context["members"] = [
                (member, membership_url("edit", member.pk) if may_manage else "") for member in members
            ]
            context["invitation_url"] = invitation_url(organisation) if may_invite(user, organisation) else ""
            context["join_url"] = (
                membership_url("join", organisation.pk)
                if is_district and is_coordinator(user) and user.pk not in {member.user_id for member in members}
                else ""
            )
            return context


class OrganisationButtonHelper(ButtonHelper):
    def invite_button(self, organisation: Organisation | None = None, classnames_add=None):
        return {
            "url": invitation_url(organisation),
            "label": gettext("Invite") if organisation else gettext("Invite a person"),
            "icon": "" if organisation else "mail",
            "classname": self.finalise_classname(classnames_add or []),
            "title": gettext("Give a person access to the partner portal by mail"),
        }

    def get_buttons_for_obj(self, obj, exclude=None, classnames_add=None, classnames_exclude=None):
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if may_invite(self.request.user, obj):
            buttons.insert(1, self.invite_button(obj, ["button-secondary", *(classnames_add or [])]))
        return buttons

    @property
    def header_button(self):
        """Beside „add“, for those who may invite at all."""
        if not self.request.user.has_perm(ADD_MEMBERSHIP):
            return None
        return self.invite_button(classnames_add=["bicolor", "button--icon"])


class OrganisationRegister(DirectoryRegister):
    model = Organisation
    menu_label = _("Organisations")
    menu_icon = "group"
    menu_order = 100
    button_helper_class = OrganisationButtonHelper
    index_template_name = "ehrenamt_wagtail/directory/admin/index.html"
    list_display = ("name", "kind", "municipality", "member_count", "state")
    list_select_related = ("municipality",)
    list_filter = ("kind", "is_active", ("municipality", RelatedFilter))
    search_fields = ("name", "contact_name", "contact_email", "municipality__name")
    list_export = (
        "name",
        "slug",
        "kind",
        "municipality",
        "website",
        "contact_name",
        "contact_email",
        "contact_phone",
        "member_count",
        "is_active",
    )
    export_filename = "veranstalter"
    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("municipality")]),
                FieldPanel("website"),
                FieldPanel("logo"),
                FieldPanel("is_active"),
                FieldPanel("shares_drafts"),
            ],
            heading=_("Organisation"),
        ),
        MembersPanel(heading=_("Members"), icon="user"),
        MultiFieldPanel(
            [
                FieldPanel("contact_name"),
                FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                FieldPanel("default_venue"),
            ],
            heading=_("Suggested for new offerings"),
        ),
        MultiFieldPanel([FieldPanel("slug")], heading=_("Further facts"), classname="collapsed"),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(member_count=Count("memberships"))

    def member_count(self, organisation) -> int:
        return organisation.member_count

    member_count.short_description = _("Members")
    member_count.admin_order_field = "member_count"

    def state(self, organisation):
        label = pgettext("organisation", "active") if organisation.is_active else _("not active")
        return status_tag(label, is_primary=organisation.is_active)

    state.short_description = pgettext_lazy("organisation", "State")
    state.admin_order_field = "is_active"


