"""The public models of the app."""

from .circles.models import CircleFigure, CircleIndexPage, CirclePage, CircleTeam, Need
from .coordination.models import BlockedDate, DateHold, JoinProposal, PlannedDate
from .directory.models import Coordinator, Membership, Municipality, Organisation, Room, Topic, Venue
from .mail.models import OutgoingMail
from .portal.models import LoginLinkCount
from .programme.models import (
    Cancellation,
    CoHost,
    DayRequest,
    Download,
    Funder,
    Occurrence,
    OfferingPage,
    ProgrammePage,
    SupervisionPage,
    Trainer,
    TrainingPage,
    VolunteerDayPage,
)
from .review.models import ReviewClaim, ReviewDecision, ReviewRequest, ReviewTask

__all__ = [
    "BlockedDate",
    "Cancellation",
    "CircleFigure",
    "CircleIndexPage",
    "CirclePage",
    "CircleTeam",
    "CoHost",
    "Coordinator",
    "DateHold",
    "DayRequest",
    "Download",
    "Funder",
    "JoinProposal",
    "LoginLinkCount",
    "Membership",
    "Municipality",
    "Need",
    "Occurrence",
    "OfferingPage",
    "Organisation",
    "OutgoingMail",
    "PlannedDate",
    "ProgrammePage",
    "ReviewClaim",
    "ReviewDecision",
    "ReviewRequest",
    "ReviewTask",
    "Room",
    "SupervisionPage",
    "Topic",
    "Trainer",
    "TrainingPage",
    "Venue",
    "VolunteerDayPage",
]
