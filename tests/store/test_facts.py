"""What `decide` is shown is what was written, and nothing of anybody else's."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from activities.rulebook import Rulebook
from domain.banking_days import Place
from domain.decide import decide
from domain.exchange import Rates
from models.context import CustomerContext
from models.events import PaymentReceived
from models.facts import (
    Address,
    ContactHistory,
    ContextFreshness,
    CustomerFacts,
    DisputeFacts,
    DraftFacts,
    Facts,
    InstalmentFacts,
    InvoiceFacts,
    OwnerQuestion,
    PauseFacts,
    PlanFacts,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.tables import (
    Contact,
    Customer,
    Dispute,
    Draft,
    DraftMember,
    FollowUpRow,
    Instalment,
    Invoice,
    Message,
    Plan,
    Promise,
    Touch,
)
from models.vocabulary import (
    Disposition,
    DraftState,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    Role,
    Stage,
    TouchOutcome,
)
from store import contexts, ledger
from store.database import Database
from store.facts import awake_siblings, followed_invoice
from store.followed import Followed
from tests.store.rows import (
    FILES,
    MORNING,
    RULEBOOK,
    TUESDAY,
    acme,
    add_customer,
    add_invoice,
    follow,
    unplaced,
)

RATES = Rates("USD", {"EUR": Decimal("1.25")})


def look(session: Session, invoice_id: str = "INV-1", now: datetime = MORNING) -> Followed:
    session.flush()
    session.expire_all()
    found = followed_invoice(session, invoice_id, now, RATES)
    assert found is not None
    return found


def touch(session: Session, step: str, outcome: TouchOutcome, **more: Any) -> None:
    values: dict[str, Any] = {"invoice_id": "INV-1", "round": 1, "on": TUESDAY, "at": MORNING}
    known = values | more
    key = f"{known['invoice_id']}/{step}/{known['round']}"
    session.add(Touch(key=key, step=step, stage=Stage.EARLY, outcome=outcome, **known))


def letter(session: Session, day: date, **more: Any) -> None:
    values: dict[str, Any] = {
        "customer_id": "ACME",
        "currency": "USD",
        "stage": Stage.EARLY,
        "claimed_by": "INV-9",
        "claimed_at": MORNING,
        "sent_at": MORNING,
        "total": Decimal(1),
    }
    known = values | more
    session.add(Message(key=f"{known['currency']}/{day}", day=day, **known))


def test_everything_that_is_known_is_shown_as_it_was_written(any_database: Database) -> None:
    """Every fact at once: none is lost, none is taken for another."""
    opened, pay_on = date(2026, 3, 3), date(2026, 3, 20)
    with any_database.writing() as session:
        customer = add_customer(
            session,
            subdivision="NY",
            language="de",
            segment="saas",
            strategic=True,
            insolvent=True,
            legal_hold=True,
            do_not_contact=True,
            owner="robin",
            owner_name="Robin Vale",
            owner_email="robin@harbour.example",
            contract_clauses=["late_fee"],
        )
        unplaced(session, Decimal("12.34"), "EUR")
        session.add(
            Contact(
                customer_id="ACME",
                email="cfo@acme.example",
                name="Kim Ode",
                role=Role.CFO,
                rejected_at=MORNING,
            )
        )
        invoice = add_invoice(
            session,
            amount="5000.00",
            amount_open=Decimal("4000.10"),
            number="2026/17",
            currency="EUR",
            purchase_order="PO-9",
            payment_link="https://pay.example/1",
        )
        _, row = follow(session, invoice, not_before=date(2026, 3, 12), round=2)
        row.shift_days, row.held_step = 4, "first-notice"
        row.paused, row.paused_until, row.pause_note = True, date(2026, 3, 16), "CFO asked"
        row.broken_promises, row.broken_on = 2, opened
        row.dispute_settled = row.plan_broken = row.suspended = True
        row.asked_step, row.answer_by = "first-notice", MORNING
        row.owner_word, row.disposition = OwnerWord.SOFTEN, Disposition.CONTINUE
        row.disposed_on = opened
        dispute = Dispute(
            invoice_id="INV-1",
            amount=Decimal("80.00"),
            code="price",
            line="3",
            opened_on=opened,
        )
        promise = Promise(
            invoice_id="INV-1",
            pay_on=pay_on,
            amount=Decimal("900.00"),
            method=Method.CHEQUE,
            made_at=MORNING,
        )
        plan = Plan(id=7, invoice_id="INV-1", round=2, agreed_at=MORNING, agreed_on=opened)
        draft = Draft(
            id=4,
            key="INV-1/first-notice/2",
            version=3,
            invoice_id="INV-1",
            customer_id="ACME",
            step="first-notice",
            state=DraftState.OPEN,
            total=Decimal(4000),
            currency="EUR",
            requested_at=MORNING,
        )
        session.add_all([dispute, promise, plan, draft])
        session.flush()
        session.add_all(
            [
                Instalment(plan_id=7, number=2, due_on=pay_on, amount=Decimal("2000.10")),
                Instalment(plan_id=7, number=1, due_on=TUESDAY, amount=Decimal(2000)),
                DraftMember(draft_id=4, invoice_id="INV-1", step="first-notice"),
            ]
        )
        row.dispute_id, row.promise_id = dispute.id, promise.id
        row.plan_id, row.draft_id = 7, 4
        session.add(row)
        touch(session, "reminder", TouchOutcome.SENT, round=2, on=opened, warned=True)
        letter(session, opened, currency="EUR")
        assert customer.id == "ACME"

    with any_database.writing() as session:
        found = look(session)
        decision = RULEBOOK.decide(session, found, MORNING)
        terms = RULEBOOK.terms(session, found)

    written = Facts(
        invoice=InvoiceFacts(
            id="INV-1",
            number="2026/17",
            currency="EUR",
            amount=Decimal(5000),
            amount_open=Decimal("4000.10"),
            base_open=Decimal("5000.125"),
            issued_on=date(2026, 1, 31),
            due_on=date(2026, 3, 2),
            status=InvoiceStatus.OPEN,
            purchase_order="PO-9",
            payment_link="https://pay.example/1",
            clauses=frozenset({"late_fee"}),
        ),
        customer=CustomerFacts(
            id="ACME",
            name="Acme Inc.",
            country="US",
            zone="America/New_York",
            language="de",
            subdivision="NY",
            segment="saas",
            strategic=True,
            insolvent=True,
            legal_hold=True,
            do_not_contact=True,
            owner="robin",
            owner_name="Robin Vale",
            owner_email="robin@harbour.example",
            addresses=(
                Address("ap@acme.example", "Sam Lee", Role.AP),
                Address("cfo@acme.example", "Kim Ode", Role.CFO, rejected=True),
            ),
            unapplied_cash=Decimal("12.34"),
        ),
        progress=Progress(
            round=2,
            done=(StepDone("reminder", TouchOutcome.SENT, opened, warned=True),),
            shift_days=4,
            held_step="first-notice",
            not_before=date(2026, 3, 12),
            pause=PauseFacts(date(2026, 3, 16), "CFO asked"),
            dispute=DisputeFacts(opened, Decimal(80), "price", "3"),
            promise=PromiseFacts(pay_on, Method.CHEQUE, Decimal(900), Decimal(0)),
            plan=PlanFacts(
                id=7,
                agreed_on=opened,
                instalments=(
                    InstalmentFacts(1, TUESDAY, Decimal(2000)),
                    InstalmentFacts(2, pay_on, Decimal("2000.10")),
                ),
            ),
            draft=DraftFacts("first-notice", 3, DraftState.OPEN, is_current=False),
            question=OwnerQuestion("first-notice", MORNING, OwnerWord.SOFTEN),
            broken_promises=2,
            broken_on=opened,
            settled=True,
            plan_broken=True,
            suspended=True,
            disposition=Disposition.CONTINUE,
            disposed_on=opened,
        ),
        contact=ContactHistory(opened, (opened,)),
    )
    assert found.facts == written
    assert not found.claimed
    assert decision == decide(written, terms.policy, terms.calendar, MORNING)
    assert decision.reason is Reason.INSOLVENCY


def test_of_an_invoice_that_nobody_follows_up_there_are_no_facts(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session)

        assert followed_invoice(session, "INV-1", MORNING, RATES) is None
        assert followed_invoice(session, "INV-9", MORNING, RATES) is None


def test_a_currency_without_a_rate_has_no_worth_in_ours(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        follow(session, add_invoice(session, currency="CHF"))

        assert look(session).facts.invoice.base_open is None


def test_only_the_touches_of_this_round_count(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        row.round = 2
        follow(session, add_invoice(session, "INV-2"))
        touch(session, "reminder", TouchOutcome.SENT, round=1)
        touch(session, "due-notice", TouchOutcome.SKIPPED, round=2)
        touch(session, "first-notice", TouchOutcome.SENT, invoice_id="INV-2")

        done = look(session).facts.progress.done

    assert done == (StepDone("due-notice", TouchOutcome.SKIPPED, TUESDAY),)


def test_a_claimed_touch_is_not_done_yet(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        touch(session, "due-notice", TouchOutcome.COVERED)
        touch(session, "first-notice", TouchOutcome.CLAIMED, message_key="M")

        found = look(session)

    assert [step.step for step in found.facts.progress.done] == ["due-notice"]
    assert found.claimed == {"first-notice"}


def test_a_pause_without_a_date_is_a_pause_and_none_is_none(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        assert look(session).facts.progress.pause is None

        row.paused = True
        session.add(row)
        assert look(session).facts.progress.pause == PauseFacts(None, "")


@pytest.mark.parametrize(
    ("paid", "since"),
    [
        ([(-1, "100", False)], "0"),
        ([(0, "100", False)], "100"),
        ([(1, "100.10", False), (2, "200.20", False)], "300.30"),
        ([(1, "100", False), (2, "200", True)], "100"),
    ],
    ids=["before it", "at its moment", "after it", "taken back"],
)
def test_what_was_paid_since_a_promise_counts_for_it(
    any_database: Database, paid: list[tuple[int, str, bool]], since: str
) -> None:
    with any_database.writing() as session:
        invoice, row = acme(session)
        promise = Promise(invoice_id="INV-1", pay_on=TUESDAY, made_at=MORNING)
        session.add(promise)
        session.flush()
        row.promise_id = promise.id
        session.add(row)
        for hours, amount, taken_back in paid:
            payment = PaymentReceived(
                event_id="e",
                payment_id=f"P{hours}",
                amount=Decimal(amount),
                currency="USD",
                received_on=TUESDAY,
            )
            ledger.book_payment(session, invoice, payment, MORNING + timedelta(hours=hours))
            if taken_back:
                session.flush()
                ledger.reverse_payment(session, invoice, payment.payment_id, TUESDAY)

        promised = look(session).facts.progress.promise

    assert promised is not None
    assert promised.paid_since == Decimal(since)


def test_letters_count_per_currency_for_the_gap_and_together_for_the_cap(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        acme(session)
        add_customer(session, "BOLT")
        letter(session, date(2026, 3, 3))
        letter(session, date(2026, 3, 9), currency="EUR")
        letter(session, date(2026, 3, 10), customer_id="BOLT", currency="CHF")
        letter(session, date(2025, 11, 1))

        contact = look(session).facts.contact

    assert contact.last_message_on == date(2026, 3, 3)
    assert sorted(contact.messages_30_days) == [date(2026, 3, 3), date(2026, 3, 9)]


def test_a_letter_that_asks_for_nothing_uses_up_no_day(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        letter(session, TUESDAY, chases=False)

        assert look(session).facts.contact == ContactHistory()


def test_a_plan_of_an_earlier_day_is_filled_by_what_came_since(any_database: Database) -> None:
    with any_database.writing() as session:
        invoice, row = acme(session)
        plan = Plan(invoice_id="INV-1", round=1, agreed_at=MORNING, agreed_on=TUESDAY)
        session.add(plan)
        session.flush()
        row.plan_id = plan.id
        session.add(row)
        for number, hours in enumerate((-1, 1)):
            payment = PaymentReceived(
                event_id=f"P-{number}",
                payment_id=f"P-{number}",
                amount=Decimal(100 + number),
                currency="USD",
                received_on=TUESDAY,
            )
            ledger.book_payment(session, invoice, payment, MORNING + timedelta(hours=hours))

        facts = look(session).facts.progress.plan

    assert facts is not None
    assert facts.paid_since == 101


def test_what_is_known_of_the_customer_lies_over_the_register(any_database: Database) -> None:
    """Each invoice is shown it, the one asked about like the siblings beside it."""
    asked_of = Rulebook(FILES, Place("US"), connected="hubspot")
    with any_database.writing() as session:
        invoice, _ = acme(session)
        follow(session, add_invoice(session, "INV-2"))
        for row in session.exec(select(FollowUpRow)):
            row.next_at = MORNING
        said = CustomerContext(
            owner_email="mara@harbour.example",
            strategic=True,
            renewal_under_way=True,
            backup_email="ben@harbour.example",
        )
        customer = session.get_one(Customer, "ACME")
        contexts.keep(session, customer, "hubspot", said, MORNING - timedelta(hours=1))

        found = asked_of.find(session, "INV-1", MORNING)
        assert found is not None
        [sibling] = asked_of.siblings(session, found, MORNING)

    for one in (found, sibling):
        customer_facts = one.facts.customer
        assert (customer_facts.owner, customer_facts.owner_email) == (
            "mara",
            "mara@harbour.example",
        )
        assert customer_facts.strategic is True
        assert customer_facts.delicate == {Reason.RENEWAL_UNDER_WAY}
        assert customer_facts.context == ContextFreshness(
            "hubspot", MORNING - timedelta(hours=1), MORNING - timedelta(hours=1)
        )
        assert one.context.backup_email == "ben@harbour.example"
        assert one.customer.owner_email == ""  # the register's own word stays as it is
    assert invoice.id == "INV-1"


def test_a_letter_claimed_by_a_sibling_counts_before_it_has_left_ones_own_does_not(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        acme(session)
        follow(session, add_invoice(session, "INV-2"))
        letter(session, TUESDAY, claimed_by="INV-1", sent_at=None)

        own, siblings = look(session), look(session, "INV-2")

    assert own.facts.contact.last_message_on is None
    assert siblings.facts.contact.last_message_on == TUESDAY


def test_siblings_are_the_customers_other_open_invoices_in_the_currency(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        invoice, _ = acme(session)
        add_customer(session, "BOLT")
        for invoice_id, more in {
            "SIBLING": {},
            "EUROS": {"currency": "EUR"},
            "PAID": {"status": InvoiceStatus.PAID},
            "ELSEWHERE": {"customer_id": "BOLT"},
            "CLOSED": {},
        }.items():
            follow(session, add_invoice(session, invoice_id, **more))  # type: ignore[arg-type]
        session.get_one(FollowUpRow, "CLOSED").status = "closed"  # type: ignore[assignment]
        add_invoice(session, "UNFOLLOWED")
        follow(session, add_invoice(session, "ASLEEP"))
        for row in session.exec(select(FollowUpRow)):
            row.next_at = MORNING
        session.get_one(FollowUpRow, "ASLEEP").next_at = MORNING + timedelta(minutes=1)
        session.flush()
        touch(session, "reminder", TouchOutcome.SENT, invoice_id="SIBLING")

        siblings = awake_siblings(session, session.get_one(Invoice, invoice.id), MORNING, RATES)

    assert [one.invoice.id for one in siblings] == ["SIBLING"]
    assert [step.step for step in siblings[0].facts.progress.done] == ["reminder"]
    assert siblings[0].facts.customer.name == "Acme Inc."


def test_clauses_of_the_contract_are_the_customers(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        session.get_one(Customer, "ACME").contract_clauses = ["suspension", "late_fee"]

        assert look(session).facts.invoice.clauses == {"suspension", "late_fee"}


@pytest.mark.parametrize(
    ("said", "counts"),
    [(None, {"late_fee"}), (("suspension",), {"suspension"}), ((), set())],
    ids=["nothing", "another", "that there is none"],
)
def test_what_is_said_of_the_contract_goes_before_the_register(
    any_database: Database, said: tuple[str, ...] | None, counts: set[str]
) -> None:
    with any_database.writing() as session:
        acme(session)
        customer = session.get_one(Customer, "ACME")
        customer.contract_clauses = ["late_fee"]
        context = CustomerContext(contract_clauses=said, strategic=True)
        contexts.keep(session, customer, "staff", context, MORNING)

        assert look(session).facts.invoice.clauses == counts
