"""The rounds among our own people: who is told what, and when to look again."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from models.clock import Clock

WORKFLOW = "StaffRounds"
WORKFLOW_ID = "staff-rounds"


class RoundsOrder(BaseModel):
    """The input of `StaffRounds`, carried over from run to run.

    `every` is the longest time between two rounds, in business time; a deadline that falls
    earlier brings the next one forward.
    """

    model_config = ConfigDict(frozen=True)

    clock: Clock = Clock()
    every: timedelta = timedelta(minutes=15)


class Round(BaseModel):
    """One round, at `now`."""

    model_config = ConfigDict(frozen=True)

    now: datetime


class RoundMade(BaseModel):
    """What a round did: how many tasks went to the next one, how many notices left and failed,
    and when something is due next (None: nothing that is known)."""

    model_config = ConfigDict(frozen=True)

    escalated: int = 0
    notices: int = 0
    failed: int = 0
    next_at: datetime | None = None
