"""The public names of the package: each is looked up when it is first asked for."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import wagidx


def declared() -> dict[str, str]:
    """Public names, and the modules that type checkers take them from."""
    tree = ast.parse(Path(wagidx.__file__).read_text(encoding="utf-8"))
    return {
        alias.name: str(node.module)
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def fresh(code: str) -> str:
    """What a process of its own prints."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def test_the_three_lists_of_names_agree() -> None:
    assert declared() == vars(wagidx)["_HOMES"]
    assert sorted(declared()) == wagidx.__all__


@pytest.mark.parametrize(("name", "module"), declared().items())
def test_a_name_is_what_its_module_defines(name: str, module: str) -> None:
    found = getattr(wagidx, name)
    assert found is getattr(import_module(module), name)
    assert getattr(found, "__module__", module) == module
    assert vars(wagidx)[name] is found  # so that it is looked up once


def test_no_module_can_take_the_place_of_a_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(wagidx.__path__)}
    assert "building" in modules
    assert not modules & set(wagidx.__all__)


def test_importing_loads_no_other_module() -> None:
    loaded = fresh("import sys; old = set(sys.modules); import wagidx; print({*sys.modules} - old)")
    assert loaded == "{'wagidx'}"


def test_a_name_loads_what_it_needs() -> None:
    code = "import sys, wagidx; wagidx.any_of('dog', 'cat'); print('numpy' in sys.modules)"
    assert fresh(code) == "False"


def test_all_names_are_listed_before_any_is_looked_up() -> None:
    assert fresh("import wagidx; print({*wagidx.__all__} <= {*dir(wagidx)})") == "True"
    assert fresh("from wagidx import *; print(build.__name__, fit.__name__)") == "build fit"


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match=r"^module 'wagidx' has no attribute 'nonsense'$"):
        wagidx.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_any_module_can_be_the_first_to_be_imported() -> None:
    """What is not ours is loaded once, before: that takes long."""
    modules = [
        module.name
        for module in pkgutil.walk_packages(wagidx.__path__, "wagidx.")
        if module.name != "wagidx.__main__"
    ]
    assert "wagidx.cli.program" in modules
    code = f"""
import os, click, fsspec, numpy, pyarrow.compute, pyarrow.parquet
from importlib import import_module
for module in {modules}:
    child = os.fork()
    if not child:
        import_module(module)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(module)
"""
    assert fresh(code) == ""
