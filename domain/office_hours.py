"""Our own people's hours: by when somebody should have taken a task up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.banking_days import Place
from domain.send_window import zone_of

_DAY = timedelta(days=1)
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When our people are at work: `start` to `end` in `zone`, on business days of `place`."""

    place: Place
    zone: str
    start: time = time(9)
    end: time = time(17)

    def after(self, moment: datetime, hours: int) -> datetime:
        """`hours` office hours after `moment` (aware), in UTC.

        The clock stands outside office hours: four hours from Friday 15:00 end on Monday 11:00.
        """
        left = timedelta(hours=hours)
        day = moment.astimezone(zone_of(self.zone)).date()
        for _ in range(_LONGEST):
            if not self.place.is_closed(day):
                opens, closes = self._at(day, self.start), self._at(day, self.end)
                begins = max(moment, opens)
                if begins < closes:
                    if left <= closes - begins:
                        return begins + left
                    left -= closes - begins
            day += _DAY
        return self._at(day, self.end)

    def opening(self, moment: datetime) -> datetime:
        """`moment` itself when it is within office hours, or else their next beginning."""
        return self.after(moment, 0)

    def next_day(self, moment: datetime, count: int = 1) -> datetime:
        """The beginning of the `count`-th business day after that of `moment`."""
        day = moment.astimezone(zone_of(self.zone)).date()
        for _ in range(_LONGEST):
            day += _DAY
            count -= not self.place.is_closed(day)
            if count <= 0:
                break
        return self._at(day, self.start)

    def day_of(self, moment: datetime) -> date:
        """The calendar day it is for our people."""
        return moment.astimezone(zone_of(self.zone)).date()

    def is_open(self, moment: datetime) -> bool:
        """True while our people are at work."""
        return self.opening(moment) == moment and moment < self._at(self.day_of(moment), self.end)

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=zone_of(self.zone)).astimezone(UTC)
