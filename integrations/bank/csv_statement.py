"""A bank's CSV as statements, one for each account and currency in it."""

from collections.abc import Sequence
from decimal import Decimal

from integrations.bank.booking import Booking, Draft
from integrations.bank.broken import Broken
from integrations.bank.csv_cells import DATES, MOVES, Cells
from integrations.bank.csv_columns import Column
from integrations.bank.csv_mapping import BankMapping
from integrations.bank.csv_rows import Row, Table, refused
from integrations.bank.csv_signs import Moved, is_newest_first, signed
from integrations.bank.keys import said
from integrations.bank.remittance import account_of, distinct, kept
from models.bank import Balance, BankEntry, BankStatement
from models.errors import LedgerUnreadable

_NOT_BOOKED = (
    *("pending", "vorgemerkt", "en attente", "in behandeling", "pendiente", "angekündigt"),
    *("declined", "failed", "reverted", "abgelehnt", "refusé", "geweigerd", "rechazado"),
)
"""Words of a row's status by which its money has not moved."""


def read_csv(text: str, mapping: BankMapping) -> list[Draft]:
    """Every statement of a file.

    Raises:
        Broken: the columns do not say what is needed, dates or amounts could be read in two ways,
            or a row cannot be read.
    """
    table = Table(text, mapping)
    _must_say_enough(table, mapping)
    rows = list(table)
    if not rows:
        raise Broken(table.line, "has no rows below its header. Download days with bookings.")
    try:
        cells = Cells(table, rows, mapping)
    except LedgerUnreadable as error:
        raise refused(error) from None
    groups: dict[tuple[str, str], list[tuple[Row, Moved]]] = {}
    for row in rows:
        account = account_of(row[Column.ACCOUNT] or mapping.defaults.account)
        moved, currency = cells.moved(row)
        groups.setdefault((account, currency), []).append((row, moved))
    return [_statement(cells, *of, members) for of, members in groups.items()]


def _must_say_enough(table: Table, mapping: BankMapping) -> None:
    columns = table.columns.keys()
    if not columns & set(DATES):
        raise Broken(
            table.line, "no column is a date. Name it in a mapping file: [columns] booked_on."
        )
    if not columns & set(MOVES):
        raise Broken(
            table.line,
            "no column is an amount. Name it in a mapping file: [columns] amount, or credit and "
            "debit.",
        )
    foreign = Column.ORIGINAL_AMOUNT in columns and Column.ORIGINAL_CURRENCY not in columns
    if foreign and Column.CURRENCY in columns and not mapping.defaults.currency:
        raise Broken(
            table.line,
            "there are amounts in two currencies and one column of currencies. Give the account's "
            "currency in a mapping file: [defaults] currency.",
        )


def _statement(
    cells: Cells, account: str, currency: str, members: Sequence[tuple[Row, Moved]]
) -> Draft:
    told = [moved for _, moved in members]
    moves = signed(told)
    bookings = [
        Booking(_entry(cells, row, account, currency, move))
        for (row, _), move in zip(members, moves, strict=True)
    ]
    days = [one.whole.day for one in bookings if one.whole.day]
    opening, closing = _balances(told, moves)
    statement = BankStatement(
        kind="CSV",
        account=account,
        currency=currency,
        from_day=min(days, default=None),
        to_day=max(days, default=None),
        opening=None if opening is None else Balance(amount=opening, currency=currency),
        closing=None if closing is None else Balance(amount=closing, currency=currency),
        # The balances were read off the rows and prove no more than `signed` has.
        is_complete=False,
    )
    return Draft(statement, bookings, line=members[0][0].line)


def _balances(
    told: Sequence[Moved], moves: Sequence[Decimal]
) -> tuple[Decimal | None, Decimal | None]:
    first, last = (told[-1], told[0]) if is_newest_first(told, moves) else (told[0], told[-1])
    if first.balance is None or last.balance is None:
        return None, None
    return first.balance - moves[told.index(first)], last.balance


def _entry(cells: Cells, row: Row, account: str, currency: str, move: Decimal) -> BankEntry:
    booked, value = (cells.day(row, column) for column in DATES)
    status = row[Column.STATUS].casefold()
    is_pending = any(word in status for word in _NOT_BOOKED)
    if booked is None and value is None and not is_pending:
        raise Broken(
            row.line, "the row has no date. Fill it in, or take the line out if it is no entry."
        )
    texts = row[Column.TEXT].split("\n")
    original = cells.original(row)
    if original == (abs(move), currency):
        original = (None, "")
    return BankEntry(
        account=account,
        booked_on=booked,
        value_on=value,
        amount=abs(move),
        currency=currency,
        is_credit=move >= 0,
        is_pending=is_pending,
        bank_reference=said(row[Column.BANK_REFERENCE]),
        customer_reference=said(row[Column.CUSTOMER_REFERENCE]),
        end_to_end_id=said(row[Column.END_TO_END_ID]),
        mandate_id=said(row[Column.MANDATE_ID]),
        references=distinct([said(row[Column.REFERENCE])]),
        remittance=" ".join(" ".join(texts).split()),
        remittance_lines=kept(texts),
        payer_name=" ".join(_payer(row, is_credit=move >= 0).split()),
        payer_account=account_of(row[Column.PAYER_ACCOUNT]),
        code=row[Column.CODE],
        original_amount=original[0],
        original_currency=original[1],
        line=row.line,
    )


def _payer(row: Row, *, is_credit: bool) -> str:
    """The other side; of two columns, banks write the payer first and the payee second."""
    first, *others = row[Column.PAYER_NAME].split("\n")
    return first if is_credit or not others else others[0]
