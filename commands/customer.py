"""One customer: what is known of them, what must be respected, and whom to write to."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from commands.customer_page import customer_lines
from commands.office import (
    AsJson,
    Office,
    business_now,
    in_office,
    parse_day,
    print_facts,
    print_json,
    say,
)
from commands.sayings import (
    THINGS,
    UNSAY,
    known_name,
    spaced,
    told_from_now,
    until_words,
    value_of,
    word,
)
from commands.sayings_file import Row, refuse, rows_of
from domain.customer_context import STAFF
from domain.send_window import local_day
from integrations.mail.address import on_the_wire
from models.errors import AddressRejected, FollowUpClosed, TemporalUnavailable, WrongUse
from models.events import ContextChanged
from models.tables import Contact, Customer
from models.vocabulary import Role
from store import contexts, customers

Named = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id or name.")]
customer = typer.Typer(
    no_args_is_help=True, help="What is known of a customer, and what must be respected."
)


@customer.command()
def show(named: Named, as_json: AsJson = False) -> None:
    """Show what is known of a customer: owner, relationship, behaviour, what is open, contacts.

    Example: starter.py customer show ACME
    """

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            found = customers.find(session, named)
            running = contexts.running_invoices(session, found.id)
        now = await business_now(office, running)
        with office.database.reading() as session:
            told = customers.overview(session, found, office.settings.crm, now)
        if as_json:
            print_json(to_jsonable_python(told))
        else:
            print_facts(customer_lines(told, office.settings))

    in_office(work)


@customer.command()
def flag(
    named: Named,
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"One of: {', '.join(THINGS)}.")],
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]", help="yes if left out; no, a value, or 'unsaid' to take it back."
        ),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(
            parser=parse_day, metavar="YYYY-MM-DD", help="The last day on which it counts."
        ),
    ] = None,
    by: Annotated[str, typer.Option(help="Who says so.")] = "",
    as_json: AsJson = False,
) -> None:
    """Note something about a customer that must be respected; --until lets it lapse by itself.

    Our own word goes before the CRM's and the register's. Every follow-up of the customer looks
    again at once.

    Example: starter.py customer flag ACME renewal_under_way --until 2026-04-30
    """
    name = known_name(what)
    is_unsaid = value is not None and value.strip().casefold() in UNSAY
    said = None if is_unsaid else value_of(name, value)
    if is_unsaid and until is not None:
        raise WrongUse(f"--until goes with a value, not with {value}.")

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            running = contexts.running_invoices(session, customers.find(session, named).id)
        now = await business_now(office, running)
        with office.database.writing() as session:
            found = customers.find(session, named)
            today = local_day(now, found.zone)
            if until is not None and until < today:
                raise WrongUse(f"--until {until} has passed: it is {today} there.")
            known = contexts.said_by(session, found.id, STAFF)
            contexts.keep(session, found, STAFF, told_from_now(known, {name: said}, until), now)
            counts = customers.said_of(session, found, office.settings.crm, today).get(name)
        note = f"{spaced(name)} {word(said)}{until_words(until)}, says {by or 'staff'}"
        told = await _look_again(office, [found.id], note)
        if as_json:
            noted = {"customer_id": found.id, "what": name, "value": said, "until": until}
            print_json(to_jsonable_python(noted | told.data))
            return
        if said is not None:
            say(f"{found.name}: {spaced(name)} is {word(said)}{until_words(until)}.")
        else:
            others = f"{counts.by} says {word(counts.value)}" if counts else "the register counts"
            say(f"{found.name}: we say nothing of {spaced(name)} any more; {others}.")
        told.say()

    in_office(work)


@dataclass(frozen=True, slots=True)
class _LookAgain:
    """How many follow-ups were told to look again, and how many were to be while no server
    answered: they take it into account when they next look by themselves."""

    told: int = 0
    still_to_tell: int = 0

    @property
    def data(self) -> dict[str, int]:
        return {"told": self.told, "still_to_tell": self.still_to_tell}

    def say(self) -> None:
        if self.told:
            say(f"{_follow_ups(self.told)} again.")
        if self.still_to_tell:
            say(f"No Temporal server answers: {_follow_ups(self.still_to_tell)} at the next step.")


def _follow_ups(many: int) -> str:
    return "1 follow-up looks" if many == 1 else f"{many} follow-ups look"


async def _look_again(office: Office, customer_ids: Sequence[str], note: str) -> _LookAgain:
    """Have every running follow-up of these customers look again."""
    with office.database.reading() as session:
        running = [
            invoice_id
            for customer_id in customer_ids
            for invoice_id in contexts.running_invoices(session, customer_id)
        ]
    told, left = 0, len(running)
    with suppress(TemporalUnavailable):
        for invoice_id in running:
            change = ContextChanged(event_id=f"context/{uuid.uuid4()}", note=note)
            with suppress(FollowUpClosed):
                await (await office.follow_ups()).tell(invoice_id, change)
                told += 1
            left -= 1
    return _LookAgain(told, left)


@customer.command(name="contacts")
def show_contacts(
    named: Named,
    add: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A mail address to add, or to change.")
    ] = "",
    name: Annotated[str, typer.Option(help="Their name.")] = "",
    phone: Annotated[str, typer.Option(help="Their number.")] = "",
    role: Annotated[Role | None, typer.Option(help="What they are there; ap if new.")] = None,
    remove: Annotated[str, typer.Option(metavar="ADDRESS", help="A mail address to remove.")] = "",
    as_json: AsJson = False,
) -> None:
    """List a customer's contacts, or add, change or remove one. It counts from the next letter.

    Example: starter.py customer contacts ACME --add cfo@acme.example --role cfo
    """
    change = _Change(add.strip(), name, phone, role, remove.strip())
    change.check()

    async def work(office: Office) -> None:
        told = _LookAgain()
        if change.is_any:
            with office.database.writing() as session:
                found = customers.find(session, named)
                change.make(session, found)
                customer_id = found.id
            told = await _look_again(office, [customer_id], "contacts")
        with office.database.reading() as session:
            found = customers.find(session, named)
            contacts = customers.contacts(session, found.id)
        if as_json:
            print_json(to_jsonable_python([customers.plain(one) for one in contacts]))
            return
        _list_contacts(found, contacts)
        told.say()

    in_office(work)


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to become of a customer's contacts."""

    add: str
    name: str
    phone: str
    role: Role | None
    remove: str

    @property
    def is_any(self) -> bool:
        return bool(self.add or self.remove)

    def check(self) -> None:
        """Raise WrongUse where it makes no sense."""
        if not self.add and (self.name or self.phone or self.role):
            raise WrongUse("--name, --phone and --role say more of an --add: whose are they?")
        if self.add and self.add.casefold() == self.remove.casefold():
            raise WrongUse(f"{self.add} cannot be added and removed at once.")
        if self.add:
            try:
                on_the_wire(self.add)
            except AddressRejected:
                raise WrongUse(f"--add {self.add}: it is not a mail address") from None

    def make(self, session: Session, found: Customer) -> None:
        if self.add:
            more = {"name": self.name.strip(), "phone": self.phone.strip()}
            customers.put_contact(session, found, self.add, role=self.role, **more)
        if self.remove and not customers.drop_contact(session, found, self.remove):
            there = ", ".join(one.email for one in customers.contacts(session, found.id)) or "none"
            raise WrongUse(f"{found.name} has no contact {self.remove}. There are: {there}.")


def _list_contacts(found: Customer, contacts: Sequence[Contact]) -> None:
    if not contacts:
        say(f"{found.name} has no contact: letters wait until somebody adds one.")
        return
    table = Table(title=Text(f"Contacts of {found.name}"), title_justify="left")
    for heading in ("address", "name", "role", "phone", "takes mail", "from"):
        table.add_column(heading, overflow="fold")
    for one in contacts:
        takes = f"refused {one.rejected_at:%Y-%m-%d}" if one.rejected_at else "yes"
        row = (one.email, one.name, one.role, one.phone, takes, one.source)
        table.add_row(*map(Text, row))
    Console().print(table)


@customer.command(name="import")
def import_flags(
    path: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE", help="A CSV file.")
    ],
    as_json: AsJson = False,
) -> None:
    """Take in what a CSV file says of customers: a column customer_id, and one for each thing that
    `customer flag` knows.

    A file with a mistake is refused whole. An empty cell leaves what was said before; 'unsaid'
    takes it back.

    Example: starter.py customer import relationships.csv
    """
    rows = rows_of(path)

    async def work(office: Office) -> None:
        with office.database.writing() as session:
            unknown = [
                f"{path}:{row.line}: there is no customer {row.customer_id}"
                for row in rows
                if session.get(Customer, row.customer_id) is None
            ]
            refuse(unknown)
            changed = [row.customer_id for row in rows if _take(session, row)]
        told = await _look_again(office, changed, f"from {path.name}")
        if as_json:
            print_json({"customers": len(rows), "changed": len(changed)} | told.data)
            return
        many = "1 customer" if len(rows) == 1 else f"{len(rows)} customers"
        say(f"{many} read, {len(changed)} changed.")
        told.say()

    in_office(work)


def _take(session: Session, row: Row) -> bool:
    found = session.get_one(Customer, row.customer_id)
    known = contexts.said_by(session, found.id, STAFF)
    told = told_from_now(known, row.said, None)
    return contexts.keep(session, found, STAFF, told, datetime.now(UTC))
