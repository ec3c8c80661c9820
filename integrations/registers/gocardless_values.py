"""What our own system wrote into GoCardless' objects, and how a scheme moves money."""

from integrations.registers.parts import Part
from models.vocabulary import Method


def _metadata(said: Part, *names: str) -> list[str]:
    metadata = said.maybe("metadata")
    found = (metadata.said(name) for name in names) if metadata else ()
    return [one for one in found if one]


def invoice_names_of(said: Part) -> tuple[str, ...]:
    return tuple(_metadata(said, "dunlin_invoice_id", "invoice_id"))


def customer_id_of(said: Part) -> str:
    return next(iter(_metadata(said, "dunlin_customer_id", "customer_id")), "")


def method_of(said: Part) -> Method:
    scheme = said.said("scheme")
    if scheme.startswith("sepa"):
        return Method.SEPA
    return Method.ACH if scheme == "ach" else Method.OTHER
