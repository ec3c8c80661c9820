"""A task's subject carries its key, by which a task that is there already is found again."""

from hashlib import sha256

_LONGEST = 255
_LONGEST_KEY = 120


def mark(key: str) -> str:
    """`[key]`; a key too long for a subject is told by its SHA-256."""
    return f"[{key if len(key) <= _LONGEST_KEY else sha256(key.encode()).hexdigest()}]"


def subject(title: str, key: str) -> str:
    """The title on one line with the mark behind it, at most 255 characters."""
    end = f" {mark(key)}"
    return " ".join(title.split())[: _LONGEST - len(end)] + end
