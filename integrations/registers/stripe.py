"""Stripe as a register."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from integrations.http.peer import TIMEOUT, Peer
from integrations.registers import stripe_means as means
from integrations.registers import stripe_money as money
from integrations.registers import stripe_objects as objects
from integrations.registers.answers import answered
from integrations.registers.oauth import utc_now
from integrations.registers.parts import Part
from integrations.registers.places import Clock, Place, Places
from integrations.registers.stripe_events import TELLING, event_news
from integrations.registers.stripe_links import whole
from integrations.registers.stripe_lists import EVENTS, LISTS, WHOLE_INVOICE, Tell, kinds
from models.billing import (
    MeansState,
    MeansStated,
    News,
    ObjectChanged,
    ObjectKind,
    RegisterPage,
)

_API = "https://api.stripe.com"
VERSION = "2025-11-17.clover"
_SIZE = 100
_OVERLAP = timedelta(minutes=15)
# What is read counts as of a little earlier, because events count by Stripe's clock: by ours it
# could look newer than the event that comes next.
_CLOCKS_APART = timedelta(minutes=1)
_ID = re.compile(r"[A-Za-z0-9_]{1,150}")


_FETCHED: dict[ObjectKind, tuple[str, str, Tell]] = {
    ObjectKind.INVOICE: ("invoices", "invoice", objects.invoice_news),
    ObjectKind.CREDIT_NOTE: ("credit_notes", "credit note", objects.credit_news),
    ObjectKind.CUSTOMER: ("customers", "customer", objects.customer_news),
    ObjectKind.REFUND: ("refunds", "refund", money.refund_news),
}


class Stripe:
    """Stripe's invoices, payments, refunds, disputes, credit notes and payment methods.

    What changed is read from its events, which it keeps for 30 days. A longer silence is made up
    for by its lists: all that was made so long ago at most as an invoice stays open.
    """

    name = "stripe"

    def __init__(
        self,
        key: str,
        *,
        base_url: str = _API,
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        """`key` is a restricted key that reads."""
        self._peer = Peer(
            "Stripe",
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}", "Stripe-Version": VERSION},
            timeout=timeout,
            reason_header="Stripe-Rate-Limited-Reason",
        )
        self._now = now
        self._places = Places(self._peer.name, kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What is open, and with `since` what happened from then on.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now. Stripe deletes nothing that was ever owed, so an id that it does
        not know tells nothing, unless it is a means of payment.

        Raises: as `page`.
        """
        if not _ID.fullmatch(changed.id):
            return ()
        if changed.object is ObjectKind.PAYMENT:
            return await self._payment(changed.id)
        if changed.object is ObjectKind.MANDATE:
            return await self._means(changed)
        path, kind, tell = _FETCHED[changed.object]
        expand = WHOLE_INVOICE if changed.object is ObjectKind.INVOICE else ()
        as_of = self._as_of()
        said = await self._object(f"{path}/{changed.id}", kind, expand)
        return tell(said, as_of) if said else ()

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        if place.kind == EVENTS and place.since:
            asked: dict[str, str | list[str]] = {
                "types[]": [*TELLING],
                "created[gte]": str(int(place.since.timestamp())),
            }
            found, following = await self._list("events", "event", asked, place.at)
            # They come the last first.
            return [news for one in reversed(found) for news in event_news(one)], following
        wanted, as_of = LISTS[place.kind], self._as_of()
        asked = {"expand[]": [f"data.{one}" for one in wanted.expand]}
        if wanted.status:
            asked["status"] = wanted.status
        if wanted.reach and place.since:
            asked["created[gte]"] = str(int((place.since - wanted.reach).timestamp()))
        found, following = await self._list(wanted.path, wanted.kind, asked, place.at)
        return [news for one in found for news in wanted.tell(one, as_of)], following

    async def _payment(self, payment_id: str) -> list[News]:
        """A payment by its intent or its charge, with the invoices that it is for."""
        as_of = self._as_of()
        if not payment_id.startswith("pi_"):
            charge = await self._object(f"charges/{payment_id}", "charge")
            return money.charge_news(charge, as_of) if charge else []
        intent = await self._object(
            f"payment_intents/{payment_id}", "payment intent", ("latest_charge",)
        )
        charge = whole(intent, "latest_charge", "charge") if intent else None
        if charge is None:
            return []
        asked = {"payment[type]": "payment_intent", "payment[payment_intent]": payment_id}
        tied, _ = await self._list("invoice_payments", "invoice payment", asked, "")
        shares = [share for one in tied if (share := money.share_of(one))]
        return money.charge_news(charge, as_of, shares)

    async def _means(self, changed: ObjectChanged) -> list[News]:
        as_of, is_mandate = self._as_of(), changed.id.startswith("mandate_")
        path, kind, tell = (
            ("mandates", "mandate", means.mandate_news)
            if is_mandate
            else ("payment_methods", "payment method", means.means_news)
        )
        said = await self._object(f"{path}/{changed.id}", kind)
        if said is not None:
            return tell(said, as_of)
        if is_mandate:
            return []
        gone = MeansStated(
            provider=self.name,
            reference=changed.id,
            as_of=changed.happened_at,
            state=MeansState.REVOKED,
        )
        return [gone]

    def _as_of(self) -> datetime:
        return self._now() - _CLOCKS_APART

    async def _object(self, path: str, kind: str, expand: Sequence[str] = ()) -> Part | None:
        response = await self._peer.ask(
            "GET",
            f"/v1/{path}",
            params={"expand[]": [*expand]},
            also={httpx.codes.NOT_FOUND},
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return answered(response, self._peer.name, kind)

    async def _list(
        self, path: str, kind: str, asked: Mapping[str, str | list[str]], at: str
    ) -> tuple[list[Part], str]:
        """A page of a list, and the id that the next one starts after."""
        page = {"limit": str(_SIZE)} | ({"starting_after": at} if at else {})
        response = await self._peer.ask("GET", f"/v1/{path}", params={**asked, **page})
        answer = answered(response, self._peer.name)
        found = [one.as_kind(kind) for one in answer.parts("data")]
        return found, found[-1].text("id") if found and answer.flag("has_more") else ""
