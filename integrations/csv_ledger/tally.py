"""Counts of what happened to many rows alike, told in one sentence each."""

from dataclasses import dataclass, field

from integrations.csv_ledger.evidence import Sighting

_SHOWN = 5


@dataclass(slots=True)
class _Count:
    first: Sighting
    times: int = 0
    texts: dict[str, None] = field(default_factory=dict)


class Tally:
    """Things that happened, by the sentence that tells them."""

    def __init__(self) -> None:
        self._counts: dict[str, _Count] = {}

    def add(self, what: str, column: str, line: int, text: str) -> None:
        """`what` happened to `text`, once more."""
        count = self._counts.get(what)
        if count is None:
            count = self._counts[what] = _Count(Sighting(column, line, text))
        count.times += 1
        if len(count.texts) <= _SHOWN:
            count.texts[text] = None

    def sentences(self) -> list[str]:
        """Each thing with how often, where first, and some of its values."""
        return [_sentence(what, count) for what, count in self._counts.items()]


def _sentence(what: str, count: _Count) -> str:
    texts = list(count.texts)
    also = f"; also {', '.join(texts[1:_SHOWN])}" if len(texts) > 1 else ""
    more = " …" if len(texts) > _SHOWN else ""
    return f"{what}: {count.times}; first {count.first}{also}{more}."
