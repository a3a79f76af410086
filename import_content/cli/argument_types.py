"""Types of the commands' arguments.  Each raises `ArgumentTypeError` that says what would be right."""

from __future__ import annotations

from argparse import ArgumentTypeError


def positive(value: str) -> int:
    try:
        number = int(value)
    except ValueError as error:
        raise ArgumentTypeError(f"“{value}” is no whole number") from error
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number


def size(value: str) -> int:
    """Bytes: ``500000``, ``500k``, ``20M``."""
    units = {"k": 1024, "m": 1024**2, "g": 1024**3}
    unit = units.get(value[-1:].lower(), 1)
    return positive(value[:-1] if unit > 1 else value) * unit


def share(value: str) -> float:
    """A part of the whole: ``10%`` or ``0.1``."""
    try:
        number = float(value[:-1]) / 100 if value.endswith("%") else float(value)
    except ValueError as error:
        raise ArgumentTypeError(f"“{value}” is no share; write 10% or 0.1") from error
    if not 0 <= number <= 1:
        raise ArgumentTypeError("must be between 0 and 1")
    return number
