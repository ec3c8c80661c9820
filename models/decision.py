"""What `decide` answers, and what the activities are asked to carry out."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from models.vocabulary import Action, Channel, Outcome, Reason, Stage, Status, TaskKind, Tone


class Verb(StrEnum):
    """Wait until a time or an event, act now, or close."""

    WAIT = "wait"
    ACT = "act"
    CLOSE = "close"


def touch_key(invoice_id: str, step: str, round_: int) -> str:
    """The key of every effect of one step in one round: `{invoice_id}/{step}/{round}`."""
    return f"{invoice_id}/{step}/{round_}"


class TouchPlan(BaseModel):
    """One touch as decided: which step, in which words, with what beside it."""

    model_config = ConfigDict(frozen=True)

    invoice_id: str
    round: int
    step: str
    stage: Stage
    tone: Tone
    channel: Channel
    template: str | None
    actions: tuple[Action, ...] = ()

    @property
    def key(self) -> str:
        """The idempotency key of everything this touch does."""
        return touch_key(self.invoice_id, self.step, self.round)


class TaskRequest(BaseModel):
    """Work for a person that a decision asks for; one per follow-up, kind and round."""

    model_config = ConfigDict(frozen=True)

    kind: TaskKind
    why: str


class Decision(BaseModel):
    """What to do about one invoice now, and why.

    `at` is when to look again while waiting, in UTC; None waits for an event alone.
    `next_letter` is the step whose letter is expected to be up by then. `step` and `stage` are
    the cadence point that is up. `skipped` are steps passed over for good.
    `shift_days` and `held_step` are the cadence's position to keep: how far holds have moved it,
    and the step that was up when the present one began.
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
    def holds(self) -> bool:
        """True while the cadence stands still rather than merely waits for its next step."""
        return self.verb is Verb.WAIT and self.reason in HOLDING


# A step is up and nothing holds it: it only has to wait for its hour or for its turn.
DELAYING = frozenset({Reason.OUTSIDE_WINDOW, Reason.CONTACTED_RECENTLY, Reason.CONTACT_CAP})

# Waiting for these usually ends with the letter of the step.
BEFORE_A_LETTER = DELAYING | {Reason.NOT_YET, Reason.COVERED, Reason.ENTRY_SPREAD}

HOLDING = frozenset(
    {
        Reason.INSOLVENCY,
        Reason.LEGAL_HOLD,
        Reason.DO_NOT_CONTACT,
        Reason.PAUSED,
        Reason.DISPUTED,
        Reason.PROMISED,
        Reason.ON_PLAN,
        Reason.UNAPPLIED_CASH,
        Reason.PAYMENT_IN_TRANSIT,
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
