"""What a register says of an invoice, against what was said before and what was booked here."""

from datetime import date, datetime
from decimal import Decimal

from models.vocabulary import InvoiceStatus

# Of two statements of one moment, providers deliver either first; an end is told after the opening.
_RANK = {
    InvoiceStatus.OPEN: 0,
    InvoiceStatus.WRITTEN_OFF: 1,  # "uncollectible" may still be paid or voided
    InvoiceStatus.PAID: 2,
    InvoiceStatus.CREDITED: 2,
    InvoiceStatus.VOIDED: 2,
}

Stated = tuple[datetime | None, InvoiceStatus]


def supersedes(new: Stated, known: Stated) -> bool:
    """True when the statement `new` is to be taken over `known`: it is later, or of the same moment
    and not a step back. A statement without a moment is taken as it comes."""
    if new[0] is None or known[0] is None:
        return True
    return (new[0], _RANK[new[1]]) >= (known[0], _RANK[known[1]])


def is_same_money(amount: Decimal, day: date, settled: Decimal, as_of: datetime | None) -> bool:
    """True when a payment or credit of `amount`, known by its day alone, is what the register had
    called `settled` as of `as_of`, so that it must not be counted a second time.

    A register is often behind the bank: it is the same money only when it came by that day and the
    amounts agree to the cent. Otherwise it counts as new, because asking for what was paid is worse
    than asking for too little until the register speaks again.
    """
    return as_of is not None and 0 < settled == amount and day <= as_of.date()
