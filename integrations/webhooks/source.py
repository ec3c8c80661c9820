"""What every source of webhooks does: tell whether a request is the provider's, take it apart, and
translate one event into our words."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from models.billing import Arrived, News

TOLERANCE = timedelta(minutes=5)


class WebhookSource(Protocol):
    """A provider's webhooks. `name` is the last part of the address that it posts to."""

    name: str

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """Nothing when the request is the provider's and fresh. Header names are in small letters.

        Raises:
            SignatureWrong: it is signed with none of our secrets, or not at all.
            TooOld: the signature holds, but was made longer than the tolerance ago, or ahead.
        """

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """The events in a request whose signature holds; none where it only tests the address.

        Raises:
            WebhookMalformed: it is not what this provider sends.
        """

    def translate(self, arrived: Arrived) -> Sequence[News] | None:
        """What the event tells, in our words: empty when it is known and tells nothing of use, None
        when its type is unknown.

        Raises:
            WebhookMalformed: a part that is needed is missing, or is not what it should be.
        """
