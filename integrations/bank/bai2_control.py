"""The control records of BAI2: each end states what it ends, in amounts and in records."""

import re
from dataclasses import dataclass

from integrations.bank.bai2_funds import Walk, summaries
from integrations.bank.bai2_records import (
    ACCOUNT,
    ACCOUNT_END,
    ENTRY,
    FILE,
    FILE_END,
    GROUP,
    GROUP_END,
    Record,
)
from integrations.bank.broken import Broken

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_ENDS = {ACCOUNT_END: ACCOUNT, GROUP_END: GROUP, FILE_END: FILE}
_WITHIN = {FILE: None, GROUP: FILE, ACCOUNT: GROUP, ENTRY: ACCOUNT}
_NAMES = {FILE: "file", GROUP: "group", ACCOUNT: "account", ENTRY: "entry"}


@dataclass(slots=True)
class _Level:
    code: str
    line: int
    amount: int = 0
    records: int = 0
    children: int = 0


class Controls:
    """Sees every record and holds the ends against what was seen since their beginnings."""

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._ended = False

    def see(self, record: Record) -> None:
        """Count a record.

        Raises:
            Broken: it does not belong here, or is an end that does not agree.
        """
        if record.code in _ENDS:
            self._close(record)
            return
        inside = self._levels[-1].code if self._levels else None
        if inside != _WITHIN[record.code] or self._ended:
            raise Broken(
                record.line,
                f"a record {record.code} stands outside of its {_outside(record.code)}. The file "
                f"is cut off or a part of one; download it again.",
            )
        if record.code == ENTRY:
            self._levels[-1].records += record.count
            walk = Walk(record)
            walk.skip(1)
            self._levels[-1].amount += _whole(walk.next(), record.line)
            return
        self._levels.append(_Level(record.code, record.line, records=record.count))
        if record.code == ACCOUNT:
            walk = Walk(record)
            walk.skip(2)
            self._levels[-1].amount = sum(
                _whole(one.amount, record.line) for one in summaries(walk)
            )

    def end(self) -> None:
        """The file is over.

        Raises:
            Broken: something that began has not ended.
        """
        if self._levels:
            open_level = self._levels[-1]
            raise Broken(
                open_level.line,
                f"the {_NAMES[open_level.code]} that begins here never ends. The file is cut off; "
                f"download it again.",
            )

    def _close(self, record: Record) -> None:
        began = _ENDS[record.code]
        if not self._levels or self._levels[-1].code != began:
            raise Broken(
                record.line,
                f"the {_NAMES[began]} ends here, but none is open. Download the file again.",
            )
        level = self._levels.pop()
        stated = record.fields
        total, *counts = (_whole(one, record.line) for one in (*stated[:3], "", "")[:3])
        expected = counts[0] if began == ACCOUNT else counts[1]
        level.records += record.count
        if total != level.amount:
            raise Broken(
                record.line,
                f"the {_NAMES[began]} should come to {total}, but its records come to "
                f"{level.amount}. Something is missing or changed; download the file again.",
            )
        if expected != level.records:
            raise Broken(
                record.line,
                f"the {_NAMES[began]} should have {expected} records, but has {level.records}. "
                f"Something is missing or changed; download the file again.",
            )
        if began != ACCOUNT and counts[0] != level.children:
            raise Broken(
                record.line,
                f"the {_NAMES[began]} should hold {counts[0]}, but holds {level.children}. "
                f"Something is missing or changed; download the file again.",
            )
        if self._levels:
            above = self._levels[-1]
            above.amount += level.amount
            above.records += level.records
            above.children += 1
        else:
            self._ended = True


def _outside(code: str) -> str:
    within = _WITHIN[code]
    return _NAMES[within] if within else "place at the beginning"


def _whole(text: str, line: int) -> int:
    if not text:
        return 0
    if not _WHOLE.fullmatch(text):
        raise Broken(line, f"{text[:40]!r} is no whole number. Download the file again.")
    return int(text)
