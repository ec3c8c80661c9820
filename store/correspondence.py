"""Letters in the database: claiming the right to send one, giving it up, recording that it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete, select, update

from domain.consolidation import asked_amount, carrying_first, joint_plan
from models.decision import TouchPlan
from models.facts import Facts
from models.letter import Envelope, Letter
from models.tables import Contact, Customer, FollowUpRow, Invoice, Message, Touch
from models.vocabulary import TouchOutcome
from store import follow_ups, timeline
from store.facts import Followed

_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that one follow-up alone may send. `members` are what it covers, the carrying
    invoice first; `seen` is what must still be the case when it leaves; `attempts` tells how
    often it was handed to the mail server before."""

    key: str
    plan: TouchPlan
    members: tuple[Facts, ...]
    references: tuple[str, ...]
    seen: tuple[object, ...]
    attempts: int

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
    session.exec(
        select(col(Customer.id)).where(Customer.id == customer_id).with_for_update()
    ).first()


def withdraw(session: Session, invoice_id: str) -> Withdrawn | None:
    """Give up the letter that this invoice claimed and that has not left, if there is one.

    Its touches are as if they had never been.
    """
    message = session.exec(
        select(Message).where(Message.claimed_by == invoice_id, col(Message.sent_at).is_(None))
    ).first()
    if message is None:
        return None
    touches = session.exec(select(Touch).where(Touch.message_key == message.key)).all()
    for touch in touches:
        session.delete(touch)
    session.delete(message)
    session.flush()
    others = tuple(touch.invoice_id for touch in touches if touch.invoice_id != invoice_id)
    return Withdrawn(key=message.key, attempts=message.attempts, others=others)


def claim(
    session: Session,
    claimer: Followed,
    due: Sequence[tuple[Followed, TouchPlan]],
    today: date,
    now: datetime,
    former: Withdrawn | None,
) -> Claim:
    """Take the right to send one letter about every invoice in `due`, the claimer's among them.

    `former` is the claimer's letter of an earlier attempt: its key stays, because it may have
    left before the attempt broke off, and the same letter must then come under the same name.
    """
    ordered = carrying_first((followed.facts, touch) for followed, touch in due)
    plan = joint_plan(ordered)
    members = tuple(facts for facts, _ in ordered)
    message = Message(
        key=former.key if former else plan.key,
        customer_id=claimer.invoice.customer_id,
        currency=claimer.invoice.currency,
        day=today,
        stage=plan.stage,
        template=plan.template or "",
        plan=plan.model_dump(mode="json"),
        total=sum((asked_amount(facts) for facts in members), start=asked_amount(members[0]) * 0),
        claimed_by=claimer.invoice.id,
        claimed_at=now,
        attempts=former.attempts if former else 0,
    )
    session.add(message)
    session.flush()
    for followed, touch in due:
        own = followed.invoice.id == claimer.invoice.id
        outcome = TouchOutcome.CLAIMED if own else TouchOutcome.COVERED
        session.add(
            follow_ups.new_touch(followed, touch.step, touch.stage, outcome, now, message.key)
        )
    session.flush()
    invoice_ids = [facts.invoice.id for facts in members]
    return Claim(
        key=message.key,
        plan=plan,
        members=members,
        references=_references(session, invoice_ids, message.key),
        seen=_what_matters(session, invoice_ids),
        attempts=message.attempts,
    )


def hand_over(session: Session, claimed: Claim) -> bool:
    """Note that the letter goes to the mail server now, if nothing has changed since the claim."""
    if _what_matters(session, claimed.invoice_ids) != claimed.seen:
        return False
    _update(session, claimed.key, attempts=claimed.attempts + 1)
    return True


def not_handed_over(session: Session, claimed: Claim) -> None:
    """The mail server did not take it: nobody has it yet, whatever was noted before."""
    _update(session, claimed.key, attempts=claimed.attempts)


def record_sent(
    session: Session, claimed: Claim, envelope: Envelope, now: datetime, remark: str
) -> None:
    """The letter has left: the message, its touches, the timeline of every invoice it covers."""
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
    for touch, row in _touches(session, claimed.key):
        carries = touch.key == claimed.plan.key
        touch.outcome = TouchOutcome.SENT if carries else TouchOutcome.COVERED
        touch.at = now
        session.add(touch)
        what = (
            "letter"
            if carries
            else f"covered by the letter about {claimed.members[0].invoice.number},"
        )
        says = f"{touch.step}: {what} {letter.template_version} sent.{remark}"
        timeline.note(session, row, now, "touch", touch.outcome, says)


def record_failed(
    session: Session, claimed: Claim, outcome: TouchOutcome, now: datetime, why: str
) -> None:
    """The letter will not leave: its touches say so, and nothing keeps the day's place."""
    for touch, row in _touches(session, claimed.key):
        touch.outcome, touch.message_key, touch.at = outcome, None, now
        session.add(touch)
        timeline.note(session, row, now, "touch", outcome, f"{touch.step}: {why}")
    session.flush()
    session.exec(delete(Message).where(col(Message.key) == claimed.key))


def reject_address(session: Session, row: FollowUpRow, email: str, now: datetime) -> None:
    """Remember that a mail server refused this address of the customer for good."""
    session.exec(
        update(Contact)
        .where(col(Contact.customer_id) == row.customer_id, col(Contact.email) == email)
        .values(rejected_at=now)
    )
    says = "The mail server refused the address for good; another one is tried if there is any."
    timeline.note(session, row, now, "touch", TouchOutcome.REJECTED, says)


def _update(session: Session, key: str, **values: object) -> None:
    session.exec(update(Message).where(col(Message.key) == key).values(**values))


def _touches(session: Session, message_key: str) -> Sequence[tuple[Touch, FollowUpRow]]:
    return session.exec(
        select(Touch, FollowUpRow)
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Touch.invoice_id))
        .where(Touch.message_key == message_key)
    ).all()


def _what_matters(session: Session, invoice_ids: Sequence[str]) -> tuple[object, ...]:
    """All that could forbid or change a letter about these invoices, to compare with later."""
    rows = session.execute(
        select_columns(
            col(Invoice.id),
            col(Invoice.amount_open),
            col(Invoice.status),
            col(Invoice.revision),
            col(FollowUpRow.paused),
            col(FollowUpRow.dispute_id),
            col(FollowUpRow.promise_id),
            col(Customer.insolvent),
            col(Customer.legal_hold),
            col(Customer.do_not_contact),
            col(Customer.unapplied_cash),
        )
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .where(col(Invoice.id).in_(invoice_ids))
        .order_by(col(Invoice.id))
    )
    return tuple(tuple(row) for row in rows)


def _references(session: Session, invoice_ids: list[str], key: str) -> tuple[str, ...]:
    """Message-IDs of the letters that covered any of these invoices before, oldest first."""
    earlier = session.exec(
        select(Message.message_id, col(Message.sent_at))
        .join(Touch, col(Touch.message_key) == col(Message.key))
        .where(
            col(Touch.invoice_id).in_(invoice_ids),
            Message.key != key,
            col(Message.sent_at).is_not(None),
        )
        .order_by(col(Message.sent_at))
        .distinct()
    ).all()
    return tuple(message_id for message_id, _ in earlier[-_REFERENCES:])
