"""The contract and its snapshot: a change that breaks front ends is told from one that does not."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from api.contract import snapshot
from api.contract.changes import compare

Contract = dict[str, Any]
ARTICLES = "/api/v1/articles/"


@pytest.fixture(scope="module")
def agreed() -> Contract:
    return snapshot.current()


def schemas(contract: Contract) -> Any:
    return contract["components"]["schemas"]


def article(contract: Contract) -> Any:
    return schemas(contract)["Article"]


def parameter(contract: Contract, name: str) -> Any:
    parameters = contract["paths"][ARTICLES]["get"]["parameters"]
    return next(entry for entry in parameters if entry["name"] == name)


def add_parameter(contract: Contract, **entry: Any) -> None:
    contract["paths"][ARTICLES]["get"]["parameters"].append(
        {"name": "mood", "in": "query", "schema": {"type": "string"}, **entry}
    )


def remove_parameter(contract: Contract, name: str) -> None:
    operation = contract["paths"][ARTICLES]["get"]
    operation["parameters"] = [entry for entry in operation["parameters"] if entry["name"] != name]


def rename_block(contract: Contract) -> None:
    mapping = schemas(contract)["Block"]["discriminator"]["mapping"]
    mapping["citation"] = mapping.pop("quote")


def add_block(contract: Contract) -> None:
    reference = "#/components/schemas/VideoBlock"
    schemas(contract)["VideoBlock"] = {"type": "object", "properties": {"type": {"const": "video"}}}
    schemas(contract)["Block"]["oneOf"].append({"$ref": reference})
    schemas(contract)["Block"]["discriminator"]["mapping"]["video"] = reference


Mutation = Callable[[Contract], Any]
BREAKING: dict[str, Mutation] = {
    "a path goes": lambda c: c["paths"].pop(ARTICLES),
    "an operation goes": lambda c: c["paths"][ARTICLES].pop("get"),
    "an operation is renamed": lambda c: c["paths"][ARTICLES]["get"].update(operationId="x"),
    "a property goes": lambda c: article(c)["properties"].pop("slug"),
    "a property may be absent": lambda c: schemas(c)["PageInfo"]["required"].remove("next"),
    "a property may be null": lambda c: article(c)["properties"]["title"].update(type=["string", "null"]),
    "a property is of another type": lambda c: article(c)["properties"]["id"].update(type="string"),
    "a whole number becomes any number": lambda c: article(c)["properties"]["id"].update(type="number"),
    "a property points to another schema": lambda c: article(c)["properties"].update(
        seo={"$ref": "#/components/schemas/Image"}
    ),
    "items are something else": lambda c: article(c)["properties"]["topics"].update(items={"type": "string"}),
    "a format goes": lambda c: article(c)["properties"]["published_at"].pop("format"),
    "a constant is another": lambda c: article(c)["properties"]["type"].update(const="page"),
    "a value of an answer's enumeration goes": lambda c: schemas(c)["PageReference"]["properties"]["type"][
        "enum"
    ].remove("page"),
    "any value where an enumeration was": lambda c: schemas(c)["PageReference"]["properties"]["type"].pop("enum"),
    "a schema goes": lambda c: schemas(c).pop("Seo"),
    "a block goes": lambda c: schemas(c)["Block"]["oneOf"].pop(),
    "a block has another name": rename_block,
    "a parameter goes": lambda c: remove_parameter(c, "topic"),
    "a new parameter is required": lambda c: add_parameter(c, required=True),
    "a parameter becomes required": lambda c: parameter(c, "topic").update(required=True),
    "a parameter is of another type": lambda c: parameter(c, "topic")["schema"].update(type="integer"),
    "a value of a parameter goes": lambda c: parameter(c, "order")["schema"]["enum"].remove("id"),
    "a parameter's maximum sinks": lambda c: parameter(c, "limit")["schema"].update(maximum=50),
    "a parameter's minimum rises": lambda c: parameter(c, "limit")["schema"].update(minimum=2),
    "a parameter gets a pattern": lambda c: parameter(c, "topic")["schema"].update(pattern="^a"),
    "a parameter's default is another": lambda c: parameter(c, "limit")["schema"].update(default=5),
    "a list is written otherwise": lambda c: parameter(c, "id__in").update(explode=False),
    "a media type is no longer offered": lambda c: c["paths"][ARTICLES]["get"]["responses"]["200"]["content"].clear(),
    "304 is no longer answered": lambda c: c["paths"][ARTICLES]["get"]["responses"].pop("304"),
    "a header goes": lambda c: c["paths"][ARTICLES]["get"]["responses"]["200"]["headers"].pop("ETag"),
}
COMPATIBLE: dict[str, Mutation] = {
    "a new path": lambda c: c["paths"].update({"/api/v1/events/": {"get": {"operationId": "listEvents"}}}),
    "a new property": lambda c: article(c)["properties"].update(mood={"type": "string"}),
    "a property is always there now": lambda c: article(c)["required"].append("topics"),
    "a property is null no longer": lambda c: schemas(c)["School"]["properties"]["updated_at"].update(type="string"),
    "a new value in an answer": lambda c: schemas(c)["PageReference"]["properties"]["type"]["enum"].append("event"),
    "a new schema": lambda c: schemas(c).update(Event={"type": "object"}),
    "a new block": add_block,
    "a new optional parameter": add_parameter,
    "a parameter becomes optional": lambda c: c["paths"][f"{ARTICLES}by-path/"]["get"]["parameters"][1].pop(
        "required", None
    ),
    "a new value of a parameter": lambda c: parameter(c, "order")["schema"]["enum"].append("colour"),
    "a parameter's maximum rises": lambda c: parameter(c, "limit")["schema"].update(maximum=500),
    "a new media type": lambda c: c["paths"][ARTICLES]["get"]["responses"]["200"]["content"].update(
        {"text/csv": {"schema": {"type": "string"}}}
    ),
    "an error that was not answered before": lambda c: c["paths"][ARTICLES]["get"]["responses"].update(
        {"410": {"description": "Gone"}}
    ),
}
SILENT: dict[str, Mutation] = {
    "words of explanation": lambda c: article(c).update(description="Other words."),
    "a summary": lambda c: c["paths"][ARTICLES]["get"].update(summary="Other words."),
    "an example": lambda c: article(c)["properties"]["slug"].update(examples=["nursing"]),
}


def changed(agreed: Contract, mutate: Mutation) -> Contract:
    new = copy.deepcopy(agreed)
    mutate(new)
    assert new != agreed, "the mutation did nothing"
    return new


@pytest.mark.parametrize("mutate", BREAKING.values(), ids=BREAKING)
def test_breaking(agreed: Contract, mutate: Mutation) -> None:
    assert any(change.breaking for change in compare(agreed, changed(agreed, mutate)))


@pytest.mark.parametrize("mutate", COMPATIBLE.values(), ids=COMPATIBLE)
def test_compatible(agreed: Contract, mutate: Mutation) -> None:
    changes = compare(agreed, changed(agreed, mutate))
    assert changes
    assert [str(change) for change in changes if change.breaking] == []


@pytest.mark.parametrize("mutate", SILENT.values(), ids=SILENT)
def test_explanations_are_no_part_of_the_contract(agreed: Contract, mutate: Mutation) -> None:
    assert compare(agreed, changed(agreed, mutate)) == []


def test_a_contract_is_the_same_as_itself(agreed: Contract) -> None:
    assert compare(agreed, copy.deepcopy(agreed)) == []


def test_breaking_changes_are_told_first(agreed: Contract) -> None:
    def both(contract: Contract) -> None:
        add_parameter(contract)
        article(contract)["properties"].pop("slug")

    changes = compare(agreed, changed(agreed, both))
    assert [change.breaking for change in changes] == [True, False]
    assert str(changes[0]) == "BREAKING: Article.slug: the property is gone"


def check(file: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("api_contract", "check", snapshot=file, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def write(tmp_path: Path, agreed: Contract) -> Callable[[Mutation], Path]:
    """The snapshot of a contract from which the code's own differs the other way round."""

    def writer(mutate: Mutation) -> Path:
        file = tmp_path / "agreed.json"
        file.write_text(snapshot.text_of(changed(agreed, mutate)), encoding="utf-8")
        return file

    return writer


def test_check_fails_with_1_where_front_ends_break(write: Any) -> None:
    with pytest.raises(CommandError) as refusal:
        check(write(add_parameter))
    assert refusal.value.returncode == 1


def test_check_passes_compatible_changes_and_names_them(write: Any) -> None:
    assert "Article.slug: a new property" in check(write(lambda c: article(c)["properties"].pop("slug")))


def test_check_exact_fails_with_2_on_compatible_changes(write: Any) -> None:
    with pytest.raises(CommandError) as refusal:
        check(write(lambda c: article(c)["properties"].pop("slug")), exact=True)
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("content", [None, "nothing", "[]", "{}"])
def test_check_fails_with_3_without_a_readable_snapshot(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "agreed.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CommandError) as refusal:
        check(file)
    assert refusal.value.returncode == 3


def test_what_was_accepted_holds(write: Any) -> None:
    file = write(add_parameter)
    out = io.StringIO()
    call_command("api_contract", "accept", snapshot=file, stdout=out)
    assert "BREAKING" in out.getvalue()
    assert check(file, exact=True) == "the contract is as it was\n"


def test_the_committed_snapshot_is_the_contract_of_this_code() -> None:
    """After a change of the contract: `manage.py api_contract check`, then `accept`."""
    assert snapshot.SNAPSHOT.read_text(encoding="utf-8") == snapshot.text_of(snapshot.current())


def test_the_exported_schema_is_the_contract(tmp_path: Path, agreed: Contract) -> None:
    file, out = tmp_path / "schema.json", io.StringIO()
    call_command("export_schema", output=file)
    call_command("export_schema", stdout=out)
    assert json.loads(file.read_text(encoding="utf-8")) == json.loads(out.getvalue()) == agreed


def test_exporting_to_nowhere_is_an_error_that_names_the_place(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("export_schema", output=tmp_path / "nowhere" / "schema.json")


def test_the_snapshot_names_no_machine() -> None:
    text = snapshot.SNAPSHOT.read_text(encoding="utf-8")
    assert not any(word in text for word in ("/home/", "/tmp/", "/var/", "/usr/", str(Path.cwd())))  # noqa: S108 -- searched for
