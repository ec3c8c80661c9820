"""Telling the system that runs the customer's service to suspend or restore it."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ServiceAct(StrEnum):
    """What is asked for: the `type` of the webhook."""

    SUSPEND = "service.suspend"
    RESTORE = "service.restore"


class ServiceOrder(BaseModel):
    """One thing to ask of the service. `key` is the same however often it is asked."""

    model_config = ConfigDict(frozen=True)

    key: str
    act: ServiceAct
    customer_id: str
    invoice_ids: tuple[str, ...]
    why: str
    at: datetime
