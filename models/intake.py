"""The intake: what providers sent is read, asked for and told on, as long as there is a firm."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from models.clock import Clock

WORKFLOW = "Intake"
WORKFLOW_ID = "intake"


def intake_queue(task_queue: str) -> str:
    """The queue that the intake's work waits in: its own, so that no morning run is ahead of it."""
    return f"{task_queue}-intake"


class IntakeOrder(BaseModel):
    """The input of `Intake`, carried over from run to run.

    `every` is how long it waits at most, in real time, when nobody says that something arrived.
    """

    model_config = ConfigDict(frozen=True)

    clock: Clock = Clock()
    every: timedelta = timedelta(seconds=30)


class Look(BaseModel):
    """One look at what waits, at business time `now`; `is_idle` when nobody asked for it."""

    model_config = ConfigDict(frozen=True)

    now: datetime
    clock: Clock = Clock()
    is_idle: bool = False


class Looked(BaseModel):
    """What a look did. `is_more` when there is more of the same to do at once; `to_ask`,
    `to_match` and `to_tell` when it left something for those who ask providers, match money and
    tell follow-ups."""

    model_config = ConfigDict(frozen=True)

    done: int = 0
    refused: int = 0
    is_more: bool = False
    to_ask: bool = False
    to_match: bool = False
    to_tell: bool = False


class IntakeState(BaseModel):
    """The answer to the query `taken`: what this run of the intake has done."""

    model_config = ConfigDict(frozen=True)

    read: int = 0
    asked: int = 0
    placed: int = 0
    told: int = 0
    refused: int = 0
