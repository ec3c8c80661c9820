"""GoCardless: debits under mandates (https://developer.gocardless.com/api-reference/#payments)."""

from urllib.parse import quote

import httpx

from integrations.charging import gocardless_answers as said
from integrations.charging.keys import key_for
from integrations.charging.minor_units import minor_units
from integrations.http.answers import understood
from integrations.http.peer import TIMEOUT, Peer
from models.charging import ChargeAnswer, ChargeOrder, ChargeState
from models.errors import PeerRefused, PeerUnavailable
from models.vocabulary import Method

LIVE = "https://api.gocardless.com"
SANDBOX = "https://api-sandbox.gocardless.com"
API_VERSION = "2015-07-06"
_KEY, _INVOICE = "dunlin_key", "dunlin_invoice_id"
_LONGEST_KEY = 100
_LONGEST_DESCRIPTION = 100
_PAGE = 500
_MOST_PAGES = 100
_READ = frozenset({httpx.codes.BAD_REQUEST, httpx.codes.CONFLICT, httpx.codes.UNPROCESSABLE_ENTITY})
# Of each currency, the scheme's; all have cents.
_CURRENCIES = frozenset({"AUD", "CAD", "DKK", "EUR", "GBP", "NZD", "SEK", "USD"})
_OF_METHOD: dict[Method, frozenset[str]] = {
    Method.CARD: frozenset(),
    Method.CHEQUE: frozenset(),
    Method.SEPA: frozenset({"EUR"}),
    Method.ACH: frozenset({"USD"}),
}


class GoCardlessCharging:
    """Mandates at GoCardless.

    A charge costs two calls: whether it was made already, and the payment. What has failed costs
    one more, for the cause.
    """

    name = "gocardless"

    def __init__(
        self, token: str, *, base_url: str = LIVE, timeout: httpx.Timeout = TIMEOUT
    ) -> None:
        """`token` is an access token that may read and write."""
        self._peer = Peer(
            "GoCardless",
            base_url=base_url,
            headers={"Authorization": f"Bearer {token}", "GoCardless-Version": API_VERSION},
            timeout=timeout,
        )

    async def charge(self, order: ChargeOrder) -> ChargeAnswer:
        """Order the debit, unless this order was carried out before."""
        wanted = self._payment(order)
        made = await self._listed(order) or await self._make(wanted, order)
        if isinstance(made, ChargeAnswer):
            return made
        return await self._answer(self._same(made, order))

    async def look_up(self, order: ChargeOrder, payment_id: str = "") -> ChargeAnswer | None:
        """What became of the order: by the payment's id, else among all of the mandate's."""
        if payment_id:
            found = await self._read(payment_id)
            return await self._answer(found) if found else None
        found = await self._listed(order)
        return await self._answer(self._same(found, order)) if found else None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    def _payment(self, order: ChargeOrder) -> dict[str, object]:
        """The order as GoCardless takes it; what does not fit is refused before it is sent."""
        if order.currency not in _OF_METHOD.get(order.method, _CURRENCIES):
            problem = f"no {order.method} in {order.currency} can be taken there"
            raise PeerRefused(self._peer.name, problem)
        return {
            "amount": self._units(order),
            "currency": order.currency,
            "description": f"Invoice {order.number}"[:_LONGEST_DESCRIPTION],
            "links": {"mandate": order.reference},
            "metadata": {_INVOICE: order.invoice_id, _KEY: key_for(order.key, _LONGEST_KEY)},
            # When it is tried again is decided here, where the rest of the chase is known.
            "retry_if_possible": False,
        }

    async def _make(
        self, payment: dict[str, object], order: ChargeOrder
    ) -> said.Payment | ChargeAnswer:
        """The payment, or the answer where none can be made under this mandate any more.

        Raises:
            PeerUnavailable: another request with this key may be under way.
            PeerRefused: the request is wrong.
        """
        response = await self._peer.ask(
            "POST",
            "/payments",
            json={"payments": payment},
            headers={"Idempotency-Key": key_for(order.key, _LONGEST_KEY)},
            also=_READ,
        )
        if response.is_success:
            return understood(said.Made, response, self._peer.name).payments
        problem = understood(said.Trouble, response, self._peer.name).error
        if problem.conflicting:
            made = await self._read(problem.conflicting)
            if made:
                return made
        if problem.reason in said.MEANS_GONE:
            return ChargeAnswer(
                state=ChargeState.DECLINED, payment_id="", code=problem.reason, is_final=True
            )
        says = f"{response.status_code} {problem.reason}".strip()
        if response.status_code == httpx.codes.CONFLICT:
            raise PeerUnavailable(self._peer.name, says)
        raise PeerRefused(self._peer.name, says)

    async def _read(self, payment_id: str) -> said.Payment | None:
        response = await self._peer.ask(
            "GET", f"/payments/{quote(payment_id, safe='')}", also={httpx.codes.NOT_FOUND}
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return understood(said.Made, response, self._peer.name).payments

    async def _listed(self, order: ChargeOrder) -> said.Payment | None:
        """The mandate's payment with the order's key, however old."""
        key = key_for(order.key, _LONGEST_KEY)
        asked = {"mandate": order.reference, "limit": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            response = await self._peer.ask("GET", "/payments", params=asked)
            page = understood(said.Payments, response, self._peer.name)
            found = (one for one in page.payments if one.metadata.get(_KEY) == key)
            if payment := next(found, None):
                return payment
            if not page.meta.cursors.after:
                return None
            asked["after"] = page.meta.cursors.after
        raise PeerRefused(self._peer.name, "the pages of a mandate's payments never end")

    async def _answer(self, payment: said.Payment) -> ChargeAnswer:
        """What became of a payment.

        Raises:
            PeerRefused: it is in a state that nobody knows.
        """
        state = said.STATES.get(payment.status)
        if state is None:
            raise PeerRefused(self._peer.name, f"{payment.id} is in a state that nobody expects")
        is_no = state is ChargeState.DECLINED
        code = payment.status if is_no else ""
        if payment.status == said.FAILED:
            code = await self._cause(payment.id) or code
        return ChargeAnswer(
            state=state,
            payment_id=payment.id,
            code=code,
            is_final=is_no and code not in said.MAY_PASS,
        )

    async def _cause(self, payment_id: str) -> str:
        """Why a payment failed; empty while GoCardless does not say."""
        asked = {"payment": payment_id, "action": said.FAILED, "limit": "1"}
        response = await self._peer.ask("GET", "/events", params=asked)
        events = understood(said.Events, response, self._peer.name).events
        return (events[0].details.cause or "") if events else ""

    def _same(self, payment: said.Payment, order: ChargeOrder) -> said.Payment:
        """`payment`, unless it is about other money than the order."""
        if (payment.amount, payment.currency) != (self._units(order), order.currency):
            raise PeerRefused(self._peer.name, f"{payment.id} has this key and another amount")
        return payment

    def _units(self, order: ChargeOrder) -> int:
        units = minor_units(order.amount)
        if units is None:
            problem = f"the amount does not fit the smallest unit of {order.currency}"
            raise PeerRefused(self._peer.name, problem)
        return units
