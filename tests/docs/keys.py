"""The keys of a model in words: what each takes, and what holds where it is left out."""

from typing import Any

from pydantic import BaseModel

_PLAIN = {"boolean": "true or false", "string": "text", "number": "amount", "array": "list"}


def keys(model: type[BaseModel]) -> list[tuple[str, str, str]]:
    """Each key with what it takes and its default, in the order of the model."""
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        (f"`{name}`", _takes(said), "required" if name in required else _default(said))
        for name, said in schema["properties"].items()
    ]


def bounds(said: dict[str, Any]) -> str:
    """`1 to 60`, `1 or more`, or nothing; `said` is a property of a JSON schema."""
    low, high = said.get("minimum"), said.get("maximum")
    if low is None:
        return "more than 0" if said.get("exclusiveMinimum") == 0 else ""
    return f"{low} or more" if high is None else f"{low} to {high}"


def _takes(said: dict[str, Any]) -> str:
    said = next((one for one in said.get("anyOf", [])), said)
    if "$ref" in said:
        return _word(said)
    if said["type"] == "array":
        return f"list of {_word(said['items'])}s"
    if said["type"] == "object":
        return "table"
    if "pattern" in said:
        return "name"
    if said.get("format") == "time":
        return "time"
    return bounds(said) if said["type"] == "integer" else _PLAIN[said["type"]]


def _word(said: dict[str, Any]) -> str:
    if "$ref" not in said:
        return _PLAIN[said["type"]]
    word = str(said["$ref"]).rpartition("/")[2].lower()
    return word if word in {"stage", "tone", "channel", "action"} else "table"


def _default(said: dict[str, Any]) -> str:
    if "$ref" in said and isinstance(said["default"], dict):
        return ""
    return _written(said["default"], is_amount="anyOf" in said)


def _written(value: object, *, is_amount: bool = False) -> str:
    """The value as TOML has it, in backquotes; nothing for what is absent or empty."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict) and value:
        return f"`{{ {', '.join(f'{key} = {one}' for key, one in value.items())} }}`"
    if isinstance(value, str) and value:
        return f"`{int(value):_}`" if is_amount else f'`"{value.removesuffix(":00")}"`'
    return f"`{value}`" if isinstance(value, int) else ""
