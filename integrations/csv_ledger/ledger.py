"""What a ledger file says, row by row or as a whole."""

from dataclasses import dataclass

from integrations.csv_ledger.rejects import Reject
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow


@dataclass(frozen=True, slots=True)
class DisputeMark:
    """The file marks this invoice as disputed; it does not say since when or over what."""

    invoice_id: str


Row = CustomerRow | ContactRow | InvoiceRow | PaymentRow | DisputeMark | Reject


@dataclass(frozen=True, slots=True)
class Entry:
    """What one record of the file says: the line where it starts, its cells as they stand, and the
    rows that it comes to."""

    line: int
    cells: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A whole ledger file.

    `disputed` are the ids of invoices marked as disputed, settled ones among them. `notes` say in
    sentences what was decided and made up.
    """

    customers: tuple[CustomerRow, ...] = ()
    contacts: tuple[ContactRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    disputed: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    notes: tuple[str, ...] = ()
