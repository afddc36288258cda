"""The ceilings of the house: what is longer is where a project becomes hard to read."""

import ast
from pathlib import Path

import pytest

from . import source

MODULE, FUNCTION, COMMAND, TEMPLATE, MODULES_A_FOLDER = 350, 40, 40, 150, 15


def too_long(path: Path) -> list[str]:
    """Sentences on a module and the functions in it that are over their ceilings."""
    text = path.read_text(encoding="utf-8")
    most = COMMAND if path.parent.name == "commands" else MODULE
    lines = len(text.splitlines())
    found = [f"{path}: {lines} lines, at most {most}"] if lines > most else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION:
                found.append(f"{path}:{node.lineno}: {node.name} has {length} lines")
    return found


def modules() -> list[Path]:
    return [
        path
        for room in source.ROOMS
        for path in sorted((source.ROOT / room).rglob("*.py"))
        if not {"tests", "migrations"} & set(path.parts)
    ]


def test_modules_and_functions_stay_short():
    assert not [sentence for path in modules() for sentence in too_long(path)]


def test_templates_stay_short():
    templates = [
        path for path in source.ROOT.rglob("templates/**/*.html") if ".venv" not in path.parts
    ]
    assert templates
    assert not [path for path in templates if len(path.read_text().splitlines()) > TEMPLATE]


def test_no_folder_holds_too_many_modules():
    folders: dict[Path, int] = {}
    for path in modules():
        if path.name not in ("__init__.py", "apps.py"):
            folders[path.parent] = folders.get(path.parent, 0) + 1
    assert not {folder: n for folder, n in folders.items() if n > MODULES_A_FOLDER}


@pytest.mark.parametrize(("lines", "found"), [(39, 0), (41, 1)])
def test_a_function_over_the_ceiling_is_found(tmp_path, lines, found):
    module = tmp_path / "module.py"
    module.write_text("def f():\n" + "    pass\n" * (lines - 1))
    assert len(too_long(module)) == found
