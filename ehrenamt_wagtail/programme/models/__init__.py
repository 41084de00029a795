from .cancellation import Cancellation
from .day import DayRequest
from .details import CoHost, Download, Funder, Trainer
from .listing import ListedChange, ListedDate, ListedOffering, ListedSeats, ListedTag, ListedVocabulary, ListedWord
from .occurrence import Mode, Occurrence
from .offering import OfferingPage
from .pages import ProgrammePage, SupervisionPage, TrainingPage, VolunteerDayPage
from .reviewable import ReviewablePage

__all__ = [
    "Cancellation",
    "CoHost",
    "DayRequest",
    "Download",
    "Funder",
    "ListedChange",
    "ListedDate",
    "ListedOffering",
    "ListedSeats",
    "ListedTag",
    "ListedVocabulary",
    "ListedWord",
    "Mode",
    "Occurrence",
    "OfferingPage",
    "ProgrammePage",
    "ReviewablePage",
    "SupervisionPage",
    "Trainer",
    "TrainingPage",
    "VolunteerDayPage",
]
