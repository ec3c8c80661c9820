"""How many letters have left under a policy, as far as somebody wants to know."""

from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from models.tables import Message, table_of

_messages = table_of(Message).c
_SENT = (
    select(_messages.key)
    .where(
        _messages.policy == bindparam("policy"),
        _messages.policy_version == bindparam("version"),
        _messages.sent_at.is_not(None),
        _messages.chases,
    )
    .limit(bindparam("most"))
    .subquery()
)
_COUNT = select(func.count()).select_from(_SENT)


def under(session: Session, policy: str, version: int, most: int) -> int:
    """Letters that asked for money and left under this version; `most` where there are more."""
    asked = {"policy": policy, "version": version, "most": most}
    return int(session.execute(_COUNT, asked).scalar_one())
