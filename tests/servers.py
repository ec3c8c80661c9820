"""The real Temporal servers, started from the programs that came with the packages."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from models import search_attributes


def program(name: str) -> str:
    """A program that came with the packages, beside this Python."""
    return str(Path(sys.executable).parent / name)


@asynccontextmanager
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A server with a clock of its own that skips, and our search attributes."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"),
        data_converter=pydantic_data_converter,
    )
    async with env:
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=env.client.namespace,
                search_attributes={
                    key.name: IndexedValueType.ValueType(key.indexed_value_type)
                    for key in search_attributes.ALL
                },
            )
        )
        yield env


@asynccontextmanager
async def dev(suggest_continue_as_new_after: int) -> AsyncIterator[WorkflowEnvironment]:
    """The development server, on the real clock."""
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program("temporal"),
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes.ALL,
        dev_server_extra_args=[
            "--dynamic-config-value",
            f"limit.historyCount.suggestContinueAsNew={suggest_continue_as_new_after}",
        ],
        dev_server_log_level="error",
    )
    async with env:
        yield env
