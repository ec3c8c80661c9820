"""Salesforce as a source of context."""

import re
from collections.abc import Iterator

import httpx

from integrations.crm import soql, values
from integrations.crm.mapping import Mapping, distinct
from integrations.crm.properties import Properties
from integrations.crm.reading import Found, Person, context_of, known_contact
from integrations.crm.salesforce_records import Records, properties_of
from integrations.crm.salesforce_session import Session
from integrations.crm.salesforce_tasks import SalesforceTasks
from integrations.http.peer import TIMEOUT, Peer
from models.context import CustomerContext, KnownContact
from models.errors import PeerRefused

_RECORD_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_HOLDS_AN_ADDRESS = re.compile(r"(?:__c|email)$", re.IGNORECASE)
_PERSON = ("Name", "Email", "Phone")


class Salesforce:
    """Salesforce's accounts with their opportunities, cases and contacts.

    A customer costs one call, and one more for each further page of what belongs to it; the
    session costs one at its start and again when it has ended.
    """

    name = "salesforce"

    def __init__(
        self,
        login_url: str,
        client_id: str,
        client_secret: str,
        mapping: Mapping,
        api_version: str = "v62.0",
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        """`login_url` is the organisation's own, such as `https://firm.my.salesforce.com`."""
        self._mapping = mapping
        self._peer = Peer("Salesforce", timeout=timeout)
        session = Session(self._peer, login_url, client_id, client_secret)
        self._records = Records(session, api_version)
        self._tasks = SalesforceTasks(self._records, mapping.tasks)

    async def fetch(self, customer_id: str) -> CustomerContext | None:
        """What Salesforce says of the account with this id; None when it has none.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, two accounts have this id, or an answer cannot be read.
        """
        asked = self._mapping
        fields = [*asked.asked_of_customer]
        for name in asked.people.values():
            fields += _person_fields(name)
        account = await self._account(customer_id, [*fields, *self._beside()])
        if account is None:
            return None
        said = properties_of(account)
        found = Found(
            customer=said,
            people={who: _person(said, name) for who, name in asked.people.items()},
            deals=await self._children(account, "Opportunities") if asked.deals.asked else None,
            severe=(
                self._records.children(account, "Cases").total if asked.tickets.asked else None
            ),
            contacts=await self._contacts(account) if asked.contacts.role else None,
        )
        return context_of(found, asked)

    async def open_task(
        self, customer_id: str, title: str, body: str, owner_email: str, key: str
    ) -> None:
        """Open a task beside the account unless the one with this key is there.

        Raises:
            PeerUnavailable: not now. The task may be there all the same.
            PeerRefused: there is no such account or no such user, or Salesforce refuses.
        """
        account = await self._account(customer_id, [f"({self._tasks.those_of(key)})"])
        if account is None:
            raise PeerRefused(self._peer.name, f"it knows no customer {customer_id!r}")
        if self._records.children(account, "Tasks").total:
            return
        owner_id = await self._tasks.owner_id(owner_email)
        await self._tasks.open(self._records.id_of(account), title, body, owner_id, key)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _account(self, customer_id: str, fields: list[str]) -> dict[str, object] | None:
        key = self._mapping.customer.key
        # Salesforce refuses a query for what cannot be an id.
        if not customer_id or (key == "Id" and not _RECORD_ID.fullmatch(customer_id)):
            return None
        by = f" WHERE {key} = {soql.quoted(customer_id)} LIMIT 2"
        accounts = await self._records.query(soql.select(distinct(["Id", *fields]), "Account", by))
        if len(accounts) > 1:
            raise PeerRefused(
                self._peer.name,
                f"two accounts have the {key} {customer_id!r}. Merge them, or correct one.",
            )
        return accounts[0] if accounts else None

    def _beside(self) -> Iterator[str]:
        """Subqueries for what belongs to the account; of cases only their number is of interest."""
        asked = self._mapping
        deals, tickets, contacts = asked.deals, asked.tickets, asked.contacts
        if deals.asked:
            yield f"({soql.select(deals.asked, 'Opportunities', soql.where(deals.open))})"
        if tickets.asked:
            yield f"({soql.select(['Id'], 'Cases', soql.where(tickets.open, tickets.severe))})"
        if contacts.role:
            fields = distinct([*_PERSON, contacts.role])
            yield f"({soql.select(fields, 'Contacts', ' WHERE Email != null')})"

    async def _contacts(self, account: dict[str, object]) -> list[KnownContact]:
        people = await self._children(account, "Contacts")
        contacts = (
            known_contact(
                one,
                self._mapping.contacts,
                email=one["Email"],
                name=one["Name"],
                phone=one["Phone"],
            )
            for one in people
        )
        return [one for one in contacts if one]

    async def _children(self, account: dict[str, object], relationship: str) -> list[Properties]:
        first = self._records.children(account, relationship)
        return [properties_of(record) for record in await self._records.all_of(first)]


def _person_fields(name: str) -> tuple[str, ...]:
    """A field that holds an address is asked for as it is, a relationship for whom it leads to."""
    return (name,) if _HOLDS_AN_ADDRESS.search(name) else (f"{name}.Name", f"{name}.Email")


def _person(said: Properties, name: str) -> Person:
    if _HOLDS_AN_ADDRESS.search(name):
        return Person(email=values.address(said[name]))
    return Person(
        name=values.text(said[f"{name}.Name"]), email=values.address(said[f"{name}.Email"])
    )
