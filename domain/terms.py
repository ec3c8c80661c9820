"""By what one follow-up is treated: its policy, the banking days of both sides, our own hours."""

from dataclasses import dataclass
from datetime import datetime

from domain.banking_days import BankingCalendar
from domain.office_hours import OfficeHours
from models.policy import Policy
from models.vocabulary import TaskKind

# Work of whoever looks after the customer; all else is the receivables staff's.
OWNERS_WORK = frozenset({TaskKind.CALL, TaskKind.OWNER_FIRST, TaskKind.RESOLVE_DISPUTE})


@dataclass(frozen=True, slots=True)
class Terms:
    """Policy, calendar and hours of one follow-up."""

    policy: Policy
    calendar: BankingCalendar
    office: OfficeHours

    def escalate_at(self, kind: TaskKind, opened_at: datetime) -> datetime:
        """When the next one is told of a task of that kind, unless somebody takes it up before."""
        sla = self.policy.sla
        hours = {
            TaskKind.CALL: sla.call_hours,
            TaskKind.OWNER_FIRST: sla.owner_first_hours,
            TaskKind.APPROVE: sla.approval_hours,
            TaskKind.DISPOSITION: sla.decision_hours,
            TaskKind.RESOLVE_DISPUTE: sla.decision_hours,
        }
        return self.office.after(opened_at, hours.get(kind, sla.other_hours))
