"""QuickBooks Online as a register."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from integrations.http.peer import TIMEOUT, Peer
from integrations.registers import quickbooks_money as money
from integrations.registers import quickbooks_objects as objects
from integrations.registers.oauth import Grant, utc_now
from integrations.registers.ordered import Mark, following, is_new, mark_of
from integrations.registers.parts import Part
from integrations.registers.places import Clock, Place, Places
from integrations.registers.quickbooks_books import SIZE, Books
from integrations.registers.quickbooks_values import DELETED, is_deleted
from integrations.registers.tokens import TokenKeeper
from models.billing import News, ObjectChanged, ObjectKind, RegisterPage

_API = "https://quickbooks.api.intuit.com"
_SANDBOX = "https://sandbox-quickbooks.api.intuit.com"
_TOKENS = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
_VARIABLES = "DUNLIN_QUICKBOOKS"
_OVERLAP = timedelta(minutes=15)
# It remembers what was deleted for 30 days.
_REMEMBERS = timedelta(days=29)
_ID = re.compile(r"(?:qbo-(?:pay-|credit-)?)?([0-9]{1,20})")

_OPEN = {"Invoice": "Balance > '0' and ", "CreditMemo": "Balance > '0' and "}
_CHANGED = {
    "Customer": "Active in (true, false) and ",
    "Invoice": "",
    "Payment": "",
    "CreditMemo": "",
}
_GONE = "deleted "
_DELETED = tuple(f"{_GONE}{kind}" for kind in ("Invoice", "Payment", "CreditMemo"))
_KINDS = {
    ObjectKind.INVOICE: "Invoice",
    ObjectKind.PAYMENT: "Payment",
    ObjectKind.CREDIT_NOTE: "CreditMemo",
    ObjectKind.CUSTOMER: "Customer",
}


class QuickBooks:
    """QuickBooks Online's invoices, payments, credit memos and customers of one company.

    A page costs one call, and one more for its invoices' customers.
    """

    name = "quickbooks"

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        realm_id: str,
        keeper: TokenKeeper,
        *,
        sandbox: bool = False,
        currency: str = "",
        base_url: str = "",
        token_url: str = _TOKENS,
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        """`currency` is the company's, for books without any other."""
        self._peer = Peer(
            "QuickBooks",
            base_url=base_url or (_SANDBOX if sandbox else _API),
            headers={"Accept": "application/json"},
            timeout=timeout,
        )
        grant = Grant(self._peer, token_url, client_id, client_secret, keeper, _VARIABLES, now)
        self._books = Books(grant, self._peer.name, realm_id)
        self._currency = currency
        self._now = now
        self._places = Places(self._peer.name, _kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What changed from `since` on; without it, the invoices and credits that are open.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now; one that is no more as voided or taken back.

        Raises: as `page`.
        """
        kind, found = _KINDS.get(changed.object), _ID.fullmatch(changed.id)
        if kind is None or found is None or changed.account not in {"", self._books.realm_id}:
            return ()
        said = None if changed.deleted else await self._books.read(kind, found[1])
        if said is None:
            gone = Part(self._peer.name, kind, {"Id": found[1], "status": DELETED})
            return self._told(kind, gone, changed.happened_at, {})
        return self._told(kind, said, self._now(), await self._customers(kind, [said]))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        mark = mark_of(place, self._peer.name)
        if place.kind in _DELETED:
            return await self._deleted(place.kind.removeprefix(_GONE), mark)
        conditions, field = (_CHANGED, "LastUpdatedTime") if place.since else (_OPEN, "CreateTime")
        said = await self._books.select(
            place.kind, conditions[place.kind], f"MetaData.{field}", mark.value, mark.page
        )
        keys = [(one.child("MetaData").moment(field).isoformat(), one.text("Id")) for one in said]
        new = [one for one, key in zip(said, keys, strict=True) if is_new(mark, *key)]
        customers = await self._customers(place.kind, new)
        now = self._now()
        news = [told for one in new for told in self._told(place.kind, one, now, customers)]
        return news, following(mark, keys, SIZE)

    async def _deleted(self, kind: str, mark: Mark) -> tuple[list[News], str]:
        """What was deleted: queries do not find it, the record of changes does."""
        changes, latest = await self._books.changes(kind, mark.value)
        now = self._now()
        gone = [one for one in changes if is_deleted(one)]
        news = [told for one in gone for told in self._told(kind, one, now, {})]
        return news, Mark(value=latest).model_dump_json() if latest else ""

    async def _customers(self, kind: str, found: Sequence[Part]) -> Mapping[str, Part]:
        """The customers of invoices, which name them only."""
        if kind != "Invoice":
            return {}
        invoices = (one for one in found if not is_deleted(one))
        return await self._books.customers(
            one.child("CustomerRef").text("value") for one in invoices
        )

    def _told(
        self, kind: str, said: Part, as_of: datetime, customers: objects.Customers
    ) -> list[News]:
        match kind:
            case "Invoice":
                return objects.invoice_news(said, as_of, customers, self._currency)
            case "Payment":
                return money.payment_news(said, as_of, self._currency)
            case "CreditMemo":
                return money.credit_news(said, as_of, self._currency)
            case _:
                return objects.customer_news(said, as_of)


def _kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    if since is None:
        return tuple(_OPEN)
    if watermark - since > _REMEMBERS:
        return tuple(_CHANGED)
    return (*_CHANGED, *_DELETED)
