"""The secret token by which a circle names people without an account: round and circle with a signature.

It is made when a mail is delivered and stored nowhere. Whoever has it sees whom this circle named in this round, and may name others.
"""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer

SALT = "ehrenamt_wagtail.thanks"


class Link(NamedTuple):
    """What a token stands for, by primary keys."""

    round: int
    circle: int


def signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def token_of(round_id: int, circle_id: int) -> str:
    return signer().sign(f"{round_id}-{circle_id}")


def read_token(token: str) -> Link | None:
    """``None`` for a token that was altered or cut off."""
    try:
        round_id, _dash, circle_id = signer().unsign(token).partition("-")
        return Link(int(round_id), int(circle_id))
    except (BadSignature, ValueError):
        return None
