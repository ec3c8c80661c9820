"""Letters in the database: claiming the right to send one, giving it up, recording that it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import Session, col

from domain.consolidation import asked_amount, carrying_first, joint_plan
from domain.send_window import local_day
from models.decision import Decision, TouchPlan
from models.facts import Facts
from models.letter import Envelope, Letter
from models.tables import (
    Contact,
    Customer,
    Draft,
    FollowUpRow,
    Invoice,
    Message,
    TimelineEntry,
    Touch,
    table_of,
)
from models.vocabulary import InvoiceStatus, Status, TouchOutcome
from store import contexts, drafts, follow_ups, outcomes, standing, timeline
from store.followed import Followed

_REFERENCES = 20
_MOST_SET_ASIDE = 20

# Statements are put together once: that costs more than running one does.
_customers = table_of(Customer)
_messages, _touches = table_of(Message), table_of(Touch)
_LOCK = select(_customers.c.id).where(_customers.c.id == bindparam("customer_id")).with_for_update()
_ADD = _messages.insert()
_UNSENT: dict[str, object] = {
    "language": "",
    "message_id": "",
    "recipient": "",
    "cc": [],
    "subject": "",
}
_invoices, _rounds = table_of(Invoice).c, table_of(FollowUpRow).c
_SET_ASIDE = (
    select(_invoices.number)
    .join(table_of(FollowUpRow), _rounds.invoice_id == _invoices.id)
    .where(
        _invoices.customer_id == bindparam("customer_id"),
        _invoices.currency == bindparam("currency"),
        _invoices.status == InvoiceStatus.OPEN,
        _rounds.status.in_((Status.DISPUTED, Status.PROMISED)),
    )
    .order_by(_invoices.due_on, _invoices.number)
    .limit(_MOST_SET_ASIDE)
)
_CHANGE = _messages.update().where(_messages.c.key == bindparam("message_key"))
_HAND_OVER = (
    _messages.update()
    .where(_messages.c.key == bindparam("message_key"))
    .values(
        attempts=bindparam("tries"),
        handed_over_after=select(func.max(table_of(TimelineEntry).c.id)).scalar_subquery(),
    )
)
_CHANGE_TOUCH = _touches.update().where(_touches.c.key == bindparam("touch_key"))
_EARLIER_LETTERS = (
    select(_messages.c.message_id)
    .where(
        _messages.c.customer_id == bindparam("customer_id"),
        _messages.c.currency == bindparam("currency"),
        _messages.c.key != bindparam("message_key"),
        _messages.c.sent_at.is_not(None),
        _messages.c.chases,
    )
    .order_by(_messages.c.sent_at.desc())
    .limit(_REFERENCES)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A touch that a letter takes."""

    key: str
    invoice_id: str
    round: int
    step: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that one follow-up alone may send, by `decision` about `claimer`. `members` are what
    it covers, the carrying invoice first; `seen` is what must still be the case when it leaves;
    `attempts` tells how often it was handed to the mail server before. `left_out` are invoices that
    an earlier claim of it covered, and that it covers no more; `set_aside` are the numbers of open
    ones that are contested or promised. `edited` are subject and source as a person wrote them."""

    claimer: Followed
    decision: Decision
    key: str
    plan: TouchPlan
    members: tuple[Facts, ...]
    touches: tuple[Taken, ...]
    references: tuple[str, ...]
    seen: list[tuple[object, ...]]
    attempts: int
    left_out: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    edited: tuple[str, str] | None = None

    @property
    def invoice_ids(self) -> list[str]:
        return [facts.invoice.id for facts in self.members]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A claim given up: its key, how often it was handed over, and who else relied on it."""

    key: str
    attempts: int
    others: tuple[str, ...]


def lock_customer(session: Session, customer_id: str) -> None:
    """Let one claim for this customer through at a time. SQLite does so anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCK, {"customer_id": customer_id})


def withdraw(session: Session, invoice_id: str) -> Withdrawn | None:
    """Give up the letter that this invoice claimed and that has not left, if there is one.

    Its touches are as if they had never been.
    """
    unsent = select(Message).where(
        col(Message.claimed_by) == invoice_id,
        col(Message.sent_at).is_(None),
        col(Message.chases),
    )
    message = session.execute(unsent).scalars().first()
    if message is None:
        return None
    relying = select(Touch).where(col(Touch.message_key) == message.key)
    touches = session.execute(relying).scalars().all()
    for touch in touches:
        session.delete(touch)
    session.delete(message)
    session.flush()
    others = tuple(touch.invoice_id for touch in touches if touch.invoice_id != invoice_id)
    return Withdrawn(key=message.key, attempts=message.attempts, others=others)


def claim(
    session: Session,
    claimer: Followed,
    decision: Decision,
    due: Sequence[tuple[Followed, TouchPlan]],
    now: datetime,
    former: Withdrawn | None,
    signed: Draft | None = None,
) -> Claim:
    """Take the right to send one letter about every invoice in `due`, the claimer's among them.

    Its key is that of the claimer's own touch, whichever invoice carries it. `former` is the
    claimer's letter of an earlier attempt: it may have left before the attempt broke off, and the
    same letter then comes under the same name.
    """
    ordered = carrying_first((followed.facts, touch) for followed, touch in due)
    members = tuple(facts for facts, _ in ordered)
    invoice_ids = [facts.invoice.id for facts in members]
    [key] = [touch.key for followed, touch in due if followed.invoice.id == claimer.invoice.id]
    covered_before = former.others if former else ()
    claimed = Claim(
        claimer=claimer,
        decision=decision,
        key=key,
        plan=joint_plan(ordered),
        members=members,
        touches=tuple(Taken(one.key, one.invoice_id, one.round, one.step) for _, one in due),
        references=references(session, claimer.invoice, key),
        seen=sorted(standing.when_read(followed) for followed, _ in due),
        attempts=former.attempts if former and former.key == key else 0,
        left_out=tuple(one for one in covered_before if one not in invoice_ids),
        set_aside=set_aside(session, claimer.invoice),
        edited=(signed.subject, signed.source) if signed is not None and signed.edited else None,
    )
    _add_message(session, claimed, now)
    for followed, touch in due:
        own = followed.invoice.id == claimer.invoice.id
        outcome = TouchOutcome.CLAIMED if own else TouchOutcome.COVERED
        follow_ups.take_step(
            session,
            followed,
            touch.step,
            touch.stage,
            outcome,
            now,
            key,
            warned=claimed.plan.warns,
        )
    return claimed


def set_aside(session: Session, invoice: Invoice) -> tuple[str, ...]:
    """The numbers of the customer's open invoices that are contested or promised."""
    bound = {"customer_id": invoice.customer_id, "currency": invoice.currency}
    return tuple(session.execute(_SET_ASIDE, bound).scalars())


def _add_message(session: Session, claimed: Claim, now: datetime) -> None:
    invoice, plan = claimed.claimer.invoice, claimed.plan
    session.execute(
        _ADD,
        {
            "key": claimed.key,
            "customer_id": invoice.customer_id,
            "currency": invoice.currency,
            "day": local_day(now, claimed.claimer.facts.customer.zone),
            "stage": plan.stage,
            "template": plan.template or "",
            "plan": plan.model_dump(mode="json"),
            "total": sum((asked_amount(facts) for facts in claimed.members), start=Decimal(0)),
            "policy": claimed.claimer.row.policy,
            "policy_version": claimed.claimer.row.policy_version,
            "claimed_by": invoice.id,
            "claimed_at": now,
            "attempts": claimed.attempts,
            **_UNSENT,
        },
    )


def still_holds(session: Session, claimed: Claim) -> bool:
    """True while all that could forbid or change the letter is as it was when it was claimed."""
    return standing.of_invoices(session, claimed.invoice_ids) == claimed.seen


def hand_over(session: Session, claimed: Claim) -> bool:
    """Note that the letter goes to the mail server now, if nothing has changed since the claim."""
    if not still_holds(session, claimed):
        return False
    session.execute(_HAND_OVER, {"message_key": claimed.key, "tries": claimed.attempts + 1})
    return True


def not_handed_over(session: Session, claimed: Claim) -> None:
    """The mail server did not take it: nobody has it yet, whatever was noted before."""
    _update(session, claimed.key, attempts=claimed.attempts)


def record_sent(
    session: Session, claimed: Claim, envelope: Envelope, now: datetime, remark: str
) -> tuple[str, ...]:
    """The letter has left: the message, its touches, the timeline of every invoice it covers.

    Returns the other invoices that are to look again: what they waited for has changed.
    """
    letter: Letter = envelope.letter
    _update(
        session,
        claimed.key,
        sent_at=now,
        message_id=envelope.message_id,
        recipient=envelope.to,
        cc=list(envelope.cc),
        subject=letter.subject,
        language=envelope.language,
        template=letter.template_version,
    )
    if claimed.plan.remarks:
        outcomes.mentioned(session, claimed.invoice_ids)
    waiting = claimed.left_out
    if claimed.claimer.row.draft_id is not None:
        # They waited for a signature, and sleep until somebody wakes them.
        waiting += tuple(one for one in claimed.invoice_ids if one != claimed.claimer.invoice.id)
        waiting += drafts.left(session, claimed.invoice_ids, claimed.key, now)
    for touch in claimed.touches:
        carries = touch.key == claimed.plan.key
        outcome = TouchOutcome.SENT if carries else TouchOutcome.COVERED
        session.execute(_CHANGE_TOUCH, {"touch_key": touch.key, "outcome": outcome, "at": now})
        what = (
            "letter"
            if carries
            else f"covered by the letter about {claimed.members[0].invoice.number},"
        )
        says = f"{touch.step}: {what} {letter.template_version} sent.{remark}"
        says = f"{says} {claimed.plan.why}".rstrip() if carries else says
        timeline.note(session, touch, now, "touch", outcome, says)
    return waiting


def record_failed(
    session: Session, claimed: Claim, outcome: TouchOutcome, now: datetime, why: str
) -> None:
    """The letter will not leave: its touches say so, and nothing keeps the day's place."""
    gone = {"outcome": outcome, "message_key": None, "at": now}
    for touch in claimed.touches:
        session.execute(_CHANGE_TOUCH, {"touch_key": touch.key, **gone})
        timeline.note(session, touch, now, "touch", outcome, f"{touch.step}: {why}")
    session.execute(delete(Message).where(col(Message.key) == claimed.key))


def reject_address(session: Session, row: FollowUpRow, email: str, now: datetime) -> None:
    """Remember that a mail server refused this address of the customer for good."""
    session.execute(
        update(Contact)
        .where(col(Contact.customer_id) == row.customer_id, col(Contact.email) == email)
        .values(rejected_at=now)
    )
    customer = session.get_one(Customer, row.customer_id, populate_existing=True)
    contexts.touch(session, customer)
    says = "The mail server refused the address for good; another one is tried if there is any."
    timeline.note(session, row, now, "touch", TouchOutcome.REJECTED, says)


def _update(session: Session, key: str, **values: object) -> None:
    session.execute(_CHANGE, {"message_key": key, **values})


def references(session: Session, invoice: Invoice, key: str) -> tuple[str, ...]:
    """Message-IDs of the letters that the customer had before in this currency, oldest first: all
    that is written to them about their account is one thread."""
    bound = {
        "customer_id": invoice.customer_id,
        "currency": invoice.currency,
        "message_key": key,
    }
    return tuple(reversed(session.execute(_EARLIER_LETTERS, bound).scalars().all()))
