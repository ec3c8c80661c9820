"""The demo's figures can tell a letter before a payment from one after it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from demo.figures import Promptness, promptness
from models.tables import FollowUpRow, Invoice, Message, TimelineEntry, Touch
from models.vocabulary import InvoiceStatus, Stage, Status, TouchOutcome
from store.database import Database
from tests.store.rows import add_customer, add_invoice

AT = datetime(2026, 3, 10, 15, 25, tzinfo=UTC)
LETTER, COVERED = ("touch", "sent"), ("touch", "covered")
FAILED = ("touch", "failed")
PAYMENT, REVERSAL = ("event", "payment_received"), ("event", "payment_reversed")


def an_invoice(database: Database, *lines: tuple[str, str], paid: bool = True) -> None:
    """An invoice with this timeline, all of it at one time of the demo's clock."""
    with database.writing() as session:
        add_customer(session)
        add_invoice(session)
        if paid:
            session.get_one(Invoice, "INV-1").status = InvoiceStatus.PAID
        session.add(
            FollowUpRow(
                invoice_id="INV-1",
                customer_id="ACME",
                policy="standard",
                policy_version=1,
                status=Status.CLOSED if paid else Status.ACTIVE,
                opened_at=AT,
            )
        )
        for number, (kind, code) in enumerate(lines):
            if kind == "touch":
                hand_over(session, f"INV-1/{number}/1", TouchOutcome(code))
            line = TimelineEntry(invoice_id="INV-1", round=1, at=AT, kind=kind, code=code, text="")
            session.add(line)
            session.flush()


def hand_over(session: Session, key: str, outcome: TouchOutcome) -> None:
    """A letter goes to the mail server, after all that the timeline knows by then."""
    last = session.exec(select(func.max(TimelineEntry.id))).one()
    session.add(
        Message(
            key=key,
            customer_id="ACME",
            currency="USD",
            day=AT.date(),
            stage=Stage.EARLY,
            total=Decimal(0),
            chases=False,
            claimed_by="INV-1",
            claimed_at=AT,
            handed_over_after=last or 0,
            sent_at=AT,
        )
    )
    session.flush()
    session.add(
        Touch(
            key=key,
            invoice_id="INV-1",
            round=1,
            step=key,
            stage=Stage.EARLY,
            outcome=outcome,
            message_key=key,
            on=AT.date(),
            at=AT,
        )
    )


@pytest.mark.parametrize(
    ("lines", "after"),
    [
        ([LETTER, PAYMENT], 0),
        ([PAYMENT, LETTER], 1),
        ([PAYMENT, COVERED], 1),
        ([PAYMENT, FAILED], 0),
        ([PAYMENT, LETTER, PAYMENT, LETTER, COVERED], 2),
        ([PAYMENT, REVERSAL, LETTER, PAYMENT], 0),
        ([LETTER], 0),
    ],
)
def test_a_letter_is_late_when_it_was_handed_over_after_the_last_payment(
    database: Database, lines: list[tuple[str, str]], after: int
) -> None:
    an_invoice(database, *lines)

    with database.reading() as session:
        assert promptness(session) == Promptness(paid=1, closed=1, after=after)


def test_a_letter_about_what_is_not_paid_up_is_not_late(database: Database) -> None:
    an_invoice(database, PAYMENT, LETTER, paid=False)

    with database.reading() as session:
        assert promptness(session) == Promptness(paid=0, closed=0, after=0)
