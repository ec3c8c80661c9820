"""The connection to Temporal, as `temporalio.envconfig` finds it in environment and file."""

import os
from collections.abc import Mapping
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from models.errors import SettingInvalid, TemporalUnavailable

_DEFAULT_ADDRESS = "localhost:7233"
_PREFIX = "TEMPORAL_"
_ANY = f"{_PREFIX}…"
# The SDK tells these apart in words only, and no sooner than it connects.
_REFUSED_ON_CONNECTING = {
    "target URL": "TEMPORAL_ADDRESS",
    "client cert": "TEMPORAL_TLS_CLIENT_…",
}


async def connect(**told: Any) -> Client:
    """A client as `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY` and the other
    variables of `temporalio.envconfig` say; `told` comes on top.

    Raises:
        SettingInvalid: a TEMPORAL_… variable or the profile file is wrong.
        TemporalUnavailable: nobody answers there.
    """
    # An empty variable means that it is not set, as everywhere in our settings.
    given = {name: value for name, value in os.environ.items() if value}
    options = {"target_host": _DEFAULT_ADDRESS} | _profile(given) | told
    try:
        return await Client.connect(data_converter=pydantic_data_converter, **options)
    except ValueError as wrong:
        blamed = (name for words, name in _REFUSED_ON_CONNECTING.items() if words in str(wrong))
        raise SettingInvalid(next(blamed, _ANY), _in_a_line(wrong)) from wrong
    except (RuntimeError, RPCError, OSError) as away:
        raise TemporalUnavailable(
            f"No Temporal server answers at {options['target_host']}. Start one, or set "
            "TEMPORAL_ADDRESS."
        ) from away


def _profile(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        return _loaded(given)
    except (RuntimeError, ValueError, OSError) as wrong:
        raise SettingInvalid(_to_blame(given), _in_a_line(wrong)) from wrong


def _loaded(given: Mapping[str, str]) -> dict[str, Any]:
    return dict(ClientConfig.load_client_connect_config(override_env_vars=given))


def _to_blame(given: Mapping[str, str]) -> str:
    """The variable without which the others can be read; the SDK seldom names it."""
    for name in sorted(name for name in given if name.startswith(_PREFIX)):
        try:
            _loaded({other: value for other, value in given.items() if other != name})
        except (RuntimeError, ValueError, OSError):
            continue
        return name
    return _ANY


def _in_a_line(wrong: Exception) -> str:
    return str(wrong).partition("\n")[0]
