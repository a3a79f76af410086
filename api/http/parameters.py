"""Query parameters: each declared once, for the parser and for the OpenAPI document alike.

A route accepts what it declares and nothing else.  A parameter that is unknown or repeated, or whose value is not of
its type, is refused with all of its faults at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from django.utils.dateparse import parse_date, parse_datetime

from api.http.problems import ParameterFault, Problem

MAX_QUERY_LENGTH = 4_000
MAX_FIELDS = 40
MAX_ID = 2**31 - 1
"""Page ids are 32 bits wide on PostgreSQL; nothing here has a larger id."""
MAX_IDS = 100

Json = dict[str, Any]


class RefusedError(Exception):
    """A value is not accepted; the message ends the sentence "The parameter ..."."""


@dataclass(frozen=True)
class Parameter:
    name: str
    description: str
    read: Callable[[str], Any]
    """The value from the text in the query; raises `RefusedError`."""
    schema: Json = field(default_factory=dict)
    default: Any = None
    is_list: bool = False
    """Several values: separated by commas, or the parameter several times, or both."""
    required: bool = False

    def operation(self) -> Json:
        """As OpenAPI describes it."""
        described: Json = {"name": self.name, "in": "query", "description": self.description, "schema": self.schema}
        if self.required:
            described["required"] = True
        if self.is_list:
            described["description"] += " One by one or separated by commas."
            described |= {"style": "form", "explode": True}
        return described


def integer(name: str, description: str, *, low: int = 1, high: int = MAX_ID, default: int | None = None) -> Parameter:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal()) or len(text) > 19 or not low <= int(text) <= high:
            raise RefusedError(f"must be a whole number from {low} to {high}")
        return int(text)

    schema: Json = {"type": "integer", "minimum": low, "maximum": high}
    if default is not None:
        schema["default"] = default
    return Parameter(name, description, read, schema, default)


def choice(name: str, description: str, values: Iterable[str], default: str | None = None) -> Parameter:
    known = tuple(values)

    def read(text: str) -> str:
        if text not in known:
            raise RefusedError(f"must be one of {', '.join(known)}")
        return text

    schema: Json = {"type": "string", "enum": list(known)}
    if default is not None:
        schema["default"] = default
    return Parameter(name, description, read, schema, default)


def choices(name: str, description: str, values: Iterable[str]) -> Parameter:
    """A list of known words, each at most once."""
    known = tuple(values)

    def read(text: str) -> tuple[str, ...]:
        wanted = text.split(",")
        unknown = [word for word in wanted if word not in known]
        if unknown:
            raise RefusedError(f"must be a list out of {', '.join(known)}")
        if len(set(wanted)) < len(wanted):
            raise RefusedError("names a value twice")
        return tuple(wanted)

    items = {"type": "string", "enum": list(known)}
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": len(known), "uniqueItems": True}
    return Parameter(name, description, read, schema, None, is_list=True)


def flag(name: str, description: str) -> Parameter:
    def read(text: str) -> bool:
        if text not in {"true", "false"}:
            raise RefusedError("must be true or false")
        return text == "true"

    return Parameter(name, description, read, {"type": "boolean", "default": False}, False)


def text(name: str, description: str, *, high: int = 200, low: int = 1, required: bool = False) -> Parameter:
    def read(value: str) -> str:
        if not low <= len(value) <= high:
            raise RefusedError(f"must be {low} to {high} characters long")
        return value

    schema: Json = {"type": "string", "minLength": low, "maxLength": high}
    return Parameter(name, description, read, schema, required=required)


def ids(name: str, description: str) -> Parameter:
    def read(value: str) -> tuple[int, ...]:
        parts = value.split(",")
        if len(parts) > MAX_IDS:
            raise RefusedError(f"must not name more than {MAX_IDS} ids")
        if not all(part.isascii() and part.isdecimal() and 0 < len(part) <= 10 for part in parts):
            raise RefusedError("must be a list of ids")
        numbers = tuple(dict.fromkeys(int(part) for part in parts))
        if any(not 1 <= number <= MAX_ID for number in numbers):
            raise RefusedError(f"must hold ids from 1 to {MAX_ID}")
        return numbers

    items = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
    schema = {"type": "array", "items": items, "minItems": 1, "maxItems": MAX_IDS}
    return Parameter(name, description, read, schema, is_list=True)


def moment(name: str, description: str) -> Parameter:
    def read(value: str) -> datetime:
        try:
            parsed = parse_datetime(value.replace(" ", "+"))  # a "+" that was not encoded arrives as a space
            if parsed is None and (day := parse_date(value)) is not None:
                parsed = datetime(day.year, day.month, day.day, tzinfo=UTC)
            if parsed is not None:
                return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise RefusedError("must be a date (2026-03-01) or a date and time (2026-03-01T09:30:00Z)")

    schema = {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]}
    return Parameter(name, description, read, schema)


def parse(query_string: str, accepted: Mapping[str, Parameter]) -> dict[str, Any]:
    """The values of all accepted parameters, defaults included.

    Raises `Problem` (``invalid-parameter``) naming every parameter that is wrong.
    """
    values = {name: parameter.default for name, parameter in accepted.items()}
    faults: list[ParameterFault] = []
    seen: set[str] = set()
    for name, value in _joined_pairs(query_string, accepted) if query_string else ():
        parameter = accepted.get(name)
        if parameter is None:
            faults.append(ParameterFault(name[:100], "is unknown here"))
        elif name in seen:
            faults.append(ParameterFault(name, "is repeated"))
        elif "\0" in value:
            faults.append(ParameterFault(name, "holds a NUL character"))
        else:
            try:
                values[name] = parameter.read(value)
            except RefusedError as refusal:
                faults.append(ParameterFault(name, str(refusal)))
        seen.add(name)
    for name, parameter in accepted.items():
        if parameter.required and name not in seen:
            faults.append(ParameterFault(name, "is missing"))
    if faults:
        unique = list(dict.fromkeys(faults))
        sentences = "; ".join(f"“{fault.name}” {fault.reason}" for fault in unique)
        raise Problem("invalid-parameter", f"Not accepted: {sentences}.", parameters=unique)
    return values


def _joined_pairs(query_string: str, accepted: Mapping[str, Parameter]) -> list[tuple[str, str]]:
    """Names and values; the values of a list parameter that is there several times are one, with commas."""
    pairs: list[tuple[str, str]] = []
    lists: dict[str, int] = {}
    for name, value in _pairs(query_string):
        if name in lists:
            at = lists[name]
            pairs[at] = (name, f"{pairs[at][1]},{value}")
        else:
            if (parameter := accepted.get(name)) is not None and parameter.is_list:
                lists[name] = len(pairs)
            pairs.append((name, value))
    return pairs


def _pairs(query_string: str) -> list[tuple[str, str]]:
    if len(query_string) > MAX_QUERY_LENGTH:
        raise Problem("invalid-parameter", f"The query is longer than {MAX_QUERY_LENGTH} characters.")
    try:
        return parse_qsl(query_string, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except UnicodeDecodeError:
        raise Problem("invalid-parameter", "The query is not UTF-8.") from None
    except ValueError:
        raise Problem("invalid-parameter", f"The query has more than {MAX_FIELDS} parameters.") from None
