"""When within a day a letter may leave, in the customer's own morning."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.policy import Window


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day it is in `zone` at `moment` (aware)."""
    return moment.astimezone(zone_of(zone)).date()


def opens(day: date, zone: str, window: Window, customer_id: str) -> datetime:
    """This customer's moment within the window of `day`, in UTC.

    A hash of the customer's id spreads customers evenly over the window, the same moment every
    day; invoices of one customer share it, so that they meet in one letter.
    """
    length = _seconds(window.end) - _seconds(window.start)
    return _instant(day, window.start, zone, after=_spread(customer_id) % length)


def closes(day: date, zone: str, window: Window) -> datetime:
    """The end of the window of `day`, in UTC; nothing leaves at or after it."""
    return _instant(day, window.end, zone)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name, or UTC when the name is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _instant(day: date, at: time, zone: str, after: int = 0) -> datetime:
    """`after` seconds of wall time past `at`, in UTC."""
    # A wall time that a clock change skips maps to the instant after the gap, because Python
    # resolves it with the offset from before; one that comes twice means its first occurrence.
    wall = datetime.combine(day, at, tzinfo=zone_of(zone)) + timedelta(seconds=after)
    return wall.astimezone(UTC)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


@lru_cache(maxsize=100_000)
def _spread(customer_id: str) -> int:
    return int.from_bytes(blake2b(customer_id.encode(), digest_size=6).digest())
