"""The schemas of the change feed."""

from __future__ import annotations

from api.json_schema import Json, define, nullable, record, ref

TYPES = ("site", "school", "topic", "image", "index", "article", "redirect")
OBJECTS = ("Article", "ArticleIndex", "School", "Topic", "Image", "Redirect", "Site")
REFERENCES = ("PageReference", "SchoolReference")
_STRING: Json = {"type": "string"}
_HEX: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_COUNT: Json = {"type": "integer", "minimum": 0}


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


_IDENTITY: dict[str, Json] = {
    "type": {"type": "string", "enum": list(TYPES)},
    "id": {"type": "integer", "minimum": 1},
    "locale": _STRING | {"description": "Empty where such objects have none."},
}
_CHANGE: dict[str, Json] = {
    **_IDENTITY,
    "path": {"type": ["string", "null"], "description": "On the site; null where such objects have none."},
    "from": _STRING | {"description": "The path that the object had when the cursor was given, if another."},
    "at": {"type": "string", "format": "date-time", "description": "When it changed."},
    "tags": _array(_STRING) | {"description": "Names to purge: the object's own, and those of lists of such objects."},
}
_REV: Json = _STRING | {"description": "Of what the detail route shows: differs if and only if that differs."}
_OBJECT: Json = {"anyOf": [ref(name) for name in (*OBJECTS, *REFERENCES)]}
_SUM: dict[str, Json] = {"count": _COUNT, "root": _HEX}


_SCHEMAS: dict[str, Json] = {
    "Upsert": record(
        "The object is public, as it is now.",
        {
            "op": {"type": "string", "const": "upsert"},
            **_CHANGE,
            "why": _array({"type": "string", "enum": ["published", "updated", "moved", "depends-on"]}),
            "rev": _REV,
            "object": _OBJECT,
        },
        optional=("from", "object"),
    ),
    "Delete": record(
        "The object is not public any more.",
        {
            "op": {"type": "string", "const": "delete"},
            **_CHANGE,
            "why": _array({"type": "string", "enum": ["withdrawn", "deleted", "expired"]}),
            "status": {
                "type": "integer",
                "enum": [301, 302, 410],
                "description": "What a front end should answer at the path.",
            },
            "redirect": {"type": ["string", "null"], "description": "Where the path leads now."},
        },
        optional=("from",),
    ),
    "Change": {
        "oneOf": [ref("Upsert"), ref("Delete")],
        "discriminator": {
            "propertyName": "op",
            "mapping": {"upsert": "#/components/schemas/Upsert", "delete": "#/components/schemas/Delete"},
        },
    },
    "FeedState": record(
        "The proof of the objects that the feed is about.",
        {"sequence": _COUNT, **_SUM},
    ),
    "Changes": record(
        "A part of the feed.",
        {
            "changes": _array(ref("Change")),
            "cursor": _STRING,
            "up_to_date": {"type": "boolean", "description": "There was nothing more at this moment."},
            "state": nullable(ref("FeedState")) | {"description": "Exactly where `up_to_date` is true."},
        },
    ),
    "TreeSum": record("The objects below a prefix.", {"prefix": _STRING, **_SUM}),
    "TreeObject": record(
        "An object, as it goes into the sum; with `content`, the object itself.",
        {**_IDENTITY, "rev": _REV, "path": _CHANGE["path"], "object": _OBJECT},
        optional=("path", "object"),
    ),
    "ChangeTree": record(
        "Sums below a prefix; or the objects, where they are few.",
        {
            "prefix": _STRING,
            "sequence": _COUNT,
            **_SUM,
            "children": _array(ref("TreeSum")),
            "objects": _array(ref("TreeObject")),
        },
        optional=("children", "objects"),
    ),
    "Site": record(
        "A site of this server.",
        {
            "id": {"type": "integer", "minimum": 1},
            "type": {"type": "string", "const": "site"},
            "key": _STRING | {"description": "Value for the `site` parameter."},
            "name": _STRING,
            "url": {"type": "string", "format": "uri"},
            "is_default": {"type": "boolean"},
            "locale": _STRING,
            "locales": _array(_STRING),
        },
    ),
}

for _name, _schema in _SCHEMAS.items():
    define(_name, _schema)
CHANGES, CHANGE_TREE = ref("Changes"), ref("ChangeTree")
