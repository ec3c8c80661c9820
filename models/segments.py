"""Which policy follows which invoice up, as `policies/segments.toml` says it."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from models.policy import Money, Slug


class SegmentRule(BaseModel):
    """A policy for the invoices of which every condition given here holds.

    Amounts are in the firm's base currency; one that cannot be converted counts as large.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: Slug
    segment: str | None = None
    country: str | None = None
    currency: str | None = None
    tag: str | None = None
    strategic: bool | None = None
    amount_from: Money | None = None
    amount_below: Money | None = None


class Segments(BaseModel):
    """Rules in order: the first that fits decides. The last must fit every invoice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rules: tuple[SegmentRule, ...]

    def model_post_init(self, _context: object) -> None:
        """Refuse a list that would leave some invoice without a policy."""
        if not self.rules or self.rules[-1].model_dump(exclude={"policy"}, exclude_none=True):
            raise ValueError("the last rule must be without conditions, for all other invoices")


class InvoiceProfile(BaseModel):
    """What segment rules look at."""

    model_config = ConfigDict(frozen=True)

    segment: str = ""
    country: str = ""
    currency: str = ""
    tags: frozenset[str] = frozenset()
    strategic: bool = False
    base_amount: Decimal | None = None
