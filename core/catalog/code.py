"""A folder's plugin.py → a module, or the faults that keep it from being used.

Knows how code is loaded without leaving a trace in the folder; nothing of what its hooks do.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import ModuleType

from core.catalog.faults import Faults, near
from core.catalog.hooks import SPECS, START_LIMIT_S, implementations, manager, outcome_of, reason_of
from core.contract import Fault


def load(folder: Path, text: str, faults: Faults) -> ModuleType | None:
    """Run plugin.py under a time limit. None when it cannot be used; all its faults are added."""
    name = f"lingban_plugin_{folder.name.replace('-', '_')}"
    path = folder / "plugin.py"
    module = ModuleType(name)
    module.__file__ = str(path)
    module.__package__ = name
    module.__path__ = [str(folder)]  # `from . import rates` finds rates.py beside it

    def run() -> None:
        # Not the ordinary loader: that writes __pycache__ into the folder, and bundled folders are never written to.
        exec(compile(text, str(path), "exec", dont_inherit=True), module.__dict__)

    for known in [n for n in sys.modules if n == name or n.startswith(name + ".")]:
        del sys.modules[known]
    sys.modules[name] = module
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        outcome_of(run, START_LIMIT_S)
    except BaseException as error:
        sys.modules.pop(name, None)
        faults.add(
            "plugin.py",
            "",
            f"It cannot be loaded{_line(error, path)}: {reason_of(error)}.",
            "Run it through `lingban check` after each change.",
            code="plugin-import",
        )
        return None
    finally:
        sys.dont_write_bytecode = writes
    return module if sound(module, faults) else None


def _line(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f" (line {error.lineno})"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f" (line {lines[-1]})" if lines else ""


def sound(module: ModuleType, faults: Faults) -> bool:
    """True when every marked function is a documented hook with documented arguments; tells all that are not."""
    before = len(faults.found)
    for attribute, function, hook in implementations(module):
        if hook not in SPECS:
            faults.add("plugin.py", "", f'"{hook}" is not a hook.', near(hook, SPECS), code="unknown-hook")
            continue
        code = getattr(function, "__code__", None)
        if code is None:
            faults.add(
                "plugin.py", "", f'"{attribute}" is not a function.', "Mark functions only.", code="unknown-hook"
            )
            continue
        for argument in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            if argument not in SPECS[hook]:
                hint = near(argument, SPECS[hook]) or f"{hook} takes no argument."
                faults.add("plugin.py", "", f'{hook} is not given "{argument}".', hint, code="wrong-hook-argument")
    if len(faults.found) == before:
        try:
            manager(module.__name__, module)
        except Exception as error:
            faults.add(
                "plugin.py",
                "",
                f"Its hooks cannot be used: {reason_of(error)}.",
                "See docs on hooks.",
                code="wrong-hook-argument",
            )
    return len(faults.found) == before


def told(result: object, faults: Faults) -> None:
    """Faults that `inspect_item` gave back, put under the folder's name where they lack one."""
    for fault in result if isinstance(result, (list, tuple)) else ():
        if isinstance(fault, Fault):
            where = fault.where if fault.where.startswith("plugins/") else f"plugins/{faults.id}/{fault.where}"
            faults.extend([Fault(where, fault.what, fault.hint, fault.code or "hook-failed")])
