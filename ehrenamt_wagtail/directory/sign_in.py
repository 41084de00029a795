"""Links that sign people in: made when a mail is rendered, read when the person clicks.

The tokens are never stored. A link may carry several, one for each person who shares the mail address. The page behind it only
shows a button; its POST signs in. Ordinary links and invitations differ in scope, so that nobody stretches the hour of a link
to the days of an invitation.
"""

from collections.abc import Iterable
from urllib.parse import urlencode

import sesame.settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from sesame.tokens import parse_token
from sesame.utils import get_token

from ehrenamt_wagtail.conf import conf
from ehrenamt_wagtail.mail.registry import absolute_url

LOGIN_SCOPE = "ehrenamt-login"
INVITATION_SCOPE = "ehrenamt-invitation"
TOKEN_PARAMETER = "t"

# More people than ever share one address; whoever sends thousands of tokens wants something else.
MAX_TOKENS = 20


def has_admin_access(user) -> bool:
    """Whether the account reaches any administration: then it is never attached, and no link signs it in."""
    return user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin")


def may_use_links(user) -> bool:
    return user.is_active and not has_admin_access(user)


def users_of_address(email: str) -> list:
    """The accounts that a link mailed to this address may sign in, in the order of their names; empty for unknown addresses."""
    email = email.strip()
    if not email:
        return []
    users = get_user_model()._default_manager.filter(email__iexact=email, is_active=True)
    return [user for user in users.order_by("last_name", "first_name", "pk")[:MAX_TOKENS] if may_use_links(user)]


def sign_in_url(users: Iterable, *, is_invitation: bool = False) -> str:
    """An absolute address with one token for each of ``users``; accounts that may not use links get none.

    Valid for ``LOGIN_LINK_MINUTES``, or ``INVITATION_DAYS`` with ``is_invitation``, and until the person next signs in.
    """
    scope = INVITATION_SCOPE if is_invitation else LOGIN_SCOPE
    tokens = [(TOKEN_PARAMETER, get_token(user, scope=scope)) for user in users if may_use_links(user)]
    return absolute_url(f"{reverse('ehrenamt:login-link')}?{urlencode(tokens)}")


def users_from_tokens(tokens: Iterable[str], max_age: int | None = None) -> list:
    """The accounts that ``tokens`` stand for, without doubles; expired, used and forged ones are left out. Reads only.

    ``max_age`` in seconds replaces ``LOGIN_LINK_MINUTES`` for ordinary links; invitations keep ``INVITATION_DAYS``.
    """
    if sesame.settings.MAX_AGE is None:
        raise ImproperlyConfigured("Set SESAME_MAX_AGE: without it mailed links would be valid for ever.")
    ages = {
        LOGIN_SCOPE: conf.LOGIN_LINK_MINUTES * 60 if max_age is None else max_age,
        INVITATION_SCOPE: conf.INVITATION_DAYS * 24 * 60 * 60,
    }
    users: dict[int, object] = {}
    for token in list(tokens)[:MAX_TOKENS]:
        for scope, age in ages.items():
            user = parse_token(token, _user_by_pk, scope=scope, max_age=age)
            if user is not None and may_use_links(user):
                users.setdefault(user.pk, user)
    return list(users.values())


def _user_by_pk(pk):
    return get_user_model()._default_manager.filter(pk=pk).first()
