"""Letters that ask for nothing, beside those that do: they use up no customer's day."""

from datetime import datetime

from sqlmodel import Session

from domain.send_window import local_day
from models.decision import TouchPlan
from models.letter import Envelope
from models.tables import Message
from store.followed import Followed


def has_left(session: Session, key: str) -> bool:
    """True when the letter of that key was sent, or cannot be."""
    message = session.get(Message, key)
    return message is not None and message.sent_at is not None


def begin(session: Session, followed: Followed, plan: TouchPlan, key: str, now: datetime) -> None:
    """Note that the letter is about to leave."""
    invoice, row = followed.invoice, followed.row
    session.merge(
        Message(
            key=key,
            customer_id=invoice.customer_id,
            currency=invoice.currency,
            day=local_day(now, followed.facts.customer.zone),
            stage=plan.stage,
            template=plan.template or "",
            plan=plan.model_dump(mode="json"),
            total=invoice.amount_open,
            policy=row.policy,
            policy_version=row.policy_version,
            chases=False,
            claimed_by=invoice.id,
            claimed_at=now,
        )
    )


def end(session: Session, key: str, envelope: Envelope, sent_at: datetime | None) -> None:
    """The letter has left, or never will (`sent_at` None): then nothing is kept of it."""
    message = session.get_one(Message, key)
    if sent_at is None:
        session.delete(message)
        return
    message.sent_at, message.message_id = sent_at, envelope.message_id
    message.recipient, message.subject = envelope.to, envelope.letter.subject
    message.language, message.template = envelope.language, envelope.letter.template_version
    session.add(message)
