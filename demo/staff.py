"""Our own people's mornings: they sign, answer, call, agree and decide, each in their way.

What somebody does about a task follows from the task alone, so that the same seed gives the same
quarter. One account owner is on leave for a month, and whoever stands in is told in their place.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from hashlib import blake2b
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from demo.relationships import Relationships
from demo.town import Town
from demo.worlds import World
from domain.customer_context import STAFF
from integrations.temporal.follow_ups import FollowUps
from models import acts, events
from models.acts import InstalmentTerm
from models.errors import FollowUpClosed, Refused, TemporalUnavailable
from models.tables import CashReceipt, Customer, Draft, FollowUpRow, Invoice, Task
from models.vocabulary import (
    CallResult,
    CashState,
    Disposition,
    DraftState,
    OwnerWord,
    TaskKind,
)
from store import cash, contexts

_ROBIN, _INES = "Robin Vale", "Ines Calder"
_ON_LEAVE = "jun.copperfield@harbour.example"
_LEAVE = (timedelta(days=20), timedelta(days=55))
_SATURDAY = 5
_SIGNED_AFTER, _LEFT_LYING = timedelta(days=1), timedelta(days=12)
_DECIDED_AFTER = timedelta(days=4)
_SMALL = Decimal(1_500)
_APART = timedelta(days=14)
_CENT = Decimal("0.01")
_NEVER_PAYS = (CallResult.PLAN_WANTED, CallResult.NO_ANSWER, CallResult.REFUSES)
_OTHERS = (
    CallResult.SAYS_PAID,
    CallResult.PLAN_WANTED,
    CallResult.REACHED,
    CallResult.REACHED,
    CallResult.REACHED,
)
# A sum that nobody could place for two weeks: the customer's chase stands still meanwhile.
_UNPLACED = Decimal(250_000)
_UNPLACED_FROM_TO = (timedelta(days=16), timedelta(days=30))
_WORDS = (OwnerWord.GO, None, OwnerWord.SOFTEN, OwnerWord.HOLD)
_ENDS = (Disposition.AGENCY, Disposition.CONTINUE, Disposition.LEGAL, Disposition.PLAN)


class Staff:
    """Everybody who works for the firm."""

    def __init__(self, town: Town, world: World, follow_ups: FollowUps) -> None:
        self._town = town
        self._world = world
        self._follow_ups = follow_ups
        self._numbers = count(1)
        self._relationships = Relationships(world)
        self.calls: dict[str, list[date]] = {}

    async def morning(self, day: date) -> None:
        """What they do before business hours of a working day."""
        if day.weekday() >= _SATURDAY:
            return
        await self._note_relationships(day)
        self._note_money(day)
        with self._town.database.reading() as session:
            deeds = [
                *self._sign(session, day),
                *self._answer(session),
                *self._call(session, day),
                *self._agree(session, day),
                *self._decide(session, day),
            ]
        await asyncio.gather(*(self._quietly(deed) for deed in deeds))

    async def _quietly(self, deed: Coroutine[Any, Any, object]) -> None:
        # Facts move while people think: what no longer fits is left.
        with suppress(Refused, FollowUpClosed, TemporalUnavailable):
            await deed

    def _id(self) -> str:
        return f"staff/{next(self._numbers)}"

    async def _note_relationships(self, day: date) -> None:
        for customer_id, said in self._relationships.on(day):
            with self._town.database.writing() as session:
                customer = session.get_one(Customer, customer_id)
                known = contexts.said_by(session, customer_id, STAFF)
                at = datetime.combine(day, time(6), tzinfo=UTC)
                contexts.keep(session, customer, STAFF, known.model_copy(update=said), at)
                running = contexts.running_invoices(session, customer_id)
            for invoice_id in running:
                change = events.ContextChanged(event_id=self._id())
                await self._quietly(self._follow_ups.tell(invoice_id, change))

    def _note_money(self, day: date) -> None:
        """Money of a customer comes that nobody can place, and is placed two weeks later."""
        customer_id = self._relationships.unplaced
        if not customer_id or day not in (self._world.begins + one for one in _UNPLACED_FROM_TO):
            return
        key = f"demo/unplaced/{customer_id}"
        with self._town.database.writing() as session:
            receipt = session.get(CashReceipt, key) or CashReceipt(
                key=key,
                source="demo",
                customer_id=customer_id,
                currency=next(
                    one.currency for one in self._world.invoices if one.customer_id == customer_id
                ),
                amount=_UNPLACED,
                told_amount=_UNPLACED,
                settled_at=datetime.combine(day, time(6), tzinfo=UTC),
                received_on=day,
                state=CashState.REVIEW,
                recorded_at=datetime.combine(day, time(6), tzinfo=UTC),
            )
            if day == self._world.begins + _UNPLACED_FROM_TO[1]:
                receipt.state = CashState.SET_ASIDE
            session.add(receipt)
            cash.recount(session, receipt)

    def _sign(self, session: Session, day: date) -> list[Coroutine[Any, Any, object]]:
        """Nearly every draft is signed the next day; some lie for weeks, some are refused."""
        waiting = session.exec(select(Draft).where(Draft.state == DraftState.OPEN)).all()
        deeds: list[Coroutine[Any, Any, object]] = []
        for draft in waiting:
            lot, age = _lot(draft.key, 5), day - draft.requested_at.date()
            if age < (_LEFT_LYING if lot == 2 else _SIGNED_AFTER):
                continue
            named: dict[str, Any] = {
                "event_id": self._id(),
                "by": _ROBIN,
                "version": draft.version,
            }
            act: acts.Act = acts.ApproveMessage(**named)
            if lot == 0:
                act = acts.RejectMessage(**named, why="Their CFO and I spoke this morning.")
            elif lot == 1:
                kinder = f"It was good to speak with you last week.\n\n{draft.source}"
                act = acts.ApproveMessage(**named, source=kinder)
            deeds.append(self._follow_ups.decide(draft.invoice_id, act))
        return deeds

    def _answer(self, session: Session) -> list[Coroutine[Any, Any, object]]:
        """Owners who are asked first say something, or nothing."""
        return [
            self._follow_ups.decide(
                task.invoice_id,
                acts.AnswerAsOwner(event_id=self._id(), by=task.owner or _ROBIN, word=word),
            )
            for task in _open(session, TaskKind.OWNER_FIRST)
            if (word := _WORDS[_lot(task.key, len(_WORDS))]) is not None
        ]

    def _call(self, session: Session, day: date) -> list[Coroutine[Any, Any, object]]:
        """Make the calls that were queued before today, unless their owner is on leave."""
        morning = datetime.combine(day, time(), tzinfo=UTC)
        deeds: list[Coroutine[Any, Any, object]] = []
        for task in _open(session, TaskKind.CALL):
            if task.opened_at >= morning or (task.not_before and task.not_before > morning):
                continue
            if task.owner == _ON_LEAVE and self._is_on_leave(day):
                continue
            result = self._outcome(task)
            if result is CallResult.REACHED:
                self.calls.setdefault(task.invoice_id, []).append(day)
            call = events.CallLogged(
                event_id=self._id(), task_key=task.key, result=result, by=_ROBIN
            )
            deeds.append(self._follow_ups.tell(task.invoice_id, call))
        return deeds

    def _is_on_leave(self, day: date) -> bool:
        first, last = _LEAVE
        return first <= day - self._world.begins <= last

    def _outcome(self, task: Task) -> CallResult:
        ways = _NEVER_PAYS if self._world.never_pays(task.customer_id) else _OTHERS
        return ways[(_lot(task.key, len(ways)) + task.attempts) % len(ways)]

    def _agree(self, session: Session, day: date) -> list[Coroutine[Any, Any, object]]:
        """Agree on three instalments, two weeks apart, with whoever asked for a plan."""
        deeds: list[Coroutine[Any, Any, object]] = []
        for task in _open(session, TaskKind.AGREE_PLAN):
            row = session.get(FollowUpRow, task.invoice_id)
            owed = session.get_one(Invoice, task.invoice_id).amount_open
            if row is None or row.plan_id is not None or owed <= _CENT:
                continue
            each = (owed / 3).quantize(_CENT, rounding=ROUND_DOWN)
            parts = [each, each, owed - 2 * each]
            terms = tuple(
                InstalmentTerm(due_on=day + (number + 1) * _APART, amount=part)
                for number, part in enumerate(parts)
                if part > 0
            )
            act = acts.AgreePaymentPlan(event_id=self._id(), by=_ROBIN, instalments=terms)
            deeds.append(self._follow_ups.decide(task.invoice_id, act))
        return deeds

    def _decide(self, session: Session, day: date) -> list[Coroutine[Any, Any, object]]:
        """The controller decides some days after the question, the small ones for writing off."""
        deeds: list[Coroutine[Any, Any, object]] = []
        for task in _open(session, TaskKind.DISPOSITION):
            if day - task.opened_at.date() < _DECIDED_AFTER:
                continue
            owed = session.get_one(Invoice, task.invoice_id).amount_open
            choice = Disposition.WRITE_OFF
            if owed >= _SMALL:
                choice = _ENDS[_lot(task.key, len(_ENDS))]
            act = acts.DecideDisposition(
                event_id=self._id(), by=_INES, choice=choice, why="Decided at the weekly review."
            )
            deeds.append(self._follow_ups.decide(task.invoice_id, act))
        return deeds


def _open(session: Session, kind: TaskKind) -> Sequence[Task]:
    query = select(Task).where(Task.kind == kind, col(Task.closed_at).is_(None))
    return session.exec(query.order_by(col(Task.key))).all()


def _lot(key: str, choices: int) -> int:
    """A number below `choices`, always the same for this key."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % choices
