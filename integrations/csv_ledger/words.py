"""The words by which ledgers say statuses, yes and no, ways of payment and roles."""

from models.vocabulary import InvoiceStatus, Method, Role

_YES = "1 1.0 y yes true t x j ja wahr o oui vrai si sí"
_NO = "0 0.0 n no false f nein falsch non faux"
_YES_NO = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)

_STATUSES: dict[InvoiceStatus, str] = {
    InvoiceStatus.OPEN: (
        "open|overdue|past due|due|outstanding|unpaid|not paid|sent|viewed|authorised|authorized|"
        "approved|partially paid|partly paid|partial|partially_paid|overdue (partially paid)|"
        "not due|current|posted|offen|überfällig|teilbezahlt|fällig|ouverte|ouvert|impayée|impayé|"
        "en retard|partiellement payée"
    ),
    InvoiceStatus.PAID: (
        "paid|paid in full|fully paid|closed|settled|cleared|deposited|bezahlt|beglichen|"
        "ausgeglichen|erledigt|payée|payé|réglée|soldée|soldé"
    ),
    InvoiceStatus.CREDITED: "credited|refunded|gutgeschrieben|créditée|avoirée",
    InvoiceStatus.VOIDED: (
        "void|voided|cancelled|canceled|deleted|reversed|storniert|annulliert|annulée|annulé"
    ),
    InvoiceStatus.WRITTEN_OFF: (
        "written off|written_off|write off|write-off|bad debt|uncollectible|ausgebucht|"
        "abgeschrieben|irrécouvrable"
    ),
}
_STATUS = {word: status for status, words in _STATUSES.items() for word in words.split("|")}
_DISPUTED = frozenset(
    {"disputed", "in dispute", "dispute", "strittig", "reklamiert", "contestée", "litige"}
)
_UNSENT = frozenset({"draft", "submitted", "pending approval", "entwurf", "brouillon"})

_NO_INVOICES = {
    word: kind
    for kind, words in {
        "credit note": (
            "credit note|credit memo|credit|creditmemo|customer credit memo|accreccredit|"
            "gutschrift|rechnungskorrektur|avoir|note de crédit|refund|"
            "rückerstattung|remboursement|dg|cm"
        ),
        "payment": "payment|customer payment|receipt|zahlung|zahlungseingang|paiement|dz|pmt",
        "purchase bill": "bill|accpay|accpaycredit|vendor bill|eingangsrechnung",
        "journal entry": "journal|journal entry|general journal|buchung|sa",
    }.items()
    for word in words.split("|")
}

_METHODS: dict[Method, str] = {
    Method.CARD: "card|credit card|debit card|visa|mastercard|amex|kreditkarte|carte bancaire",
    Method.ACH: "ach|ach debit|ach credit|us bank account|us_bank_account|echeck",
    Method.WIRE: (
        "wire|wire transfer|bank transfer|bank_transfer|transfer|eft|überweisung|virement|bacs"
    ),
    Method.SEPA: "sepa|sepa debit|sepa_debit|sepa direct debit|lastschrift|prélèvement",
    Method.CHEQUE: "cheque|check|scheck|chèque|paper check",
}
_METHOD = {word: method for method, words in _METHODS.items() for word in words.split("|")}

_ROLES: dict[Role, str] = {
    Role.AP: (
        "ap|accounts payable|payables|billing|invoices|accounting|bookkeeping|buchhaltung|"
        "kreditorenbuchhaltung|comptabilité|comptabilité fournisseurs"
    ),
    Role.FINANCE_LEAD: (
        "finance_lead|finance lead|finance|head of finance|controller|finance manager|"
        "finanzleitung|leitung finanzen|directeur comptable"
    ),
    Role.CFO: "cfo|chief financial officer|finance director|finanzvorstand|daf",
    Role.ESCALATION: "escalation|executive|ceo|owner|management|geschäftsführung|direction",
}
_ROLE = {word: role for role, words in _ROLES.items() for word in words.split("|")}


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def yes_or_no(text: str) -> bool:
    """Whether `text` says yes.

    Raises:
        ValueError: it says neither yes nor no.
    """
    answer = _YES_NO.get(_fold(text))
    if answer is None:
        raise ValueError("is neither yes nor no. Write yes or no, or translate it under [values].")
    return answer


def invoice_status(text: str) -> tuple[InvoiceStatus, bool]:
    """The status that `text` says, and whether it says that the invoice is disputed.

    Raises:
        ValueError: it is no known status, or the invoice has not been sent yet.
    """
    # NetSuite writes "Invoice : Open".
    word = _fold(text.rpartition(" : ")[2])
    if word in _DISPUTED:
        return InvoiceStatus.OPEN, True
    if word in _UNSENT:
        raise ValueError("is not sent to the customer yet. Import it once it is.")
    if word not in _STATUS:
        known = ", ".join(InvoiceStatus)
        raise ValueError(
            f"is no known status. Translate it under [values.status] to one of: {known}."
        )
    return _STATUS[word], False


def refused_document(text: str) -> str:
    """What a document type stands for when that is no invoice (`credit note` …), else ""."""
    return _NO_INVOICES.get(_fold(text), "")


def method_of(text: str) -> Method | None:
    """By what a payment travelled; None when the word is unknown."""
    return _METHOD.get(_fold(text)) or (Method.OTHER if _fold(text) == Method.OTHER else None)


def role_of(text: str) -> Role | None:
    """What a contact is at the customer's; None when the word is unknown."""
    return _ROLE.get(_fold(text))
