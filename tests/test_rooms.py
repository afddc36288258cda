"""The rooms stand in one order and each imports only what stands before it (docs/architecture)."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import source

ATTICS = {"utils", "util", "helpers", "helper", "services", "core", "common", "misc"}


def imported_rooms(tree: ast.Module) -> list[tuple[str, ast.AST]]:
    """The rooms a module imports absolutely; relative imports stay inside the room."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        found += [
            (name.split(".")[0], node) for name in names if name.split(".")[0] in source.ROOMS
        ]
    return found


def forbidden_imports(path: Path, tree: ast.Module, room: str) -> list[str]:
    allowed = source.ROOMS[: source.ROOMS.index(room) + 1]
    return [
        f"{source.place(path, node)}: {room} may not import {other}"
        for other, node in imported_rooms(tree)
        if other not in allowed
    ]


def hidden_imports(path: Path, tree: ast.Module) -> list[str]:
    """Imports of our own rooms inside functions, which is how cycles are kept alive."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        # Django loads models after apps.py, so AppConfig.ready has to import what needs them.
        if path.name == "apps.py" and getattr(function, "name", "") == "ready":
            continue
        for node in ast.walk(function):
            first_party = isinstance(node, ast.ImportFrom) and (
                node.level > 0 or (node.module or "").split(".")[0] in source.ROOMS
            )
            first_party |= isinstance(node, ast.Import) and any(
                alias.name.split(".")[0] in source.ROOMS for alias in node.names
            )
            if first_party:
                found.append(f"{source.place(path, node)}: import inside a function")
    return found


def attics(path: Path) -> list[str]:
    parts = [part.removesuffix(".py") for part in path.relative_to(source.ROOT).parts]
    return [
        f"{path.name}: the missing noun is the name of the room" for part in parts if part in ATTICS
    ]


def test_rooms_import_only_rooms_before_them():
    findings = [
        finding
        for path in source.modules()
        for finding in forbidden_imports(
            path, source.parse(path), path.relative_to(source.ROOT).parts[0]
        )
    ]
    assert not findings, "\n".join(findings)


def test_no_room_is_imported_inside_a_function():
    findings = [
        finding for path in source.modules() for finding in hidden_imports(path, source.parse(path))
    ]
    assert not findings, "\n".join(findings)


def test_no_module_is_an_attic():
    findings = [finding for path in source.modules() for finding in attics(path)]
    assert not findings, "\n".join(findings)


def test_every_package_of_ours_is_a_room_with_a_place_in_the_order():
    packages = {path.parent.name for path in source.ROOT.glob("*/__init__.py")}
    assert packages - {"tests", "bench"} <= set(source.ROOMS)


@pytest.mark.parametrize(
    "code",
    [
        "from interchange.sync import plan",
        "import editorial.admin",
        "def late():\n    import api",
        "class Command:\n    import medline.settings",
    ],
)
def test_the_order_is_noticed_when_broken(code):
    assert forbidden_imports(Path("bad.py"), ast.parse(code), "topics")


@pytest.mark.parametrize(
    "code", ["from resources.models import Link", "from . import document", "import ast"]
)
def test_the_order_lets_good_imports_pass(code):
    assert not forbidden_imports(Path("good.py"), ast.parse(code), "topics")


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    from topics import models",
        "def f():\n    from . import x",
        "async def f():\n    import api",
    ],
)
def test_a_hidden_import_is_noticed(code):
    assert hidden_imports(Path("bad.py"), ast.parse(code))


def test_an_attic_is_noticed():
    assert attics(source.ROOT / "topics" / "utils.py")
    assert attics(source.ROOT / "topics" / "services" / "publish.py")


def test_reading_and_writing_the_xml_needs_no_django_settings_and_so_no_database():
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    modules = "import interchange.xml_reader, interchange.xml_writer, topics.document"
    done = subprocess.run(
        [sys.executable, "-c", modules],
        cwd=source.ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
