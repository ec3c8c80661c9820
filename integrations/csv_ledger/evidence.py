"""Which of two readings a whole file was written in, from the values that allow only one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.errors import LedgerUnreadable


@dataclass(frozen=True, slots=True)
class Sighting:
    """A value and where it stands."""

    column: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.column!r} in line {self.line} is {self.text}"


@dataclass(slots=True)
class Evidence:
    """The first sighting for each of two readings, and the first that allows both.

    `names` gives the readings and how a sentence calls them; `remedy` says how to tell.
    """

    subject: str
    names: Mapping[str, str]
    remedy: str
    decisive: dict[str, Sighting] = field(default_factory=dict)
    ambiguous: Sighting | None = None

    def decide(self, told: str | None) -> tuple[str, str]:
        """The file's reading, and the sentence that says why ("" when nothing depends on it).

        What was told wins over a file that contradicts itself: its other rows are then refused.

        Raises:
            LedgerUnreadable: two lines contradict each other, every line contradicts what was told,
                or no line decides.
        """
        if told is not None:
            return self._as_told(told)
        if len(self.decisive) > 1:
            both = ", but ".join(
                f"{seen} ({self.names[key]})" for key, seen in self.decisive.items()
            )
            raise LedgerUnreadable(f"{self.subject} are written in two ways: {both}. {self.remedy}")
        for reading, seen in self.decisive.items():
            return reading, f"{self.subject} are {self.names[reading]}: {seen}."
        if self.ambiguous is not None:
            either = " or ".join(self.names.values())
            raise LedgerUnreadable(
                f"{self.subject} could be {either}: {self.ambiguous}, and no other value decides. "
                f"{self.remedy}"
            )
        return next(iter(self.names)), ""

    def _as_told(self, told: str) -> tuple[str, str]:
        against = [seen for key, seen in self.decisive.items() if key != told]
        if against and told not in self.decisive:
            raise LedgerUnreadable(
                f"{self.subject} were said to be {self.names[told]}, but {against[0]} and no value "
                f"bears it out. {self.remedy}"
            )
        return told, f"{self.subject} are {self.names[told]}, as told."
