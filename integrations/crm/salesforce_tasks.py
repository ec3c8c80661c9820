"""Tasks in Salesforce for an account owner, one per key."""

from pydantic import RootModel

from integrations.crm import soql
from integrations.crm.mapping import Tasks
from integrations.crm.salesforce_records import Records
from integrations.crm.task_subject import mark, subject
from integrations.http.answers import Answer
from models.errors import PeerRefused

_LONGEST_BODY = 32_000


class _Error(Answer):
    statusCode: str  # noqa: N815 - Salesforce's name


class _Written(Answer):
    success: bool
    errors: tuple[_Error, ...] = ()


class SalesforceTasks:
    """Opens tasks beside an account unless they are there."""

    def __init__(self, records: Records, asked: Tasks) -> None:
        self._records = records
        self._key = asked.key

    def those_of(self, key: str) -> str:
        """The subquery of an account for its task with this key.

        By the field that holds the key where there is one, else by the subject: a query cannot
        filter by a task's description.
        """
        by = (
            f"{self._key} = {soql.quoted(key)}"
            if self._key
            else f"Subject LIKE {soql.ending_in(mark(key))}"
        )
        return soql.select(["Id"], "Tasks", f" WHERE {by} LIMIT 1")

    async def owner_id(self, email: str) -> str:
        """The id of the active user with this address.

        Raises:
            PeerRefused: there is none.
        """
        by = f" WHERE Email = {soql.quoted(email)} AND IsActive = true LIMIT 1"
        users = await self._records.query(soql.select(["Id"], "User", by))
        if not users:
            name = self._records.session.peer.name
            raise PeerRefused(name, "no user there has the account owner's address")
        return self._records.id_of(users[0])

    async def open(self, account_id: str, title: str, body: str, owner_id: str, key: str) -> None:
        """Open the task; with a field for the key Salesforce itself sees to it that it is one."""
        task: dict[str, object] = {
            "Subject": subject(title, key),
            "Description": body[:_LONGEST_BODY],
            "OwnerId": owner_id,
            "WhatId": account_id,
            "Status": "Not Started",
            "Priority": "High",
        }
        if self._key:
            await self._upsert(task | {self._key: key})
        else:
            path = f"{self._records.path}/sobjects/Task"
            self._check(await self._records.session.ask(_Written, "POST", path, json=task))

    async def _upsert(self, task: dict[str, object]) -> None:
        """By way of a collection, whose keys stand in the body: a key's slashes are no path."""
        path = f"{self._records.path}/composite/sobjects/Task/{self._key}"
        one = {"attributes": {"type": "Task"}, **task}
        for written in (
            await self._records.session.ask(
                _AllWritten, "PATCH", path, json={"allOrNone": True, "records": [one]}
            )
        ).root:
            self._check(written)

    def _check(self, written: _Written) -> None:
        if not written.success:
            codes = [error.statusCode for error in written.errors] or ["task not written"]
            raise self._records.session.failure(codes[0])


class _AllWritten(RootModel[tuple[_Written, ...]]):
    """What became of each record of a collection."""
