"""Customers and their contacts, from files of their own or from the rows of their invoices."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from operator import itemgetter

from integrations.csv_ledger import places, words
from integrations.csv_ledger.cells import Cells, Values
from integrations.csv_ledger.fields import CUSTOMER_NAMED_BY, FIELDS, Field, Kind
from integrations.csv_ledger.layout import Refused
from integrations.csv_ledger.tally import Tally
from models.ledger import ContactRow, CustomerRow
from models.vocabulary import Role

_ADDRESS = re.compile(r"[^\s@<>;,\"()]+@[^\s@<>;,\"()]+\.[^\s@<>;,\"().]+")
_LONGEST = 2000  # of a cell that is searched for addresses
_BETWEEN_TAGS = re.compile(r"[,;|]")

Read = Callable[[int, str], object]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _addresses(text: str) -> list[str]:
    return [found.strip("'") for found in _ADDRESS.findall(text[:_LONGEST])]


class Parties:
    """What the file says of each customer so far; a later row adds to it, or overrules it."""

    def __init__(
        self, cells: Cells, kind: Kind, defaults: Mapping[Field, str], tally: Tally
    ) -> None:
        """`defaults` hold for a customer until a row says otherwise."""
        layout = cells.layout
        self._cells, self._kind, self._tally = cells, kind, tally
        self._places = {field: layout.place(field) for field in FIELDS[Kind.CUSTOMERS]}
        said = [place for field, place in self._places.items() if layout.has(field)]
        # itemgetter gives a tuple only for two positions or more.
        self._all_said = itemgetter(*said, *said)
        self._id_from = next(filter(layout.has, CUSTOMER_NAMED_BY))
        self._id_place = self._places[self._id_from]
        self._ids: dict[str, str] = {}
        self._last: dict[str, tuple[str, ...]] = {}
        self._customers: dict[str, CustomerRow] = {}
        self._contacts: dict[tuple[str, str], ContactRow] = {}
        self._conflicts: set[tuple[str, str]] = set()
        self._attributes = self._readers()
        self._default_role = words.role_of(defaults.get(Field.ROLE, "")) or Role.AP
        self._unsaid = CustomerRow("")
        self._unsaid = self._with(self._unsaid, 0, lambda field: defaults.get(field, ""))
        # A default says what holds where nothing is known; it takes nothing back.
        self._unsaid = replace(self._unsaid, strategic_is_said=False)

    @property
    def made_up_from(self) -> Field | None:
        """The field that customer ids are made from; None when the file has ids of its own."""
        return None if self._id_from is Field.CUSTOMER_ID else self._id_from

    def customer_id(self, values: Values) -> str:
        """The row's customer, by id or, in a file without ids, by name or by address.

        Raises:
            Refused: the row names no customer.
        """
        text = values[self._id_place]
        known = self._ids.get(text)
        if known is None:
            known = self._ids[text] = self._new_id(text)
        return known

    def _new_id(self, text: str) -> str:
        made = text
        if self._id_from is Field.CUSTOMER_NAME:
            made = "-".join(text.casefold().split())
        elif self._id_from is Field.EMAIL:
            made = next(iter(_addresses(text)), "").casefold()
        try:
            made = self._cells.ids.clean(made)
        except ValueError as reason:
            raise Refused(self._id_from, text, str(reason)) from reason
        if not made:
            raise Refused(self._id_from, text, "names no customer. Fill it in.")
        return made

    def changes(
        self, line: int, values: Values, customer_id: str
    ) -> list[CustomerRow | ContactRow]:
        """The customer and the contacts of which this row says something new.

        Raises:
            Refused: in a file of contacts, the row has no address.
        """
        said = self._all_said(values)
        if self._last.get(customer_id) == said:
            return []
        new: list[CustomerRow | ContactRow] = []
        if self._kind is not Kind.CONTACTS:
            new += self._customer(line, values, customer_id)
        new += self._contacts_of(line, values, customer_id)
        self._last[customer_id] = said
        return new

    def _customer(self, line: int, values: Values, customer_id: str) -> list[CustomerRow]:
        before = self._customers.get(customer_id)
        known = before or replace(self._unsaid, id=customer_id)
        row = self._with(known, line, lambda field: values[self._places[field]])
        if row == before:
            return []
        if before is not None:
            self._note_conflicts(line, before, row)
        self._customers[customer_id] = row
        return [row]

    def _with(self, row: CustomerRow, line: int, text_of: Callable[[Field], str]) -> CustomerRow:
        said = {
            name: value
            for name, field, read in self._attributes
            if (text := text_of(field)) and (value := read(line, text)) not in {"", ()}
        }
        if "strategic" in said:
            said["strategic_is_said"] = True
        # The readers' table is what gives each name its type.
        return replace(row, **said)  # type: ignore[arg-type]

    def _note_conflicts(self, line: int, before: CustomerRow, row: CustomerRow) -> None:
        for name, field, _ in self._attributes:
            old, new = getattr(before, name), getattr(row, name)
            was_said = old not in {"", (), False, getattr(self._unsaid, name)}
            if was_said and old != new and (row.id, name) not in self._conflicts:
                self._conflicts.add((row.id, name))
                what = f"Customers with more than one {name}, of which the last was taken"
                self._tally.add(what, self._cells.layout.name(field), line, str(new))

    def _contacts_of(self, line: int, values: Values, customer_id: str) -> list[ContactRow]:
        text = values[self._places[Field.EMAIL]]
        addresses = _addresses(text)
        if not addresses:
            self._no_address(line, text, values)
            return []
        new = []
        for place, address in enumerate(addresses):
            key = customer_id, address.casefold()
            before = self._contacts.get(key) or ContactRow(
                customer_id, address, role=self._default_role
            )
            # Of several addresses in one cell, name and number are the first one's.
            row = self._contact(line, values, before) if place == 0 else before
            if row != self._contacts.get(key):
                self._contacts[key] = row
                new.append(row)
        return new

    def _contact(self, line: int, values: Values, before: ContactRow) -> ContactRow:
        role = values[self._places[Field.ROLE]]
        return replace(
            before,
            name=_one_line(values[self._places[Field.CONTACT_NAME]]) or before.name,
            phone=_one_line(values[self._places[Field.PHONE]]) or before.phone,
            role=self._role(line, role) if role else before.role,
        )

    def _no_address(self, line: int, text: str, values: Values) -> None:
        if self._kind is Kind.CONTACTS:
            raise Refused(Field.EMAIL, text, "is no e-mail address. Write it as name@example.com.")
        phone = values[self._places[Field.PHONE]]
        if text:
            self._left_out("E-mail addresses that cannot be, left out", Field.EMAIL, line, text)
        elif phone:
            what = "Telephone numbers of contacts without an e-mail address, left out"
            self._left_out(what, Field.PHONE, line, phone)

    def _left_out(self, what: str, field: Field, line: int, text: str) -> None:
        self._tally.add(what, self._cells.layout.name(field), line, text)

    def _readers(self) -> list[tuple[str, Field, Read]]:
        return [
            ("name", Field.CUSTOMER_NAME, lambda _, text: _one_line(text)),
            ("country", Field.COUNTRY, partial(self._known, Field.COUNTRY, places.country_code)),
            ("zone", Field.ZONE, partial(self._known, Field.ZONE, places.zone_name)),
            (
                "language",
                Field.LANGUAGE,
                partial(self._known, Field.LANGUAGE, places.language_code),
            ),
            ("segment", Field.SEGMENT, lambda _, text: _one_line(text)),
            (
                "tags",
                Field.TAGS,
                lambda _, text: tuple(filter(None, map(_one_line, _BETWEEN_TAGS.split(text)))),
            ),
            ("strategic", Field.STRATEGIC, self._strategic),
            ("owner_name", Field.OWNER_NAME, lambda _, text: _one_line(text)),
            (
                "owner_email",
                Field.OWNER_EMAIL,
                partial(self._known, Field.OWNER_EMAIL, _first_address),
            ),
        ]

    def _known(self, field: Field, read: Callable[[str], str], line: int, text: str) -> str:
        found = read(text)
        if not found:
            self._left_out(f"Values of {field} that are not known, left empty", field, line, text)
        return found

    def _strategic(self, line: int, text: str) -> object:
        try:
            return words.yes_or_no(text)
        except ValueError:
            self._left_out(
                "Values of strategic that are not known, left empty", Field.STRATEGIC, line, text
            )
            return ""

    def _role(self, line: int, text: str) -> Role:
        role = words.role_of(text)
        if role is None:
            self._left_out("Roles that are not known, taken as ap", Field.ROLE, line, text)
        return role or Role.AP


def _first_address(text: str) -> str:
    return next(iter(_addresses(text)), "")
