"""What a customer says they will do, or will not, holds what it is about and no more."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from domain.consolidation import asked_amount
from models import events
from models.facts import DisputeFacts
from models.tables import Customer, Dispute, FollowUpRow, Invoice, Promise, Task
from models.vocabulary import Method, Reason, TaskKind
from store import tasks
from tests.store.chase import check, look, pay, tell
from tests.store.rows import MORNING, STAFF, TUESDAY, acme

MARA, QUINN = "mara@harbour.example", "quinn@harbour.example"
FRIDAY = date(2026, 3, 13)


class Books:
    """One invoice over 5,000 dollars, 8 days past due on Tuesday morning."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)
        self._events = 0

    def promise(self, pay_on: date = FRIDAY, at: datetime = MORNING, **more: Any) -> None:
        """They will pay on that day, by card, which clears at once."""
        made = {"pay_on": pay_on, "method": Method.CARD} | more
        self._tell(events.PromiseMade, at, **made)

    def dispute(self, amount: object = None, at: datetime = MORNING, **more: Any) -> None:
        self._tell(events.DisputeOpened, at, amount=amount, **more)

    def resolve(self, favour: str = "us", line: str = "", at: datetime = MORNING) -> None:
        self._tell(events.DisputeResolved, at, in_favour_of=favour, line=line)

    def credit(self, amount: int) -> None:
        """The register shows a credit note over so much."""
        self.session.get_one(Invoice, "INV-1").amount -= Decimal(amount)
        self.session.get_one(Invoice, "INV-1").amount_open -= Decimal(amount)
        self._tell(events.InvoiceChanged, MORNING)

    def _tell(self, kind: type[Any], at: datetime, **values: Any) -> None:
        self._events += 1
        tell(self.session, kind(event_id=f"{self._events}", **values), at=at)

    @property
    def row(self) -> FollowUpRow:
        return self.session.get_one(FollowUpRow, "INV-1")

    @property
    def promises(self) -> list[tuple[date, str]]:
        rows = self.session.exec(select(Promise).order_by(col(Promise.id)))
        return [(one.pay_on, one.state) for one in rows]

    @property
    def contested(self) -> DisputeFacts | None:
        return look(self.session).facts.progress.dispute

    @property
    def asked(self) -> Decimal:
        return asked_amount(look(self.session).facts)

    def waiting(self, kind: TaskKind) -> list[Task]:
        return list(tasks.open_tasks(self.session, kind))


@pytest.fixture
def books(blank: Session) -> Books:
    return Books(blank)


def at(day: date) -> datetime:
    """That day at the same hour as on Tuesday."""
    return datetime.combine(day, MORNING.timetz())


class TestPromises:
    def test_a_promise_holds_until_the_money_can_have_arrived(self, books: Books) -> None:
        books.promise()

        assert check(books.session).reason is Reason.PROMISED
        # Friday's card money is there on Friday; a banking day of grace is Monday.
        assert check(books.session, at=at(FRIDAY)).reason is Reason.PROMISED
        assert check(books.session, at=at(date(2026, 3, 16))).reason is not Reason.PROMISED

    def test_a_second_promise_takes_the_place_of_the_first(self, books: Books) -> None:
        books.promise()
        books.promise(date(2026, 3, 20), amount=900)

        assert books.promises == [(FRIDAY, "replaced"), (date(2026, 3, 20), "open")]
        held_by = look(books.session).facts.progress.promise
        assert held_by is not None
        assert (held_by.pay_on, held_by.amount) == (date(2026, 3, 20), Decimal(900))

    def test_a_third_after_two_that_were_broken_holds_nothing_until_somebody_accepts_it(
        self, books: Books
    ) -> None:
        self._break_two(books)

        books.promise(date(2026, 4, 3), at=at(date(2026, 3, 24)))

        assert books.promises[-1] == (date(2026, 4, 3), "unconfirmed")
        assert books.row.promise_id is None
        assert check(books.session, at=at(date(2026, 3, 24))).reason is not Reason.PROMISED
        [task] = books.waiting(TaskKind.CONFIRM_PROMISE)
        assert "2026-04-03, after 2 broken promises" in task.why

    def test_a_third_that_a_person_confirms_holds_like_the_first(self, books: Books) -> None:
        self._break_two(books)
        morning = at(date(2026, 3, 24))
        books.promise(date(2026, 4, 3), at=morning)

        books.promise(date(2026, 4, 3), at=morning, confirmed=True)

        assert books.promises[-1] == (date(2026, 4, 3), "open")
        assert check(books.session, at=morning).reason is Reason.PROMISED
        assert books.waiting(TaskKind.CONFIRM_PROMISE) == []

    def test_one_that_is_not_accepted_leaves_the_one_that_was(self, books: Books) -> None:
        self._break_two(books)
        morning = at(date(2026, 3, 24))
        books.promise(date(2026, 3, 27), at=morning, confirmed=True)

        books.promise(date(2026, 4, 30), at=morning)

        held_by = look(books.session, at=morning).facts.progress.promise
        assert held_by is not None
        assert held_by.pay_on == date(2026, 3, 27)
        assert [state for _, state in books.promises[-2:]] == ["open", "unconfirmed"]

    def test_each_promise_that_is_not_accepted_is_asked_about_by_itself(self, books: Books) -> None:
        self._break_two(books)
        morning = at(date(2026, 3, 24))

        for pay_on in (date(2026, 4, 3), date(2026, 4, 3), date(2026, 4, 10)):
            books.promise(pay_on, at=morning)

        assert len(books.waiting(TaskKind.CONFIRM_PROMISE)) == 2

    def test_a_part_that_was_promised_is_kept_by_that_part(self, books: Books) -> None:
        books.promise(amount=900)
        pay(books.session, 400, at=MORNING + timedelta(hours=1))
        assert check(books.session, at=MORNING + timedelta(hours=2)).reason is Reason.PROMISED

        pay(books.session, 500, at=MORNING + timedelta(hours=3))

        assert check(books.session, at=MORNING + timedelta(hours=4)).reason is not Reason.PROMISED
        assert books.promises == [(FRIDAY, "kept")]
        assert books.row.broken_promises == 0

    def test_money_that_came_before_a_promise_keeps_no_part_of_it(self, books: Books) -> None:
        pay(books.session, 900, at=MORNING - timedelta(hours=1))

        books.promise(amount=900)

        assert check(books.session).reason is Reason.PROMISED

    def _break_two(self, books: Books) -> None:
        for made, missed in ((TUESDAY, date(2026, 3, 12)), (date(2026, 3, 17), date(2026, 3, 19))):
            books.promise(made + timedelta(days=1), at=at(made))
            check(books.session, at=at(made))
            check(books.session, at=at(missed))
        assert books.row.broken_promises == 2


class TestDisputes:
    def test_somebody_is_to_settle_it_from_the_first_day_on(self, books: Books) -> None:
        books.dispute(code="price", line="3")

        [task] = books.waiting(TaskKind.RESOLVE_DISPUTE)
        assert task.why == "The customer contests all of it (price, line 3): settle it."
        assert task.escalate_at is not None

    @pytest.mark.parametrize(
        ("named", "account_owner", "whose"),
        [
            ("quinn@harbour.example", MARA, "quinn@harbour.example"),
            ("", MARA, MARA),
            ("", "", STAFF),
        ],
        ids=["who is named", "the account owner", "the staff"],
    )
    def test_it_is_the_work_of_whoever_is_nearest_to_it(
        self, books: Books, named: str, account_owner: str, whose: str
    ) -> None:
        books.session.get_one(Customer, "ACME").owner_email = account_owner

        books.dispute(80, owner=named)

        [task] = books.waiting(TaskKind.RESOLVE_DISPUTE)
        assert task.owner == whose
        assert task.why == "The customer contests 80.00 USD: settle it."

    def test_it_holds_the_part_that_it_is_about(self, books: Books) -> None:
        books.dispute(1200)

        assert books.asked == 3800
        assert check(books.session).reason is not Reason.DISPUTED

    def test_several_hold_all_that_they_are_about(self, books: Books) -> None:
        books.dispute(500, line="1", code="price")
        books.dispute(700, line="2", code="quality", at=MORNING + timedelta(days=2))
        books.dispute(100, line="3", code="price", at=MORNING + timedelta(days=3))

        assert books.contested == DisputeFacts(
            opened_on=TUESDAY, amount=Decimal(1300), code="price, quality", line="1, 2, 3"
        )
        assert books.asked == 3700
        assert len(books.waiting(TaskKind.RESOLVE_DISPUTE)) == 3

    def test_one_about_all_of_it_holds_all_of_it_beside_any_other(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.dispute()

        assert books.contested is not None
        assert books.contested.amount is None
        assert check(books.session).reason is Reason.DISPUTED

    def test_parts_that_come_to_all_of_it_hold_all_of_it(self, books: Books) -> None:
        books.dispute(3000, line="1")
        books.dispute(2000, line="2")

        assert check(books.session).reason is Reason.DISPUTED

    def test_one_that_is_settled_for_us_leaves_the_others(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")

        books.resolve(line="1", at=MORNING + timedelta(days=1))

        assert books.asked == 4300
        [task] = books.waiting(TaskKind.RESOLVE_DISPUTE)
        assert "line 2" in task.why
        first, second = books.session.exec(select(Dispute).order_by(col(Dispute.id)))
        assert (first.resolved_on, first.in_favour_of) == (date(2026, 3, 11), "us")
        assert second.resolved_on is None

        books.resolve(line="2")
        assert books.contested is None
        assert books.row.dispute_id is None
        assert books.waiting(TaskKind.RESOLVE_DISPUTE) == []

    @pytest.mark.parametrize("line", ["1", "2"])
    def test_whichever_is_settled_the_other_holds(self, books: Books, line: str) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")

        books.resolve(line=line)

        assert books.contested is not None
        assert books.contested.line == {"1": "2", "2": "1"}[line]

    def test_to_settle_no_line_is_to_settle_all_of_them(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")

        books.resolve()

        assert books.contested is None
        assert books.waiting(TaskKind.RESOLVE_DISPUTE) == []

    def test_a_line_that_nobody_contests_settles_nothing(self, books: Books) -> None:
        books.dispute(500, line="1")

        books.resolve(line="9")

        assert books.asked == 4500
        assert len(books.waiting(TaskKind.RESOLVE_DISPUTE)) == 1

    def test_what_was_settled_for_us_is_to_be_mentioned_in_the_next_letter(
        self, books: Books
    ) -> None:
        books.dispute(500)
        books.resolve()

        assert look(books.session).facts.progress.settled is True

    def test_what_was_settled_for_the_customer_holds_until_the_credit_note_has_come(
        self, books: Books
    ) -> None:
        books.dispute(500, line="1")

        books.resolve("customer")

        assert books.asked == 4500
        assert books.waiting(TaskKind.RESOLVE_DISPUTE) == []
        assert [task.why for task in books.waiting(TaskKind.FINANCE)] == [
            "Dispute settled for the customer: issue a credit note."
        ]
        assert look(books.session).facts.progress.settled is False

        books.credit(500)
        assert books.asked == 4500  # 500 less is owed, and all of that is asked for
        assert books.contested is None

    def test_a_payment_is_no_credit_note(self, books: Books) -> None:
        books.dispute(500)
        books.resolve("customer")

        pay(books.session, 1000)
        tell(books.session, events.InvoiceChanged(event_id="register/INV-1/2"))

        assert books.contested is not None
        assert books.asked == 3500

    def test_the_credit_note_of_one_leaves_the_other_that_is_not_settled(
        self, books: Books
    ) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")
        books.resolve("customer", line="1")

        books.credit(500)

        assert books.contested is not None
        assert (books.contested.line, books.contested.amount) == ("2", Decimal(700))
        assert books.asked == 3800

    def test_one_credit_note_does_not_stand_for_two(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")
        books.resolve("customer")

        books.credit(500)
        assert books.asked == 3800  # line 2 is agreed not to be owed, and not credited yet

        books.credit(700)
        assert books.contested is None
        assert books.asked == 3800

    def test_one_credit_note_over_both_stands_for_both(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.dispute(700, line="2")
        books.resolve("customer")

        books.credit(1200)

        assert books.contested is None
        assert books.asked == 3800

    def test_to_settle_it_for_the_customer_twice_asks_for_one_credit_note(
        self, books: Books
    ) -> None:
        books.dispute(500)
        books.resolve("customer")
        books.resolve("customer", at=MORNING + timedelta(days=1))

        assert len(books.waiting(TaskKind.FINANCE)) == 1
        assert books.session.exec(select(Dispute)).one().resolved_on == TUESDAY

    def test_what_is_settled_for_us_after_all_waits_for_no_credit_note(self, books: Books) -> None:
        books.dispute(500)
        books.resolve("customer")

        books.resolve("us", at=MORNING + timedelta(days=1))

        assert books.contested is None
        assert books.asked == 5000

    def test_a_dispute_opens_again_under_a_task_of_its_own(self, books: Books) -> None:
        books.dispute(500, line="1")
        books.resolve()

        books.dispute(600, line="1", at=MORNING + timedelta(days=3))

        assert books.asked == 4400
        [task] = books.waiting(TaskKind.RESOLVE_DISPUTE)
        assert "600.00" in task.why

    def test_the_day_of_a_dispute_is_the_customers(self, books: Books) -> None:
        books.dispute(at=datetime(2026, 3, 11, 2, tzinfo=UTC))  # 22:00 on Tuesday in New York

        assert books.session.exec(select(Dispute)).one().opened_on == TUESDAY


class TestTheirTasks:
    """`resolve_dispute` closes when the dispute is settled (docs/operations.md), not before."""

    def test_a_pause_leaves_it_to_be_settled(self, books: Books) -> None:
        books.dispute()
        check(books.session)

        tell(books.session, events.Pause(event_id="p", until=date(2026, 3, 20)))
        check(books.session)

        assert len(books.waiting(TaskKind.RESOLVE_DISPUTE)) == 1

    def test_the_end_of_another_hold_leaves_it_to_be_settled(self, books: Books) -> None:
        books.dispute(500)
        books.promise(date(2026, 3, 11))
        assert check(books.session).reason is Reason.PROMISED

        check(books.session, at=at(date(2026, 3, 12)))  # the promise for the rest was broken

        assert len(books.waiting(TaskKind.RESOLVE_DISPUTE)) == 1
