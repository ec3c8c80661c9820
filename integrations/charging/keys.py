"""Under which key a provider knows a charge, so that asking again charges nothing twice."""

import re
from hashlib import sha256

_PLAIN = re.compile(r"[A-Za-z0-9._:/-]+")


def key_for(key: str, longest: int) -> str:
    """`key` itself where it is short and plain, else a hash of it: the same each time.

    Ids of invoices come from other systems: they may be long, and hold what a header or a search
    would choke on.
    """
    if len(key) <= longest and _PLAIN.fullmatch(key):
        return key
    return f"sha256:{sha256(key.encode()).hexdigest()}"
