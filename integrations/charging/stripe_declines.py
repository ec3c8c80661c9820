"""Which declines of a card or debit at Stripe may be asked again, and when at the earliest.

Sources: https://docs.stripe.com/declines/codes for decline codes,
https://docs.stripe.com/declines/card#retrying-issuer-declines for advice codes; networks' advice
codes are Mastercard's merchant advice codes, which Stripe hands on.
"""

from datetime import date, timedelta

# What can pass by itself. A code that is not listed is not asked again: a retry that the network
# forbids costs a fee, a card that is not asked costs a letter.
MAY_PASS = frozenset(
    {
        *("approve_with_id", "call_issuer", "card_declined", "card_velocity_exceeded"),
        *("do_not_honor", "duplicate_transaction", "generic_decline", "insufficient_funds"),
        *("issuer_not_available", "no_action_taken", "processing_error", "reenter_transaction"),
        *("try_again_later", "withdrawal_count_limit_exceeded"),
        *("generic_could_not_process", "refer_to_customer"),  # of bank debits
    }
)

# The customer has to confirm the payment or the mandate; asking again by ourselves is no use.
NEEDS_CUSTOMER = frozenset(
    {
        *("authentication_required", "authentication_not_handled"),
        "payment_intent_authentication_failure",
    }
)

# The card or mandate is gone, although Stripe calls the request wrong.
MEANS_GONE = frozenset({"payment_intent_mandate_invalid", "payment_method_unexpected_state"})

_ADVISED_AGAINST = frozenset({"confirm_card_data", "do_not_try_again"})

# 01 new account details, 03 and 21 do not try again (asking again is charged for), 04 the token
# does not fit, 22 and 41 not for this merchant or not twice, 42 sanctions, 99 do not try again.
_NETWORK_FORBIDS = frozenset({"01", "03", "04", "21", "22", "41", "42", "99"})

# Try again after 1 hour, 24 hours, 2, 4, 6, 8 and 10 days; we count in days.
_NETWORK_DELAYS = {"24": 1, "25": 1, "26": 2, "27": 4, "28": 6, "29": 8, "30": 10}


def is_final(code: str, advice: str = "", network_advice: str = "") -> bool:
    """True when this card or mandate must not be asked again for this debt.

    Stripe's advice goes before the code, the network's before both; advice can only forbid.
    """
    if network_advice in _NETWORK_FORBIDS or advice in _ADVISED_AGAINST:
        return True
    return code not in MAY_PASS


def retry_on(declined_on: date, network_advice: str) -> date | None:
    """The first day on which the network advises to ask again, where it names one."""
    days = _NETWORK_DELAYS.get(network_advice)
    return declined_on + timedelta(days=days) if days else None
