"""A call's brief, in lines for whoever is about to dial."""

from collections.abc import Iterator
from datetime import datetime

from domain.brief import AGES, Brief, Callee
from domain.send_window import zone_of
from models.tables import Task
from models.vocabulary import Role

_ROLES = {
    Role.AP: "accounts payable",
    Role.FINANCE_LEAD: "finance lead",
    Role.CFO: "CFO",
    Role.ESCALATION: "for escalations",
}


def call_state(task: Task) -> str:
    """Who has taken the call up, or by when somebody must."""
    if task.attempts and task.not_before is not None:
        tries = "1 try" if task.attempts == 1 else f"{task.attempts} tries"
        return f"no answer in {tries}; again from {task.not_before:%Y-%m-%d %H:%M}"
    if task.acknowledged_at is not None:
        return f"taken up by {task.acknowledged_by}"
    if task.escalate_at is None:
        return "not taken up"
    by = f"{task.escalate_at:%Y-%m-%d %H:%M}"
    return f"overdue; the next one is told on {by}" if task.escalated else f"take it up by {by}"


def brief_lines(task: Task, told: Brief, now: datetime) -> Iterator[tuple[str, str]]:
    """The brief in the order of a call: what to beware of, whom to dial, what to ask and offer,
    what to know, and the task itself."""
    yield "Call", f"{told.customer} about invoice {told.number}"
    yield "Why", task.why
    for one in (*told.relationship, *told.disputes):
        yield "Careful", one
    for one in map(_callee, told.callees):
        yield "Whom", one
    if not told.callees:
        yield "Whom", f"nobody is known; add: starter.py customer contacts {task.customer_id} --add"
    yield "When", _when(told, now)
    yield "Ask", told.ask
    for one in told.offers:
        yield "Offer", one
    for currency, bucket, amount, many in told.owed:
        invoices = "1 invoice" if many == 1 else f"{many} invoices"
        yield "They owe", f"{amount:,.2f} {currency} {AGES[bucket]}, {invoices}"
    yield "They pay", told.behaviour
    for one in told.promises:
        yield "Promises", one
    for one in told.story:
        yield "So far", one
    yield "Whose", f"{task.owner or 'staff'}: {call_state(task)} (UTC)"
    yield "Task", task.key


def _callee(one: Callee) -> str:
    known = (one.name, _ROLES[one.role], one.phone or "no number known", one.email)
    return ", ".join(part for part in known if part)


def _when(told: Brief, now: datetime) -> str:
    """Their hours as they read them and in UTC, as everything else here is, and their time now."""
    zone = zone_of(told.zone)
    opens, closes = told.hours
    there, here = opens.astimezone(zone), now.astimezone(zone)
    until = closes.astimezone(zone)
    return (
        f"{there:%A %Y-%m-%d, %H:%M} to {until:%H:%M} in {told.zone} ({opens:%H:%M} to "
        f"{closes:%H:%M} UTC); there it is {here:%A, %H:%M} now"
    )
