"""What a person decides about a follow-up, by an update: it is answered, and may be refused.

Each carries an `event_id` chosen by its sender: however often it is delivered, it counts once.
`kind` is the update's name. `by` is who decides.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.events import Day, EventId, Note, Positive
from models.vocabulary import Disposition, OwnerWord

By = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Text = Annotated[str, Field(max_length=50_000, pattern=r"^[^\x00]*$")]


class DecisionByAPerson(BaseModel):
    """What every decision has: its id, and who decides."""

    model_config = ConfigDict(frozen=True)

    event_id: EventId
    by: By


class ApproveMessage(DecisionByAPerson):
    """Send the draft of that version, as it is or as edited: `subject` and `source` (Markdown)
    replace the draft's where they are not empty."""

    kind: Literal["approve_message"] = "approve_message"
    version: Annotated[int, Field(ge=1)]
    subject: Text = ""
    source: Text = ""
    note: Note = ""


class RejectMessage(DecisionByAPerson):
    """Do not send the draft of that version: its step counts as rejected; the next one comes."""

    kind: Literal["reject_message"] = "reject_message"
    version: Annotated[int, Field(ge=1)]
    why: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]+$")]


class InstalmentTerm(BaseModel):
    """One instalment to be agreed."""

    model_config = ConfigDict(frozen=True)

    due_on: Day
    amount: Positive


class AgreePaymentPlan(DecisionByAPerson):
    """Be paid by these instalments, which add up to what is open."""

    kind: Literal["agree_payment_plan"] = "agree_payment_plan"
    instalments: Annotated[tuple[InstalmentTerm, ...], Field(min_length=1, max_length=60)]
    note: Note = ""

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.instalments), Decimal(0))


class DecideDisposition(DecisionByAPerson):
    """What is to become of the invoice, and why."""

    kind: Literal["decide_disposition"] = "decide_disposition"
    choice: Disposition
    why: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]+$")]


class AcknowledgeCall(DecisionByAPerson):
    """Somebody takes a task up: whoever comes next need not be told."""

    kind: Literal["acknowledge_call"] = "acknowledge_call"
    task_key: Annotated[str, Field(min_length=1, max_length=400)]


class AnswerAsOwner(DecisionByAPerson):
    """What the account owner, who was asked first, says of the letter that is up."""

    kind: Literal["answer_as_owner"] = "answer_as_owner"
    word: OwnerWord
    note: Note = ""


Act = Annotated[
    ApproveMessage
    | RejectMessage
    | AgreePaymentPlan
    | DecideDisposition
    | AcknowledgeCall
    | AnswerAsOwner,
    Field(discriminator="kind"),
]


class Answer(BaseModel):
    """What came of an act, in a sentence for the person who decided."""

    model_config = ConfigDict(frozen=True)

    says: str
