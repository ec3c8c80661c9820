"""What a scan over the register carries from page to page, and what it finds."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from models.clock import Clock

WORKFLOW = "RegisterScan"


class Counts(BaseModel):
    """What a scan has done so far. `missed` is what the register outside told that no webhook
    had."""

    model_config = ConfigDict(frozen=True)

    started: int = 0
    changed: int = 0
    closed: int = 0
    lost: int = 0
    missed: int = 0

    def plus(self, other: Self) -> Self:
        """The sum of both."""
        return self.model_copy(
            update={
                name: getattr(self, name) + getattr(other, name) for name in type(self).model_fields
            }
        )


class Portions(BaseModel):
    """How many first letters of a backlog are planned for which day, by policy.

    `debtor` (customer, currency) and `turn` are the last debtor seen and their day.
    """

    planned: dict[str, dict[date, int]] = {}
    debtor: tuple[str, str] | None = None
    turn: date | None = None


class ScanOrder(BaseModel):
    """The input of `RegisterScan`. `every_day` scans on holidays and weekends too."""

    model_config = ConfigDict(frozen=True)

    clock: Clock = Clock()
    every_day: bool = False


class Page(BaseModel):
    """A page of the register: where it begins, and what is planned already."""

    model_config = ConfigDict(frozen=True)

    scan_id: str
    now: datetime
    clock: Clock = Clock()
    every_day: bool = False
    after: tuple[str, str, str] = ("", "", "")
    portions: Portions = Portions()


class OutsidePage(BaseModel):
    """A page of the register outside: where it begins, in a reading of what changed `since`."""

    model_config = ConfigDict(frozen=True)

    now: datetime
    cursor: str = ""
    since: datetime | None = None


class OutsideRead(BaseModel):
    """What came of such a page: how much was `seen`, and how much of it nobody knew. `next` is
    empty at the end."""

    model_config = ConfigDict(frozen=True)

    seen: int = 0
    missed: int = 0
    next: str = ""
    since: datetime | None = None


class ScanBegun(BaseModel):
    """A scan ready for its first page. `skipped` says why there is none today."""

    model_config = ConfigDict(frozen=True)

    page: Page
    skipped: str = ""


class ScanEnd(BaseModel):
    """What is kept of a scan."""

    model_config = ConfigDict(frozen=True)

    scan_id: str
    now: datetime
    counts: Counts = Counts()
    problem: str = ""


class PageRead(BaseModel):
    """What came of a page, and where the next one begins; `after` is None at the end."""

    model_config = ConfigDict(frozen=True)

    counts: Counts
    after: tuple[str, str, str] | None = None
    portions: Portions = Portions()


class ScanResult(BaseModel):
    """How a scan ended. `skipped` says why there was none that day."""

    model_config = ConfigDict(frozen=True)

    counts: Counts = Counts()
    skipped: str = ""
    problem: str = ""
