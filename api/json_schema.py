"""JSON Schemas of what the API answers: the words they are written in, and the names they have in the contract.

Whoever writes a shape defines its schema beside the code that writes it, with `define`; blocks have their own
(`pages.blocks.public`).  `api.openapi` puts the document together from all that was defined.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

STRING: Json = {"type": "string"}
BOOLEAN: Json = {"type": "boolean"}
ID: Json = {"type": "integer", "minimum": 1}
INTEGER: Json = {"type": "integer", "minimum": 0}
DATE: Json = {"type": "string", "format": "date-time"}
OPTIONAL_DATE: Json = {"type": ["string", "null"], "format": "date-time"}
URL: Json = {"type": "string", "format": "uri"}
OPTIONAL_URL: Json = {"type": ["string", "null"], "format": "uri"}
UUID: Json = {"type": "string", "format": "uuid"}
LOCALE: Json = {"type": "string", "description": "Language code, such as `en`."}
PATH: Json = {"type": "string", "description": "Path on the site, for `by-path`.", "pattern": "^/"}

_defined: dict[str, Json] = {}


def define(name: str, schema: Json) -> Json:
    """Gives a schema its name in the contract.  Returns the reference to it.

    Raises `ValueError` where another schema has the name.
    """
    if _defined.setdefault(name, schema) != schema:
        raise ValueError(f"two schemas are named {name}")
    return ref(name)


def define_list(name: str, items: str) -> Json:
    """Defines a page of a list of named schemas.  Returns the reference to it."""
    return define(name, record("A page of a list.", {"items": array(ref(items)), "page": ref("PageInfo")}))


def defined() -> dict[str, Json]:
    """All schemas that were defined by what was imported so far, by name."""
    return dict(_defined)


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(schema: Json) -> Json:
    return {"oneOf": [schema, {"type": "null"}]}


def const(value: str) -> Json:
    return {"type": "string", "const": value}


def array(items: Json) -> Json:
    return {"type": "array", "items": items}


def record(description: str, properties: dict[str, Json], *, optional: tuple[str, ...] = ()) -> Json:
    """An object that has these properties and no others; all of them but the optional ones are always there."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def discriminated(description: str, property_name: str, schemas: dict[str, str]) -> Json:
    """Any of several named schemas, told apart by the value of a property: value to name."""
    schema: Json = {"description": description} if description else {}
    return schema | {
        "oneOf": [ref(name) for name in schemas.values()],
        "discriminator": {
            "propertyName": property_name,
            "mapping": {value: f"#/components/schemas/{name}" for value, name in schemas.items()},
        },
    }
