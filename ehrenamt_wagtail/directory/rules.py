"""Who may invite, change and remove members, and why not.

Each list is asked twice: ``first_objection(RULES, …)`` decides whether a button shows, ``ensure(RULES, …)`` whether the action
runs. Rules raise ``NotAllowed``; they take the keyword arguments ``organisation`` and ``actor``, those on one membership also
``membership``, those on a new role also ``role``.
"""

from django.utils.translation import gettext as _

from ehrenamt_wagtail.exceptions import NotAllowed

from .models import Membership
from .queries import is_coordinator


def must_manage(*, organisation, actor, **_facts) -> None:
    """Coordinators manage every organisation, managers their own active one."""
    if is_coordinator(actor):
        return
    if not (actor.is_authenticated and actor.is_active and organisation.is_active and _is_manager(actor, organisation)):
        raise NotAllowed(
            _("Only the district and the managers of this organisation change who belongs to it. Nothing was changed.")
        )


def must_be_active(*, organisation, **_facts) -> None:
    if not organisation.is_active:
        raise NotAllowed(
            _("This organisation is not active; its members would have no access. Set it to active first. Nobody was invited.")
        )


def must_be_known_role(*, role, **_facts) -> None:
    if role not in Membership.Role.values:
        raise NotAllowed(_("There is no such role. Nothing was changed; please choose one from the list."))


def must_not_leave_without_manager(*, membership, actor, **_facts) -> None:
    """An organisation keeps a manager; only the district may take the last one away."""
    if membership.role != Membership.Role.MANAGER or is_coordinator(actor):
        return
    managers = Membership.objects.filter(organisation_id=membership.organisation_id, role=Membership.Role.MANAGER)
    if not managers.exclude(pk=membership.pk).exists():
        raise NotAllowed(
            _(
                "This is the last manager of the organisation. Make somebody else a manager first, or ask the district. "
                "Nothing was changed."
            )
        )


def must_be_able_to_sign_in(*, membership, **_facts) -> None:
    """A link is of no use to accounts that are switched off, and none is sent to accounts with admin access."""
    from .sign_in import has_admin_access

    if not membership.user.is_active:
        raise NotAllowed(_("This account is switched off. No mail was sent."))
    if has_admin_access(membership.user):
        raise NotAllowed(
            _("This account has access to the administration and signs in with its password. No mail was sent.")
        )


def _is_manager(user, organisation) -> bool:
    return Membership.objects.filter(
        user=user, organisation_id=organisation.pk, role=Membership.Role.MANAGER
    ).exists()


MANAGE = [must_manage]
INVITE = [must_manage, must_be_active]
INVITE_AS = [*INVITE, must_be_known_role]
REMOVE = [must_manage, must_not_leave_without_manager]
CHANGE_ROLE = [must_manage, must_be_known_role]
DEMOTE = [*CHANGE_ROLE, must_not_leave_without_manager]
RESEND = [*INVITE, must_be_able_to_sign_in]
