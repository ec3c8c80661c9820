"""The decision: given what is known about one invoice, what should happen now?"""

from collections.abc import Callable
from datetime import datetime

from domain import freshness, habits, holds, relationship, sending, timing
from domain.banking_days import BankingCalendar
from domain.case import Case
from models.decision import Decision
from models.facts import Facts
from models.policy import Policy

Rule = Callable[[Case], Decision | None]

RULES: tuple[Rule, ...] = (
    holds.nothing_open,
    holds.off_limits,
    holds.disposed,
    holds.paused,
    holds.disputed,
    holds.promised,
    holds.on_plan,
    holds.money_on_its_way,
    holds.small_balance,
    timing.cadence_over,
    timing.not_yet,
    timing.entry_spread,
    freshness.gather_context,
    freshness.context_unavailable,
    relationship.delicate,
    habits.reliably_late,
    sending.no_address,
    sending.needs_approval,
    timing.contacted_recently,
    timing.outside_window,
    sending.send,
)


def decide(facts: Facts, policy: Policy, calendar: BankingCalendar, now: datetime) -> Decision:
    """What to do about this invoice at `now` (aware): wait, act or close, and why.

    The rules are asked in order and the first answer wins. What holds a step comes before what
    only delays it, so that a hold does not come and go with the hour (docs/decisions/0005).
    The same arguments give the same decision; nothing else is looked at.
    """
    case = Case.of(facts, policy, calendar, now)
    for rule in RULES:
        if (decision := rule(case)) is not None:
            return decision
    raise AssertionError("the last rules answer every case that has a step or has none left")
