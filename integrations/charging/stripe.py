"""Stripe: charges by payment intents, off session (https://docs.stripe.com/api/payment_intents)."""

from datetime import UTC, datetime, timedelta

import httpx

from integrations.charging import minor_units
from integrations.charging.keys import key_for
from integrations.charging.stripe_answers import Intent, Problem, Trouble, answer_of, declined
from integrations.charging.stripe_declines import MEANS_GONE
from integrations.charging.stripe_payments import INTENTS, KEY, StripePayments, path_of
from integrations.http.answers import understood
from integrations.http.peer import TIMEOUT, Peer
from models.charging import ChargeAnswer, ChargeOrder, ChargeState
from models.errors import PeerRefused, PeerUnavailable

API_VERSION = "2026-08-26.dahlia"
_INVOICE = "dunlin_invoice_id"
_LONGEST_KEY = 255
# Stripe keeps a key for at least a day (https://docs.stripe.com/api/idempotent_requests).
_KEY_LIVES = timedelta(hours=23)
_READ = frozenset(
    {
        httpx.codes.BAD_REQUEST,
        httpx.codes.PAYMENT_REQUIRED,
        httpx.codes.NOT_FOUND,
        httpx.codes.CONFLICT,
        httpx.codes.FAILED_DEPENDENCY,
    }
)
_NOT_NOW = frozenset({httpx.codes.CONFLICT, httpx.codes.FAILED_DEPENDENCY})
# Somebody else confirmed it meanwhile: what became of it is found by looking again.
_OVERTAKEN = "payment_intent_unexpected_state"


class StripeCharging:
    """Cards and debits on file at Stripe.

    A charge costs two calls: whether it was made already, and the charge. The key guards against
    two at once, for a day; looking first guards for as long as anybody may ask again.
    """

    name = "stripe"

    def __init__(
        self,
        key: str,
        *,
        base_url: str = "https://api.stripe.com",
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        """`key` is a restricted key that may write payment intents, and nothing else."""
        self._peer = Peer(
            "Stripe",
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}", "Stripe-Version": API_VERSION},
            timeout=timeout,
        )
        self._payments = StripePayments(self._peer)

    async def charge(self, order: ChargeOrder) -> ChargeAnswer:
        """Charge the means on file, unless this order was carried out before."""
        form = self._form(order)
        key = _key(order)
        found = await self._payments.listed(key, order.holder)
        if found is None:
            return await self._ask(INTENTS, form, key)
        answer = answer_of(self._same(found, order))
        if answer.state is not ChargeState.STARTED:
            return answer
        if datetime.now(UTC) - found.created < _KEY_LIVES:
            return await self._ask(INTENTS, form, key)
        # Made, but never tried, and the key is forgotten: what is there is tried.
        confirm = {"payment_method": order.reference, "off_session": "true"}
        again = key_for(f"{order.key}/confirm", _LONGEST_KEY)
        return await self._ask(f"{path_of(found.id)}/confirm", confirm, again)

    async def look_up(self, order: ChargeOrder, payment_id: str = "") -> ChargeAnswer | None:
        """What became of the order: by the payment's id, else by what its metadata says."""
        if payment_id:
            intent = await self._payments.read(payment_id)
            return answer_of(intent) if intent else None
        key = _key(order)
        intent = await self._payments.listed(key, order.holder)
        intent = intent or await self._payments.searched(key)
        return answer_of(self._same(intent, order)) if intent else None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    def _form(self, order: ChargeOrder) -> dict[str, str]:
        """The order as Stripe takes it; what does not fit is refused before anything is sent."""
        if not order.holder:
            raise PeerRefused(self._peer.name, "the means on file has no customer there")
        return {
            "amount": str(self._units(order)),
            "currency": order.currency.lower(),
            "customer": order.holder,
            "payment_method": order.reference,
            "off_session": "true",
            "confirm": "true",
            # Means that send the customer away would need a page to come back to.
            "automatic_payment_methods[enabled]": "true",
            "automatic_payment_methods[allow_redirects]": "never",
            "description": f"Invoice {order.number}",
            f"metadata[{_INVOICE}]": order.invoice_id,
            f"metadata[{KEY}]": _key(order),
        }

    async def _ask(self, path: str, form: dict[str, str], key: str) -> ChargeAnswer:
        response = await self._peer.ask(
            "POST", path, data=form, headers={"Idempotency-Key": key}, also=_READ
        )
        if not response.is_success:
            return self._no(response)
        intent = understood(Intent, response, self._peer.name)
        if response.headers.get("idempotent-replayed") == "true":
            # The answer of back then; what has become of it since is the truth.
            intent = await self._payments.read(intent.id) or intent
        return answer_of(intent)

    def _no(self, response: httpx.Response) -> ChargeAnswer:
        """The answer, where it is a decline.

        Raises:
            PeerUnavailable: another request with this key, or on this object, is under way.
            PeerRefused: the request is wrong.
        """
        problem = understood(Trouble, response, self._peer.name).error
        says = f"{response.status_code} {problem.name}".strip()
        if response.status_code in _NOT_NOW or problem.code == _OVERTAKEN:
            raise PeerUnavailable(self._peer.name, says)
        if response.status_code == httpx.codes.PAYMENT_REQUIRED:
            intent = problem.payment_intent
            if intent is None:
                return declined("", problem)
            return answer_of(intent.model_copy(update={"last_payment_error": problem}))
        if _names_no_means(problem):
            return declined("", problem)
        raise PeerRefused(self._peer.name, says)

    def _same(self, intent: Intent, order: ChargeOrder) -> Intent:
        """`intent`, unless it is about other money than the order."""
        if (intent.amount, intent.currency.upper()) != (self._units(order), order.currency):
            raise PeerRefused(self._peer.name, f"{intent.id} has this key and another amount")
        return intent

    def _units(self, order: ChargeOrder) -> int:
        units = minor_units.minor_units(order.amount, minor_units.at_stripe(order.currency))
        if units is None:
            problem = f"the amount does not fit the smallest unit of {order.currency} there"
            raise PeerRefused(self._peer.name, problem)
        return units


def _key(order: ChargeOrder) -> str:
    return key_for(order.key, _LONGEST_KEY)


def _names_no_means(problem: Problem) -> bool:
    is_unknown = problem.code == "resource_missing" and problem.param == "payment_method"
    return is_unknown or problem.code in MEANS_GONE
