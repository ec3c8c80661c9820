"""A week in brief: an owner's own accounts and nobody else's, however many there are."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from domain.digests import Account, Week
from models.decision import TaskRequest
from models.events import CallLogged, DisputeOpened, PaymentReceived
from models.tables import FollowUpRow, Promise
from models.vocabulary import CallResult, InvoiceStatus, Status, TaskKind
from store import digest, ledger, tasks, timeline
from store.database import Database
from tests.store.chase import happening, tell
from tests.store.rows import MORNING, TUESDAY, add_customer, add_invoice, follow

MARA, JON = "mara@harbour.example", "jon@harbour.example"
LEADERS = "leaders@harbour.example"


class Firm:
    """Customers and what they owe. Today is Tuesday, 10 March 2026."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._customers: set[str] = set()

    def owe(
        self,
        customer_id: str,
        invoice_id: str,
        amount: str = "1000.00",
        owner: str = MARA,
        late: int = 8,
        pressing: int = 100,
        **more: Any,
    ) -> FollowUpRow:
        """An invoice so many days past due that is followed up."""
        if customer_id not in self._customers:
            add_customer(self.session, customer_id)
            self._customers.add(customer_id)
        due = TUESDAY - timedelta(days=late)
        invoice = add_invoice(
            self.session, invoice_id, amount, due=due, customer_id=customer_id, **more
        )
        _, row = follow(self.session, invoice)
        row.owner_email, row.priority = owner, Decimal(pressing)
        self.session.add(row)
        self.session.flush()
        return row

    def pay(self, invoice_id: str, amount: object, days_ago: int = 1, currency: str = "USD") -> str:
        payment = PaymentReceived(
            event_id=f"{invoice_id}/{days_ago}/{amount}",
            payment_id=f"{invoice_id}/{days_ago}/{amount}",
            amount=amount,
            currency=currency,
            received_on=TUESDAY - timedelta(days=days_ago),
        )
        invoice = happening(self.session, invoice_id).invoice
        ledger.book_payment(self.session, invoice, payment, MORNING)
        self.session.flush()
        return payment.payment_id

    def promise(self, invoice_id: str, pay_on: date, amount: str | None = None) -> None:
        made = Promise(
            invoice_id=invoice_id,
            pay_on=pay_on,
            amount=Decimal(amount) if amount else None,
            made_at=MORNING,
        )
        self.session.add(made)
        self.session.flush()
        self.session.get_one(FollowUpRow, invoice_id).promise_id = made.id
        self.session.flush()

    def ask(self, invoice_id: str, kind: TaskKind, priority: int = 1, why: str = "why") -> None:
        tasks.open_task(
            self.session,
            self.session.get_one(FollowUpRow, invoice_id),
            TaskRequest(kind=kind, why=why),
            MORNING,
            priority=Decimal(priority),
        )
        self.session.flush()

    def note(self, invoice_id: str, kind: str, code: str, days_ago: int = 1) -> None:
        row = self.session.get_one(FollowUpRow, invoice_id)
        at = datetime.combine(TUESDAY - timedelta(days=days_ago), time(12), tzinfo=UTC)
        timeline.note(self.session, row, at, kind, code, "says")

    def week(self, owner: str = MARA, today: date = TUESDAY) -> Week:
        return digest.account(self.session, owner, today)


@pytest.fixture
def firm(blank: Session) -> Firm:
    return Firm(blank)


class TestWhoGetsOne:
    def test_each_owner_of_a_running_follow_up_and_the_leaders_about_everything(
        self, firm: Firm
    ) -> None:
        firm.owe("ACME", "A-1")
        firm.owe("ACME", "A-2")
        firm.owe("BOLT", "B-1", owner=JON)
        firm.owe("CORE", "C-1", owner="")
        firm.owe("DOTS", "D-1", owner="gone@harbour.example").status = Status.CLOSED

        assert digest.recipients(firm.session, LEADERS) == [(JON, JON), (MARA, MARA), (LEADERS, "")]

    def test_a_leader_who_owns_accounts_has_one_digest_of_everything(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", owner=LEADERS)

        assert digest.recipients(firm.session, LEADERS) == [(LEADERS, "")]

    def test_without_leaders_the_owners_alone_have_one(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")

        assert digest.recipients(firm.session, "") == [(MARA, MARA)]


class TestAccounts:
    def test_an_owner_sees_their_own_the_most_pressing_first(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "1000.00", pressing=100)
        firm.owe("BOLT", "B-1", "700.00", pressing=900, late=20)
        firm.owe("CORE", "C-1", owner=JON, pressing=5000)

        assert firm.week().accounts == (
            Account("Bolt Inc.", (("USD", Decimal(700)),), days_late=20, invoices=1),
            Account("Acme Inc.", (("USD", Decimal(1000)),), days_late=8, invoices=1),
        )

    def test_the_leaders_see_all(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        firm.owe("CORE", "C-1", owner=JON, pressing=5000)
        firm.owe("DOTS", "D-1", owner="", pressing=1)

        names = [account.name for account in firm.week(owner="").accounts]
        assert names == ["Core Inc.", "Acme Inc.", "Dots Inc."]

    def test_of_a_customer_that_two_look_after_each_sees_their_part(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "1000.00")
        firm.owe("ACME", "A-2", "30.00", owner=JON, late=40)

        [maras], [jons] = firm.week(MARA).accounts, firm.week(JON).accounts
        assert (maras.open_by_currency, maras.days_late) == ((("USD", Decimal(1000)),), 8)
        assert (jons.open_by_currency, jons.days_late) == ((("USD", Decimal(30)),), 40)

    def test_what_is_owed_is_never_added_across_currencies(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "0.10")
        firm.owe("ACME", "A-2", "0.20")
        firm.owe("ACME", "A-3", "5.00", currency="EUR", late=30)

        [account] = firm.week().accounts
        assert account.open_by_currency == (("EUR", Decimal(5)), ("USD", Decimal("0.30")))
        assert (account.invoices, account.days_late) == (3, 30)

    def test_what_is_not_late_or_not_owed_is_no_account_to_look_at(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", late=0)
        firm.owe("BOLT", "B-1", status=InvoiceStatus.PAID)

        assert firm.week() == Week()

    def test_so_many_are_named_as_one_can_look_at_and_the_most_pressing_are_among_them(
        self, firm: Firm
    ) -> None:
        for number in range(20):
            firm.owe(f"C{number:02}", f"I-{number}", pressing=number)

        accounts = firm.week().accounts
        assert len(accounts) == 15
        assert accounts[0].name == "C19 Inc."


class TestWhatCameIn:
    def test_it_is_told_by_currency_with_the_invoices_it_closed(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "1000.00")
        firm.owe("ACME", "A-2", "1000.00")
        firm.owe("ACME", "A-3", "70.00", currency="EUR")
        firm.owe("CORE", "C-1", owner=JON)
        firm.pay("A-1", 600, days_ago=2)
        firm.pay("A-1", 400)
        firm.pay("A-2", 250)
        firm.pay("A-3", 70, currency="EUR")
        firm.pay("C-1", 1000)

        assert firm.week().paid == (("EUR", Decimal(70), 1), ("USD", Decimal(1250), 1))
        assert firm.week("").paid == (("EUR", Decimal(70), 1), ("USD", Decimal(2250), 2))

    def test_a_week_is_the_seven_days_before_today_so_that_none_is_told_twice(
        self, firm: Firm
    ) -> None:
        firm.owe("ACME", "A-1", "5000.00")
        for days_ago, amount in ((0, 1), (1, 10), (7, 100), (8, 1000)):
            firm.pay("A-1", amount, days_ago)

        assert firm.week().paid == (("USD", Decimal(110), 0),)
        assert firm.week(today=TUESDAY + timedelta(days=7)).paid == (("USD", Decimal(1), 0),)

    def test_money_that_went_back_did_not_come_in(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "1000.00")
        name = firm.pay("A-1", 600)
        invoice = happening(firm.session, "A-1").invoice
        ledger.reverse_payment(firm.session, invoice, name, TUESDAY)

        assert firm.week().paid == ()

    def test_money_that_is_not_placed_has_not_paid_anything(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1", "1000.00")
        firm.pay("A-1", 1200)
        firm.pay("A-1", 500, currency="EUR")

        assert firm.week().paid == (("USD", Decimal(1000), 1),)


class TestWhatHasChanged:
    @pytest.mark.parametrize(
        ("kind", "code", "field"),
        [
            ("promise", "promise_broken", "promises_broken"),
            ("plan", "broken", "plans_broken"),
        ],
    )
    def test_it_is_counted_for_a_week_back_and_for_ones_own(
        self, firm: Firm, kind: str, code: str, field: str
    ) -> None:
        firm.owe("ACME", "A-1")
        firm.owe("CORE", "C-1", owner=JON)
        for days_ago in (0, 1, 7, 8, 30):
            firm.note("A-1", kind, code, days_ago)
        firm.note("C-1", kind, code)
        firm.note("A-1", kind, "another")
        firm.note("A-1", "another", code)

        assert getattr(firm.week(), field) == 2
        assert getattr(firm.week(""), field) == 3
        assert getattr(firm.week(JON), field) == 1

    def test_what_happens_to_an_invoice_is_counted_as_it_is_noted(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        tell(firm.session, DisputeOpened(event_id="1", code="price"), "A-1")

        assert firm.week(today=TUESDAY + timedelta(days=1)).disputes_opened == 1

    def test_a_dispute_told_on_the_phone_counts_like_any_other(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        call = CallLogged(event_id="1", result=CallResult.DISPUTED, code="price")
        tell(firm.session, call, "A-1")

        assert firm.week(today=TUESDAY + timedelta(days=1)).disputes_opened == 1


class TestPromises:
    def test_what_is_promised_for_the_coming_week_is_told_with_its_day(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        firm.owe("ACME", "A-2", currency="EUR")
        firm.owe("BOLT", "B-1")
        firm.owe("CORE", "C-1", owner=JON)
        firm.promise("A-1", date(2026, 3, 17))
        firm.promise("A-2", date(2026, 3, 12), "950.50")
        firm.promise("B-1", date(2026, 3, 18))
        firm.promise("C-1", date(2026, 3, 12))

        assert firm.week().promises_due == (
            "2026-03-12: Acme Inc., invoice A-2, 950.50 EUR",
            "2026-03-17: Acme Inc., invoice A-1",
        )
        assert len(firm.week("").promises_due) == 3

    def test_a_promise_that_holds_no_more_is_not_due(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        firm.promise("A-1", date(2026, 3, 12))
        firm.promise("A-1", date(2026, 3, 13))

        assert firm.week().promises_due == ("2026-03-13: Acme Inc., invoice A-1",)

    def test_nothing_is_due_on_an_invoice_that_is_closed(self, firm: Firm) -> None:
        """A voided invoice may have been promised; nobody waits for that money."""
        firm.owe("ACME", "A-1", status=InvoiceStatus.VOIDED)
        firm.promise("A-1", date(2026, 3, 12))
        firm.session.get_one(FollowUpRow, "A-1").status = Status.CLOSED

        assert firm.week().promises_due == ()

    def test_so_many_are_named_as_fit(self, firm: Firm) -> None:
        for number in range(20):
            firm.owe("ACME", f"A-{number}")
            firm.promise(f"A-{number}", date(2026, 3, 12))

        assert len(firm.week().promises_due) == 15


class TestDecisions:
    def test_what_waits_for_a_decision_is_told_the_most_pressing_first(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        firm.owe("CORE", "C-1", owner=JON)
        firm.ask("A-1", TaskKind.DISPOSITION, 5, "plan, write-off, or agency?")
        firm.ask("A-1", TaskKind.APPROVE, 9, "sign version 1")
        firm.ask("A-1", TaskKind.CALL, 99, "no decision")
        firm.ask("C-1", TaskKind.AGREE_PLAN, 99)

        assert firm.week().decisions == (
            "Acme Inc., invoice A-1, 1,000.00 USD, since 2026-03-10: sign version 1",
            "Acme Inc., invoice A-1, 1,000.00 USD, since 2026-03-10: plan, write-off, or agency?",
        )
        assert len(firm.week("").decisions) == 3

    def test_what_is_decided_waits_no_more(self, firm: Firm) -> None:
        firm.owe("ACME", "A-1")
        firm.ask("A-1", TaskKind.DISPOSITION)
        tasks.close_tasks(firm.session, "A-1", MORNING, "decided: legal")

        assert firm.week().decisions == ()

    def test_so_many_are_named_as_fit(self, firm: Firm) -> None:
        for number in range(20):
            firm.owe("ACME", f"A-{number}")
            firm.ask(f"A-{number}", TaskKind.DISPOSITION, number)

        assert len(firm.week().decisions) == 15


def test_a_digest_takes_as_many_queries_for_many_customers_as_for_one(
    any_database: Database,
) -> None:
    def asked(owner: str) -> int:
        with any_database.reading() as session:
            statements: list[str] = []

            def keep(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
                statements.append(statement)

            event.listen(any_database.engine, "before_cursor_execute", keep)
            digest.account(session, owner, TUESDAY)
            event.remove(any_database.engine, "before_cursor_execute", keep)
            return len(statements)

    def add(count: int, owner: str) -> None:
        with any_database.writing() as session:
            firm = Firm(session)
            for number in range(count):
                name = f"{owner[0]}{number}"
                firm.owe(name, f"{name}-1", owner=owner)
                firm.promise(f"{name}-1", date(2026, 3, 12))
                firm.ask(f"{name}-1", TaskKind.DISPOSITION)
                firm.pay(f"{name}-1", 10)

    add(1, MARA)
    add(40, JON)

    assert asked(MARA) == asked(JON) == asked("") <= 10


def test_a_firm_without_follow_ups_has_a_quiet_week(firm: Firm) -> None:
    assert firm.week() == firm.week("") == Week()
    assert digest.recipients(firm.session, LEADERS) == [(LEADERS, "")]
