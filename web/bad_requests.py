"""Bad requests are counted by caller: from a burst of them on, the caller is told to go slow.

Good requests are never counted and never turned away, since a provider may share its address with
whoever is guessing.
"""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_BURST = "20/minute"


class BadRequests:
    """The bad requests of the last minute in this process."""

    def __init__(self, burst: str = _BURST) -> None:
        self._burst: RateLimitItem = parse(burst)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def are_too_many(self, caller: str) -> bool:
        """Count one more of `caller`; True when that is one too many."""
        return not self._limiter.hit(self._burst, caller)

    @property
    def pause_seconds(self) -> int:
        """After how long it may be tried again."""
        return self._burst.get_expiry()
