"""`make bench`: run every benchmark of this folder, or those named, and print one table each.

python -m bench [--json] [NAME …]
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys

import bench
from bench import table


def main() -> None:
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in ("__main__", "table", "hello")]
    if unknown := set(words) - set(names):
        sys.exit(f"No benchmark {', '.join(sorted(unknown))}. There are: {', '.join(names)}.")
    collected = {}
    for name in words or names:
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "run"):
            continue
        if not words and getattr(module, "SLOW", False):
            print(f"\n### {name}: takes minutes; run it by its name: python -m bench {name}", file=sys.stderr)
            continue
        print(f"\n### {name}: {(module.__doc__ or '').splitlines()[0]}\n", file=sys.stderr)
        rows = module.run()
        collected[name] = [row.as_json() for row in rows]
        if "--json" not in sys.argv:
            print(table.markdown(rows), flush=True)
    if "--json" in sys.argv:
        print(json.dumps(collected, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
