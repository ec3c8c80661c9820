"""What somebody who calls a customer needs to know, and no more than fits a screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from domain.ageing import days_past_due, tier
from domain.banking_days import BankingCalendar
from domain.behaviour import in_words
from domain.cadence import promise_day
from domain.consolidation import asked_amount
from domain.plans import open_amounts
from domain.send_window import local_day, zone_of
from domain.terms import Terms
from models.facts import CustomerFacts, Facts, PlanFacts
from models.vocabulary import Action, Role, Tier

AGES = {
    Tier.CURRENT: "not late yet",
    Tier.EARLY: "1 to 14 days late",
    Tier.LATE: "15 to 45 days late",
    Tier.CRITICAL: "more than 45 days late",
}
_DESK_HOURS = (time(9), time(17))
_ROLES = {
    Action.CALL_FINANCE: (Role.FINANCE_LEAD, Role.CFO, Role.ESCALATION, Role.AP),
    Action.CALL_AP_CONTACT: (Role.AP, Role.FINANCE_LEAD, Role.ESCALATION, Role.CFO),
}


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who can be called."""

    name: str
    phone: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """One open invoice of the customer."""

    number: str
    currency: str
    amount_open: Decimal
    due_on: date
    status: str


@dataclass(frozen=True, slots=True)
class Brief:
    """One call to make. `owed` is what is open by currency and tier; `hours` are the customer's
    office hours that run or come next, in UTC; `story` is the timeline in short, the latest last.
    `relationship` begins with what forbids a call."""

    customer: str
    number: str
    callees: tuple[Callee, ...]
    hours: tuple[datetime, datetime]
    zone: str
    owed: tuple[tuple[str, Tier, Decimal, int], ...]
    story: tuple[str, ...]
    behaviour: str
    promises: tuple[str, ...]
    disputes: tuple[str, ...]
    relationship: tuple[str, ...]
    ask: str
    offers: tuple[str, ...]


def callees(known: Iterable[Callee], what: str) -> tuple[Callee, ...]:
    """Whom to call for that action, the right one first; who has no number comes last."""
    order = _ROLES.get(Action(what), _ROLES[Action.CALL_AP_CONTACT]) if what else tuple(Role)
    return tuple(sorted(known, key=lambda one: (not one.phone, order.index(one.role))))


def owed(
    invoices: Sequence[OpenInvoice], today: date
) -> tuple[tuple[str, Tier, Decimal, int], ...]:
    """What is open by currency and tier, with the number of invoices."""
    sums: dict[tuple[str, Tier], tuple[Decimal, int]] = {}
    for one in invoices:
        key = one.currency, tier(days_past_due(one.due_on, today))
        amount, many = sums.get(key, (Decimal(0), 0))
        sums[key] = amount + one.amount_open, many + 1
    order = sorted(sums.items(), key=lambda item: (item[0][0], tuple(Tier).index(item[0][1])))
    return tuple((currency, bucket, *sums[currency, bucket]) for (currency, bucket), _ in order)


def brief(
    facts: Facts,
    terms: Terms,
    now: datetime,
    *,
    known: Sequence[Callee],
    invoices: Sequence[OpenInvoice],
    story: Sequence[str],
    what: str = "",
    broken_promises: int = 0,
) -> Brief:
    """The brief of a call about the invoice of `facts`, as of `now` (aware)."""
    customer = facts.customer
    today = local_day(now, customer.zone)
    late = days_past_due(facts.invoice.due_on, today)
    return Brief(
        customer=customer.name,
        number=facts.invoice.number,
        callees=callees(known, what),
        hours=_office_hours(now, customer.zone, terms.calendar),
        zone=customer.zone,
        owed=owed(invoices, today),
        story=tuple(story),
        behaviour=in_words(customer.habit, terms.policy.behaviour, late),
        promises=_promises(facts, terms, broken_promises),
        disputes=_disputes(facts),
        relationship=_relationship(customer),
        ask=_ask(facts, today),
        offers=_offers(facts, terms),
    )


def _office_hours(now: datetime, zone: str, calendar: BankingCalendar) -> tuple[datetime, datetime]:
    """The hours of a day on which both sides work: of today unless they are over."""
    today = local_day(now, zone)
    opens, closes = _hours_of(calendar.on_or_after(today), zone)
    return (opens, closes) if now < closes else _hours_of(calendar.after(today), zone)


def _hours_of(day: date, zone: str) -> tuple[datetime, datetime]:
    opens, closes = (
        datetime.combine(day, at, tzinfo=zone_of(zone)).astimezone(UTC) for at in _DESK_HOURS
    )
    return opens, closes


def _relationship(customer: CustomerFacts) -> tuple[str, ...]:
    forbids = {
        "do not contact": customer.do_not_contact,
        "insolvent": customer.insolvent,
        "legal hold": customer.legal_hold,
    }
    delicate = sorted(one.replace("_", " ") for one in customer.delicate)
    return (*(words for words, applies in forbids.items() if applies), *delicate)


def _ask(facts: Facts, today: date) -> str:
    """What the call is to find out: never when money will come that nobody owes now."""
    invoice, plan = facts.invoice, facts.progress.plan
    if facts.customer.do_not_contact:
        return "Nothing: they are not to be contacted."
    if _is_contested(facts):
        return f"What is wrong with invoice {invoice.number}, and what would settle it?"
    if plan is None:
        asked = f"{asked_amount(facts):,.2f} {invoice.currency}"
        return f"When will {asked} on invoice {invoice.number} be paid, and by what?"
    missed = sum((rest for one, rest in open_amounts(plan) if one.due_on < today), Decimal(0))
    if missed:
        asked = f"{missed:,.2f} {invoice.currency}"
        return f"When will {asked}, missed under the plan for invoice {invoice.number}, be paid?"
    return f"Will the next instalment for invoice {invoice.number} be paid in time?"


def _is_contested(facts: Facts) -> bool:
    """True when there is a dispute about all that is open."""
    dispute = facts.progress.dispute
    return dispute is not None and (dispute.amount is None or asked_amount(facts) <= 0)


def _promises(facts: Facts, terms: Terms, broken: int) -> tuple[str, ...]:
    said = []
    if facts.progress.plan is not None:
        said.append(_agreed(facts.progress.plan, facts.invoice.currency))
    promise = facts.progress.promise
    if promise is not None:
        day = promise_day(promise, terms.calendar, terms.policy.grace)
        said.append(f"Promised for {promise.pay_on}; it counts as broken from {day}.")
    if broken:
        many = "1 promise" if broken == 1 else f"{broken} promises"
        verb = "was" if broken == 1 else "were"
        said.append(f"{many} about this invoice {verb} broken.")
    habit = facts.customer.habit
    if habit.promises:
        said.append(f"Keeps {habit.promises_kept} % of promises ({habit.promises} so far).")
    return tuple(said)


def _agreed(plan: PlanFacts, currency: str) -> str:
    coming = [(one, rest) for one, rest in open_amounts(plan) if rest > 0]
    many = f"Agreed on {plan.agreed_on}: {len(plan.instalments)} instalments"
    if not coming:
        return f"{many}, all of them paid."
    one, rest = coming[0]
    return f"{many}; number {one.number} is due on {one.due_on}, {rest:,.2f} {currency} of it open."


def _disputes(facts: Facts) -> tuple[str, ...]:
    dispute = facts.progress.dispute
    if dispute is None:
        return ()
    what = (
        "all of it" if dispute.amount is None else f"{dispute.amount:,.2f} {facts.invoice.currency}"
    )
    about = f" ({dispute.code})" if dispute.code else ""
    return (f"Contested since {dispute.opened_on}: {what}{about}. Do not ask for that.",)


def _offers(facts: Facts, terms: Terms) -> tuple[str, ...]:
    if _is_contested(facts) or facts.customer.do_not_contact:
        return ()
    most, link = terms.policy.plans.most_instalments, facts.invoice.payment_link
    offers = []
    if facts.progress.plan is None:
        offers.append(f"A payment plan of at most {most} instalments.")
    if link:
        offers.append(f"Pay by link: {link}")
    return tuple(offers)
