"""How sure each way to match money is, and how it is said."""

from collections.abc import Sequence

from models.matching import MatchReason, OpenItem

CERTAIN = 90
# How sure each way is. From `CERTAIN` on no person is asked.
SCORES: dict[MatchReason, int] = {
    MatchReason.REFERENCE: 100,
    MatchReason.REFERENCES: 99,
    MatchReason.REFERENCE_SHORT: 96,
    MatchReason.REFERENCE_PART: 93,
    MatchReason.REFERENCE_OVER: 92,
    MatchReason.ACCOUNT_AMOUNT: 95,
    MatchReason.ACCOUNT_ALL: 94,
    MatchReason.ACCOUNT_SOME: 91,
    MatchReason.ACCOUNT_SHORT: 90,
    MatchReason.NAME_AMOUNT: 88,
    MatchReason.NAME_ALL: 85,
    MatchReason.NAME_SOME: 75,
    MatchReason.NAME_SHORT: 72,
    MatchReason.WEAK_REFERENCE: 70,
    MatchReason.WRONG_CURRENCY: 60,
    MatchReason.SETTLED_BEFORE: 55,
    MatchReason.CUSTOMER_ALONE: 45,
    MatchReason.AMOUNT_ALONE: 40,
}
_WORDS: dict[MatchReason, str] = {
    MatchReason.REFERENCE: "names {numbers}, and the amount is what is open",
    MatchReason.REFERENCES: "names {numbers}, and the amount is what is open of them together",
    MatchReason.REFERENCE_SHORT: "names {numbers}, and what is missing is a discount or a fee",
    MatchReason.REFERENCE_OVER: "names {numbers}, and is more than what is open",
    MatchReason.REFERENCE_PART: "names {numbers}, and is less than what is open",
    MatchReason.ACCOUNT_AMOUNT: "comes from a known account, over exactly {numbers}",
    MatchReason.ACCOUNT_ALL: "comes from a known account, over all that is owed",
    MatchReason.ACCOUNT_SOME: "comes from a known account, over {numbers} together",
    MatchReason.ACCOUNT_SHORT: "comes from a known account, a discount or fee below {numbers}",
    MatchReason.NAME_AMOUNT: "comes under a like name, over exactly {numbers}",
    MatchReason.NAME_ALL: "comes under a like name, over all that is owed",
    MatchReason.NAME_SOME: "comes under a like name, over {numbers} together",
    MatchReason.NAME_SHORT: "comes under a like name, a discount or fee below {numbers}",
    MatchReason.WEAK_REFERENCE: "names {numbers}, a short number, over what is open",
    MatchReason.AMOUNT_ALONE: "has the amount of {numbers}, and nothing else agrees",
}


def sentence(reason: MatchReason, items: Sequence[OpenItem]) -> str:
    """What speaks for a match, in a sentence."""
    numbers = ", ".join(one.number for one in items[:5])
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return f"It {_WORDS[reason].format(numbers=numbers + more)}."
