"""Which ids a file has used so far, in about 200 bytes each."""

_HASH = (1 << 64) - 1


class Seen:
    """Ids with the line and the content they first came with."""

    def __init__(self) -> None:
        # Line and hash share one integer: a tuple for each row would double the memory.
        self._ids: dict[str, int] = {}

    def admit(self, row_id: str, line: int, content: object) -> bool:
        """Whether the id is new; False when the same content came under it before.

        Raises:
            ValueError: it came with other content; the sentence names the line.
        """
        digest = hash(content) & _HASH
        before = self._ids.setdefault(row_id, line << 64 | digest)
        if before == line << 64 | digest:
            return True
        if before & _HASH == digest:
            return False
        raise ValueError(
            f"is in line {before >> 64} already, with other content. Delete one of the two, or "
            f"give this one an id of its own."
        )
