"""One customer: what is known of them, what must be respected, and whom to write to."""

import csv
import uuid
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from commands.office import AsJson, Day, Office, in_office, print_json, say
from domain.customer_context import STAFF
from integrations.mail.address import on_the_wire
from models.context import CustomerContext
from models.errors import AddressRejected, FollowUpClosed, WrongUse
from models.events import ContextChanged
from models.tables import Contact, Customer
from models.vocabulary import Role
from store import contexts, customers

Named = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id or name.")]
_SAID = sorted(CustomerContext.model_fields.keys() - {"contacts", "until"})
_UNSAY = ("unsaid", "clear")

customer = typer.Typer(
    no_args_is_help=True, help="What is known of a customer, and what must be respected."
)


@customer.command()
def show(named: Named, as_json: AsJson = False) -> None:
    """Show what is known of a customer: owner, relationship, behaviour, contacts, what is open.

    Example: starter.py customer show ACME
    """

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            found = customers.find(session, named)
            settings = office.settings
            told = customers.overview(session, found, settings.crm, datetime.now(UTC))
        if as_json:
            print_json(told)
            return
        table = Table(title=f"{told['name']} ({told['id']})", title_justify="left")
        table.add_column("what")
        table.add_column("as known")
        for name, value in told.items():
            table.add_row(name.replace("_", " "), escape(_shown(value)))
        Console().print(table)

    in_office(work)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name.replace('_', ' ')}: {_shown(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(_shown(one) for one in value) or "none"
    return "" if value is None else str(value)


@customer.command()
def flag(
    named: Named,
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(_SAID)}.")],
    value: Annotated[
        str, typer.Argument(help="yes, no, a value, or 'unsaid' to take it back.")
    ] = "yes",
    until: Day = None,
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
) -> None:
    """Note something about a customer that must be respected; --until lets it lapse by itself.

    Every follow-up of the customer looks again at once.
    Example: starter.py customer flag ACME renewal_under_way --until 2026-04-30
    """
    if what not in _SAID:
        raise WrongUse(f"{what} is nothing to be said of a customer; there are: {', '.join(_SAID)}")

    async def work(office: Office) -> None:
        with office.database.writing() as session:
            found = customers.find(session, named)
            said = contexts.said_by(session, found.id, STAFF)
            told = _told(said, what, value, until)
            contexts.keep(session, found, STAFF, told, datetime.now(UTC))
            name, customer_id = found.name, found.id
        now = getattr(told, what)
        lapses = f" until {until}" if until else ""
        say(f"{name}: {what.replace('_', ' ')} is {_word(now)}{lapses}.")
        await _look_again(office, customer_id, f"{what} {_word(now)}{lapses}, says {by or 'staff'}")

    in_office(work)


def _told(said: CustomerContext, what: str, value: str, until: date | None) -> CustomerContext:
    known = said.model_dump(exclude_none=True)
    lapsing = {name: day for name, day in said.until.items() if name != what}
    known.pop(what, None)
    if value not in _UNSAY:
        known[what] = value
        if until is not None:
            lapsing[what] = until
    try:
        return CustomerContext.model_validate(known | {"until": lapsing})
    except ValidationError as wrong:
        raise WrongUse(f"{what} {value}: {wrong.errors()[0]['msg']}") from None


def _word(value: object) -> str:
    if value is None:
        return "unsaid"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


async def _look_again(office: Office, customer_id: str, note: str) -> None:
    """Have every running follow-up of the customer look again."""
    with office.database.reading() as session:
        running = contexts.running_invoices(session, customer_id)
    if not running:
        return
    follow_ups = await office.follow_ups()
    for invoice_id in running:
        with suppress(FollowUpClosed):
            change = ContextChanged(event_id=f"context/{uuid.uuid4()}", note=note)
            await follow_ups.tell(invoice_id, change)
    many = "1 follow-up looks" if len(running) == 1 else f"{len(running)} follow-ups look"
    say(f"{many} again.")


@customer.command(name="contacts")
def show_contacts(
    named: Named,
    add: Annotated[str, typer.Option(help="A mail address to add, or to change.")] = "",
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    phone: Annotated[str, typer.Option(help="Their number.")] = "",
    role: Annotated[Role | None, typer.Option(help="What they are there.")] = None,
    remove: Annotated[str, typer.Option(help="A mail address to remove.")] = "",
    as_json: AsJson = False,
) -> None:
    """List a customer's contacts, or add, change or remove one. It counts from the next letter.

    Example: starter.py customer contacts ACME --add cfo@acme.example --role cfo
    """
    if add:
        _check_address(add)

    async def work(office: Office) -> None:
        with office.database.writing() as session:
            found = customers.find(session, named)
            changed = _change_contacts(session, found, add, name, phone, role, remove)
            contacts = customers.contacts(session, found.id)
            listed = [one.model_dump(mode="json", exclude={"id"}) for one in contacts]
        if as_json:
            print_json(listed)
        else:
            _list_contacts(found.name, contacts)
        if changed:
            await _look_again(office, found.id, "contacts")

    in_office(work)


def _check_address(address: str) -> None:
    try:
        on_the_wire(address)
    except AddressRejected as rejected:
        raise WrongUse(f"--add {address}: {rejected}") from None


def _change_contacts(
    session: Session,
    found: Customer,
    add: str,
    name: str,
    phone: str,
    role: Role | None,
    remove: str,
) -> bool:
    if add:
        customers.put_contact(session, found, add, name=name, phone=phone, role=role)
    if remove and not customers.drop_contact(session, found, remove):
        raise WrongUse(f"{found.name} has no contact {remove}.")
    return bool(add or remove)


def _list_contacts(name: str, contacts: list[Contact]) -> None:
    table = Table(title=f"Contacts of {name}", title_justify="left")
    for heading in ("address", "name", "role", "phone", "takes mail"):
        table.add_column(heading)
    for one in contacts:
        takes = f"refused {one.rejected_at:%Y-%m-%d}" if one.rejected_at else "yes"
        row = (one.email, one.name, one.role, one.phone, takes)
        table.add_row(*(escape(part) for part in row))
    Console().print(table)


@customer.command(name="import")
def import_flags(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE")],
    as_json: AsJson = False,
) -> None:
    """Take in what a CSV file says of customers: a column customer_id, and one for each thing said.

    A file with a mistake is refused whole. An empty cell leaves what was said before.
    Example: starter.py customer import relationships.csv
    """
    rows = _rows(path)

    async def work(office: Office) -> None:
        with office.database.writing() as session:
            changed = []
            for line, row in enumerate(rows, start=2):
                found = session.get(Customer, row["customer_id"])
                if found is None:
                    raise WrongUse(f"{path}:{line}: there is no customer {row['customer_id']}")
                said = contexts.said_by(session, found.id, STAFF)
                told = _from_row(path, line, said, row)
                if contexts.keep(session, found, STAFF, told, datetime.now(UTC)):
                    changed.append(found.id)
        if as_json:
            print_json({"customers": len(rows), "changed": len(changed)})
        else:
            say(f"{len(rows)} customers read, {len(changed)} changed.")
        for customer_id in changed:
            await _look_again(office, customer_id, f"from {path.name}")

    in_office(work)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = reader.fieldnames or []
            unknown = [name for name in names if name not in ("customer_id", *_SAID)]
            if "customer_id" not in names or unknown:
                wrong = f"{unknown[0]} is nothing to be said" if unknown else "no customer_id"
                raise WrongUse(
                    f"{path}:1: {wrong}; the columns are customer_id and any of {', '.join(_SAID)}"
                )
            return [{name: value or "" for name, value in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as unreadable:
        raise WrongUse(f"{path}: cannot be read as CSV in UTF-8 ({unreadable})") from None


def _from_row(path: Path, line: int, said: CustomerContext, row: dict[str, str]) -> CustomerContext:
    known = said.model_dump(exclude_none=True)
    known |= {name: value.strip() for name, value in row.items() if value.strip()}
    known.pop("customer_id")
    try:
        return CustomerContext.model_validate(known)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise WrongUse(f"{path}:{line}: {first['loc'][0]}: {first['msg']}") from None
