"""What Stripe answers, in our words."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from integrations.charging.stripe_declines import NEEDS_CUSTOMER, is_final, retry_on
from integrations.http.answers import Answer
from models.charging import ChargeAnswer, ChargeState
from models.errors import PeerRefused

# A payment intent waits for a means when it was never tried, and after it was declined.
_WAITS_FOR_MEANS = "requires_payment_method"
_STATES = {
    "succeeded": ChargeState.SUCCEEDED,
    "processing": ChargeState.PROCESSING,
    "requires_action": ChargeState.NEEDS_CUSTOMER,
    "requires_confirmation": ChargeState.STARTED,
    _WAITS_FOR_MEANS: ChargeState.STARTED,
    "canceled": ChargeState.CANCELLED,
}


class Decline(Answer):
    """Why a card or a bank said no; codes only."""

    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None


class _Redirect(Answer):
    url: str | None = None


class _Microdeposits(Answer):
    hosted_verification_url: str | None = None


class _NextAction(Answer):
    redirect_to_url: _Redirect | None = None
    verify_with_microdeposits: _Microdeposits | None = None

    @property
    def link(self) -> str:
        """Where the customer can do what is needed; empty where there is no such page."""
        if self.redirect_to_url:
            return self.redirect_to_url.url or ""
        if self.verify_with_microdeposits:
            return self.verify_with_microdeposits.hosted_verification_url or ""
        return ""


class Intent(Answer):
    """A payment intent: one charge and its attempts."""

    id: Annotated[str, Field(min_length=1)]
    status: str
    amount: int
    currency: str
    created: datetime
    metadata: dict[str, str] = Field(default_factory=dict)
    last_payment_error: Decline | None = None
    next_action: _NextAction | None = None


class Intents(Answer):
    """A page of a list or of a search."""

    data: tuple[Intent, ...]
    has_more: bool = False


class Problem(Decline):
    """An error. A declined payment intent comes with it."""

    type: str | None = None
    param: str | None = None
    payment_intent: Intent | None = None

    @property
    def name(self) -> str:
        """What to call it in a sentence: its code or type, nothing of the request."""
        return self.code or self.type or ""


class Trouble(Answer):
    """The envelope of an error."""

    error: Problem


def answer_of(intent: Intent) -> ChargeAnswer:
    """What became of a charge.

    Raises:
        PeerRefused: it is in a state that a charge of ours never is in.
    """
    if intent.status == _WAITS_FOR_MEANS and intent.last_payment_error:
        return declined(intent.id, intent.last_payment_error, intent.created.date())
    state = _STATES.get(intent.status)
    if state is None:
        raise PeerRefused("Stripe", f"{intent.id} is in a state that nobody expects")
    link = intent.next_action.link if intent.next_action else ""
    waits = state is ChargeState.NEEDS_CUSTOMER
    return ChargeAnswer(
        state=state,
        payment_id=intent.id,
        code="authentication_required" if waits else "",
        link=link if waits else "",
    )


def declined(payment_id: str, why: Decline, on: date | None = None) -> ChargeAnswer:
    """A decline, or that the customer has to confirm. `on` is the day of the attempt."""
    code = why.decline_code or why.code or ""
    if NEEDS_CUSTOMER & {why.decline_code, why.code}:
        return ChargeAnswer(state=ChargeState.NEEDS_CUSTOMER, payment_id=payment_id, code=code)
    network = why.network_advice_code or ""
    final = is_final(code, why.advice_code or "", network)
    return ChargeAnswer(
        state=ChargeState.DECLINED,
        payment_id=payment_id,
        code=code,
        is_final=final,
        retry_on=retry_on(on, network) if on and not final else None,
    )
