"""Changes of who belongs to an organisation, and deleting entries of the registers.

All are atomic, take the person who acts as ``actor``, write Wagtail's log and raise our exceptions when they refuse.
"""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ehrenamt_wagtail.exceptions import NotAllowed, StillUsed, ensure
from ehrenamt_wagtail.mail.actions import queue_mail
from ehrenamt_wagtail.slugs import free_slug, german_slug

from . import rules
from .models import Membership, Organisation
from .queries import is_coordinator, usage_of
from .sign_in import has_admin_access

INVITATION_MAIL = "directory/invitation"

# Longer names than this are cut in the derived user name; Django's own limit is 150.
USERNAME_LENGTH = 60


@transaction.atomic
def invite_member(
    *, organisation: Organisation, first_name: str, last_name: str, email: str, role: str, actor
) -> Membership:
    """Give a person access for ``organisation`` and queue one confidential mail with a sign-in link.

    A portal account with the same name and mail address is used again; otherwise a new one is made, without admin access and
    without a password: several people may share one address. Raises ``NotAllowed`` when the actor may not invite here, when the
    address belongs to an account with admin access (such accounts are never attached), when the person's account is switched
    off, or when the person belongs to the organisation already.
    """
    organisation = _locked(organisation)
    ensure(rules.INVITE_AS, organisation=organisation, role=role, actor=actor)
    user = account_of(first_name, last_name, email)
    if Membership.objects.filter(user=user, organisation=organisation).exists():
        raise NotAllowed(
            _("%(person)s already has access for %(organisation)s. Nobody was invited; send the invitation again instead.")
            % {"person": user.get_full_name(), "organisation": organisation}
        )
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=role, invited_by=actor, invited_at=timezone.now()
    )
    _log(membership, "ehrenamt.invite_member", actor, role=role)
    _queue_invitation(membership)
    return membership


@transaction.atomic
def resend_invitation(membership: Membership, *, actor) -> Membership:
    """Queue the invitation again with a new link. A second click within the same minute queues nothing. Raises ``NotAllowed``."""
    organisation = _locked(membership.organisation)
    membership = _fresh(membership)
    ensure(rules.RESEND, organisation=organisation, membership=membership, actor=actor)
    membership.invited_at = timezone.now()
    membership.save(update_fields=["invited_at"])
    _log(membership, "ehrenamt.resend_invitation", actor)
    _queue_invitation(membership)
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: str, actor) -> Membership:
    """Make a member a manager or the other way round; the same role again changes nothing. Raises ``NotAllowed``."""
    organisation = _locked(membership.organisation)
    membership = _fresh(membership)
    demotes = membership.role == Membership.Role.MANAGER and role != membership.role
    ensure(
        rules.DEMOTE if demotes else rules.CHANGE_ROLE,
        organisation=organisation,
        membership=membership,
        role=role,
        actor=actor,
    )
    if membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
        _log(membership, "ehrenamt.change_role", actor, role=role)
    return membership


@transaction.atomic
def change_language(membership: Membership, *, language: str, actor) -> Membership:
    """Choose the language of a member's mails; empty means the site's. Raises ``NotAllowed``."""
    ensure(rules.MANAGE, organisation=membership.organisation, actor=actor)
    membership = _fresh(membership)
    membership.language = language
    membership.save(update_fields=["language"])
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, actor) -> None:
    """End a person's access for the organisation. The account stays, and with it the history of what the person did.

    Raises ``NotAllowed``; the last manager is removed by a coordinator only.
    """
    organisation = _locked(membership.organisation)
    membership = _fresh(membership)
    ensure(rules.REMOVE, organisation=organisation, membership=membership, actor=actor)
    _log(membership, "ehrenamt.remove_member", actor)
    membership.delete()


@transaction.atomic
def join_district(*, user, organisation: Organisation) -> Membership:
    """Let a coordinator enter the district's own offerings in the portal; once a member, nothing changes.

    The only way for an account with admin access to act for an organisation, and only for one of the kind *district*. Raises
    ``NotAllowed``.
    """
    organisation = _locked(organisation)
    if not (is_coordinator(user) and organisation.kind == Organisation.Kind.DISTRICT):
        raise NotAllowed(_("Only coordinators join the district's organisation in this way. Nothing was changed."))
    membership, created = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": Membership.Role.MANAGER}
    )
    if created:
        _log(membership, "ehrenamt.join_district", user)
    return membership


@transaction.atomic
def share_plans(organisation: Organisation, *, shares: bool, actor) -> Organisation:
    """Let other organisations read title and description of what is planned, or no longer; once so, nothing changes.

    It holds at once for everything that is not public yet. Raises ``NotAllowed``.
    """
    organisation = _locked(organisation)
    ensure(rules.MANAGE, organisation=organisation, actor=actor)
    if organisation.shares_drafts != shares:
        organisation.shares_drafts = shares
        organisation.save(update_fields=["shares_drafts"])
        log(instance=organisation, action="ehrenamt.share_plans", user=actor, data={"shares": shares})
    return organisation


@transaction.atomic
def delete_entry(entry: models.Model, *, actor) -> None:
    """Delete an entry of a register that nothing uses. Raises ``StillUsed`` with the list of uses otherwise."""
    entry = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    uses = usage_of(entry)
    if uses:
        raise StillUsed(_("“%(entry)s” is still used and was not deleted.") % {"entry": entry}, uses)
    log(instance=entry, action="wagtail.delete", user=actor)
    entry.delete()


def _locked(organisation: Organisation) -> Organisation:
    """Fresh, its row locked: members are counted and changed by one person at a time."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _fresh(membership: Membership) -> Membership:
    fresh = Membership.objects.select_related("user", "organisation").filter(pk=membership.pk).first()
    if fresh is None:
        raise NotAllowed(_("This person does not belong to the organisation any more. Nothing was changed."))
    return fresh


def _one_line(text: str) -> str:
    return " ".join(text.split())


def account_of(first_name: str, last_name: str, email: str):
    """The portal account of this person, made if there is none: without admin access and without a password.

    Raises ``NotAllowed`` when the address belongs to an account with admin access, or the person's account is switched off.
    """
    first_name, last_name, email = _one_line(first_name), _one_line(last_name), email.strip()
    return _portal_account(first_name, last_name, email) or _create_account(first_name, last_name, email)


def _portal_account(first_name: str, last_name: str, email: str):
    """The account of this person, ``None`` if there is none yet."""
    accounts = list(get_user_model()._default_manager.filter(email__iexact=email).order_by("pk"))
    if any(has_admin_access(account) for account in accounts):
        raise NotAllowed(
            _(
                "This mail address belongs to an account with access to the administration; such accounts are not invited. "
                "Nobody was invited. Please use another mail address."
            )
        )
    name = (first_name.casefold(), last_name.casefold())
    same = [
        account
        for account in accounts
        if (_one_line(account.first_name).casefold(), _one_line(account.last_name).casefold()) == name
    ]
    if same and not any(account.is_active for account in same):
        raise NotAllowed(
            _("The account of this person is switched off. Nobody was invited; please ask who looks after this website.")
        )
    return next((account for account in same if account.is_active), None)


def _create_account(first_name: str, last_name: str, email: str):
    """An account that can sign in by mailed link only; two at the same moment get different user names."""
    User = get_user_model()
    wanted = german_slug(f"{first_name} {last_name}", fallback="person", max_length=USERNAME_LENGTH)
    for attempt in range(3):
        field = User.USERNAME_FIELD
        taken = User._default_manager.filter(**{f"{field}__startswith": wanted}).values_list(field, flat=True)
        user = User(**{field: free_slug(wanted, set(taken))}, first_name=first_name, last_name=last_name, email=email)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
            return user
        except IntegrityError:
            if attempt == 2:
                raise


def _queue_invitation(membership: Membership) -> None:
    queue_mail(
        INVITATION_MAIL,
        user=membership.user,
        language=membership.language,
        params={"membership": membership.pk},
        # A double click is one mail.
        dedupe_key=f"{INVITATION_MAIL}:{membership.pk}:{membership.invited_at:%Y%m%d%H%M}",
        is_confidential=True,
    )


def _log(membership: Membership, action: str, actor, **data) -> None:
    person = membership.user.get_full_name() or membership.user.get_username()
    log(instance=membership.organisation, action=action, user=actor, data={"person": person, **data})
