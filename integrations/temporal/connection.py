"""The connection to Temporal, as `temporalio.envconfig` finds it in environment and file."""

import os
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from models.errors import SettingInvalid, TemporalUnavailable

_DEFAULT_ADDRESS = "localhost:7233"


async def connect(**told: Any) -> Client:
    """A client as `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY` and the other
    variables of `temporalio.envconfig` say; `told` comes on top.

    Raises:
        SettingInvalid: a TEMPORAL_… variable or the profile file is wrong.
        TemporalUnavailable: nobody answers there.
    """
    # An empty variable means that it is not set, as everywhere in our settings.
    given = {name: value for name, value in os.environ.items() if value}
    try:
        profile: dict[str, Any] = dict(
            ClientConfig.load_client_connect_config(override_env_vars=given)
        )
    except (RuntimeError, ValueError) as wrong:
        raise SettingInvalid("TEMPORAL_…", str(wrong)) from wrong
    options = {"target_host": _DEFAULT_ADDRESS} | profile | told
    try:
        return await Client.connect(data_converter=pydantic_data_converter, **options)
    except (RuntimeError, RPCError, OSError) as away:
        raise TemporalUnavailable(
            f"No Temporal server answers at {options['target_host']}. Start one, or set "
            "TEMPORAL_ADDRESS."
        ) from away
