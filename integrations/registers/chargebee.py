"""Chargebee as a register."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx

from integrations.http.peer import TIMEOUT, Peer
from integrations.provider_objects.chargebee_credits import credit_news
from integrations.provider_objects.chargebee_invoices import customer_and_means, invoice_news
from integrations.provider_objects.chargebee_means import usual_means
from integrations.provider_objects.chargebee_transactions import transaction_news
from integrations.provider_objects.chargebee_values import NAME
from integrations.registers.answers import answered
from integrations.registers.oauth import utc_now
from integrations.registers.parts import Part
from integrations.registers.places import Clock, Place, Places
from models.billing import News, ObjectChanged, ObjectKind, RegisterPage

_API = "https://{site}.chargebee.com"
_ROOT = "/api/v2"
_SIZE = 100
_OVERLAP = timedelta(minutes=15)
_SECOND = timedelta(seconds=1)

# Each list by the name of its objects, with what of it is open.
_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "customers": ("customer", {}),
    "invoices": ("invoice", {"status[in]": '["posted","payment_due","not_paid"]'}),
    "transactions": ("transaction", {"status[in]": '["in_progress","needs_attention"]'}),
    "credit_notes": ("credit_note", {"status[is]": "refund_due"}),
}
_OPEN = ("invoices", "transactions", "credit_notes")
_KINDS = {
    ObjectKind.CUSTOMER: "customers",
    ObjectKind.INVOICE: "invoices",
    ObjectKind.PAYMENT: "transactions",
    ObjectKind.REFUND: "transactions",
    ObjectKind.CREDIT_NOTE: "credit_notes",
}


class Chargebee:
    """Chargebee's invoices, transactions, credit notes and customers of one site.

    A page costs one call, and one more for its invoices' customers.
    """

    name = NAME

    def __init__(
        self,
        site: str,
        key: str,
        *,
        base_url: str = "",
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        """`site` is the first part of the site's address, `key` one that reads only."""
        said = b64encode(f"{key}:".encode()).decode()
        self._peer = Peer(
            "Chargebee",
            base_url=base_url or _API.format(site=quote(site, safe="")),
            headers={"Authorization": f"Basic {said}"},
            timeout=timeout,
        )
        self._places = Places(self._peer.name, _kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What changed from `since` on; without it, what is open: invoices with what their
        customers pay with, money under way, credit.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now. Chargebee tells of what is deleted by the object itself, so an
        id that it does not know tells nothing.

        Raises: as `page`.
        """
        name = _KINDS.get(changed.object)
        # Dots alone would be taken for a part of the path.
        if name is None or not changed.id.strip("."):
            return ()
        response = await self._peer.ask(
            "GET",
            f"{_ROOT}/{name}/{quote(changed.id, safe='')}",
            also={httpx.codes.NOT_FOUND},
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return ()
        return await self._told(name, [answered(response, self._peer.name)])

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        parameters = {"limit": str(_SIZE)}
        if place.since:
            start = place.since - _SECOND
            parameters |= {
                "updated_at[after]": str(int(start.timestamp())),
                "sort_by[asc]": "updated_at",
                "include_deleted": "true",
            }
        else:
            parameters |= _LISTS[place.kind][1] | {"sort_by[asc]": "date"}
        if place.at:
            parameters["offset"] = place.at
        answer = await self._list(place.kind, parameters)
        return await self._told(place.kind, answer.parts("list")), _offset(answer)

    async def _told(self, name: str, found: Sequence[Part]) -> list[News]:
        kind = _LISTS[name][0]
        read = [(one.child(kind).as_kind(kind), one.maybe("card")) for one in found]
        match name:
            case "invoices":
                known = await self._customers([said for said, _ in read])
                told = [_with_means(said, known.get(said.text("customer_id"))) for said, _ in read]
            case "customers":
                told = [customer_and_means(said, card) for said, card in read]
            case "credit_notes":
                told = [credit_news(said) for said, _ in read]
            case _:
                told = [transaction_news(said) for said, _ in read]
        return [news for of_one in told for news in of_one]

    async def _customers(self, invoices: Sequence[Part]) -> dict[str, tuple[Part, Part | None]]:
        ids = [*dict.fromkeys(one.text("customer_id") for one in invoices)]
        if not ids:
            return {}
        parameters = {"limit": str(_SIZE), "id[in]": json.dumps(ids, separators=(",", ":"))}
        answer = await self._list("customers", parameters)
        found = [
            (one.child("customer").as_kind("customer"), one.maybe("card"))
            for one in answer.parts("list")
        ]
        return {said.text("id"): (said, card) for said, card in found}

    async def _list(self, name: str, parameters: Mapping[str, str]) -> Part:
        response = await self._peer.ask("GET", f"{_ROOT}/{name}", params=parameters)
        return answered(response, self._peer.name)


def _with_means(invoice: Part, known: tuple[Part, Part | None] | None) -> list[News]:
    """An invoice with its customer, and what the customer's invoices are charged to."""
    if known is None:
        return invoice_news(invoice)
    customer, card = known
    return [*invoice_news(invoice, customer), *usual_means(customer, card)]


def _kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    return _OPEN if since is None else tuple(_LISTS)


def _offset(answer: Part) -> str:
    """Chargebee's own cursor, to be sent back sign by sign."""
    said = answer.value.get("next_offset")
    if said is not None and not isinstance(said, str):
        raise answer.wrong("next_offset")
    return said or ""
