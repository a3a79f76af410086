"""The promised contract, and what counts as breaking it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command

from api.management.commands.api_contract import SNAPSHOT
from api.openapi.contract import compare
from api.openapi.document import document

Json = dict[str, Any]


def test_the_contract_is_as_promised() -> None:
    """After a change on purpose: `manage.py api_contract accept`."""
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == json.loads(json.dumps(document()))


def schemas(contract: Json) -> Any:
    return contract["components"]["schemas"]


def parameter(contract: Json, name: str) -> Any:
    found = contract["paths"]["/api/v1/articles/"]["get"]["parameters"]
    return next(entry for entry in found if entry["name"] == name)


BREAKING: dict[str, Callable[[Json], object]] = {
    "a route goes": lambda new: new["paths"].pop("/api/v1/schools/"),
    "a property goes": lambda new: schemas(new)["Article"]["properties"].pop("title"),
    "a property is not always there": lambda new: schemas(new)["School"]["required"].remove("name"),
    "a property changes its type": lambda new: schemas(new)["School"]["properties"]["name"].update(type="integer"),
    "a property may be null": lambda new: schemas(new)["School"]["properties"]["name"].update(type=["string", "null"]),
    "a parameter goes": lambda new: parameter(new, "limit").update(name="size"),
    "a parameter takes less": lambda new: parameter(new, "limit")["schema"].update(maximum=10),
    "a parameter is required": lambda new: parameter(new, "topic").update(required=True),
    "a default changes": lambda new: parameter(new, "body")["schema"].update(default="html"),
    "an order goes": lambda new: parameter(new, "order")["schema"]["enum"].remove("id"),
    "a block goes": lambda new: schemas(new)["Block"]["oneOf"].pop(),
    "a status goes": lambda new: new["paths"]["/api/v1/"]["get"]["responses"].pop("200"),
}
COMPATIBLE: dict[str, Callable[[Json], object]] = {
    "a route comes": lambda new: new["paths"].update({"/api/v1/more/": new["paths"]["/api/v1/"]}),
    "a property comes": lambda new: schemas(new)["Article"]["properties"].update(more={"type": "string"}),
    "a property is always there": lambda new: schemas(new)["Article"]["required"].append("title"),
    "a parameter takes more": lambda new: parameter(new, "limit")["schema"].update(maximum=500),
    "an order comes": lambda new: parameter(new, "order")["schema"]["enum"].append("title"),
    "a block comes": lambda new: schemas(new)["Block"]["oneOf"].append({"$ref": "#/components/schemas/New"}),
}


@pytest.mark.parametrize("change", BREAKING.values(), ids=BREAKING)
def test_breaking(change: Callable[[Json], object]) -> None:
    new = copy.deepcopy(document())
    change(new)
    assert any(found.breaking for found in compare(document(), new))


@pytest.mark.parametrize("change", COMPATIBLE.values(), ids=COMPATIBLE)
def test_compatible(change: Callable[[Json], object]) -> None:
    new = copy.deepcopy(document())
    change(new)
    found = compare(document(), new)
    assert found
    assert not any(entry.breaking for entry in found)


def test_nothing_changed() -> None:
    assert compare(document(), copy.deepcopy(document())) == []


def test_the_check_exits_by_what_it_found(tmp_path: Any) -> None:
    call_command("api_contract", "check")
    old = copy.deepcopy(document())
    schemas(old)["Article"]["properties"]["gone"] = {"type": "string"}
    snapshot = tmp_path / "old.json"
    snapshot.write_text(json.dumps(old))
    with pytest.raises(SystemExit) as stopped:
        call_command("api_contract", "check", against=snapshot)
    assert stopped.value.code == 2


def test_the_contract_can_be_exported(tmp_path: Any) -> None:
    call_command("export_schema", output=tmp_path / "contract.json")
    assert json.loads((tmp_path / "contract.json").read_text())["openapi"].startswith("3.1")
