"""Money that a person has to place: list it, see what it may be for, decide."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from commands.office import AsJson, Office, in_office, print_facts, print_json, say
from commands.options import parse_amount
from commands.reconcile import NOT_TOLD, tell_follow_ups
from domain.open_items import OpenItems
from models.errors import WrongUse
from models.matching import Candidate
from models.tables import CashReceipt, Invoice
from store import cash_application, lookup, reviews
from store.policies import PolicyFiles
from store.reviews import Decided

_SHORT = 8
Way = Callable[[Office, Session, CashReceipt, Decided], None]
Money = Annotated[
    str | None,
    typer.Argument(metavar="[MONEY]", help="Show one: its key, or the beginning of it."),
]


def review(
    money: Money = None,
    take: Annotated[
        int | None, typer.Option(min=1, help="Place it as that proposal says.", metavar="NUMBER")
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(help="Place it so; once for each invoice.", metavar="INVOICE=AMOUNT"),
    ] = None,
    on_account: Annotated[
        str | None, typer.Option(help="Leave the rest with that customer.", metavar="CUSTOMER")
    ] = None,
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="It is no customer's payment.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back where it was placed, to place it anew.")
    ] = False,
    learn: Annotated[
        bool, typer.Option("--learn/--no-learn", help="Whether the payer is known from now on.")
    ] = True,
    by: Annotated[str, typer.Option(help="Who decides.")] = "",
    as_json: AsJson = False,
) -> None:
    """List money that waits for a person, show what one may be for, or decide.

    Example: starter.py review 3fa8 --place INV-1042=250.00 --by "Robin Vale"
    """
    ways: dict[str, Way | None] = {
        "--take": partial(_take, number=take) if take is not None else None,
        "--place": partial(_place, shares=place) if place else None,
        "--on-account": partial(_leave, customer_id=on_account) if on_account else None,
        "--set-aside": _set_aside if set_aside else None,
        "--undo": _undo if undo else None,
    }
    chosen = [way for way in ways.values() if way is not None]
    if len(chosen) > 1:
        raise WrongUse(f"Decide one way at a time: {', '.join(ways)}")
    if chosen and (money is None or not by):
        raise WrongUse("Name the money and who decides: starter.py review MONEY … --by NAME")
    if money is None:
        in_office(partial(_list, as_json=as_json))
    elif chosen:
        decided = Decided(by=by, at=datetime.now(UTC), learn=learn)
        in_office(partial(_decide, named=money, way=chosen[0], decided=decided, as_json=as_json))
    else:
        in_office(partial(_show, named=money, as_json=as_json))


def _take(
    office: Office, session: Session, receipt: CashReceipt, decided: Decided, *, number: int
) -> None:
    found = reviews.proposals(receipt, _items(office, session))
    if number > len(found):
        raise WrongUse(f"There are {len(found)} proposals for it.")
    reviews.take(session, receipt, found[number - 1], decided)


def _place(
    _: Office, session: Session, receipt: CashReceipt, decided: Decided, *, shares: Sequence[str]
) -> None:
    reviews.place(session, receipt, [_share(session, one) for one in shares], decided)


def _leave(
    _: Office, session: Session, receipt: CashReceipt, decided: Decided, *, customer_id: str
) -> None:
    reviews.leave_on_account(session, receipt, customer_id, decided)


def _set_aside(_: Office, session: Session, receipt: CashReceipt, decided: Decided) -> None:
    reviews.set_aside(session, receipt, decided)


def _undo(_: Office, session: Session, receipt: CashReceipt, decided: Decided) -> None:
    reviews.undo(session, receipt, decided)


async def _list(office: Office, *, as_json: bool) -> None:
    with office.database.reading() as session:
        found = reviews.waiting(session)
        totals = reviews.totals(session)
        if as_json:
            print_json([_plain(one) for one in found])
            return
    if not found:
        say("No money waits for a person.")
        return
    table = Table()
    for name in ("money", "date", "amount", "payer", "text", "what speaks for what"):
        table.add_column(name, justify="right" if name == "amount" else "left", overflow="fold")
    for one in found:
        table.add_row(
            _short(one),
            str(one.received_on),
            f"{_signed(one):,.2f} {one.currency}",
            Text(one.payer_name),
            Text(_first_line(one)),
            Text(one.explains),
        )
    Console().print(table)
    sums = ", ".join(f"{amount:,.2f} {currency}" for currency, (_, amount) in totals.items())
    say(f"{sum(count for count, _ in totals.values())} wait, {sums}. One: starter.py review MONEY")


async def _show(office: Office, named: str, *, as_json: bool) -> None:
    with office.database.reading() as session:
        receipt = reviews.find(session, named)
        found = reviews.proposals(receipt, _items(office, session))
        effects = [_effect(session, receipt, one) for one in found]
        payments = cash_application.standing(session, receipt)
        if as_json:
            proposals = [
                {"number": number, "score": one.score, "reason": one.reason, "would": effect}
                for number, (one, effect) in enumerate(zip(found, effects, strict=True), 1)
            ]
            print_json({**_plain(receipt), "proposals": proposals})
            return
    print_facts(_facts(receipt))
    for invoice, amount in payments:
        say(f"Stands on {invoice.number}: {amount:,.2f}")
    for number, (one, effect) in enumerate(zip(found, effects, strict=True), 1):
        say(f"{number}. ({one.score}) {one.says} It would: {effect}")
    if receipt.rest > 0:
        way = "--take 1" if any(one.parts for one in found) else "--place INVOICE=AMOUNT"
        say(f"Decide: starter.py review {_short(receipt)} {way} --by NAME")


async def _decide(
    office: Office,
    named: str,
    way: Way,
    decided: Decided,
    *,
    as_json: bool,
) -> None:
    with office.database.writing() as session:
        receipt = reviews.find(session, named)
        way(office, session, receipt, decided)
        session.flush()
        standing = cash_application.standing(session, receipt)
        plain = _plain(receipt)
    told = await tell_follow_ups()
    if as_json:
        print_json({**plain, "told": told})
        return
    where = ", ".join(f"{amount:,.2f} on {invoice.number}" for invoice, amount in standing)
    say(f"{_short(receipt)} is {receipt.state.replace('_', ' ')}{': ' + where if where else ''}.")
    if receipt.rest > 0:
        say(f"{receipt.rest:,.2f} {receipt.currency} of it are not placed.")
    if not told:
        say(NOT_TOLD)


def _items(office: Office, session: Session) -> OpenItems:
    rules = PolicyFiles(office.settings.policies, office.settings.base_currency).cash
    return cash_application.open_items(session, rules, datetime.now(UTC).date())


def _share(session: Session, text: str) -> tuple[Invoice, Decimal]:
    named, equals, amount = text.rpartition("=")
    if not equals or not named:
        raise WrongUse(f"--place {text}: write it as INVOICE=AMOUNT, such as INV-1042=250.00")
    return lookup.find(session, named).invoice, parse_amount(amount)


def _effect(session: Session, receipt: CashReceipt, one: Candidate) -> str:
    """What placing it so would do."""
    parts = []
    for part in one.parts:
        invoice = session.get_one(Invoice, part.invoice_id)
        left = invoice.amount_open - part.amount - part.credit
        closes = "closes it" if left <= 0 else f"leaves {left:,.2f} open"
        gives = f", giving up {part.credit:,.2f} ({part.credit_kind})" if part.credit_kind else ""
        parts.append(f"pay {invoice.number} {part.amount:,.2f}{gives} ({closes})")
    if one.left > 0:
        parts.append(f"leave {one.left:,.2f} {receipt.currency} with {one.customer_id}")
    return "; ".join(parts) + "."


def _facts(receipt: CashReceipt) -> Sequence[tuple[str, str]]:
    said = {
        "money": receipt.key,
        "state": receipt.state.replace("_", " "),
        "date": str(receipt.received_on),
        "amount": f"{_signed(receipt):,.2f} {receipt.currency}",
        "not placed": f"{receipt.rest:,.2f}",
        "payer": receipt.payer_name,
        "account": receipt.payer_account,
        "text": receipt.remittance.partition("\n")[0],
        "references": ", ".join(receipt.hints),
        "customer": receipt.customer_id or "",
        "why": receipt.explains,
        "decided by": receipt.decided_by,
        "statement": receipt.statement,
    }
    return [(name, text) for name, text in said.items() if text]


def _plain(receipt: CashReceipt) -> dict[str, Any]:
    return {**receipt.model_dump(mode="json"), "rest": str(receipt.rest)}


def _short(receipt: CashReceipt) -> str:
    """As much of the key as tells it from others."""
    source, slash, rest = receipt.key.rpartition("/")
    return rest[:_SHORT] if slash and source == "bank" else receipt.key


def _signed(receipt: CashReceipt) -> Decimal:
    return -receipt.amount if receipt.is_reversal else receipt.amount


def _first_line(receipt: CashReceipt) -> str:
    return receipt.remittance.partition("\n")[0]
