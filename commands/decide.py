"""Decisions about an invoice: its disposition, a payment plan, and an owner's word."""

import calendar
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Annotated

import typer
from babel.numbers import get_currency_precision
from sqlmodel import Session

from commands.office import AsJson, parse_day
from commands.options import EventId, Invoiced, NoteText
from commands.verdicts import Who, Why, put
from models.acts import Act, AgreePaymentPlan, AnswerAsOwner, DecideDisposition, InstalmentTerm
from models.errors import WrongUse
from models.vocabulary import Disposition, OwnerWord
from store.lookup import Found


def decide(
    invoice: Invoiced,
    choice: Annotated[Disposition, typer.Argument(help="What is to become of it.")],
    by: Who,
    why: Why,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Decide what is to become of an invoice: plan, write_off, agency, legal, or continue.

    A write-off and an agency end the chase; a plan is then to be agreed with `plan`.

    Example: starter.py decide INV-1042 write_off --by "Ines Calder" --why "below the cost of suing"
    """

    def make(_found: Found, _session: Session, event_id: str) -> DecideDisposition:
        return DecideDisposition(event_id=event_id, by=by, choice=choice, why=why)

    put(invoice, make, event_id, as_json)


def plan(
    invoice: Invoiced,
    by: Who,
    instalment: Annotated[
        list[str] | None,
        typer.Option(metavar="YYYY-MM-DD=AMOUNT", help="One instalment; repeat it for each."),
    ] = None,
    parts: Annotated[
        int | None, typer.Option(min=2, max=60, help="So many equal monthly instalments.")
    ] = None,
    first: Annotated[
        date | None,
        typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="When the first of them is due."),
    ] = None,
    note: NoteText = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Agree a payment plan: instalments that add up to what is open. Say --instalment for each,
    or --parts and --first.

    Example: starter.py plan INV-1042 --parts 3 --first 2026-04-01 --by "Robin Vale"
    """
    given = [_instalment(text) for text in instalment or ()]
    equal = parts is not None and first is not None
    if bool(given) is equal or (given and (parts or first)):
        raise WrongUse(
            "Say either --instalment 2026-04-01=400.00 for each, or --parts 3 --first 2026-04-01."
        )

    def make(found: Found, _session: Session, event_id: str) -> AgreePaymentPlan:
        terms = given
        if parts is not None and first is not None:
            terms = monthly(found.invoice.amount_open, found.invoice.currency, parts, first)
        return AgreePaymentPlan(event_id=event_id, by=by, instalments=tuple(terms), note=note)

    def more(found: Found, _session: Session, act: Act) -> list[str]:
        agreed = act.instalments if isinstance(act, AgreePaymentPlan) else ()
        return [f"{one.due_on}  {_money(one.amount, found.invoice.currency)}" for one in agreed]

    put(invoice, make, event_id, as_json, more)


def _instalment(text: str) -> InstalmentTerm:
    day, _, amount = text.partition("=")
    try:
        return InstalmentTerm(due_on=date.fromisoformat(day.strip()), amount=Decimal(amount))
    except (ValueError, ArithmeticError):
        raise WrongUse(f"--instalment {text!r}: write it as 2026-04-01=400.00") from None


def monthly(amount: Decimal, currency: str, parts: int, first: date) -> list[InstalmentTerm]:
    """Instalments a month apart that add up to `amount` and differ by at most the currency's
    smallest unit, the larger ones first. What is smaller than that unit goes to the last.

    Raises:
        WrongUse: there is less than a unit for each.
    """
    unit = Decimal(1).scaleb(-get_currency_precision(currency))
    units = int((amount / unit).to_integral_value(rounding=ROUND_DOWN))
    each, left = divmod(units, parts)
    if not each:
        raise WrongUse(f"{_money(amount, currency)} is too little for --parts {parts}.")
    amounts = [unit * (each + (number < left)) for number in range(parts)]
    if smaller := amount - unit * units:
        amounts[-1] += smaller
    return [
        InstalmentTerm(due_on=_months_after(first, number), amount=one)
        for number, one in enumerate(amounts)
    ]


def _money(amount: Decimal, currency: str) -> str:
    """The amount with the currency's decimals, or with all it has where those are more."""
    exponent = amount.normalize().as_tuple().exponent
    digits = max(get_currency_precision(currency), -int(exponent))
    return f"{amount:,.{digits}f} {currency}"


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def owner(
    invoice: Invoiced,
    word: Annotated[OwnerWord, typer.Argument(help="What the account owner says.")],
    by: Who,
    note: NoteText = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Answer as the account owner who is asked before a letter leaves: go, soften or hold.

    Example: starter.py owner INV-1042 soften --by mara@harbour.example
    """

    def make(_found: Found, _session: Session, event_id: str) -> AnswerAsOwner:
        return AnswerAsOwner(event_id=event_id, by=by, word=word, note=note)

    put(invoice, make, event_id, as_json)
