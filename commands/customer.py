"""One customer: what is known of them, what must be respected, and whom to write to."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from babel import Locale, UnknownLocaleError
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from commands.calls import business_now, print_facts
from commands.office import AsJson, Office, in_office, parse_day, print_json, say
from domain.brief import AGES
from domain.customer_context import STAFF
from domain.send_window import local_day
from integrations.csv_ledger.dialect import Progress, dialect_of, records
from integrations.mail.address import on_the_wire
from models.context import CustomerContext
from models.errors import AddressRejected, FollowUpClosed, TemporalUnavailable, WrongUse
from models.events import ContextChanged
from models.settings import Settings
from models.tables import Contact, Customer
from models.vocabulary import Channel, Role
from store import contexts, customers

Named = Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's id or name.")]
_MOST_INVOICES = 12
_MOST_MISTAKES = 20
_MOST_LETTERS = 300
_CLAUSE = re.compile(r"[a-z][a-z0-9_-]*")
_UNSAY = ("unsaid", "clear")
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off"), False),
}


def _yes_no(text: str) -> bool:
    return _YES_NO[text.casefold()]


def _address(text: str) -> str:
    on_the_wire(text)
    return text


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not 0 <= amount < 10**14:
        raise ValueError(text)
    return amount


def _count(text: str) -> int:
    if (count := int(text)) < 0:
        raise ValueError(text)
    return count


def _score(text: str) -> int:
    if not -100 <= (score := int(text)) <= 100:
        raise ValueError(text)
    return score


def _language(text: str) -> str:
    Locale.parse(text.replace("-", "_"))
    return text


def _clauses(text: str) -> tuple[str, ...]:
    if text.casefold() == "none":
        return ()
    clauses = tuple(part.strip() for part in text.split(","))
    if not all(_CLAUSE.fullmatch(one) for one in clauses):
        raise ValueError(text)
    return clauses


def _words(text: str) -> str:
    if not 0 < len(text) <= _MOST_LETTERS:
        raise ValueError(text)
    return text


_WRONG_VALUES = (AddressRejected, InvalidOperation, KeyError, UnknownLocaleError, ValueError)


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something to be said of a customer: how its value is read, and what is expected."""

    read: Callable[[str], Any]
    expects: str


_FLAG = _Thing(_yes_no, "yes or no")
_MAIL = _Thing(_address, "a mail address")
_TEXT = _Thing(_words, f"some words, {_MOST_LETTERS} letters at most")
_THINGS = {
    "paused_by_sales": _FLAG,
    "renewal_under_way": _FLAG,
    "expansion_under_way": _FLAG,
    "health_at_risk": _FLAG,
    "severe_tickets": _Thing(_count, "how many are open, such as 2"),
    "do_not_contact": _FLAG,
    "insolvent": _FLAG,
    "legal_hold": _FLAG,
    "strategic": _FLAG,
    "owner_name": _TEXT,
    "owner_email": _MAIL,
    "backup_email": _MAIL,
    "manager_email": _MAIL,
    "csm_name": _TEXT,
    "csm_email": _MAIL,
    "segment": _TEXT,
    "language": _Thing(_language, "a language such as de or pt-BR"),
    "channel": _Thing(Channel, " or ".join(Channel)),
    "contract_clauses": _Thing(
        _clauses, "what the contract allows, such as suspension,late_fee, or none"
    ),
    "renewal_on": _Thing(date.fromisoformat, "a day such as 2026-03-31"),
    "arr": _Thing(_amount, "an amount such as 120000.00"),
    "health": _TEXT,
    "nps": _Thing(_score, "a whole number from -100 to 100"),
}

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
            print_facts(_lines(told, office.settings))

    in_office(work)


def _lines(told: dict[str, Any], settings: Settings) -> Iterator[tuple[str, str]]:
    """What forbids or delays first, then who looks after them, how they pay, and what they owe."""
    yield "Customer", f"{told['name']} ({told['id']})"
    yield from _careful(told)
    owner = ", ".join(filter(None, told["owner"].values()))
    until = _until(told["said"].get("owner_email", {}).get("until"))
    yield "Owner", f"{owner}{until}" if owner else f"nobody of their own: {settings.staff_email}"
    yield "Backup", told["backup"] or settings.backup_email or "nobody"
    yield "Manager", told["manager"] or settings.manager_email or "nobody"
    if csm := ", ".join(filter(None, told["csm"].values())):
        yield "Success", csm
    yield from _known(told)
    for currency, words in told["behaviour"].items():
        yield "They pay", f"{words} ({currency})"
    yield from _owed(told)
    for one in told["contacts"]:
        yield "Contacts", _contact(one)
    if not told["contacts"]:
        yield "Contacts", f"none; add one: starter.py customer contacts {told['id']} --add"
    yield "CRM", _connected(told["connected"])
    yield "As of", f"{told['as_of']} in {told['zone']}"


def _careful(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("do_not_contact", "insolvent", "legal_hold"):
        if told[name]:
            said = told["said"].get(name, {"by": "the register", "until": None})
            yield "Careful", f"{_spaced(name)}{_until(said['until'])}, says {said['by']}"
    for one in told["relationship"]:
        yield "Careful", f"{_spaced(one['condition'])}{_until(one['until'])}, says {one['by']}"


def _known(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is good to know and forbids nothing."""
    names = ("segment", "arr", "health", "nps", "renewal_on", "language", "country")
    known = ["strategic"] if told["strategic"] else []
    known += [f"{_spaced(name)} {told[name]}" for name in names if told[name] not in (None, "")]
    known += [f"the contract allows {_spaced(one)}" for one in told["contract_clauses"]]
    yield "Known", ", ".join(known)


def _owed(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for one in told["open"]:
        many = "1 invoice" if one["invoices"] == 1 else f"{one['invoices']} invoices"
        yield "They owe", f"{one['amount']:,.2f} {one['currency']} {AGES[one['age']]}, {many}"
    if not told["open"]:
        yield "They owe", "nothing"
    for one in told["invoices"][:_MOST_INVOICES]:
        yield "Invoices", _invoice(one)
    if (more := len(told["invoices"]) - _MOST_INVOICES) > 0:
        yield "Invoices", f"and {more} more"


def _invoice(one: dict[str, Any]) -> str:
    late = one["days_past_due"]
    age = f"{late} days late" if late > 1 else "1 day late" if late == 1 else "not late"
    owed = f"{one['amount_open']:,.2f} {one['currency']}"
    return f"{one['number']}: {owed}, due {one['due_on']}, {age}; {_spaced(one['status'])}"


def _contact(one: dict[str, Any]) -> str:
    refused = f"refused mail on {one['rejected_at']:%Y-%m-%d}" if one["rejected_at"] else ""
    known = (one["email"], one["name"], one["role"], one["phone"], refused, one["source"])
    return ", ".join(part for part in known if part)


def _connected(told: dict[str, Any]) -> str:
    if not told["system"]:
        return "none is connected"
    answered = told["answered_at"]
    last = f"answered on {answered:%Y-%m-%d %H:%M} UTC" if answered else "has said nothing yet"
    if told["away_since"]:
        return (
            f"{told['system']} does not answer since {told['away_since']:%Y-%m-%d %H:%M} UTC "
            f"({told['problem']}); before, it {last}"
        )
    return f"{told['system']} {last}"


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _until(day: date | None) -> str:
    return f" until {day}" if day else ""


@customer.command()
def flag(
    named: Named,
    what: Annotated[str, typer.Argument(metavar="WHAT", help=f"One of: {', '.join(_THINGS)}.")],
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
    name = _known_name(what)
    is_unsaid = value is not None and value.strip().casefold() in _UNSAY
    said = None if is_unsaid else _value(name, value)
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
            contexts.keep(session, found, STAFF, _told(known, {name: said}, until), now)
            counts = customers.said_of(session, found, office.settings.crm, today).get(name)
        note = f"{_spaced(name)} {_word(said)}{_until(until)}, says {by or 'staff'}"
        told = await _look_again(office, [found.id], note)
        if as_json:
            noted = {"customer_id": found.id, "what": name, "value": said, "until": until}
            print_json(to_jsonable_python(noted | told.data))
            return
        if said is not None:
            say(f"{found.name}: {_spaced(name)} is {_word(said)}{_until(until)}.")
        else:
            others = f"{counts.by} says {_word(counts.value)}" if counts else "the register counts"
            say(f"{found.name}: we say nothing of {_spaced(name)} any more; {others}.")
        told.say()

    in_office(work)


def _known_name(what: str) -> str:
    name = what.strip().casefold().replace("-", "_").replace(" ", "_")
    if name in _THINGS:
        return name
    near = get_close_matches(name, _THINGS, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise WrongUse(
        f"{what} is nothing to be said of a customer.{meant} There are: {', '.join(_THINGS)}"
    )


def _value(name: str, text: str | None) -> Any:
    """What was said, as it counts; a flag alone means yes."""
    thing = _THINGS[name]
    if text is None and thing is _FLAG:
        return True
    try:
        return thing.read((text or "").strip())
    except _WRONG_VALUES:
        wrong = "needs a value" if not (text or "").strip() else f"{text!r} is none"
        raise WrongUse(f"{name}: {wrong}; expected {thing.expects}") from None


def _told(known: CustomerContext, said: Mapping[str, Any], until: date | None) -> CustomerContext:
    """What our people say from now on: `said` instead of what they said of these things before,
    up to `until`; None takes it back."""
    kept = {name: value for name, value in known if name not in said and value is not None}
    kept["until"] = {name: day for name, day in known.until.items() if name not in said}
    for name, value in said.items():
        if value is not None:
            kept[name] = value
            if until is not None:
                kept["until"][name] = until
    return CustomerContext.model_validate(kept)


def _word(value: object) -> str:
    if value is None:
        return "unsaid"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


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
    rows = _rows(path)

    async def work(office: Office) -> None:
        with office.database.writing() as session:
            unknown = [
                f"{path}:{row.line}: there is no customer {row.customer_id}"
                for row in rows
                if session.get(Customer, row.customer_id) is None
            ]
            _refuse(unknown)
            changed = [row.customer_id for row in rows if _take(session, row)]
        told = await _look_again(office, changed, f"from {path.name}")
        if as_json:
            print_json({"customers": len(rows), "changed": len(changed)} | told.data)
            return
        many = "1 customer" if len(rows) == 1 else f"{len(rows)} customers"
        say(f"{many} read, {len(changed)} changed.")
        told.say()

    in_office(work)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a file: whom it is about, and what it says of them; None takes it back."""

    line: int
    customer_id: str
    said: dict[str, Any]


def _take(session: Session, row: _Row) -> bool:
    found = session.get_one(Customer, row.customer_id)
    known = contexts.said_by(session, found.id, STAFF)
    told = _told(known, row.said, None)
    return contexts.keep(session, found, STAFF, told, datetime.now(UTC))


def _rows(path: Path) -> list[_Row]:
    """Every line of the file.

    Raises:
        WrongUse: it cannot be read, or has mistakes: each is named, up to twenty.
    """
    columns = ("customer_id", *_THINGS)
    dialect = dialect_of(path, lambda cells: sum(_column(cell) in columns for cell in cells))
    names = [_column(cell) for cell in dialect.header]
    _check_columns(path, dialect.header_ends, names, columns)
    rows, mistakes = [], []
    lines: dict[str, int] = {}
    for line, cells in records(path, dialect, Progress()):
        if not any(cell.strip() for cell in cells):
            continue
        row, wrong = _row(line, names, cells)
        if row.customer_id in lines:
            wrong.append(f"{row.customer_id} stands in line {lines[row.customer_id]} already")
        lines.setdefault(row.customer_id, line)
        rows.append(row)
        mistakes += [f"{path}:{line}: {one}" for one in wrong]
    _refuse(mistakes)
    if not rows:
        raise WrongUse(f"{path}: says nothing of any customer")
    return rows


def _column(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_").replace("-", "_")


def _check_columns(path: Path, line: int, names: list[str], columns: Sequence[str]) -> None:
    wrong = next((name for name in names if name not in columns or names.count(name) > 1), None)
    if "customer_id" in names and wrong is None:
        return
    problem = "there is no column customer_id"
    if wrong is not None:
        problem = f"{wrong!r} is nothing to be said" if wrong not in columns else f"{wrong} twice"
    raise WrongUse(f"{path}:{line}: {problem}; the columns are {', '.join(columns)}")


def _row(line: int, names: list[str], cells: list[str]) -> tuple[_Row, list[str]]:
    wrong = []
    if len(cells) != len(names):
        wrong.append(f"{len(cells)} cells where the header has {len(names)}")
    by_name = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    customer_id = by_name.pop("customer_id", "")
    if not customer_id:
        wrong.append("no customer_id")
    said: dict[str, Any] = {}
    for name, cell in by_name.items():
        if not cell:
            continue
        try:
            said[name] = None if cell.casefold() in _UNSAY else _value(name, cell)
        except WrongUse as refused:
            wrong.append(str(refused))
    return _Row(line, customer_id, said), wrong


def _refuse(mistakes: Sequence[str]) -> None:
    if not mistakes:
        return
    more = len(mistakes) - _MOST_MISTAKES
    rest = [f"and {more} more"] if more > 0 else []
    raise WrongUse("\n".join([*mistakes[:_MOST_MISTAKES], *rest, "Nothing was taken in."]))
