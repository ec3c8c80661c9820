"""A record's properties as a CRM has them, and whether they fulfil a condition."""

from collections.abc import Mapping as Table
from collections.abc import Sequence

from integrations.crm import values
from integrations.crm.mapping import Condition


class Properties:
    """Values by name, capitals aside: a mapping may spell a field otherwise than the CRM does."""

    def __init__(self, said: Table[str, object]) -> None:
        self._said = {name.casefold(): value for name, value in said.items()}

    def __getitem__(self, name: str) -> object:
        """The value, None when it is not said or `name` is ""."""
        return self._said.get(name.casefold())

    def fulfil(self, condition: Condition) -> bool:
        """True when every property named has one of its values; true of no condition."""
        return all(is_one_of(self[name], wanted) for name, wanted in condition.items())


def is_one_of(value: object, wanted: Sequence[bool | int | str]) -> bool:
    """Whether a value is one of those wanted, capitals aside.

    Of several values in one, as both CRMs write them with semicolons, one is enough.
    """
    said = {one.strip().casefold() for one in str("" if value is None else value).split(";")}
    return any(
        (values.yes_or_no(value) is True) is one
        if isinstance(one, bool)
        else str(one).strip().casefold() in said
        for one in wanted
    )
