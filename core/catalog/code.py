"""A folder's plugin.py → a module, or the faults that keep it from being used.

Knows how code is loaded without leaving a trace in the folder; nothing of what its hooks do.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import ModuleType

from core.catalog.faults import Faults
from core.catalog.hooks import SPECS, START_LIMIT_S, implementations, manager, outcome_of, reason_of
from core.contract import Fault, Said
from core.faults import near, say


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
        faults.add("plugin.py", "", "plugin-import", line=_line(error, path), reason=reason_of(error))
        return None
    finally:
        sys.dont_write_bytecode = writes
    return module if sound(module, faults) else None


def _line(error: BaseException, path: Path) -> Said:
    if isinstance(error, SyntaxError) and error.lineno:
        return say(" (line {line})", "（第 {line} 行）", line=error.lineno)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return say(" (line {line})", "（第 {line} 行）", line=lines[-1]) if lines else Said("")


def sound(module: ModuleType, faults: Faults) -> bool:
    """True when every marked function is a documented hook with documented arguments; tells all that are not."""
    before = len(faults.found)
    for attribute, function, hook in implementations(module):
        if hook not in SPECS:
            faults.add("plugin.py", "", "unknown-hook", name=hook, hint=near(hook, SPECS))
            continue
        code = getattr(function, "__code__", None)
        if code is None:
            faults.add("plugin.py", "", "unknown-hook/function", name=attribute)
            continue
        for argument in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            if argument not in SPECS[hook]:
                faults.add(
                    "plugin.py", "", "wrong-hook-argument", name=argument, hook=hook, hint=near(argument, SPECS[hook])
                )
    if len(faults.found) == before:
        try:
            manager(module.__name__, module)
        except Exception as error:
            faults.add("plugin.py", "", "wrong-hook-argument/unusable", reason=reason_of(error))
    return len(faults.found) == before


def told(result: object, faults: Faults) -> None:
    """Faults that `inspect_item` gave back, put under the folder's name where they lack one."""
    for fault in result if isinstance(result, (list, tuple)) else ():
        if isinstance(fault, Fault):
            where = faults.where(fault.where.removeprefix(f"plugins/{faults.id}/"))
            faults.extend([Fault(where, fault.what, fault.hint, fault.code or "hook-failed")])
