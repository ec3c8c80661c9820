"""How Stripe's objects name each other: by an id, or as a whole where that was asked for."""

from integrations.registers.parts import Part


def named(said: Part, name: str) -> str:
    """The id of another object, which is there by its id or as a whole; "" for none."""
    whole = said.value.get(name)
    return said.child(name).text("id") if isinstance(whole, dict) else said.optional(name)


def whole(said: Part, name: str, kind: str) -> Part | None:
    """Another object where it is there as a whole and was not deleted."""
    if not isinstance(said.value.get(name), dict):
        return None
    found = said.child(name).as_kind(kind)
    return None if found.flag("deleted") else found


def our_names(said: Part) -> list[str]:
    """The invoice that our own system wrote into an object's metadata."""
    metadata = said.maybe("metadata")
    if metadata is None:
        return []
    found = (metadata.said(name) for name in ("dunlin_invoice_id", "invoice_id"))
    return [one for one in found if one]
