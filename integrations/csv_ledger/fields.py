"""What a ledger file can hold and what its columns can mean, under the names a mapping uses."""

from enum import StrEnum


class Kind(StrEnum):
    """What the rows of a file are."""

    INVOICES = "invoices"
    PAYMENTS = "payments"
    CONTACTS = "contacts"
    CUSTOMERS = "customers"


class Field(StrEnum):
    """What a column means."""

    INVOICE_ID = "invoice_id"
    NUMBER = "number"
    DOCUMENT_TYPE = "document_type"
    AMOUNT = "amount"
    AMOUNT_OPEN = "amount_open"
    AMOUNT_PAID = "amount_paid"
    CURRENCY = "currency"
    ISSUED_ON = "issued_on"
    DUE_ON = "due_on"
    TERMS = "terms"
    STATUS = "status"
    IS_OPEN = "is_open"
    DISPUTED = "disputed"
    PURCHASE_ORDER = "purchase_order"
    PAYMENT_LINK = "payment_link"
    PAYMENT_ID = "payment_id"
    PAID_ON = "paid_on"
    METHOD = "method"
    CUSTOMER_ID = "customer_id"
    CUSTOMER_NAME = "customer_name"
    EMAIL = "email"
    CONTACT_NAME = "contact_name"
    PHONE = "phone"
    ROLE = "role"
    COUNTRY = "country"
    ZONE = "zone"
    LANGUAGE = "language"
    SEGMENT = "segment"
    TAGS = "tags"
    STRATEGIC = "strategic"
    OWNER_NAME = "owner_name"
    OWNER_EMAIL = "owner_email"


_PERSON = {Field.CUSTOMER_ID, Field.CUSTOMER_NAME, Field.EMAIL, Field.CONTACT_NAME, Field.PHONE}
_CUSTOMER = {
    *_PERSON,
    Field.ROLE,
    Field.COUNTRY,
    Field.ZONE,
    Field.LANGUAGE,
    Field.SEGMENT,
    Field.TAGS,
    Field.STRATEGIC,
    Field.OWNER_NAME,
    Field.OWNER_EMAIL,
}

FIELDS: dict[Kind, frozenset[Field]] = {
    Kind.INVOICES: frozenset(set(Field) - {Field.PAYMENT_ID}),
    Kind.PAYMENTS: frozenset(
        {
            Field.PAYMENT_ID,
            Field.INVOICE_ID,
            Field.NUMBER,
            Field.AMOUNT,
            Field.CURRENCY,
            Field.PAID_ON,
            Field.METHOD,
        }
    ),
    Kind.CONTACTS: frozenset({*_PERSON, Field.ROLE}),
    Kind.CUSTOMERS: frozenset(_CUSTOMER),
}
"""What is looked for in a file of each kind; any other column of it is passed over."""

DATES = (Field.ISSUED_ON, Field.DUE_ON, Field.PAID_ON)
AMOUNTS = (Field.AMOUNT, Field.AMOUNT_OPEN, Field.AMOUNT_PAID)

INVOICE_NAMED_BY = (Field.INVOICE_ID, Field.NUMBER)
CUSTOMER_NAMED_BY = (Field.CUSTOMER_ID, Field.CUSTOMER_NAME, Field.EMAIL)
"""What can say to which of them a row belongs; the first that the file has does."""
