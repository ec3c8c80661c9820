"""A policy: one named, versioned cadence, as its TOML file says it (docs/policy.md)."""

from datetime import time
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from models.vocabulary import Action, Channel, Method, Reason, Stage, Tier, Tone

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]
Days = Annotated[int, Field(ge=0, le=365)]
Money = Annotated[Decimal, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Window(_Part):
    """When messages may leave: local time of the customer, on banking days of both sides."""

    start: time = time(9, 0)
    end: time = time(11, 30)

    @field_validator("start", "end", mode="before")
    @classmethod
    def _is_written_out(cls, value: object) -> object:
        if not isinstance(value, str | time):
            raise ValueError('write it as "09:00"')  # noqa: TRY004  (what pydantic listens to)
        return value

    @field_validator("start", "end", mode="after")
    @classmethod
    def _is_local(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("is local to the customer and has no time zone of its own")
        return value.replace(microsecond=0)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.start >= self.end:
            raise ValueError("start must be earlier than end")
        return self


class Limits(_Part):
    """How much one customer is written to, and how fast a backlog is worked off."""

    min_days_between_messages: Annotated[int, Field(ge=1, le=60)] = 3
    messages_per_30_days: Annotated[int, Field(ge=1, le=60)] = 8
    first_day_messages: Annotated[int, Field(ge=1)] = 50
    decision_after_days: Days = 14
    dispute_days: Days = 14
    broken_promises: Annotated[int, Field(ge=1, le=20)] = 2


class Grace(_Part):
    """How long money may be under way before anybody is told they are late."""

    banking_days: Annotated[int, Field(ge=0, le=20)] = 1
    clearing_days: dict[Method, Days] = {
        Method.CARD: 0,
        Method.ACH: 3,
        Method.WIRE: 2,
        Method.SEPA: 1,
        Method.CHEQUE: 14,
        Method.OTHER: 3,
    }


class Thresholds(_Part):
    """Amounts in the firm's base currency from which, or up to which, something differs."""

    high_value: Money = Decimal(50_000)
    approval_above: Money | None = None
    call_above: Money = Decimal(0)
    small_balance: Money = Decimal(0)


class Behaviour(_Part):
    """When a customer's way of paying has a name. Shares are percentages of settled invoices.

    Reliably late: `min_invoices` settled, late by a median above 0 with a spread of at most
    `max_spread_days`; pressure then waits until `tolerance_days` after the usual day.
    """

    min_invoices: Annotated[int, Field(ge=3)] = 6
    max_spread_days: Annotated[int, Field(ge=0)] = 5
    tolerance_days: Days = 7
    chronic_share: Annotated[int, Field(ge=1, le=100)] = 70
    first_time_share: Annotated[int, Field(ge=0, le=99)] = 10
    worsening_days: Annotated[int, Field(ge=1, le=365)] = 7


class Approval(_Part):
    """Which drafts a person signs before they leave, beside those above `approval_above`.

    `first_messages` are the first letters that ever leave under this version of the policy.
    """

    every_message: bool = False
    strategic_customers: bool = False
    stages: frozenset[Stage] = frozenset()
    segments: frozenset[str] = frozenset()
    first_messages: Annotated[int, Field(ge=0, le=1000)] = 0


class Context(_Part):
    """How old what a connected system said may be, and how long pressure waits while it is away.

    `max_age_hours` is real time; `blind_days` are banking days, after which a firm letter leaves
    with what was last known.
    """

    max_age_hours: Annotated[int, Field(ge=1, le=720)] = 20
    blind_days: Annotated[int, Field(ge=0, le=30)] = 3


class OwnerFirst(_Part):
    """How long an account owner who is asked first has to answer, in banking days, and for how
    many days a `hold` of theirs stands before they are asked again."""

    answer_days: Annotated[int, Field(ge=1, le=10)] = 1
    hold_days: Annotated[int, Field(ge=1, le=90)] = 7


class Sla(_Part):
    """How many of our office hours a person has to take a task up before the next one is told."""

    call_hours: Annotated[int, Field(ge=1, le=400)] = 8
    owner_first_hours: Annotated[int, Field(ge=1, le=400)] = 3
    approval_hours: Annotated[int, Field(ge=1, le=400)] = 16
    decision_hours: Annotated[int, Field(ge=1, le=400)] = 40
    other_hours: Annotated[int, Field(ge=1, le=400)] = 16


class Calls(_Part):
    """What follows a call: how often nobody may answer, how many banking days lie between two
    attempts, and how many a customer who says they have paid is left in peace."""

    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    retry_days: Annotated[int, Field(ge=1, le=20)] = 1
    says_paid_days: Annotated[int, Field(ge=1, le=30)] = 5


class Plans(_Part):
    """Payment plans: the reminder's days before an instalment, how many missed ones break the
    plan, and the most that may be agreed."""

    reminder_days: Annotated[int, Field(ge=0, le=30)] = 5
    break_after: Annotated[int, Field(ge=1, le=12)] = 2
    most_instalments: Annotated[int, Field(ge=2, le=60)] = 12
    longest_days: Annotated[int, Field(ge=1, le=1100)] = 365


CONDITIONS = frozenset(
    {
        Reason.PAUSED_BY_SALES,
        Reason.RENEWAL_UNDER_WAY,
        Reason.EXPANSION_UNDER_WAY,
        Reason.SEVERE_TICKET,
        Reason.HEALTH_AT_RISK,
    }
)


class Handling(StrEnum):
    """What a delicate relationship does to a step that is due."""

    SEND = "send"
    SOFTEN = "soften"
    OWNER_FIRST = "owner_first"
    HOLD = "hold"


class Step(_Part):
    """One cadence point: `offset` calendar days from the chase date."""

    id: Slug
    offset: Annotated[int, Field(ge=-60, le=365)]
    stage: Stage
    tone: Tone = Tone.NEUTRAL
    channel: Channel = Channel.MAIL
    template: Slug | None = None
    soft_template: Slug = "gentle_reminder"
    clause: Slug | None = None
    template_without_clause: Slug | None = None
    actions: tuple[Action, ...] = ()

    @model_validator(mode="after")
    def _says_what_to_send(self) -> Self:
        if self.channel is Channel.MAIL and self.template is None:
            raise ValueError(
                'a step by mail needs a template; for a call alone say channel = "call"'
            )
        if (self.clause is None) != (self.template_without_clause is None):
            raise ValueError("clause and template_without_clause go together")
        return self


class Policy(_Part):
    """A cadence with its window, limits and thresholds."""

    name: Slug
    version: Annotated[int, Field(ge=1)]
    description: str = ""
    window: Window = Window()
    limits: Limits = Limits()
    grace: Grace = Grace()
    thresholds: Thresholds = Thresholds()
    behaviour: Behaviour = Behaviour()
    approval: Approval = Approval()
    context: Context = Context()
    owner_first: OwnerFirst = OwnerFirst()
    sla: Sla = Sla()
    calls: Calls = Calls()
    plans: Plans = Plans()
    relationship: dict[Reason, dict[Tier, Handling]] = {}
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @field_validator("relationship", mode="after")
    @classmethod
    def _is_about_relationships(
        cls, matrix: dict[Reason, dict[Tier, Handling]]
    ) -> dict[Reason, dict[Tier, Handling]]:
        if unknown := matrix.keys() - CONDITIONS:
            known = ", ".join(sorted(CONDITIONS))
            raise ValueError(f"{min(unknown)} is no condition; there are: {known}")
        return matrix

    @model_validator(mode="after")
    def _steps_make_a_cadence(self) -> Self:
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids):
            raise ValueError("every step needs an id of its own")
        if any(a.offset >= b.offset for a, b in pairwise(self.steps)):
            raise ValueError("steps must stand in the order of their offsets")
        if any(a.stage.rank > b.stage.rank for a, b in pairwise(self.steps)):
            raise ValueError("a step may not fall back to an earlier stage than the one before it")
        return self

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            KeyError: this policy has no such step.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def position(self, step_id: str) -> int:
        """Where the step stands in the cadence, or -1 when a later version dropped it."""
        return next((i for i, step in enumerate(self.steps) if step.id == step_id), -1)
