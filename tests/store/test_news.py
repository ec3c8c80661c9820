"""What providers tell counts once, in whatever order it comes, and no cent appears or vanishes."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models import billing
from models.billing import News, Share
from models.ledger import CustomerRow, InvoiceRow
from models.tables import (
    CashReceipt,
    Credit,
    Customer,
    CustomerCash,
    Invoice,
    Payment,
    PaymentMeans,
    Telling,
)
from models.vocabulary import CashState, InvoiceStatus, Method
from store import ledger
from store.database import Database
from store.news import apply_news
from tests.postgres import undone as undone_afterwards
from tests.store.rows import MORNING, add_customer, add_invoice

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
SOURCE = "stripe"


def stated(
    minutes: int,
    amount_open: str,
    status: InvoiceStatus = InvoiceStatus.OPEN,
    invoice_id: str = "in_1",
    **more: Any,
) -> billing.InvoiceStated:
    """An invoice over 100 dollars as Stripe has it, so many minutes after noon."""
    values: dict[str, Any] = {
        "id": invoice_id,
        "number": f"A-{invoice_id}",
        "customer_id": "cus_1",
        "currency": "USD",
        "amount": Decimal(100),
        "amount_open": Decimal(amount_open),
        "issued_on": date(2026, 2, 1),
        "due_on": date(2026, 3, 2),
        "status": status,
    }
    return billing.InvoiceStated(
        as_of=NOON + timedelta(minutes=minutes),
        invoice=InvoiceRow(**(values | more)),
        customer=CustomerRow(id="cus_1", name="Acme Inc.", country="US"),
    )


def paid(
    minutes: int, amount: str, payment_id: str = "pi_1", invoice: str = "in_1", **more: Any
) -> billing.PaymentSettled:
    values: dict[str, Any] = {
        "payment_id": payment_id,
        "happened_at": NOON + timedelta(minutes=minutes),
        "received_on": date(2026, 3, 9),
        "amount": Decimal(amount),
        "currency": "USD",
        "method": Method.CARD,
        "shares": (Share(invoice=(invoice,), amount=Decimal(amount)),),
        "customer_id": "cus_1",
    }
    return billing.PaymentSettled(**(values | more))


def returned(payment_id: str = "pi_1") -> billing.PaymentReturned:
    return billing.PaymentReturned(
        return_id=f"back/{payment_id}",
        payment_id=payment_id,
        happened_at=NOON + timedelta(days=2),
        returned_on=date(2026, 3, 11),
    )


def refunded(amount: str, refund_id: str = "re_1") -> billing.PaymentRefunded:
    return billing.PaymentRefunded(
        refund_id=refund_id,
        payment_id="pi_1",
        happened_at=NOON + timedelta(days=1),
        refunded_on=date(2026, 3, 10),
        amount=Decimal(amount),
        currency="USD",
    )


def under_way(minutes: int, amount: str = "100") -> billing.PaymentUnderWay:
    return billing.PaymentUnderWay(
        payment_id="pi_1",
        happened_at=NOON + timedelta(minutes=minutes),
        since=date(2026, 3, 9),
        amount=Decimal(amount),
        currency="USD",
        method=Method.SEPA,
        shares=(Share(invoice=("in_1",), amount=Decimal(amount)),),
    )


def declined(minutes: int, **more: Any) -> billing.PaymentDeclined:
    return billing.PaymentDeclined(
        attempt_id=f"ev_{minutes}",
        payment_id="pi_1",
        happened_at=NOON + timedelta(minutes=minutes),
        failed_on=date(2026, 3, 9),
        **more,
    )


def shares(**amounts: str) -> tuple[Share, ...]:
    """So much for each invoice."""
    return tuple(Share(invoice=(name,), amount=Decimal(amount)) for name, amount in amounts.items())


def undone(amount: str) -> billing.PaymentRefunded:
    return refunded(amount).model_copy(update={"is_undone": True})


def contested(amount: str = "100", **more: Any) -> billing.ChargeContested:
    return billing.ChargeContested(
        contest_id="dp_1",
        payment_id="pi_1",
        happened_at=NOON + timedelta(days=3),
        opened_on=date(2026, 3, 12),
        amount=Decimal(amount),
        currency="USD",
        code="fraudulent",
        **more,
    )


def contest_won() -> billing.ContestEnded:
    return billing.ContestEnded(
        contest_id="dp_1",
        payment_id="pi_1",
        happened_at=NOON + timedelta(days=30),
        ended_on=date(2026, 4, 9),
        amount=Decimal(100),
        currency="USD",
        is_won=True,
    )


def credited(amount: str, credit_id: str = "cn_1", invoice: str = "in_1") -> billing.CreditIssued:
    return billing.CreditIssued(
        credit_id=credit_id,
        happened_at=NOON + timedelta(hours=2),
        issued_on=date(2026, 3, 9),
        amount=Decimal(amount),
        currency="USD",
        shares=(Share(invoice=(invoice,), amount=Decimal(amount)),),
        customer_id="cus_1",
    )


class Books:
    """A database that is told news, as the intake tells it: what must wait is told again later."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.waiting: list[News] = []

    def hear(self, *news: News) -> None:
        for one in news:
            self._apply(one)
            before = -1
            while len(self.waiting) != before:  # one that came may be what the next waits for
                before = len(self.waiting)
                held, self.waiting = self.waiting, []
                for waits in held:
                    self._apply(waits)

    def _apply(self, news: News) -> None:
        if apply_news(self.session, SOURCE, [news], MORNING).awaits:
            self.waiting.append(news)

    def invoice(self, invoice_id: str = "in_1") -> Invoice:
        return self.session.get_one(Invoice, invoice_id)

    @property
    def open(self) -> Decimal:
        return self.invoice().amount_open

    @property
    def tellings(self) -> list[str]:
        rows = self.session.exec(select(Telling).order_by(col(Telling.id))).all()
        return [row.event["kind"] for row in rows]

    @property
    def cash(self) -> CustomerCash | None:
        return self.session.get(CustomerCash, ("cus_1", "USD"))

    def check(self) -> None:
        """Open is what was invoiced less what is settled, credited and paid; a receipt is what is
        placed, given back and left of it."""
        for invoice in self.session.exec(select(Invoice)):
            stands = [
                one
                for one in self.session.exec(select(Payment))
                if one.invoice_id == invoice.id and one.reversed_on is None
            ]
            notes = [
                one
                for one in self.session.exec(select(Credit))
                if one.invoice_id == invoice.id and one.voided_on is None
            ]
            applied = sum((one.applied for one in stands), Decimal(0))
            lowered = sum((one.applied for one in notes), Decimal(0))
            if invoice.status in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
                left = invoice.amount - invoice.settled_elsewhere - lowered - applied
                assert invoice.amount_open == max(Decimal(0), left)
                assert (invoice.amount_open == 0) == (invoice.status is InvoiceStatus.PAID)
        for receipt in self.session.exec(select(CashReceipt)):
            placed = sum(
                (
                    one.applied
                    for one in self.session.exec(select(Payment))
                    if one.receipt_key == receipt.key
                    and one.reversed_on is None
                    and not one.is_under_way
                ),
                Decimal(0),
            )
            assert receipt.placed == placed
            assert receipt.amount == receipt.placed + receipt.gone + receipt.refunded + _left(
                receipt
            )


def _left(receipt: CashReceipt) -> Decimal:
    """What is neither placed nor gone nor given back, which is never less than nothing."""
    left = receipt.amount - receipt.placed - receipt.gone - receipt.refunded
    assert left >= 0
    return left


def told(session: Session, *news: News) -> Books:
    books = Books(session)
    books.hear(*news)
    books.check()
    return books


def test_an_invoice_that_a_provider_tells_of_is_in_the_register(blank: Session) -> None:
    books = told(blank, stated(0, "100"))

    assert (int(books.open), books.invoice().source) == (100, SOURCE)


def test_paid_before_finalised_stays_paid(blank: Session) -> None:
    books = told(blank, stated(5, "0", InvoiceStatus.PAID), stated(0, "100"))

    assert (int(books.open), books.invoice().status) == (0, InvoiceStatus.PAID)


def test_of_one_second_the_end_wins_over_the_opening(blank: Session) -> None:
    books = told(blank, stated(0, "0", InvoiceStatus.PAID), stated(0, "100"))

    assert books.invoice().status is InvoiceStatus.PAID


def test_an_invoice_that_is_no_more_is_voided_and_an_unknown_one_is_ignored(
    blank: Session,
) -> None:
    def gone(invoice_id: str) -> billing.InvoiceStated:
        return stated(5, "0", invoice_id=invoice_id, currency="XXX", customer_id="").model_copy(
            update={"is_gone": True, "customer": None}
        )

    books = told(blank, stated(0, "100"), gone("in_1"), gone("in_2"))

    assert books.invoice().status is InvoiceStatus.VOIDED
    assert (books.invoice().currency, books.invoice().customer_id) == ("USD", "cus_1")
    assert blank.get(Invoice, "in_2") is None


def test_a_payment_and_the_balance_that_counts_it_are_one(blank: Session) -> None:
    books = told(blank, stated(0, "100"), stated(10, "60"), paid(10, "40"))

    assert books.open == 60


def test_a_payment_after_the_balance_lowers_it(blank: Session) -> None:
    books = told(blank, stated(0, "100"), stated(10, "60"), paid(11, "40", "pi_2"))

    assert books.open == 20


def test_a_payment_for_an_invoice_nobody_knows_waits_for_it(blank: Session) -> None:
    books = told(blank, paid(5, "100"))
    assert books.waiting

    books.hear(stated(0, "100"))

    assert books.open == 0
    assert books.waiting == []
    books.check()


def test_a_payment_told_five_times_counts_once(blank: Session) -> None:
    books = told(blank, stated(0, "100"), *[paid(5, "30")] * 5)

    assert books.open == 70
    assert books.tellings.count("payment_received") == 1


def test_two_payments_that_are_too_much_leave_the_rest_with_the_customer(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), paid(6, "100", "pi_2"))

    assert books.open == 0
    assert books.cash is not None
    assert books.cash.unapplied == 100


def test_one_payment_for_three_invoices_stands_on_all_of_them(blank: Session) -> None:
    names = ("in_1", "in_2", "in_3")
    shares = tuple(Share(invoice=(name,), amount=Decimal(100)) for name in names)
    books = told(blank, *[stated(0, "100", invoice_id=one) for one in names])

    books.hear(paid(5, "300", shares=shares))

    assert [books.invoice(one).amount_open for one in names] == [0, 0, 0]
    books.check()


def test_of_a_payment_whose_other_invoice_is_unknown_the_known_one_is_paid_at_once(
    blank: Session,
) -> None:
    shares = tuple(Share(invoice=(name,), amount=Decimal(100)) for name in ("in_1", "in_2"))
    books = told(blank, stated(0, "100"), paid(5, "200", shares=shares))

    assert books.open == 0
    assert len(books.waiting) == 1
    books.hear(stated(0, "100", invoice_id="in_2"))
    assert books.invoice("in_2").amount_open == 0
    books.check()


def test_a_returned_payment_opens_the_invoice_again(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), returned())

    assert books.open == 100
    assert books.tellings[-1] == "payment_reversed"


def test_a_return_before_its_payment_waits_for_it(blank: Session) -> None:
    books = told(blank, stated(0, "100"), returned(), paid(5, "100"))

    assert books.open == 100


def test_a_refund_is_not_asked_for_again(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), refunded("40"))

    assert books.open == 0
    assert books.session.get_one(Credit, "refund/pi_1/in_1").amount == 40


def test_a_refund_takes_what_was_too_much_first(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "130"), refunded("30"))

    assert books.session.exec(select(Credit)).all() == []
    assert books.cash is not None
    assert books.cash.unapplied == 0


def test_a_chargeback_opens_the_invoice_and_is_told_as_a_dispute_first(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), contested())

    assert books.open == 100
    assert books.tellings[-2:] == ["dispute_opened", "payment_reversed"]


def test_an_inquiry_takes_no_money(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), contested(takes_money=False))

    assert books.open == 0


def test_a_chargeback_that_is_won_is_paid_again(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), contested(), contest_won())

    assert books.open == 0
    assert books.tellings[-1] == "dispute_resolved"


def test_a_credit_note_lowers_what_is_open_and_a_void_raises_it(blank: Session) -> None:
    books = told(blank, stated(0, "100"), credited("30"))
    assert books.open == 70

    books.hear(
        billing.CreditVoided(credit_id="cn_1", happened_at=NOON, voided_on=date(2026, 3, 10))
    )

    assert books.open == 100
    books.check()


def test_money_under_way_is_seen_and_settles_under_the_same_id(blank: Session) -> None:
    under_way = billing.PaymentUnderWay(
        payment_id="pi_1",
        happened_at=NOON,
        since=date(2026, 3, 9),
        amount=Decimal(100),
        currency="USD",
        method=Method.SEPA,
        shares=(Share(invoice=("in_1",), amount=Decimal(100)),),
    )
    books = told(blank, stated(0, "100"), under_way)
    assert books.open == 100
    assert books.invoice().under_way == 100
    assert books.invoice().under_way_since == date(2026, 3, 9)

    books.hear(paid(60, "100"))

    assert books.open == 0
    assert books.invoice().under_way == 0
    books.check()


def test_a_debit_that_fails_is_no_longer_under_way(blank: Session) -> None:
    under_way = billing.PaymentUnderWay(
        payment_id="pi_1",
        happened_at=NOON,
        since=date(2026, 3, 9),
        amount=Decimal(100),
        currency="USD",
        shares=(Share(invoice=("in_1",), amount=Decimal(100)),),
    )
    declined = billing.PaymentDeclined(
        attempt_id="ev_1",
        payment_id="pi_1",
        happened_at=NOON,
        failed_on=date(2026, 3, 11),
        amount=Decimal(100),
    )
    books = told(blank, stated(0, "100"), under_way, declined)

    assert books.open == 100
    assert books.invoice().under_way == 0
    assert "payment_failed" in books.tellings


def test_the_same_invoice_by_two_roads_is_one(blank: Session) -> None:
    add_customer(blank)
    add_invoice(blank, "INV-7", amount="100.00")

    books = told(blank, stated(0, "60", number="INV-7"))

    assert [one.id for one in blank.exec(select(Invoice))] == ["INV-7"]
    assert books.invoice("INV-7").amount_open == 60


def test_a_signal_and_a_webhook_about_one_payment_count_once(blank: Session) -> None:
    add_customer(blank)
    add_invoice(blank, "in_1", amount="100.00")
    blank.add(
        Payment(
            id="pi_1",
            invoice_id="in_1",
            currency="USD",
            amount=Decimal(40),
            applied=Decimal(40),
            received_on=date(2026, 3, 9),
            recorded_at=MORNING,
        )
    )
    ledger.settle(blank, blank.get_one(Invoice, "in_1"))

    books = told(blank, paid(5, "40"))

    assert len(books.session.exec(select(Payment)).all()) == 1


def test_a_card_told_of_later_replaces_what_was_known(blank: Session) -> None:
    def card(minutes: int, state: billing.MeansState) -> billing.MeansStated:
        return billing.MeansStated(
            provider="stripe",
            reference="pm_1",
            as_of=NOON + timedelta(minutes=minutes),
            state=state,
            customer_id="cus_1",
        )

    told(blank, card(5, billing.MeansState.REVOKED), card(0, billing.MeansState.USABLE))

    assert blank.get_one(PaymentMeans, ("stripe", "pm_1")).state is billing.MeansState.REVOKED


def test_a_chargeback_about_a_part_takes_that_part(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), contested("40"))

    assert books.open == 40
    [dispute] = [
        one.event for one in blank.exec(select(Telling)) if one.event["kind"] == "dispute_opened"
    ]
    assert Decimal(dispute["amount"]) == 40


def test_of_a_payment_for_three_a_chargeback_takes_from_the_last(blank: Session) -> None:
    names = ("in_1", "in_2", "in_3")
    books = told(blank, *[stated(0, "100", invoice_id=one) for one in names])

    books.hear(paid(5, "300", shares=shares(in_1="100", in_2="100", in_3="100")), contested("50"))

    assert [books.invoice(one).amount_open for one in names] == [0, 0, 50]
    books.check()


def test_of_two_chargebacks_the_one_that_is_won_comes_back(blank: Session) -> None:
    other = contested("50").model_copy(update={"contest_id": "dp_2"})
    won = contest_won().model_copy(update={"amount": Decimal(50)})
    books = told(blank, stated(0, "100"), paid(5, "100"), contested("50"), other, won)

    assert books.open == 50


def test_a_settlement_read_again_does_not_undo_a_chargeback(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), contested(), paid(60_000, "100"))

    assert books.open == 100


def test_a_payment_moved_to_another_invoice_moves(blank: Session) -> None:
    books = told(
        blank,
        stated(0, "100"),
        stated(0, "100", invoice_id="in_2"),
        paid(5, "100"),
        paid(9, "100", invoice="in_2"),
    )

    assert [books.invoice(one).amount_open for one in ("in_1", "in_2")] == [100, 0]


def test_a_payment_whose_share_grows_grows(blank: Session) -> None:
    books = told(
        blank,
        stated(0, "100"),
        paid(5, "100", shares=shares(in_1="60")),
        paid(6, "100", shares=shares(in_1="100")),
    )

    assert books.open == 0
    assert books.cash is None or books.cash.unapplied == 0


def test_two_shares_for_one_invoice_add_up(blank: Session) -> None:
    twice = (*shares(in_1="60"), *shares(in_1="40"))

    assert told(blank, stated(0, "100"), paid(5, "100", shares=twice)).open == 0


def test_a_payment_whose_amount_was_mended_is_what_it_is_now(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), paid(9, "60"))

    assert books.open == 40


def test_a_share_that_never_comes_does_not_hold_up_the_return(blank: Session) -> None:
    books = told(
        blank, stated(0, "100"), paid(5, "200", shares=shares(in_1="100", in_9="100")), returned()
    )

    assert books.open == 100


def test_a_decline_without_a_currency_does_not_spoil_the_payment(blank: Session) -> None:
    assert told(blank, stated(0, "100"), declined(0), paid(10, "100")).open == 0


def test_a_second_attempt_travels_although_the_first_was_declined(blank: Session) -> None:
    books = told(blank, stated(0, "100"), under_way(0), declined(5), under_way(10))
    assert books.invoice().under_way == 100

    books.hear(declined(5))

    assert books.invoice().under_way == 100


def test_of_a_second_attempt_over_less_only_that_is_paid(blank: Session) -> None:
    books = told(blank, stated(0, "100"), under_way(0), declined(5), paid(10, "60"))

    assert (books.open, books.invoice().under_way) == (Decimal(40), Decimal(0))


def test_a_part_that_settles_ends_what_was_under_way(blank: Session) -> None:
    books = told(blank, stated(0, "100"), under_way(0, "60"), paid(5, "60", is_whole=False))

    assert (books.open, books.invoice().under_way) == (Decimal(40), Decimal(0))


def test_a_return_that_is_older_than_the_settlement_changes_nothing(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), paid(60 * 24 * 3, "100"), returned())

    assert books.open == 0


def test_a_credit_note_under_a_full_payment_counts_once_the_money_is_gone(blank: Session) -> None:
    assert told(blank, stated(0, "100"), paid(5, "100"), credited("30"), returned()).open == 70


def test_a_credit_note_told_again_is_what_it_was_told_last(blank: Session) -> None:
    more = credited("50").model_copy(update={"happened_at": NOON + timedelta(hours=3)})

    assert told(blank, stated(0, "100"), credited("30"), more).open == 50


def test_one_number_of_two_customers_is_two_invoices(blank: Session) -> None:
    add_customer(blank)
    add_invoice(blank, "INV-7", amount="100.00")

    books = told(
        blank,
        stated(0, "0", InvoiceStatus.PAID, number="INV-7").model_copy(
            update={"customer": CustomerRow(id="cus_1", name="Somebody Else", country="US")}
        ),
    )

    assert books.invoice("INV-7").amount_open == 100


def test_a_payment_finds_the_invoice_that_goes_by_another_id_here(blank: Session) -> None:
    add_customer(blank)
    add_invoice(blank, "INV-7", amount="100.00")

    books = told(blank, stated(0, "100", number="INV-7"), paid(5, "100"))

    assert books.invoice("INV-7").amount_open == 0


def test_an_older_statement_of_another_system_does_not_reopen(blank: Session) -> None:
    books = told(blank, stated(10, "0", InvoiceStatus.PAID))
    late = stated(5, "100")

    apply_news(blank, "quickbooks", [late], MORNING)

    assert books.open == 0


def test_what_stays_paid_at_the_provider_after_a_return_is_open_here(blank: Session) -> None:
    ended = InvoiceStatus.PAID
    books = told(
        blank,
        stated(0, "100"),
        paid(5, "100"),
        stated(5, "0", ended),
        returned(),
        stated(5000, "0", ended),
    )

    assert books.open == 100


def test_money_of_a_customer_not_known_yet_holds_their_chase_once_they_are(blank: Session) -> None:
    books = told(blank, paid(5, "100", shares=()), stated(0, "100"))

    assert books.cash is not None
    assert books.cash.unapplied == 100


def test_older_words_about_a_customer_change_nothing(blank: Session) -> None:
    def named(minutes: int, name: str) -> billing.CustomerStated:
        return billing.CustomerStated(
            as_of=NOON + timedelta(minutes=minutes),
            customer=CustomerRow(id="cus_1", name=name, country="US"),
        )

    told(blank, named(5, "New Inc."), named(0, "Old Inc."))

    assert blank.get_one(Customer, "cus_1").name == "New Inc."


def test_a_dispute_closed_before_it_is_told_as_opened_is_closed(blank: Session) -> None:
    def dispute(minutes: int, *, is_open: bool) -> billing.DisputeStated:
        return billing.DisputeStated(
            dispute_id="D-1",
            invoice=("in_1",),
            happened_at=NOON + timedelta(minutes=minutes),
            is_open=is_open,
        )

    books = told(blank, stated(0, "100"), dispute(5, is_open=False), dispute(1, is_open=True))

    assert books.invoice().disputed is False
    assert "dispute_opened" not in books.tellings


def test_one_payment_under_three_names_is_one(blank: Session) -> None:
    books = told(
        blank,
        stated(0, "100"),
        paid(5, "100", "pi_1"),
        paid(6, "100", "txn_1", other_ids=("ch_1",)),
        paid(7, "100", "pi_1", other_ids=("ch_1",)),
    )

    assert books.open == 0
    assert books.cash is None or books.cash.unapplied == 0


LIVES: list[list[News]] = [
    [stated(0, "100"), stated(5, "60"), paid(5, "40"), stated(9, "0", InvoiceStatus.PAID),
     paid(9, "60", "pi_2")],
    [stated(0, "100"), paid(5, "100"), stated(5, "0", InvoiceStatus.PAID), returned()],
    [stated(0, "100"), paid(5, "100"), refunded("25"), refunded("25", "re_2")],
    [stated(0, "100"), credited("30"), paid(200, "70")],
    [stated(0, "100"), stated(10, "60"), paid(11, "40", "pi_2")],
    [stated(0, "100"), paid(5, "100"), returned(), stated(5000, "100")],
    [stated(0, "100"), paid(5, "100"), refunded("100"), stated(9, "0", InvoiceStatus.PAID)],
    [stated(0, "100"), credited("30"), stated(120, "70"), paid(130, "70"),
     stated(130, "0", InvoiceStatus.PAID)],
    [stated(0, "100"), paid(5, "100"), contested(), contest_won()],
    [stated(0, "100"), paid(5, "100"), refunded("40"), undone("40")],
    [stated(0, "100"), paid(5, "100", shares=()), paid(5, "60", is_whole=False)],
    [stated(0, "100"), stated(0, "100", invoice_id="in_2"), paid(5, "60", is_whole=False),
     paid(5, "30", invoice="in_2", is_whole=False), paid(5, "200", shares=())],
    [stated(0, "100"), paid(5, "100", "txn_1", other_ids=("pi_1",)), paid(6, "100", shares=())],
    [stated(0, "100"), paid(5, "100"), stated(5, "0", InvoiceStatus.PAID), contested("40")],
    [stated(0, "100"), paid(5, "100"), contested("40"), refunded("20")],
    [stated(0, "100"), under_way(0), declined(5), under_way(10), paid(20, "100")],
    [stated(0, "100"), paid(5, "100", shares=shares(in_1="60")), paid(6, "100"), refunded("30")],
    [stated(0, "100"), stated(0, "100", invoice_id="in_2"), paid(5, "100"),
     paid(9, "100", invoice="in_2"), stated(9, "100")],
    [stated(0, "100"), paid(5, "100"), credited("30"), returned(), stated(5000, "70")],
    [stated(0, "100"), paid(5, "50"), paid(6, "50", "pi_2"), returned("pi_2")],
]  # fmt: skip


@given(life=st.sampled_from(LIVES), data=st.data())
@settings(max_examples=60, deadline=None)
def _any_order(database: Database, life: list[News], data: st.DataObject) -> None:
    twice = [*life, *data.draw(st.lists(st.sampled_from(life), max_size=4))]
    shuffled = data.draw(st.permutations(twice))
    with undone_afterwards(database) as session:
        in_order = told(session, *life).open
    with undone_afterwards(database) as session:
        books = told(session, *shuffled)
        assert books.open == in_order
        assert books.waiting == []


def test_in_whatever_order_and_however_often_it_comes_the_end_is_the_same(
    shared_database: Database,
) -> None:
    _any_order(shared_database)


def test_of_a_payment_told_in_parts_nothing_is_left_over(blank: Session) -> None:
    books = told(
        blank,
        stated(0, "100"),
        stated(0, "100", invoice_id="in_2"),
        paid(5, "60", is_whole=False),
        paid(5, "30", invoice="in_2", is_whole=False),
    )

    assert books.session.get_one(CashReceipt, "pi_1").amount == 90
    assert books.cash is None or books.cash.unapplied == 0


def test_one_payment_told_by_two_systems_is_one(blank: Session) -> None:
    books = told(
        blank,
        stated(0, "100"),
        paid(5, "100", "txn_1", other_ids=("ch_1",)),
        paid(6, "100", "pi_1", other_ids=("ch_1",)),
    )

    assert len(books.session.exec(select(CashReceipt)).all()) == 1


def test_a_refund_that_did_not_arrive_leaves_the_invoice_paid_and_the_money_ours(
    blank: Session,
) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100"), refunded("40"), undone("40"))

    assert books.open == 0
    assert books.session.get_one(CashReceipt, "pi_1").placed == 100


def test_money_that_waits_for_its_invoice_is_left_for_review(blank: Session) -> None:
    books = told(blank, stated(0, "100"), paid(5, "100", invoice="in_9"))

    assert books.session.get_one(CashReceipt, "pi_1").state is CashState.REVIEW
