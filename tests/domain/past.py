"""Past invoices, small policies and a firm, for tests of the simulator."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.banking_days import Place
from domain.exchange import Rates
from domain.past_ledger import PastInvoice
from domain.receivables import Receipt
from domain.simulation import Course, live_through
from models.facts import Address, CustomerFacts, InvoiceFacts
from models.policy import Grace, Limits, Policy, Step, Thresholds
from models.vocabulary import Action, Channel, Stage, Tone

HOME = Place("US")
RATES = Rates("USD", {"EUR": Decimal("1.10")})


def step(offset: int, stage: Stage, name: str, *actions: Action, mail: bool = True) -> Step:
    """A step `name`, by mail or as a call alone."""
    return Step(
        id=name,
        offset=offset,
        stage=stage,
        tone=Tone.NEUTRAL,
        channel=Channel.MAIL if mail else Channel.CALL,
        template=name if mail else None,
        actions=actions,
    )


STEPS = (
    step(-3, Stage.PRE_DUE, "reminder"),
    step(0, Stage.DUE, "due"),
    step(7, Stage.EARLY, "first"),
    step(14, Stage.EARLY, "second", Action.CALL_AP_CONTACT),
    step(30, Stage.FINAL, "final", Action.ALERT_OWNER),
)


def a_policy(
    steps: Sequence[Step] = STEPS,
    *,
    gap: int = 3,
    most_in_30_days: int = 8,
    a_day: int = 50,
    grace: int = 1,
    **thresholds: Any,
) -> Policy:
    """Those steps; letters leave between 9:00 and 11:30."""
    return Policy(
        name="tried",
        version=1,
        limits=Limits(
            min_days_between_messages=gap,
            messages_per_30_days=most_in_30_days,
            first_day_messages=a_day,
        ),
        grace=Grace(banking_days=grace),
        thresholds=Thresholds(**thresholds),
        steps=tuple(steps),
    )


def owed(
    invoice_id: str,
    due: date,
    *payments: tuple[date, str],
    amount: str = "500.00",
    customer: str = "ACME",
    currency: str = "USD",
    terms: int = 30,
) -> PastInvoice:
    """An invoice issued `terms` days before `due`, and what was paid on which days."""
    return PastInvoice(
        invoice=InvoiceFacts(
            id=invoice_id,
            number=invoice_id,
            currency=currency,
            amount=Decimal(amount),
            amount_open=Decimal(amount),
            base_open=RATES.in_base(Decimal(amount), currency),
            issued_on=due - timedelta(days=terms),
            due_on=due,
        ),
        customer=CustomerFacts(
            id=customer,
            name=customer.title(),
            country="US",
            zone="America/New_York",
            language="en",
            addresses=(Address(email=f"ap@{customer.lower()}.example"),),
        ),
        receipts=tuple(Receipt(day, Decimal(paid)) for day, paid in sorted(payments)),
    )


def lived(
    *invoices: PastInvoice,
    policy: Policy | None = None,
    first: date | None = None,
    last: date | None = None,
) -> Course:
    """How it goes for these invoices at a firm in the United States."""
    return live_through(invoices, policy or a_policy(), HOME, RATES, first=first, last=last)


def letters(course: Course) -> list[tuple[date, str]]:
    """Day and content of every letter, the carrying invoice first: `A first, B due`."""
    return [
        (sent.on, ", ".join(f"{touch.invoice_id} {touch.step}" for touch in sent.touches))
        for sent in course.letters
    ]
