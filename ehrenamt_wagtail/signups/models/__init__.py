from .attendance import Attendance, Certificate, CertificateRelease
from .figures import DeletionRecord, SeatFigure
from .notices import Notice, NoticeRecipient, ToldDate
from .plan import PrivacyNotice, Question, SeatPlan
from .sign_up import AccessNeeds, Answer, ConfirmationCount, Participant, SignUp
from .supervision import HeldSession, RequestMessage, SupervisionRequest, SupervisionSetup

__all__ = [
    "AccessNeeds",
    "Answer",
    "Attendance",
    "Certificate",
    "CertificateRelease",
    "ConfirmationCount",
    "DeletionRecord",
    "HeldSession",
    "Notice",
    "NoticeRecipient",
    "Participant",
    "PrivacyNotice",
    "Question",
    "RequestMessage",
    "SeatFigure",
    "SeatPlan",
    "SignUp",
    "SupervisionRequest",
    "SupervisionSetup",
    "ToldDate",
]
