"""Word to our own people: alerts, grouped, and digests."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class NoticeLine(BaseModel):
    """One thing to know. `detail` says more, `link` leads to it; both may be empty."""

    model_config = ConfigDict(frozen=True)

    text: str
    detail: str = ""
    link: str = ""


class NoticePart(BaseModel):
    """Lines that belong together, under a heading (empty for none)."""

    model_config = ConfigDict(frozen=True)

    heading: str = ""
    lines: tuple[NoticeLine, ...]


class Notice(BaseModel):
    """A message to one of our people. `key` is the same however often it is sent.

    `recipient` is a mail address. `customer_id` is set when all of it is about one customer.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    recipient: str
    title: str
    parts: tuple[NoticePart, ...]
    written_at: datetime
    urgent: bool = False
    customer_id: str | None = None
