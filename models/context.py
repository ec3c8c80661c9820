"""What is known of a customer beyond the ledger: the relationship, and who looks after it."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.vocabulary import Channel, Role

Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


class KnownContact(BaseModel):
    """A person at the customer's, as a connected system has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: Annotated[str, Field(min_length=3, max_length=254)]
    name: Text = ""
    phone: Text = ""
    role: Role = Role.AP


class CustomerContext(BaseModel):
    """What one source says of a customer; None where it says nothing.

    `contract_clauses` are what the contract allows, such as `suspension`. `until` names fields that
    count up to and including that day and as unsaid after it. `arr` is the annual recurring revenue
    in the currency the source keeps it in. `severe_tickets` counts those that are open. `health`
    and `nps` are the source's own words and figure; `health_at_risk` is what they come to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner_name: Text | None = None
    owner_email: Text | None = None
    backup_email: Text | None = None
    manager_email: Text | None = None
    csm_name: Text | None = None
    csm_email: Text | None = None
    segment: Text | None = None
    language: Text | None = None
    channel: Channel | None = None
    contract_clauses: tuple[Text, ...] | None = None
    arr: Decimal | None = None
    strategic: bool | None = None
    insolvent: bool | None = None
    legal_hold: bool | None = None
    do_not_contact: bool | None = None
    paused_by_sales: bool | None = None
    renewal_under_way: bool | None = None
    renewal_on: date | None = None
    expansion_under_way: bool | None = None
    severe_tickets: int | None = None
    health: Text | None = None
    nps: int | None = None
    health_at_risk: bool | None = None
    contacts: tuple[KnownContact, ...] | None = None
    until: dict[str, date] = {}

    @field_validator("contract_clauses", mode="before")
    @classmethod
    def _written_in_a_row(cls, value: object) -> object:
        """`suspension, interest` in a cell or at the command line."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value
