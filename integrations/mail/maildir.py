"""Letters kept as files in a Maildir, for a start without a mail server."""

import asyncio
import secrets
import time
from hashlib import blake2b
from pathlib import Path

from integrations.mail.message import Posting, post
from integrations.mail.transport import Accepted, GoAhead, ask_leave
from models.errors import MailUnavailable
from models.letter import Envelope


class MaildirTransport:
    """A `MailTransport` that files each letter under `folder`/new, for any mail program to read.

    A file's name is `{nanoseconds}.{digest of the Message-ID}.{random}`: names sort by the order of
    sending, and two files with one digest are one letter that was sent twice.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, envelope: Envelope, go_ahead: GoAhead | None = None) -> Accepted:
        """File the letter; `answer` is the file's name.

        Raises:
            Withheld: `go_ahead` did not agree.
            AddressRejected: the recipient's address is none.
            MailRefused: our own address is none.
            MailUnavailable: the file cannot be written.
        """
        posting = post(envelope)
        digest = blake2b(envelope.message_id.encode(errors="replace"), digest_size=8).hexdigest()
        name = f"{time.time_ns()}.{digest}.{secrets.token_hex(4)}"
        await ask_leave(go_ahead)
        try:
            await asyncio.to_thread(self._file, name, posting)
        except OSError as error:
            raise self._unwritable(error) from error
        return Accepted(name, posting.refused_cc)

    async def check(self) -> str:
        """Where the letters are kept, after making the folders.

        Raises:
            MailUnavailable: the folder cannot be made or written to.
        """
        probe = f"{time.time_ns()}.check.{secrets.token_hex(4)}"
        try:
            await asyncio.to_thread(self._probe, probe)
        except OSError as error:
            raise self._unwritable(error) from error
        return f"Letters are kept as files in the Maildir {self.folder}; none leaves this machine."

    async def close(self) -> None:
        """Nothing to let go of."""

    def _file(self, name: str, posting: Posting) -> None:
        for part in ("cur", "new", "tmp"):
            self._place(part)
        written = self.folder / "tmp" / name
        with written.open("xb") as file:
            file.write(posting.content.replace(b"\r\n", b"\n"))
        # A program that reads the Maildir looks only into new, where letters appear whole.
        written.rename(self.folder / "new" / name)

    def _probe(self, name: str) -> None:
        for part in ("cur", "new", "tmp"):
            probe = self._place(part) / name
            probe.touch(exist_ok=False)
            probe.unlink()

    def _place(self, part: str) -> Path:
        place = self.folder / part
        # Letters name people and what they owe.
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    def _unwritable(self, error: OSError) -> MailUnavailable:
        return MailUnavailable(
            f"Letters cannot be written to {self.folder} ({error.strerror}). "
            "Make the folder writable and see that its disk has room."
        )
