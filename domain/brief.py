"""What somebody who calls a customer needs to know, and no more than fits a screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from domain.ageing import days_past_due, tier
from domain.behaviour import in_words
from domain.cadence import promise_day
from domain.consolidation import asked_amount
from domain.send_window import local_day, zone_of
from domain.terms import Terms
from models.facts import Facts
from models.vocabulary import Action, Role, Tier

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
    office hours of the day, in UTC; `story` is the timeline in short, the latest last."""

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
    zone = zone_of(customer.zone)
    opens, closes = (datetime.combine(today, at, tzinfo=zone).astimezone(UTC) for at in _DESK_HOURS)
    asked = f"{asked_amount(facts):,.2f} {facts.invoice.currency}"
    return Brief(
        customer=customer.name,
        number=facts.invoice.number,
        callees=callees(known, what),
        hours=(opens, closes),
        zone=customer.zone,
        owed=owed(invoices, today),
        story=tuple(story),
        behaviour=in_words(customer.habit, terms.policy.behaviour, late),
        promises=_promises(facts, terms, broken_promises),
        disputes=_disputes(facts),
        relationship=tuple(sorted(one.replace("_", " ") for one in customer.delicate)),
        ask=f"When will {asked} on invoice {facts.invoice.number} be paid, and by what?",
        offers=_offers(facts, terms),
    )


def _promises(facts: Facts, terms: Terms, broken: int) -> tuple[str, ...]:
    said = []
    promise = facts.progress.promise
    if promise is not None:
        day = promise_day(promise, terms.calendar, terms.policy.grace)
        said.append(f"Promised for {promise.pay_on}; it counts as broken from {day}.")
    if broken:
        said.append(f"{broken} promises about this invoice were broken.")
    habit = facts.customer.habit
    if habit.promises:
        said.append(f"Keeps {habit.promises_kept} % of promises ({habit.promises} so far).")
    return tuple(said)


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
    plans = terms.policy.plans
    offers = [f"A payment plan of at most {plans.most_instalments} instalments."]
    if facts.invoice.payment_link:
        offers.append(f"Pay by link: {facts.invoice.payment_link}")
    return tuple(offers)
