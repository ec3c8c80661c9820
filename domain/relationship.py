"""Rules 11 and 12: the relationship and the customer's habits may hold or soften a step."""

from datetime import timedelta

from domain.case import Case
from models.decision import Decision, TaskRequest
from models.policy import Handling
from models.vocabulary import Reason, TaskKind, Tone

_LOOK_AGAIN_DAYS = 7
_STRONGEST_FIRST = (Handling.HOLD, Handling.OWNER_FIRST, Handling.SOFTEN)


def handling(case: Case) -> tuple[Handling, Reason | None]:
    """What the policy's matrix makes of the conditions that apply, the strongest of them."""
    asked_for = {
        case.policy.relationship.get(condition, {}).get(case.tier, Handling.SEND): condition
        for condition in sorted(case.facts.customer.delicate, reverse=True)
    }
    for way in _STRONGEST_FIRST:
        if way in asked_for:
            return way, asked_for[way]
    return Handling.SEND, None


def delicate(case: Case) -> Decision | None:
    """11 · A delicate relationship: hold, or the owner decides first."""
    way, condition = handling(case)
    if condition is None or way is Handling.SOFTEN:
        return None
    if way is Handling.OWNER_FIRST and case.facts.customer.owner_said_go:
        return None
    until = case.morning_in(_LOOK_AGAIN_DAYS)
    says = f"Held for the relationship: {condition.replace('_', ' ')}."
    if way is Handling.HOLD:
        return case.wait(condition, says, until=until)
    task = TaskRequest(kind=TaskKind.APPROVE, why=f"{says} The account owner decides first.")
    return case.wait(condition, says, until=until, task=task)


def reliably_late(case: Case) -> Decision | None:
    """12 · A customer who always pays late but surely: no pressure before their usual day.

    Friendly notes still go out; what is held is everything that presses.
    """
    habit, terms = case.facts.customer.habit, case.policy.behaviour
    step = case.position.due
    if step is None or step.tone is Tone.FRIENDLY:
        return None
    if habit.settled < terms.min_invoices or habit.spread_days > terms.max_spread_days:
        return None
    usual = case.facts.invoice.due_on + timedelta(days=habit.median_days_late)
    patience_ends = usual + timedelta(days=terms.tolerance_days)
    if habit.median_days_late <= 0 or case.today >= patience_ends:
        return None
    says = (
        f"Pays reliably about {habit.median_days_late} days late "
        f"({habit.settled} invoices); expected by {usual}."
    )
    return case.wait(Reason.RELIABLE_LATE_PAYER, says, until=case.morning_of(patience_ends))
