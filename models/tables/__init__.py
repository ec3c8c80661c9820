"""The database: the register's facts, and what the follow-ups' activities write.

Ids of customers, contacts, invoices and payments are the register's own, kept as text. Keys of
touches, messages, drafts, tasks and alerts are the idempotency keys of what they record.
"""

from models.tables.chase import (
    Dispute,
    FollowUpRow,
    Instalment,
    Plan,
    PolicyVersion,
    Promise,
    Suspension,
    TimelineEntry,
)
from models.tables.columns import table_of
from models.tables.letters import Draft, DraftMember, Message, Touch
from models.tables.money import (
    CashName,
    CashReceipt,
    CashShare,
    Charge,
    Credit,
    CustomerCash,
    DisputeTold,
    InboundEvent,
    InboundWait,
    InvoiceName,
    PayerAlias,
    PaymentMeans,
    Refund,
    RegisterMark,
    Reversal,
    StatementFile,
    Telling,
)
from models.tables.people import Alert, NoticeRow, Task
from models.tables.register import Contact, ContextRow, Customer, Invoice, Payment, Scan

__all__ = [
    "Alert",
    "CashName",
    "CashReceipt",
    "CashShare",
    "Charge",
    "Contact",
    "ContextRow",
    "Credit",
    "Customer",
    "CustomerCash",
    "Dispute",
    "DisputeTold",
    "Draft",
    "DraftMember",
    "FollowUpRow",
    "InboundEvent",
    "InboundWait",
    "Instalment",
    "Invoice",
    "InvoiceName",
    "Message",
    "NoticeRow",
    "PayerAlias",
    "Payment",
    "PaymentMeans",
    "Plan",
    "PolicyVersion",
    "Promise",
    "Refund",
    "RegisterMark",
    "Reversal",
    "Scan",
    "StatementFile",
    "Suspension",
    "Task",
    "Telling",
    "TimelineEntry",
    "Touch",
    "table_of",
]
