"""Every tool's schema has a strict form, and what fits that form fits the tool once its nulls are dropped."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from agentdesk.agent.bounds import MOST_TOOLS
from agentdesk.agent.language_model import ToolSpec
from agentdesk.agent.providers.messages import MOST_UNIONS
from agentdesk.agent.providers.schemas import NotStrict, drop_nulls, make_strict
from agentdesk.agent.providers.tool_schemas import strict_tools
from agentdesk.agent.tools import TOOLS

KNOWN = {
    "type",
    "description",
    "enum",
    "$ref",
    "$defs",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "items",
}


def schemas_in(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema and all schemas within."""
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    return [schema, *(found for held in inner for found in schemas_in(held))]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_a_strict_form(tool: ToolSpec) -> None:
    for schema in schemas_in(make_strict(tool.parameters)):
        assert schema.keys() <= KNOWN
        if schema.get("type") == "object":
            assert schema["required"] == list(schema["properties"])
            assert schema["additionalProperties"] is False


def fill(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """The barest value that fits a strict schema: null wherever it may be."""
    if "$ref" in schema:
        return fill(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        kinds = [choice.get("type") for choice in schema["anyOf"]]
        return None if "null" in kinds else fill(schema["anyOf"][0], root)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: fill(field, root) for name, field in schema["properties"].items()}
    if schema["type"] == "array":
        return [fill(schema["items"], root)]
    return {"string": "x", "number": 1, "integer": 1, "boolean": True}[schema["type"]]


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_what_fits_the_strict_form_fits_the_tool(tool: ToolSpec) -> None:
    strict = make_strict(tool.parameters)
    value = fill(strict, strict)
    Draft202012Validator(strict).validate(value)
    Draft202012Validator(tool.parameters).validate(drop_nulls(tool.parameters, value))


def test_limits_are_told_in_words() -> None:
    schema = {"type": "object", "properties": {"zip": {"type": "string", "maxLength": 5, "description": "Post code."}}}
    strict = make_strict({**schema, "required": ["zip"]})
    assert strict["properties"]["zip"] == {"type": "string", "description": "Post code. (maxLength: 5)"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "properties": {"any": {"type": "array"}}},
        {"type": "object", "properties": {"both": {"allOf": [{"type": "string"}, {"minLength": 1}]}}},
    ],
)
def test_a_schema_without_a_strict_form_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(NotStrict):
        make_strict(schema)


def test_nulls_within_lists_and_references_are_dropped_too() -> None:
    item = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]}
    schema = {
        "$defs": {"Item": item},
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
            "one": {"anyOf": [{"$ref": "#/$defs/Item"}, {"type": "null"}]},
        },
        "required": ["items", "one"],
    }
    value = {"items": [{"a": "x", "b": None}], "one": {"a": None, "b": None}}
    assert drop_nulls(schema, value) == {"items": [{"a": "x"}], "one": {"a": None}}


def test_the_tools_of_a_request_stay_within_what_the_api_takes() -> None:
    for start in range(len(TOOLS) - MOST_TOOLS + 1):
        forms = [form for _tool, form in strict_tools(TOOLS[start : start + MOST_TOOLS], MOST_UNIONS)]
        assert all(form.is_strict for form in forms)
    many = [form.is_strict for _tool, form in strict_tools(TOOLS * 3, MOST_UNIONS)]
    assert many[0]
    assert not many[-1]
