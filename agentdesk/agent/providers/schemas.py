"""JSON schemas as the providers' strict modes take them, and their nulls taken out again.

Strict modes want every field required and no other allowed, and know few keywords. An optional field becomes one that
may be null, unless leaving it out has a plain way to be said: an empty list, or the default of a text. What a strict
mode cannot hold to (lengths, ranges) goes into the description; the tool's own validation holds to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

KEPT = frozenset({"type", "description", "enum", "$ref"})
DROPPED = frozenset({"title", "default", "$defs", "properties", "required", "additionalProperties", "items"})
UNIONS = frozenset({"anyOf", "oneOf"})
Schema = dict[str, Any]


class NotStrict(Exception):
    """A schema no strict mode takes, such as an object with free keys."""


def make_strict(schema: Mapping[str, Any]) -> Schema:
    """The strict form of an object's schema. Raises: NotStrict."""
    if schema.get("type") != "object":
        raise NotStrict("not an object")
    strict = strict_form(schema)
    if "$defs" in schema:
        strict["$defs"] = {name: strict_form(value) for name, value in schema["$defs"].items()}
    return strict


def strict_form(schema: Mapping[str, Any]) -> Schema:
    """One schema and what it holds."""
    if "allOf" in schema:
        if len(schema["allOf"]) != 1:
            raise NotStrict("allOf")
        return strict_form({**schema["allOf"][0], **{name: schema[name] for name in schema if name != "allOf"}})
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    strict: Schema = {name: value for name, value in schema.items() if name in KEPT}
    if "const" in schema:
        strict["enum"] = [schema["const"]]
    for name in UNIONS & schema.keys():
        strict["anyOf"] = [strict_form(choice) for choice in schema[name]]
    if schema.get("type") == "object":
        strict.update(strict_object(schema))
    if schema.get("type") == "array":
        strict["items"] = strict_form(schema.get("items") or no_items())
    return with_limits(strict, schema)


def no_items() -> Schema:
    """Where a list does not say what it holds."""
    raise NotStrict("a list of anything")


def strict_object(schema: Mapping[str, Any]) -> Schema:
    """An object's fields, all required."""
    if schema.get("additionalProperties", False) is not False:
        raise NotStrict("free keys")
    required = schema.get("required", ())
    properties = {
        name: strict_form(field) if name in required else strict_optional(field)
        for name, field in schema.get("properties", {}).items()
    }
    return {"properties": properties, "required": list(properties), "additionalProperties": False}


def strict_optional(field: Mapping[str, Any]) -> Schema:
    """An optional field as a required one."""
    strict = strict_form(field)
    if allows_null(field) or says_nothing_plainly(field):
        return strict
    if "description" not in strict:
        return {"anyOf": [strict, {"type": "null"}]}
    return {"description": strict.pop("description"), "anyOf": [strict, {"type": "null"}]}


def allows_null(field: Mapping[str, Any]) -> bool:
    """Whether a field may be null by its own schema."""
    stated = field.get("type")
    if stated == "null" or (isinstance(stated, list) and "null" in stated):
        return True
    return any(choice.get("type") == "null" for name in UNIONS & field.keys() for choice in field[name])


def says_nothing_plainly(field: Mapping[str, Any]) -> bool:
    """Whether a field has a value of its own for being left out: an empty list, or a text's default."""
    return field.get("type") == "array" or (field.get("type") == "string" and isinstance(field.get("default"), str))


def with_limits(strict: Schema, schema: Mapping[str, Any]) -> Schema:
    """The schema with what a strict mode cannot hold to put in words."""
    limits = {
        name: value
        for name, value in schema.items()
        if name not in KEPT | DROPPED | UNIONS and name != "const" and not isinstance(value, dict)
    }
    if schema.get("default"):
        limits["default"] = schema["default"]
    if limits:
        words = ", ".join(f"{name}: {json.dumps(value)}" for name, value in sorted(limits.items()))
        strict["description"] = " ".join(filter(None, [strict.get("description"), f"({words})"]))
    return strict


def count_unions(strict: Any) -> int:
    """How many fields of a strict schema have more than one type."""
    if isinstance(strict, dict):
        return ("anyOf" in strict) + sum(count_unions(value) for value in strict.values())
    return sum(count_unions(value) for value in strict) if isinstance(strict, list) else 0


def drop_nulls(schema: Mapping[str, Any], value: Any, root: Mapping[str, Any] | None = None) -> Any:
    """A value made for the strict form, as the schema itself would have it: optional fields that are null left out."""
    root = schema if root is None else root
    if "$ref" in schema:
        return drop_nulls(root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {}), value, root)
    if isinstance(value, list):
        return [drop_nulls(schema.get("items", {}), item, root) for item in value]
    if not isinstance(value, dict):
        return value
    if "properties" not in schema:
        objects = [choice for name in UNIONS & schema.keys() for choice in schema[name] if is_object(choice, root)]
        return drop_nulls(objects[0], value, root) if len(objects) == 1 else value
    optional = schema["properties"].keys() - set(schema.get("required", ()))
    return {
        name: drop_nulls(schema["properties"].get(name, {}), held, root)
        for name, held in value.items()
        if not (held is None and name in optional)
    }


def is_object(schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Whether a schema is, or refers to, an object's."""
    if "$ref" in schema:
        return is_object(root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {}), root)
    return "properties" in schema
