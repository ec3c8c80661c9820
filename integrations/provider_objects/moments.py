"""Moments as providers write them."""

from datetime import UTC, datetime

FIRST = datetime(1990, 1, 1, tzinfo=UTC)
LAST = datetime(2199, 12, 31, tzinfo=UTC)


def moment_of(said: object) -> datetime | None:
    """A moment from seconds since 1970 or from ISO 8601 (UTC where it names no zone).

    None when it is neither, or lies outside of 1990 to 2199.
    """
    moment: datetime | None = None
    try:
        if isinstance(said, int | float) and not isinstance(said, bool):
            moment = datetime.fromtimestamp(said, UTC)
        elif isinstance(said, str):
            moment = datetime.fromisoformat(said)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if moment and FIRST <= moment <= LAST else None
    except (ValueError, OverflowError, OSError):
        return None
