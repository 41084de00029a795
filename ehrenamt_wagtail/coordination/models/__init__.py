from .blocked import BlockedDate
from .hold import DateHold
from .join import JoinProposal
from .planned import PlannedDate, PlanState

__all__ = ["BlockedDate", "DateHold", "JoinProposal", "PlannedDate", "PlanState"]
