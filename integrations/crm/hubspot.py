"""HubSpot as a source of context."""

import httpx

from integrations.crm.hubspot_owners import Owners
from integrations.crm.hubspot_records import Companies, Company
from integrations.crm.hubspot_tasks import HubSpotTasks
from integrations.crm.mapping import HubSpotMapping, distinct
from integrations.crm.properties import Properties
from integrations.crm.reading import Found, context_of, known_contact
from integrations.http.peer import TIMEOUT, Peer
from models.context import CustomerContext, KnownContact
from models.errors import PeerRefused

_PERSON = ("email", "firstname", "lastname", "phone")


class HubSpot:
    """HubSpot's companies with their deals, tickets and contacts.

    A customer costs one call for the company, one more where it has to be searched for, one for
    each hundred of deals, of tickets and of contacts that it has, and one for each of its owners
    that is not known yet.
    """

    name = "hubspot"

    def __init__(
        self,
        token: str,
        mapping: HubSpotMapping,
        base_url: str = "https://api.hubapi.com",
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        """`token` is a private app's access token or a service key."""
        self._mapping = mapping
        self._peer = Peer(
            "HubSpot",
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout,
        )
        self._companies = Companies(self._peer, mapping.customer)
        self._owners = Owners(self._peer)
        self._tasks = HubSpotTasks(self._peer, mapping.tasks)

    async def fetch(self, customer_id: str) -> CustomerContext | None:
        """What HubSpot says of the company with this id; None when it has none.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, two companies have this id, or an answer cannot be read.
        """
        asked = self._mapping
        beside = {
            "deals": asked.deals.asked,
            "tickets": asked.tickets.asked,
            "contacts": distinct([*_PERSON, asked.contacts.role]) if asked.contacts.role else (),
        }
        beside = {kind: properties for kind, properties in beside.items() if properties}
        company = await self._companies.find(
            customer_id,
            distinct([*asked.asked_of_customer, *asked.people.values()]),
            [*beside],
        )
        if company is None:
            return None
        read = {
            kind: await self._companies.read_beside(company, kind, properties)
            for kind, properties in beside.items()
        }
        return context_of(await self._found(company, read), asked)

    async def open_task(
        self, customer_id: str, title: str, body: str, owner_email: str, key: str
    ) -> None:
        """Open a task beside the company unless the one with this key is there.

        Raises:
            PeerUnavailable: not now. The task may be there all the same.
            PeerRefused: there is no such company or no such owner, or HubSpot refuses.
        """
        company = await self._companies.find(customer_id)
        if company is None:
            raise PeerRefused(self._peer.name, f"it knows no customer {customer_id!r}")
        if await self._tasks.is_there(company.id, title, key):
            return
        owner_id = await self._owners.id_of(owner_email)
        if owner_id is None:
            raise PeerRefused(self._peer.name, "no owner there has the account owner's address")
        await self._tasks.open(company.id, title, body, owner_id, key)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _found(self, company: Company, read: dict[str, list[Properties]]) -> Found:
        said, asked = Properties(company.properties), self._mapping
        people = {who: await self._owners.person(said[name]) for who, name in asked.people.items()}
        severe = [
            ticket
            for ticket in read.get("tickets", [])
            if ticket.fulfil(asked.tickets.open) and ticket.fulfil(asked.tickets.severe)
        ]
        contacts = (self._contact(one) for one in read.get("contacts", []))
        return Found(
            customer=said,
            people=people,
            deals=read.get("deals"),
            severe=len(severe) if "tickets" in read else None,
            contacts=[one for one in contacts if one] if "contacts" in read else None,
        )

    def _contact(self, said: Properties) -> KnownContact | None:
        name = " ".join(str(said[part]) for part in ("firstname", "lastname") if said[part])
        return known_contact(
            said, self._mapping.contacts, email=said["email"], name=name, phone=said["phone"]
        )
