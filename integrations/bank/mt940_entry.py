"""Field :61: of MT940 and MT942: one movement's days, sign, amount and references."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.bank import values
from integrations.bank.broken import Broken
from integrations.bank.keys import said
from integrations.bank.mt940_fields import Field

_ENTRY = re.compile(
    r"(?P<value>[0-9]{6})(?P<booked>[0-9]{4})?(?P<mark>[RE]?[CD])(?P<third>[A-Z])?"
    r"(?P<amount>[0-9]+[.,]?[0-9]*)(?P<type>[A-Z][A-Z0-9 ]{3})?(?P<rest>.*)"
)
_IS_CREDIT = {"C": True, "EC": True, "RD": True, "D": False, "ED": False, "RC": False}
"""What a mark does to the balance: taking back a credit takes money away."""
_REFERENCE = 16  # signs at most in the account owner's reference


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement; `extra` is the supplementary line, below the field or behind the reference."""

    booked_on: date | None
    value_on: date
    amount: Decimal
    is_credit: bool
    is_reversal: bool
    is_pending: bool
    type: str
    customer_reference: str
    bank_reference: str
    extra: str


def movement_of(field: Field) -> Movement:
    """What the field says.

    Raises:
        Broken: it does not have the form of one, or a date or amount of it cannot be read.
    """
    found = _ENTRY.fullmatch(field.text)
    if found is None:
        raise Broken(
            field.line, f"the entry :61:{field.text[:40]} cannot be read. Download the file again."
        )
    value_on = values.short_date(found["value"], field.line)
    customer, _, bank = found["rest"].partition("//")
    extra = [customer[_REFERENCE:], *field.lines[1:]]
    mark = found["mark"]
    return Movement(
        booked_on=_booked(found["booked"], value_on, field.line),
        value_on=value_on,
        amount=values.amount(found["amount"], field.line),
        is_credit=_IS_CREDIT[mark],
        is_reversal=mark.startswith("R"),
        is_pending=mark.startswith("E"),
        type=found["type"] or "",
        customer_reference=said(customer[:_REFERENCE]),
        bank_reference=said(bank),
        extra=" ".join(" ".join(extra).split()),
    )


def _booked(text: str | None, value_on: date, line: int) -> date | None:
    """The booking day, whose year is not written: the one nearest to the value day."""
    if text is None:
        return None
    days: list[date] = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            days.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    if not days:
        raise Broken(line, f"booking day {text!r} is no day. Download the file again.")
    return min(days, key=lambda day: abs(day - value_on))
