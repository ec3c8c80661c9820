"""Which declines make it pointless, or forbidden, to ask the same card or account again."""

from collections.abc import Iterable

_FORBIDDEN = frozenset(
    {
        # Stripe itself asks these cards no more until there is another.
        *("incorrect_number", "lost_card", "pickup_card", "stolen_card", "highest_risk_level"),
        *("revocation_of_authorization", "revocation_of_all_authorizations"),
        "transaction_not_allowed",
        # The bank or the cardholder said never again.
        *("do_not_try_again", "stop_payment_order", "fraudulent", "merchant_blacklist"),
        *("security_violation", "restricted_card", "rule"),
        "payment_method_customer_decline",
    }
)
_POINTLESS = frozenset(
    {
        # The card is another by now, or takes no such payment.
        *("expired_card", "invalid_account", "invalid_number"),
        *("new_account_information", "new_account_information_available"),
        *("card_not_supported", "currency_not_supported", "not_permitted", "service_not_allowed"),
        *("invalid_expiry_month", "invalid_expiry_year", "incorrect_cvc", "invalid_cvc"),
        # A bank account that cannot be debited, or a mandate that does not hold.
        *("account_closed", "bank_account_restricted", "bank_account_unusable", "no_account"),
        *("bank_ownership_changed", "debit_not_authorized", "invalid_account_number"),
        *("incorrect_account_holder_name", "payment_intent_mandate_invalid"),
        "payment_method_unexpected_state",
    }
)
_CUSTOMER = frozenset(
    {
        *("authentication_required", "authentication_not_handled"),
        "payment_intent_authentication_failure",
        *("online_or_offline_pin_required", "offline_pin_required"),
    }
)
_ADVICE = frozenset({"do_not_try_again", "confirm_card_data"})
# Of Mastercard's advice: the card has another number; never; a one-time card; the subscription was
# cancelled.
_NETWORK_ADVICE = frozenset({"01", "03", "21", "41"})


def is_final(codes: Iterable[str], advice: str = "", network_advice: str = "") -> bool:
    """Whether anything of what was said rules out to ask again; the strictest word counts."""
    final = _FORBIDDEN | _POINTLESS
    return (
        any(code in final for code in codes)
        or advice in _ADVICE
        or network_advice in _NETWORK_ADVICE
    )


def needs_customer(codes: Iterable[str]) -> bool:
    """Whether the customer has to confirm the payment themselves."""
    return any(code in _CUSTOMER for code in codes)
