"""What GoCardless' objects have in common: what our own system wrote into them, how a scheme moves
money, and what is said of a failure."""

from dataclasses import dataclass
from datetime import datetime

from integrations.provider_objects.json_part import JsonPart
from models.vocabulary import Method

NAME = "gocardless"

# What makes a mandate useless, or the account, or what the payer has forbidden. All else, such as a
# want of funds, may pass.
_FINAL = frozenset(
    {
        *("account_blocked", "account_blocked_for_any_financial_transaction"),
        *("authorisation_disputed", "bank_account_closed", "bank_account_disabled"),
        *("bank_account_transferred", "customer_deceased", "direct_debit_not_enabled"),
        *("incompatible_scheme", "initial_one_off_mandate_already_used"),
        *("institution_does_not_support_payment_type", "invalid_bank_details"),
        *("mandate_cancelled", "mandate_expired", "no_instruction", "payer_deceased"),
        "refund_requested",
    }
)
_NEEDS_CUSTOMER = frozenset({"customer_approval_denied", "payment_stopped"})


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a payment's: its own id and moment, and why, in the bank's word before that of
    GoCardless. `is_final`: asking again is pointless or forbidden, and nobody will."""

    id: str
    at: datetime
    code: str
    is_final: bool
    needs_customer: bool


def happened(event: JsonPart) -> Happened:
    """What an event says of what happened, whether a webhook brings it or a payment's history."""
    details = event.maybe("details")
    cause = details.said("cause") if details else ""
    return Happened(
        id=event.text("id"),
        at=event.moment("created_at"),
        code=(details.said("reason_code") if details else "") or cause,
        is_final=cause in _FINAL
        and not (details is not None and details.flag("will_attempt_retry")),
        needs_customer=cause in _NEEDS_CUSTOMER,
    )


def invoice_names_of(said: JsonPart) -> tuple[str, ...]:
    return tuple(_metadata(said, "dunlin_invoice_id", "invoice_id"))


def customer_id_of(said: JsonPart) -> str:
    return next(iter(_metadata(said, "dunlin_customer_id", "customer_id")), "")


def method_of(scheme: str) -> Method:
    if scheme.startswith("sepa"):
        return Method.SEPA
    return Method.ACH if scheme == "ach" else Method.OTHER


def _metadata(said: JsonPart, *names: str) -> list[str]:
    metadata = said.maybe("metadata")
    found = (metadata.said(name) for name in names) if metadata else ()
    return [one for one in found if one]
