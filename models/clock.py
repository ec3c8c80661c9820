"""Business time: the real clock by default, a faster one in the demo."""

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict


class Clock(BaseModel):
    """A straight line from real to business time.

    `rate` business seconds pass in one real second, counted from the pair of starting points;
    before the real one the clock stands still. The default is the identity. A wake-up that comes
    at most `slack` of real time late counts as punctual, because a faster clock would turn a
    server's hundred milliseconds into hours.
    """

    model_config = ConfigDict(frozen=True)

    real_start: datetime | None = None
    business_start: datetime | None = None
    rate: float = 1.0
    slack: timedelta = timedelta(0)

    def business(self, real: datetime) -> datetime:
        """The business time at `real`; both aware, in UTC."""
        if self.real_start is None or self.business_start is None:
            return real
        if real < self.real_start:
            return self.business_start
        return self.business_start + (real - self.real_start) * self.rate

    def real(self, business: datetime) -> datetime:
        """The real time at which it is `business`; the inverse of `business()` while it runs."""
        if self.real_start is None or self.business_start is None:
            return business
        return self.real_start + (business - self.business_start) / self.rate

    def woken(self, planned: datetime, real: datetime) -> datetime:
        """The business time to act on when a sleeper planned for `planned` wakes at `real`."""
        late = real - self.real(planned)
        return planned if timedelta(0) <= late <= self.slack else self.business(real)
