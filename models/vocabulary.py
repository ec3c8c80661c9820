"""The words of the field as closed sets: stored, sent and shown under exactly these names."""

from enum import StrEnum


class Stage(StrEnum):
    """How far along its cadence an invoice is, from a courtesy to the last letter."""

    PRE_DUE = "pre_due"
    DUE = "due"
    EARLY = "early"
    LATE = "late"
    FINAL = "final"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position in the order of escalation, 0 for `pre_due`."""
        return tuple(Stage).index(self)


class Tone(StrEnum):
    """How a message sounds, softest first."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    FIRM = "firm"
    FINAL = "final"


class Tier(StrEnum):
    """Ageing bucket by calendar days past due."""

    CURRENT = "current"
    EARLY = "early"
    LATE = "late"
    CRITICAL = "critical"


class Status(StrEnum):
    """What a follow-up is doing."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISPUTED = "disputed"
    PROMISED = "promised"
    ON_PLAN = "on_plan"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_DECISION = "awaiting_decision"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a follow-up ended."""

    PAID = "paid"
    CREDITED = "credited"
    VOIDED = "voided"
    WRITTEN_OFF = "written_off"
    AGENCY = "agency"
    MERGED = "merged"


class InvoiceStatus(StrEnum):
    """What the register says of an invoice."""

    OPEN = "open"
    PAID = "paid"
    CREDITED = "credited"
    VOIDED = "voided"
    WRITTEN_OFF = "written_off"


class TouchOutcome(StrEnum):
    """What became of a touch. `claimed` is one whose message has not left yet."""

    CLAIMED = "claimed"
    SENT = "sent"
    COVERED = "covered"
    SKIPPED = "skipped"
    FAILED = "failed"
    REJECTED = "rejected"


class Method(StrEnum):
    """By what a payment travels; it decides how long money may be under way."""

    CARD = "card"
    ACH = "ach"
    WIRE = "wire"
    SEPA = "sepa"
    CHEQUE = "cheque"
    OTHER = "other"


# Codes of ISO 4217 that stand for no money: "no currency", and one for tests.
NO_MONEY = frozenset({"XXX", "XTS"})


class InboundState(StrEnum):
    """What has become of a provider's event.

    `stored` until somebody has read it, `to_ask` while the provider is still to be asked for the
    object, `waiting` for an invoice or payment that must come first, `unknown` when its type is.
    """

    STORED = "stored"
    TO_ASK = "to_ask"
    APPLIED = "applied"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class CashState(StrEnum):
    """What has become of money that came in.

    `new` until it was matched, `review` while a person has to place it, `on_account` when they
    leave it with the customer, `set_aside` when it is nobody's payment at all.
    """

    UNDER_WAY = "under_way"
    NEW = "new"
    REVIEW = "review"
    PLACED = "placed"
    ON_ACCOUNT = "on_account"
    SET_ASIDE = "set_aside"
    RETURNED = "returned"


class CreditKind(StrEnum):
    """Why less is owed than was invoiced, without money having come."""

    CREDIT_NOTE = "credit_note"
    DISCOUNT = "discount"
    FEE = "fee"
    SMALL_REST = "small_rest"
    REFUND = "refund"


class Channel(StrEnum):
    """By what a step reaches the customer."""

    MAIL = "mail"
    CALL = "call"


class Action(StrEnum):
    """What a step does beside its message."""

    CALL_AP_CONTACT = "call_ap_contact"
    CALL_FINANCE = "call_finance"
    ALERT_OWNER = "alert_owner"
    CC_OWNER = "cc_owner"
    CC_CFO = "cc_cfo"
    SUSPEND_SERVICE = "suspend_service"
    ASK_DISPOSITION = "ask_disposition"

    @property
    def is_task(self) -> bool:
        """True when it puts work before a person."""
        return self in {Action.CALL_AP_CONTACT, Action.CALL_FINANCE, Action.ASK_DISPOSITION}


class Role(StrEnum):
    """What a contact is at the customer's."""

    AP = "ap"
    FINANCE_LEAD = "finance_lead"
    CFO = "cfo"
    ESCALATION = "escalation"


class TaskKind(StrEnum):
    """Work that waits for a person."""

    CALL = "call"
    OWNER_FIRST = "owner_first"
    FIX_CONTACT = "fix_contact"
    CONFIRM_PROMISE = "confirm_promise"
    FIND_PAYMENT = "find_payment"
    AGREE_PLAN = "agree_plan"
    FINANCE = "finance"
    PLACE_MONEY = "place_money"
    APPROVE = "approve"
    DISPOSITION = "disposition"
    RESOLVE_DISPUTE = "resolve_dispute"
    READ_REPLY = "read_reply"
    PAYMENT_FAILED = "payment_failed"
    SUSPEND_SERVICE = "suspend_service"
    RESTORE_SERVICE = "restore_service"
    MEND = "mend"


class CallResult(StrEnum):
    """How a call went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_CONTACT = "wrong_contact"
    PROMISED = "promised"
    DISPUTED = "disputed"
    SAYS_PAID = "says_paid"
    REFUSES = "refuses"
    PLAN_WANTED = "plan_wanted"


class Disposition(StrEnum):
    """What is to become of an invoice whose cadence has ended without payment."""

    PLAN = "plan"
    WRITE_OFF = "write_off"
    AGENCY = "agency"
    LEGAL = "legal"
    CONTINUE = "continue"


class DraftState(StrEnum):
    """What has become of a draft. Only an approved one leaves."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"
    SENT = "sent"


class OwnerWord(StrEnum):
    """What an account owner who is asked first may say of a letter."""

    GO = "go"
    SOFTEN = "soften"
    HOLD = "hold"


class PlanState(StrEnum):
    """What has become of a payment plan."""

    RUNNING = "running"
    KEPT = "kept"
    BROKEN = "broken"
    REPLACED = "replaced"


class Reason(StrEnum):
    """Why a decision came out as it did, in the order in which `decide` asks."""

    PAID = "paid"
    CREDITED = "credited"
    VOIDED = "voided"
    WRITTEN_OFF = "written_off"
    INSOLVENCY = "insolvency"
    LEGAL_HOLD = "legal_hold"
    DO_NOT_CONTACT = "do_not_contact"
    AGENCY = "agency"
    LEGAL_ACTION = "legal_action"
    PAUSED = "paused"
    DISPUTED = "disputed"
    PROMISED = "promised"
    PROMISE_BROKEN = "promise_broken"
    ON_PLAN = "on_plan"
    INSTALMENT_DUE = "instalment_due"
    UNAPPLIED_CASH = "unapplied_cash"
    PAYMENT_IN_TRANSIT = "payment_in_transit"
    SMALL_BALANCE = "small_balance"
    CADENCE_OVER = "cadence_over"
    NOT_YET = "not_yet"
    ENTRY_SPREAD = "entry_spread"
    OUTSIDE_WINDOW = "outside_window"
    COVERED = "covered"
    CONTACTED_RECENTLY = "contacted_recently"
    CONTACT_CAP = "contact_cap"
    GATHER_CONTEXT = "gather_context"
    CONTEXT_UNAVAILABLE = "context_unavailable"
    PAUSED_BY_SALES = "paused_by_sales"
    RENEWAL_UNDER_WAY = "renewal_under_way"
    EXPANSION_UNDER_WAY = "expansion_under_way"
    SEVERE_TICKET = "severe_ticket"
    HEALTH_AT_RISK = "health_at_risk"
    RELIABLE_LATE_PAYER = "reliable_late_payer"
    FIRST_TIME_LATE = "first_time_late"
    NO_ADDRESS = "no_address"
    CLAUSE_MISSING = "clause_missing"
    DISPUTE_SETTLED = "dispute_settled"
    NEEDS_APPROVAL = "needs_approval"
    STEP_DUE = "step_due"
