"""Keys by which a movement is known again in another file (docs/bank-files.md)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from integrations.bank.booking import Booking, Draft
from models.bank import BankEntry, BankStatement

_LENGTH = 32
_APART = "\x1f"
_NO_REFERENCE = frozenset(
    {
        *("NONREF", "NOTPROVIDED", "NOTAVAILABLE", "NONE", "N/A", "UNKNOWN"),
        # MT940 says by these only that the reference stands in the details.
        *("EREF", "EREF+", "KREF", "KREF+", "MARF", "PREF"),
    }
)


def said(reference: str) -> str:
    """`reference`, "" when it is one of the words by which banks say that there is none."""
    if not reference:
        return ""
    tidy = " ".join(reference.split())
    placeholder = tidy.upper().replace(" ", "") in _NO_REFERENCE or not tidy.strip("0-./")
    return "" if placeholder else tidy


def keyed(drafts: Iterable[Draft]) -> Iterator[BankStatement]:
    """The statements, every entry with its key.

    Equal movements of one day are told apart by their order within the statement. The count starts
    anew with each statement, so that a day told twice in one file counts once, and goes on through
    statements that follow one another, so that a day cut in two counts whole.
    """
    last: dict[tuple[str, str], tuple[Draft, Counter[str]]] = {}
    for draft in drafts:
        account = (draft.statement.account, draft.statement.currency)
        before = last.get(account)
        counts = before[1] if before and _continues(before[0], draft) else Counter[str]()
        last[account] = (draft, counts)
        entries = (entry for one in draft.bookings for entry in _with_keys(one, counts))
        yield draft.statement.model_copy(update={"entries": tuple(entries)})


def _continues(before: Draft, draft: Draft) -> bool:
    if draft.follows_on:
        return True
    first, second = before.statement, draft.statement
    if first.closing is None or second.opening is None or _is_repeated(first, second):
        return False
    ended = max((one.whole.day for one in before.bookings if one.whole.day), default=None)
    begins = min((one.whole.day for one in draft.bookings if one.whole.day), default=None)
    in_order = ended is None or begins is None or ended <= begins
    return in_order and first.closing.amount == second.opening.amount


def _is_repeated(first: BankStatement, second: BankStatement) -> bool:
    return first.model_copy(update={"entries": ()}) == second.model_copy(update={"entries": ()})


def _with_keys(booking: Booking, counts: Counter[str]) -> Iterator[BankEntry]:
    whole = _key(_identity(booking.whole), counts)
    if not booking.parts:
        yield booking.whole.model_copy(update={"key": whole})
        return
    within = Counter[str]()
    for part in booking.parts:
        # Payments of a batch often share its reference, so that their texts count as well.
        key = _key((whole, *_money(part), part.bank_reference, *_texts(part)), within)
        yield part.model_copy(update={"key": key, "part_of": whole})


def _key(identity: tuple[str, ...], counts: Counter[str]) -> str:
    text = _APART.join(identity)
    counts[text] += 1
    ordinal = counts[text]
    named = text if ordinal == 1 else f"{text}{_APART}{ordinal}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _identity(entry: BankEntry) -> tuple[str, ...]:
    """What the bank repeats of a movement wherever it tells of it: its own reference, or the texts.

    Whether it is pending is not part of it.
    """
    if entry.bank_reference:
        return (*_money(entry), "reference", entry.bank_reference)
    return (*_money(entry), "texts", *_texts(entry))


def _money(entry: BankEntry) -> tuple[str, ...]:
    """The day stands even beside a reference: some banks give a standing order's monthly payments
    the same one. The value day is left out, because interim reports often lack it."""
    return (
        entry.account,
        entry.currency,
        _plain(entry.amount),
        "C" if entry.is_credit else "D",
        "R" if entry.is_reversal else "",
        str(entry.day or ""),
    )


def _texts(entry: BankEntry) -> tuple[str, ...]:
    return (
        entry.end_to_end_id,
        entry.mandate_id,
        entry.customer_reference,
        *entry.references,
        entry.payer_account,
        _squeezed(entry.payer_name),
        _squeezed(entry.remittance),
    )


def _plain(amount: Decimal) -> str:
    # 8.850 in one format is 8.85 in another.
    return f"{amount.normalize():f}"


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
