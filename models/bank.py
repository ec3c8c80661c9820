"""What a bank says of an account: statements and their entries, before they meet the register."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[Decimal, Field(ge=0)]


class BankEntry(BaseModel):
    """One movement on an account, as the bank states it. Empty texts mean that it says nothing.

    `key` is the same wherever the same movement is told again: in an overlapping statement, in an
    interim report and then the final one (integrations/bank/keys.py). `part_of` is the key of the
    whole booking when this is one payment of a batch; whoever knows the whole knows its parts.

    `amount` is positive and exactly as stated; `is_credit` says that money came in. `is_reversal`:
    it takes back an earlier movement, because the bank marks it so or because a payment came back;
    `is_credit` still tells where the money goes now. `is_pending`: announced, not yet booked.

    `payer_name` and `payer_account` are the other side: who paid, or for money that goes out, whom
    it goes to; for a payment that comes back, whose payment it was.

    `references` are creditor references and invoice numbers that are given as such. For a batch
    that is not broken down, they are those of all its payments, their end-to-end ids among them.

    `remittance` is the text as a person reads it; `remittance_lines` are the pieces that it was
    joined from, for whom a join may have hidden a break. `details` is how many payments stand
    behind the entry: more than 1 for a batch that is not broken down. `original_amount` is what
    was sent, where that differs: it was converted, or a bank took its charge.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = ""
    part_of: str = ""
    account: str
    booked_on: date | None
    value_on: date | None
    amount: Positive
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    is_credit: bool
    is_reversal: bool = False
    is_pending: bool = False
    bank_reference: str = ""
    customer_reference: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    references: tuple[str, ...] = ()
    remittance: str = ""
    remittance_lines: tuple[str, ...] = ()
    payer_name: str = ""
    payer_account: str = ""
    code: str = ""
    return_reason: str = ""
    original_amount: Positive | None = None
    original_currency: str = ""
    details: int = 1
    line: int = 0

    @property
    def day(self) -> date | None:
        """The day of booking, or of value where the bank gives no other."""
        return self.booked_on or self.value_on

    @property
    def signed(self) -> Decimal:
        """What it does to the balance."""
        return self.amount if self.is_credit else -self.amount


class Balance(BaseModel):
    """What stood on an account; negative when it was overdrawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount: Decimal
    currency: str
    day: date | None = None


class BankStatement(BaseModel):
    """An account over some days, or one page of that.

    `is_complete`: the entries are all that was booked between the two balances. Only CAMT.053 and
    MT940 say so, and of these not one page of several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    account: str
    currency: str
    number: str = ""
    from_day: date | None = None
    to_day: date | None = None
    opening: Balance | None = None
    closing: Balance | None = None
    is_complete: bool = True
    entries: tuple[BankEntry, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """What is missing from opening balance and entries to the closing balance.

        None where that cannot be said: a balance is missing, the currencies differ, or the
        statement is not complete.
        """
        if not self.is_complete or self.opening is None or self.closing is None:
            return None
        booked = [entry for entry in self.entries if not entry.is_pending]
        said = {self.opening.currency, self.closing.currency, *(one.currency for one in booked)}
        if len(said) > 1:
            return None
        moved = sum((entry.signed for entry in booked), Decimal(0))
        return self.closing.amount - self.opening.amount - moved
