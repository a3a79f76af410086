"""Arrows between packages point one way only (see "Layout" in the README)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cms", "api", "import_content", "pages")

FORBIDDEN = {
    "pages": {"api", "import_content", "cms"},
    "api": {"import_content", "cms"},
    "import_content": {"api", "cms"},
}
"""Package: packages that it must not know."""

FLOORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "import_content": (
        ("management", "wagtail_hooks", "apps"),
        ("admin",),
        ("cli",),
        ("workers",),
        ("service",),
        ("applying",),
        ("planning",),
        ("writer",),
        ("options",),
        ("article_index",),
        ("database", "models", "batches"),
        ("schools", "merge"),
        ("article_content",),
        ("rich_text",),
        ("parsing",),
        ("sources",),
        ("document", "log_actions", "errors"),
    ),
    "api": (
        ("management", "urls", "apps", "wagtail_hooks"),
        ("leakcheck",),
        ("contract",),
        ("webhooks", "consumers"),
        ("journal",),
        ("endpoints",),
        ("openapi", "search", "paths", "tokens", "preview"),
        ("resources",),
        ("http",),
        ("visibility", "models"),
        ("queries", "json_schema"),
    ),
    "pages": (
        ("management", "wagtail_hooks", "apps", "templatetags"),
        ("admin", "site"),
        ("publication", "renditions", "merging"),
        ("models",),
        ("search",),
        ("blocks",),
        ("rich_text", "markdown", "tables", "anchors", "names", "signals", "visibility"),
        ("references",),
    ),
}
"""Package: its rooms from top to bottom.  A room imports rooms on lower floors; on its own floor, none."""

KNOWN_UPWARD = {("pages", "search", "models")}
"""Arrows against the rule: package, from, to."""

MAX_LOOSE_MODULES = 12
"""At the root of a package; more of them are a corridor and not a floor plan."""

PURE = (
    "article_content",
    "cli.exit_codes",
    "cli.parse_report",
    "document",
    "merge",
    "parsing",
    "rich_text",
    "schools.similar_names",
    "sources",
)
"""Modules and packages of `import_content` that know no framework."""

PURE_MAY_KNOW = {"pages.names", "pages.anchors"}
FRAMEWORKS = {"django", "wagtail", "rest_framework", "modelcluster", "treebeard", "taggit"}


def modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / package).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), path


def imports(path: Path, name: str) -> set[str]:
    """Every module imported anywhere in the file, also inside functions; relative imports made absolute."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = name if path.name == "__init__.py" else name.rpartition(".")[0]
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return found


def is_pure(name: str) -> bool:
    return any(f"{name}.".startswith(f"import_content.{pure}.") for pure in PURE)


def room(name: str) -> str:
    """The part of its package that a module lies in: ``planning`` for ``import_content.planning.plan``."""
    return name.split(".")[1] if "." in name else ""


def arrows(package: str) -> Iterator[tuple[str, str, str]]:
    """Every import from one room of the package into another: the module, its room and the room imported."""
    rooms = {room(name) for name, _ in modules(package)}
    for name, path in modules(package):
        if "migrations" in path.parts:
            continue
        for module in imports(path, name):
            if module.startswith(f"{package}.") and room(module) in rooms and room(module) != room(name):
                yield name, room(name), room(module)


@pytest.mark.parametrize("package", sorted(FLOORS))
def test_rooms_import_rooms_on_lower_floors_only(package: str) -> None:
    floor = {name: number for number, names in enumerate(FLOORS[package]) for name in names}
    unknown = {room(name) for name, path in modules(package) if "migrations" not in path.parts} - {"", *floor}
    assert not unknown, "give them a floor in FLOORS"
    wrong = {
        f"{name}: {start} -> {end}"
        for name, start, end in arrows(package)
        if start and floor[end] <= floor[start] and (package, start, end) not in KNOWN_UPWARD
    }
    assert wrong == set()


@pytest.mark.parametrize("package", sorted(FLOORS))
def test_few_modules_lie_loose_at_the_root(package: str) -> None:
    loose = [path.name for path in (ROOT / package).glob("*.py") if path.name != "__init__.py"]
    assert len(loose) <= MAX_LOOSE_MODULES, loose


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_no_module_imports_a_package_that_it_must_not_know(package: str) -> None:
    wrong = [
        f"{name} imports {module}"
        for name, path in modules(package)
        for module in imports(path, name)
        if module.split(".")[0] in FORBIDDEN[package]
    ]
    assert wrong == []


def test_the_parsing_core_knows_no_framework() -> None:
    wrong = []
    for name, path in modules("import_content"):
        if not is_pure(name):
            continue
        for module in imports(path, name):
            top = module.split(".")[0]
            own = top == "pages" and module not in PURE_MAY_KNOW and module.rpartition(".")[0] not in PURE_MAY_KNOW
            core = top == "import_content" and module.count(".") > 0 and not is_pure(module)
            if top in FRAMEWORKS or own or core:
                wrong.append(f"{name} imports {module}")
    assert wrong == []


def test_the_walk_sees_every_package() -> None:
    """The rules above would pass on nothing at all."""
    for package in PACKAGES:
        assert len(list(modules(package))) > 2
    assert any(is_pure(name) for name, _ in modules("import_content"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    import api.endpoints", "api.endpoints"),
        ("from ..api import endpoints", "x.api.endpoints"),
        ("from django.db import models", "django.db.models"),
    ],
)
def test_imports_are_found_wherever_they_stand(tmp_path: Path, source: str, expected: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)
    assert expected in imports(path, "x.y.module")
