"""Bad requests are counted by caller: from a burst of them on, the caller is told to go slow.

Good requests are never counted and never turned away, since a provider may share its address with
whoever is guessing.
"""

from ipaddress import IPv6Address, ip_address

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

_BURST = "20/minute"
# A caller with a whole IPv6 network is one caller: the first 64 bits.
_NETWORK = 64


class BadRequests:
    """The bad requests of this minute in this process; what is over is forgotten."""

    def __init__(self, burst: str = _BURST) -> None:
        self._burst: RateLimitItem = parse(burst)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def are_too_many(self, caller: str) -> bool:
        """Count one more of `caller`; True when that is one too many."""
        return not self._limiter.hit(self._burst, _network(caller))

    @property
    def pause_seconds(self) -> int:
        """After how long it may be tried again."""
        return self._burst.get_expiry()


def _network(caller: str) -> str:
    try:
        address = ip_address(caller)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(IPv6Address(int(address) >> _NETWORK << _NETWORK))
    return str(address)
