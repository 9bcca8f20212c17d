"""`plugins/_guide/faults.md`: every fault code, what it means and in which words it is told.

`python -m tests.items.faults_page` writes it anew; a test holds it to `core.faults`.
"""

from __future__ import annotations

import re
from pathlib import Path

from core.faults.table import SUBJECTS

PAGE = Path(__file__).resolve().parents[2] / "plugins" / "_guide" / "faults.md"


def page() -> str:
    lines = [
        "# 声明错误一览",
        "",
        "`lingban check` 一次报出全部错误，每行是：在哪里、错在哪、怎么改、代码。例如：",
        "",
        "```",
        "my-plugins/dog-licence/routing.json#/steps/0/unit: 没有“animal”这个部门。是不是想写“animals”？ [unknown-unit]",
        "```",
        "",
        "- `#` 前面是文件；`#` 后面一层一层说到那一处，列表从 0 数起：`/steps/0/unit` 是第一个环节的 `unit`。",
        "  名称里的 `/` 写成 `~1`：`/when/~1answers~1phone` 是条件里的 `/answers/phone`。",
        "- 一处写错会引出别处的错：先改文件读不出来、键写错的，再看剩下的。",
        "- 终端里想看中文，加 `--language zh`，或设环境变量 `LINGBAN_LANGUAGE=zh`；管理员也可以在工作台的“插件”页看，",
        "  点代码就是这里的解释。",
        "",
        "下面按错在哪里分组；“…”处是你写的内容。",
    ]
    for subject, codes in SUBJECTS.items():
        lines += ["", f"## {subject}", "", "| 代码 | 意思 | 会这样说 |", "|---|---|---|"]
        for code, one in codes.items():
            said = dict.fromkeys(_plain(s.zh) + _plain(s.hint_zh) for s in one.sentences.values())
            lines.append(f"| `{code}` | {one.about} | {'<br>'.join(said)} |")
    return "\n".join([*lines, ""])


def _plain(text: str) -> str:
    doubled = text.replace("{title}", "").replace("{{", "\0").replace("}}", "\1")
    return re.sub(r"\{[a-z_]+\}", "…", doubled).replace("\0", "{").replace("\1", "}")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
