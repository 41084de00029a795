"""The secret token by which a circle states its figures without an account: circle and half-year with a signature.

It is made when a mail is delivered and stored nowhere. Whoever has it may state the figures of this circle for this half-year.
"""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from .half_years import HalfYear, present_half_year, read_half_year
from .models import CirclePage

SALT = "ehrenamt_wagtail.circle_figures"


class Link(NamedTuple):
    """What a token stands for."""

    circle_id: int
    half_year: HalfYear

    def is_open(self) -> bool:
        """Until the end of the half-year that follows."""
        return present_half_year() <= last_open(self.half_year)


def last_open(half_year: HalfYear) -> HalfYear:
    """The half-year with whose last day the link ends."""
    return half_year.later(1)


def signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def token_of(circle: CirclePage, half_year: HalfYear) -> str:
    return signer().sign(f"{circle.pk}-{half_year.code}")


def read_token(token: str) -> Link | None:
    """``None`` for a token that was altered or cut off."""
    try:
        circle_id, _dash, code = signer().unsign(token).partition("-")
        half_year = read_half_year(code)
        return Link(int(circle_id), half_year) if half_year else None
    except (BadSignature, ValueError):
        return None
