"""Who makes a call knows whom to call, what is owed, and what came before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from domain.brief import Callee, OpenInvoice, brief
from models import events
from models.tables import Contact, FollowUpRow
from models.vocabulary import Action, InvoiceStatus, Role, Status, TouchOutcome
from store import briefs, timeline
from tests.store.chase import look, pay, tell
from tests.store.rows import MORNING, RULEBOOK, TUESDAY, acme, add_customer, add_invoice, follow


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    add_customer(blank, "BOLT")
    follow(blank, add_invoice(blank, "B-1", customer_id="BOLT"))
    return blank


def note(session: Session, kind: str, code: str, text: str, days: int = 0) -> None:
    row = session.get_one(FollowUpRow, "INV-1")
    timeline.note(session, row, MORNING + timedelta(days=days), kind, code, text)


def test_everybody_known_at_the_customers_can_be_called(session: Session) -> None:
    session.add(
        Contact(
            customer_id="ACME",
            email="cfo@acme.example",
            name="Kim Ode",
            phone="+1 617",
            role=Role.CFO,
        )
    )
    session.flush()

    assert briefs.callees(session, "ACME") == [
        Callee("Sam Lee", "", "ap@acme.example", Role.AP),
        Callee("Kim Ode", "+1 617", "cfo@acme.example", Role.CFO),
    ]
    assert briefs.callees(session, "NOBODY") == []


def test_all_that_the_customer_owes_stands_the_oldest_first(session: Session) -> None:
    add_invoice(session, "INV-3", "700.00", due=date(2026, 3, 20), currency="EUR")
    add_invoice(session, "INV-2", "30.00", due=date(2026, 2, 2))
    add_invoice(session, "PAID", status=InvoiceStatus.PAID)
    session.get_one(FollowUpRow, "INV-1").status = Status.PROMISED
    session.flush()

    assert briefs.open_invoices(session, "ACME") == [
        OpenInvoice("INV-2", "USD", Decimal(30), date(2026, 2, 2), "not_followed_up"),
        OpenInvoice("INV-1", "USD", Decimal(5000), date(2026, 3, 2), Status.PROMISED),
        OpenInvoice("INV-3", "EUR", Decimal(700), date(2026, 3, 20), "not_followed_up"),
    ]


def test_nothing_that_is_owed_is_left_out_however_much_it_is(session: Session) -> None:
    for number in range(250):
        add_invoice(session, f"I-{number:03}", "1.00")

    assert len(briefs.open_invoices(session, "ACME")) == 251


def test_the_story_ends_with_the_latest(session: Session) -> None:
    tell(session, events.DisputeOpened(event_id="1", code="price", by="Mara"))
    note(session, "touch", TouchOutcome.SENT, "first-notice: letter sent.", days=1)

    assert briefs.story(session, "INV-1") == [
        "2026-03-10 dispute opened: code price, by Mara",
        "2026-03-11 first-notice: letter sent.",
    ]


def test_the_story_is_what_the_customer_heard_and_said_and_not_our_own_doings(
    session: Session,
) -> None:
    note(session, "decision", "not_yet", "Next step second-notice on 2026-03-17.")
    note(session, "escalation", "call", "The backup is told.")
    note(session, "alert", "alert_owner", "The owner is to be told.")
    note(session, "touch", TouchOutcome.SKIPPED, "Step reminder was passed over.")
    tell(session, events.ContextChanged(event_id="1"))
    note(session, "task", "call", "Call accounts payable.")
    note(session, "task", "call_again", "Nobody answered; call again from tomorrow.")
    note(session, "promise", "promise_broken", "The promise to pay was broken.")
    note(session, "plan", "broken", "The payment plan has ended.")
    note(session, "service", "service.suspend", "The service is to be suspended.")
    note(session, "receipt", "thank_you", "thank_you sent.")

    assert briefs.story(session, "INV-1") == [
        "2026-03-10 Nobody answered; call again from tomorrow.",
        "2026-03-10 The promise to pay was broken.",
        "2026-03-10 The payment plan has ended.",
        "2026-03-10 The service is to be suspended.",
        "2026-03-10 thank_you sent.",
    ]


def test_the_story_is_no_longer_than_a_screen(session: Session) -> None:
    for number in range(12):
        note(session, "touch", TouchOutcome.SENT, f"letter {number} " + "and on " * 60, number)

    story = briefs.story(session, "INV-1")
    assert [line[11:20] for line in story] == [f"letter {n} "[:9] for n in range(4, 12)]
    assert max(map(len, story)) <= 240


def test_the_story_of_another_invoice_is_another_story(session: Session) -> None:
    note(session, "touch", TouchOutcome.SENT, "first-notice: letter sent.")

    assert briefs.story(session, "B-1") == []


def test_a_brief_is_put_together_of_all_that_is_kept(session: Session) -> None:
    pay(session, 1000)
    tell(
        session,
        events.PromiseMade(event_id="1", pay_on=date(2026, 3, 20), amount=Decimal(900)),
    )
    followed = look(session)

    told = brief(
        followed.facts,
        RULEBOOK.terms(session, followed),
        MORNING,
        known=briefs.callees(session, "ACME"),
        invoices=briefs.open_invoices(session, "ACME"),
        story=briefs.story(session, "INV-1"),
        what=Action.CALL_AP_CONTACT,
        broken_promises=followed.row.broken_promises,
    )

    assert (told.customer, told.number, told.zone) == ("Acme Inc.", "INV-1", "America/New_York")
    assert [one.email for one in told.callees] == ["ap@acme.example"]
    assert [(currency, amount) for currency, _, amount, _ in told.owed] == [("USD", Decimal(4000))]
    assert "2026-03-20" in told.promises[0]
    assert "4,000.00 USD" in told.ask
    assert [line[11:] for line in told.story][-1].startswith("promise made: pay on 2026-03-20")
    assert told.hours[0].date() == TUESDAY
