from .brochure import Brochure, BrochureFile
from .figures import EnteredFigure, FigureKind
from .job import LongJob
from .period import CarriedOver, PeriodAnswer, ProgrammePeriod

__all__ = [
    "Brochure",
    "BrochureFile",
    "CarriedOver",
    "EnteredFigure",
    "FigureKind",
    "LongJob",
    "PeriodAnswer",
    "ProgrammePeriod",
]
