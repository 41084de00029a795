"""The public models of the app."""

from .circles.models import CircleFigure, CircleIndexPage, CirclePage, CircleTeam
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
from .review.models import ReviewDecision, ReviewTask

__all__ = [
    "Cancellation",
    "CircleFigure",
    "CircleIndexPage",
    "CirclePage",
    "CircleTeam",
    "CoHost",
    "Coordinator",
    "DayRequest",
    "Download",
    "Funder",
    "LoginLinkCount",
    "Membership",
    "Municipality",
    "Occurrence",
    "OfferingPage",
    "Organisation",
    "OutgoingMail",
    "ProgrammePage",
    "ReviewDecision",
    "ReviewTask",
    "Room",
    "SupervisionPage",
    "Topic",
    "Trainer",
    "TrainingPage",
    "Venue",
    "VolunteerDayPage",
]
