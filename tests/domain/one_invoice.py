"""One invoice in plain values: facts, calendars and moments for tests of the rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain import send_window
from domain.banking_days import BankingCalendar, Place
from domain.decide import decide
from domain.policy_text import parse_policy
from models.decision import Decision
from models.facts import (
    Address,
    ContactHistory,
    CustomerFacts,
    Facts,
    InstalmentFacts,
    InvoiceFacts,
    PlanFacts,
    Progress,
    StepDone,
)
from models.policy import Policy
from models.vocabulary import TouchOutcome

POLICY_FILES = Path(__file__).parents[2] / "policies"
SHIPPED = {
    name: parse_policy((POLICY_FILES / f"{name}.toml").read_text(), f"{name}.toml")
    for name in ("standard", "saas", "key_account", "long_tail")
}
STANDARD = SHIPPED["standard"]

GERMANY = BankingCalendar(Place("DE"), Place("DE"))
AMERICA = BankingCalendar(Place("US"), Place("US"))
DUE = date(2026, 3, 10)  # a Tuesday; with a day of grace, the chase counts from Wednesday the 11th


def march(day: int) -> date:
    return date(2026, 3, day)


def invoice(**changes: Any) -> InvoiceFacts:
    """An open invoice over 5,000 USD, due on `DUE`. `amount_open` is what is open in USD too."""
    fields: dict[str, Any] = {
        "id": "INV-1",
        "number": "2026-001",
        "currency": "USD",
        "amount": Decimal(5000),
        "amount_open": Decimal(5000),
        "issued_on": date(2026, 2, 10),
        "due_on": DUE,
    } | changes
    fields.setdefault("base_open", fields["amount_open"])
    return InvoiceFacts(**fields)


def customer(**changes: Any) -> CustomerFacts:
    """A customer in Germany who can be written to."""
    fields: dict[str, Any] = {
        "id": "ACME",
        "name": "Acme GmbH",
        "country": "DE",
        "zone": "Europe/Berlin",
        "language": "de",
        "addresses": (Address("ap@acme.example"),),
    } | changes
    return CustomerFacts(**fields)


def done(*steps: str, on: date = DUE, outcome: TouchOutcome = TouchOutcome.SENT) -> Progress:
    """Progress with those steps taken, all on one day."""
    return Progress(done=tuple(StepDone(step, outcome, on) for step in steps))


def plan(
    *instalments: tuple[date, int | Decimal],
    agreed_on: date,
    paid: int | Decimal = 0,
    plan_id: int = 7,
) -> PlanFacts:
    """A payment plan of those days and amounts, of which `paid` has come in since."""
    agreed = tuple(
        InstalmentFacts(number, due_on, Decimal(amount))
        for number, (due_on, amount) in enumerate(instalments, start=1)
    )
    return PlanFacts(plan_id, agreed_on, agreed, Decimal(paid))


def known(
    owed: InvoiceFacts | None = None,
    who: CustomerFacts | None = None,
    progress: Progress | None = None,
    contact: ContactHistory | None = None,
) -> Facts:
    """Facts in which what is not given holds nothing up."""
    return Facts(
        owed or invoice(),
        who or customer(),
        progress or Progress(),
        contact or ContactHistory(),
    )


def with_progress(facts: Facts, **changes: Any) -> Facts:
    """`facts` with those of its progress changed."""
    return replace(facts, progress=replace(facts.progress, **changes))


def at(day: date, hour: int, minute: int = 0, zone: str = "Europe/Berlin") -> datetime:
    """That wall time in `zone`, in UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def morning(day: date, facts: Facts, policy: Policy = STANDARD) -> datetime:
    """The customer's own moment in the window of `day`."""
    return send_window.opens(day, facts.customer.zone, policy.window, facts.customer.id)


def asked_on(
    day: date, facts: Facts, policy: Policy = STANDARD, calendar: BankingCalendar = GERMANY
) -> Decision:
    """What is decided at the customer's moment of `day`."""
    return decide(facts, policy, calendar, morning(day, facts, policy))
