"""SWIFT MT940, statements of an account, and MT942, interim reports of one."""

import re
from collections.abc import Sequence
from decimal import Decimal

from integrations.bank import values
from integrations.bank.booking import Booking, Draft
from integrations.bank.broken import Broken
from integrations.bank.mt940_details import Told, told
from integrations.bank.mt940_entry import Movement, movement_of
from integrations.bank.mt940_fields import Field, messages
from integrations.bank.remittance import account_of
from models.bank import Balance, BankEntry, BankStatement

_BALANCE = re.compile(r"(?P<sign>[CD])(?P<day>[0-9]{6})(?P<currency>[A-Z]{3})?(?P<amount>[0-9,.]+)")
_IN_TOTALS = re.compile(r"[0-9]*([A-Z]{3})[CD ]?[0-9]")
_INTERIM = frozenset({"13", "13D", "34F", "90C", "90D"})
_ONCE = frozenset({"25", "25P", "28", "28C", "60F", "60M", "62F", "62M"})
_SENT = re.compile(r"/OCMT/ ?(?P<currency>[A-Z]{3})? ?(?P<amount>[0-9]{1,15},[0-9]{0,3})")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_WITH_CURRENCY = re.compile(r"(?P<account>.*[0-9])/?(?P<currency>[A-Z]{3})")


def read_mt940(text: str) -> list[Draft]:
    """Every statement of a file.

    Raises:
        Broken: there is none, one lacks an account or a balance, or a field cannot be read.
    """
    drafts = [_statement(fields) for fields in messages(text)]
    if not drafts:
        raise Broken(None, "has no statement, which begins with :20:. Download the file again.")
    return drafts


def _statement(fields: list[Field]) -> Draft:
    by_tag: dict[str, Field] = {}
    for field in fields:
        if field.tag in _ONCE and field.tag in by_tag:
            raise Broken(
                field.line,
                f"a second :{field.tag}: in the statement of line {fields[0].line}. Something is "
                f"missing between the two; download the file again.",
            )
        by_tag.setdefault(field.tag, field)
    opened, closed = (by_tag.get(f"{n}F") or by_tag.get(f"{n}M") for n in ("60", "62"))
    interim = opened is None and bool(_INTERIM & by_tag.keys())
    if not interim:
        _must_have(fields[0], opened, ":60F: or :60M:, the opening balance")
        _must_have(fields[0], closed, ":62F: or :62M:, the closing balance")
    account, currency = _account(
        _must_have(fields[0], by_tag.get("25") or by_tag.get("25P"), ":25:, the account")
    )
    opening = _balance(opened, currency) if opened else None
    closing = _balance(closed, opening.currency if opening else currency) if closed else None
    stated = opening or closing
    currency = stated.currency if stated else currency or _in_totals(by_tag)
    return Draft(
        BankStatement(
            kind="MT942" if interim else "MT940",
            account=account,
            currency=currency,
            number=(by_tag.get("28C") or by_tag.get("28") or fields[0]).text,
            from_day=opening.day if opening else None,
            to_day=closing.day if closing else None,
            opening=opening,
            closing=closing,
            is_complete=not interim,
        ),
        _bookings(fields, account, currency),
        follows_on="60M" in by_tag,
        line=fields[0].line,
    )


def _must_have(first: Field, field: Field | None, what: str) -> Field:
    if field is None:
        raise Broken(
            first.line,
            f"the statement that begins here has no {what}. The file is cut off or a part of one; "
            f"download it again.",
        )
    return field


def _account(field: Field) -> tuple[str, str]:
    """Account and the currency that some banks write behind it, or ""."""
    text = field.text
    behind = _WITH_CURRENCY.fullmatch(text)
    if behind:
        return account_of(behind["account"]), behind["currency"]
    if not text:
        raise Broken(field.line, "the field :25: names no account. Download the file again.")
    return account_of(text), ""


def _balance(field: Field, currency: str) -> Balance:
    found = _BALANCE.fullmatch(field.text)
    if found is None:
        raise Broken(
            field.line, f"the balance {field.text[:40]!r} cannot be read. Download the file again."
        )
    number = values.amount(found["amount"], field.line, "balance")
    return Balance(
        amount=number if found["sign"] == "C" else -number,
        currency=values.currency(found["currency"] or currency, field.line),
        day=values.short_date(found["day"], field.line),
    )


def _in_totals(by_tag: dict[str, Field]) -> str:
    """The currency of an interim report, which has no balances: that of its floor limit or sums."""
    texts = (by_tag[tag].text for tag in ("34F", "90C", "90D") if tag in by_tag)
    found = (_IN_TOTALS.match(text) for text in texts)
    return next((one[1] for one in found if one), "")


def _bookings(fields: list[Field], account: str, currency: str) -> list[Booking]:
    bookings: list[Booking] = []
    movement: Field | None = None
    details: list[str] = []
    for field in [*fields, None]:
        if field is not None and field.tag in {"86", "NS"} and movement is not None:
            details += field.lines if field.tag == "86" else _non_swift(field)
            continue
        if movement is not None:
            entry = _entry(movement, movement_of(movement), told(details), account, currency)
            bookings.append(Booking(entry))
        movement, details = (field if field and field.tag == "61" else None), []
    return bookings


def _non_swift(field: Field) -> list[str]:
    """The purpose lines, 01 to 14, of a field that some German programs write instead of :86:."""
    return [line[2:] for line in field.lines if "01" <= line[:2] <= "14"]


def _original(texts: Sequence[str], currency: str, line: int) -> tuple[Decimal | None, str]:
    """What was sent, by `/OCMT/` in either field or `OAMT+` in the details."""
    for text in texts:
        if found := _SENT.search(text):
            return values.amount(found["amount"], line), found["currency"] or currency
    return None, ""


def _entry(field: Field, moved: Movement, said: Told, account: str, currency: str) -> BankEntry:
    told = (moved.extra, said.remittance, f"/OCMT/{said.original}")
    original_amount, original_currency = _original(told, currency, field.line)
    extra_is_account = bool(_IBAN.fullmatch(moved.extra))
    return BankEntry(
        account=account,
        booked_on=moved.booked_on,
        value_on=moved.value_on,
        amount=moved.amount,
        currency=values.currency(currency, field.line),
        is_credit=moved.is_credit,
        is_reversal=moved.is_reversal or said.is_return,
        is_pending=moved.is_pending,
        bank_reference=moved.bank_reference,
        customer_reference=said.customer_reference or moved.customer_reference,
        end_to_end_id=said.end_to_end_id,
        mandate_id=said.mandate_id,
        references=said.references,
        remittance=said.remittance or ("" if extra_is_account else moved.extra),
        remittance_lines=said.lines,
        payer_name=said.payer_name,
        payer_account=said.payer_account or (moved.extra if extra_is_account else ""),
        code="+".join(part for part in (moved.type, said.code) if part),
        return_reason=said.return_reason,
        original_amount=original_amount,
        original_currency=original_currency,
        line=field.line,
    )
