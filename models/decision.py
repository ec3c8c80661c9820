"""What `decide` answers, and what the activities are asked to carry out."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from models.letter import Remark
from models.vocabulary import Action, Channel, Outcome, Reason, Stage, Status, TaskKind, Tone


class Verb(StrEnum):
    """Wait until a time or an event, act now, or close; before acting, ask the connected systems
    about the customer, or write a draft for a person to sign."""

    WAIT = "wait"
    GATHER = "gather"
    DRAFT = "draft"
    ACT = "act"
    CLOSE = "close"


def touch_key(invoice_id: str, step: str, round_: int) -> str:
    """The key of every effect of one step in one round: `{invoice_id}/{step}/{round}`."""
    return f"{invoice_id}/{step}/{round_}"


class TouchPlan(BaseModel):
    """One touch as decided: which step, in which words, with what beside it.

    `warns` when the letter tells of what the contract allows, such as a suspension. `why` is a
    sentence for the timeline where the words are not the step's own.
    """

    model_config = ConfigDict(frozen=True)

    invoice_id: str
    round: int
    step: str
    stage: Stage
    tone: Tone
    channel: Channel
    template: str | None
    actions: tuple[Action, ...] = ()
    remarks: tuple[Remark, ...] = ()
    warns: bool = False
    why: str = ""

    @property
    def key(self) -> str:
        """The idempotency key of everything this touch does."""
        return touch_key(self.invoice_id, self.step, self.round)


class TaskRequest(BaseModel):
    """Work for a person that a decision asks for; one per follow-up, kind and round, and step
    where it is about one."""

    model_config = ConfigDict(frozen=True)

    kind: TaskKind
    why: str
    step: str = ""


class Decision(BaseModel):
    """What to do about one invoice now, and why.

    `at` is when to look again while waiting, in UTC; None waits for an event alone.
    `next_letter` is the step whose letter is expected to be up by then. `step` and `stage` are
    the cadence point that is up. `skipped` are steps passed over for good.
    `shift_days` and `held_step` are the cadence's position to keep: how far holds have moved it,
    and the step that was up when the present one began. `ask_owner_by` is by when the account
    owner, who is asked first, has to answer. `restores_service` when what was suspended for this
    invoice is to run again.
    """

    model_config = ConfigDict(frozen=True)

    verb: Verb
    reason: Reason
    says: str
    status: Status = Status.ACTIVE
    at: datetime | None = None
    next_letter: str | None = None
    step: str | None = None
    stage: Stage | None = None
    touch: TouchPlan | None = None
    outcome: Outcome | None = None
    task: TaskRequest | None = None
    ask_owner_by: datetime | None = None
    restores_service: bool = False
    skipped: tuple[str, ...] = ()
    shift_days: int = 0
    held_step: str | None = None

    @property
    def closes(self) -> bool:
        return self.verb is Verb.CLOSE

    @property
    def acts(self) -> bool:
        return self.verb is Verb.ACT

    @property
    def is_passing(self) -> bool:
        """True for what is about to be done, and will be another decision in a moment."""
        return self.verb in (Verb.ACT, Verb.GATHER, Verb.DRAFT)

    @property
    def holds(self) -> bool:
        """True while the cadence stands still rather than merely waits for its next step."""
        return self.verb is Verb.WAIT and self.reason in HOLDING


# What ends a suspension beside the end of the follow-up: nobody's service stands still over what
# is contested, or over a debt that is being paid as agreed.
RESTORING = frozenset({Reason.DISPUTED, Reason.PROMISED, Reason.ON_PLAN})

# A step is up and nothing holds it: it only has to wait for its hour, its turn, or an answer.
DELAYING = frozenset(
    {
        Reason.OUTSIDE_WINDOW,
        Reason.CONTACTED_RECENTLY,
        Reason.CONTACT_CAP,
        Reason.GATHER_CONTEXT,
    }
)

# Waiting for these usually ends with the letter of the step.
BEFORE_A_LETTER = DELAYING | {Reason.NOT_YET, Reason.COVERED, Reason.ENTRY_SPREAD}

# Nobody is called while these hold either: the calls wait in the queue's back room.
NOT_TO_BE_CALLED = frozenset(
    {
        Reason.LEGAL_ACTION,
        Reason.PAUSED,
        Reason.DISPUTED,
        Reason.PROMISED,
        Reason.UNAPPLIED_CASH,
        Reason.PAYMENT_IN_TRANSIT,
        Reason.PAUSED_BY_SALES,
    }
)

HOLDING = frozenset(
    {
        Reason.INSOLVENCY,
        Reason.LEGAL_HOLD,
        Reason.DO_NOT_CONTACT,
        Reason.LEGAL_ACTION,
        Reason.PAUSED,
        Reason.DISPUTED,
        Reason.PROMISED,
        Reason.ON_PLAN,
        Reason.UNAPPLIED_CASH,
        Reason.PAYMENT_IN_TRANSIT,
        Reason.CONTEXT_UNAVAILABLE,
        Reason.PAUSED_BY_SALES,
        Reason.RENEWAL_UNDER_WAY,
        Reason.EXPANSION_UNDER_WAY,
        Reason.SEVERE_TICKET,
        Reason.HEALTH_AT_RISK,
        Reason.RELIABLE_LATE_PAYER,
        Reason.NO_ADDRESS,
        Reason.NEEDS_APPROVAL,
    }
)
