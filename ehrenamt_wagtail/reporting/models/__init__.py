from .brochure import Brochure, BrochureFile
from .figures import EnteredFigure, FigureKind
from .job import LongJob
from .period import CarriedOver, PeriodAnswer, ProgrammePeriod
from .report import ReportVersion, StatusReport, StatusReportPage
from .thanks import ThankedPerson, ThanksLetters, ThanksRound

__all__ = [
    "Brochure",
    "BrochureFile",
    "CarriedOver",
    "EnteredFigure",
    "FigureKind",
    "LongJob",
    "PeriodAnswer",
    "ProgrammePeriod",
    "ReportVersion",
    "StatusReport",
    "StatusReportPage",
    "ThankedPerson",
    "ThanksLetters",
    "ThanksRound",
]
