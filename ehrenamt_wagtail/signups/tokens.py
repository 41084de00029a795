"""The secret token of a sign-up: its uid with a signature. It is made when needed and stored nowhere."""

import uuid

from django.core.signing import BadSignature, Signer

from .models import SignUp

SALT = "ehrenamt_wagtail.signups"


def signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def token_of(sign_up: SignUp) -> str:
    """What opens the page of the sign-up; whoever has it may confirm, change and cancel."""
    return signer().sign(sign_up.uid.hex)


def sign_up_of(token: str) -> SignUp | None:
    """The sign-up with this token; ``None`` for one that was altered or whose sign-up was deleted."""
    try:
        uid = uuid.UUID(hex=signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    return SignUp.objects.select_related("plan").filter(uid=uid).first()
