"""The registers of the directory in the Wagtail admin. ``REGISTERS`` is what the menu group holds, in its order."""

from . import log  # noqa: F401 registers what the history says
from .memberships import MembershipRegister
from .organisations import OrganisationRegister
from .registers import CoordinatorRegister, MunicipalityRegister, TopicRegister, VenueRegister

REGISTERS = (
    OrganisationRegister,
    MembershipRegister,
    VenueRegister,
    MunicipalityRegister,
    TopicRegister,
    CoordinatorRegister,
)

__all__ = [
    "REGISTERS",
    "CoordinatorRegister",
    "MembershipRegister",
    "MunicipalityRegister",
    "OrganisationRegister",
    "TopicRegister",
    "VenueRegister",
]
