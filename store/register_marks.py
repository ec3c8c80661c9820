"""Up to when a register outside was read."""

from datetime import datetime

from sqlmodel import Session

from models.tables import RegisterMark


def since(session: Session, source: str) -> datetime | None:
    """The moment to read from; None when it was never read to its end."""
    mark = session.get(RegisterMark, source)
    return mark.since if mark else None


def keep(session: Session, source: str, since: datetime | None) -> None:
    """It was read to its end: nothing that changed from then on is missing the next time."""
    mark = session.get(RegisterMark, source) or RegisterMark(source=source)
    mark.since = since or mark.since
    session.add(mark)
