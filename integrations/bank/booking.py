"""What the readers of the formats hand on: statements whose entries have no keys yet."""

from dataclasses import dataclass, field

from models.bank import BankEntry, BankStatement


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking as a whole and, where the bank breaks it down, the payments that it is made of."""

    whole: BankEntry
    parts: tuple[BankEntry, ...] = ()


@dataclass(slots=True)
class Draft:
    """A statement and its bookings, in the file's order.

    `follows_on`: it is a later page of the statement before it on the same account.
    """

    statement: BankStatement
    bookings: list[Booking] = field(default_factory=list)
    follows_on: bool = False
    line: int | None = None
