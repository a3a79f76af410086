"""What a plan file may say.  A plan file is input that anybody may have written: nothing else in it is accepted.

``{"version", "site", "database", "index", "sources", "options", "items", "seal"}``
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from import_content.planning.plan import Verdict

PLAN_VERSION = 2
MAX_PATH_CHARACTERS = 4096

Line: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_PATH_CHARACTERS)]
PathText: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATH_CHARACTERS)]
Sha256: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PlanOptions(_Strict):
    """Everything that decides what an import does."""

    parent: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    """The index's id; where it is to be made, its path."""
    make_parent: bool
    publish: bool
    collection: Annotated[str, StringConstraints(max_length=100)]
    strict: bool
    reparse: bool
    two_passes: bool
    prune: bool
    prune_share: Annotated[float, Field(ge=0, le=1)]
    max_bytes: Annotated[int, Field(ge=1, le=2**40)]
    follow_links: bool
    allow_copies: bool
    root: PathText | None
    moved_from: PathText | None
    profile: PathText | None


class PlanEntry(_Strict):
    """What is to be done with one source; `diff` is for people."""

    source: Annotated[str, StringConstraints(min_length=1, max_length=MAX_PATH_CHARACTERS)]
    verdict: Literal[tuple(verdict.value for verdict in Verdict)]  # type: ignore[valid-type]  # the enum is the list
    code: Annotated[str, StringConstraints(max_length=40)] = ""
    message: str = ""
    digest: Sha256
    diff: list[str] = []


class PlanContent(_Strict):
    """All that is sealed."""

    version: Literal[2]
    site: Line
    """For people: the site that the plan was made on."""
    database: Sha256
    """Its database (see `plan_seal.database_identity`)."""
    index: Line
    """For people: the index that is imported into."""
    sources: Annotated[list[PathText], Field(min_length=1)]
    options: PlanOptions
    items: list[PlanEntry]


class PlanFile(PlanContent):
    seal: Annotated[str, StringConstraints(max_length=200)]
