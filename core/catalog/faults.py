"""Every fault code with what it means to an author, and the list that a folder's faults are gathered in.

Knows no rule: who adds a fault says where, what and what to do. A code, once released, keeps its meaning.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from core.contract import Fault

CODES: dict[str, str] = {
    # the folder and its bytes
    "folder-name": "文件夹名就是编号：小写英文字母开头，只用小写字母、数字和连字符。",
    "nothing-declared": "文件夹里没有 item.json、source.json 或 plugin.py，不是插件。",
    "two-kinds": "一个文件夹要么是事项（item.json），要么是数据源（source.json），不能都是。",
    "missing-file": "缺少必须有的文件：事项要有 item.json 和 routing.json，查询要有 lookups.json。",
    "unknown-file": "这个文件或文件夹的名称没有用处，多半是写错了。",
    "unreadable-file": "文件读不出来：没有权限、不是普通文件或者链接断了。",
    "link-out": "链接指到了文件夹外面；请放一份文件本身。",
    "huge-file": "文件太大；插件的文件都是小文本。",
    "too-many-files": "文件夹里的文件太多。",
    "not-utf-8": "文件不是 UTF-8 编码（常见的是 GBK）。",
    "byte-order-mark": "文件以字节顺序标记（BOM）开头，请存为“UTF-8 无 BOM”。",
    "malformed-json": "JSON 写错了，看所指的行和列。",
    "bad-number": "数写得不对或太大（NaN、Infinity 不是 JSON 的数）。",
    "broken-text": "文字里有 NUL 或半个字符。",
    "too-deep": "一层套一层太多。",
    "duplicate-key": "同一个键写了两次，只有后一个算数。",
    "code-in-database": "存在数据库里的插件不能带代码。",
    # the shape of a file
    "unknown-key": "没有这个键，多半是写错了。",
    "missing-key": "缺少必须写的键。",
    "wrong-type": "值的类型不对（比如该写数却写了文字）。",
    "wrong-value": "值不在允许的几个里，或不合格式。",
    "wrong-contract": "contract 写的不是本版支持的插件约定（目前是 1）。",
    # names that lead nowhere
    "unknown-unit": "没有这个部门。",
    "unit-without-office": "这个部门在哪个区划都没有办公室（或在所写的层级没有），没有人能办。",
    "unknown-theme": "没有这个主题。",
    "unknown-source": "没有这个数据源。",
    "unknown-connector": "没有这个连接器。",
    "unknown-lookup": "lookups.json 里没有这个调取。",
    "unknown-material": "item.json 里没有这份材料。",
    "unknown-item": "没有这个事项。",
    "unknown-field": "记录或表单里没有这个字段。",
    "unknown-query-field": "数据源的 query 里没有这个查询字段。",
    "missing-query-field": "数据源必须给的查询字段没有给。",
    "unknown-template": "templates/ 里没有这个文件。",
    "unknown-level": "没有这个层级：只有 city、town、village。",
    "unknown-area": "没有这个区划或服务点。",
    "unknown-rule": "routing.json 里没有这条规则。",
    # pointers and conditions
    "bad-pointer": "指针要以 / 开头，~ 写成 ~0，名称里的 / 写成 ~1。",
    "undeclared-pointer": "指针所指的值没有任何文件声明过。",
    "not-taken": "这个字段数据源有，但调取的 take 里没有取。",
    "star-not-allowed": "这里的指针不能用 *。",
    "type-mismatch": "声明的类型和要求的类型对不上，条件永远不会如所写成立。",
    "const-outside-enum": "这个值不在声明的可选值里，条件永远不会成立。",
    "misplaced-age": "x-age、x-days、x-working-days 只能写在条件的第一层，而且要对日期用。",
    # lookups
    "lookup-circle": "几个调取互相等待，谁也查不了。",
    "bad-by": "查询值的指针只能以 /applicant、/agent、/site、另一个调取、/each 或（允许时）/answers 开头。",
    "answers-not-allowed": "不能只凭申请人填的值查记录：须是公开字段，或写 allowed_when，或同时带上申请人。",
    "allowed-by-answers": "allowed_when 只看申请人自己填的，他一勾就能查别人；还要看调取、/applicant 或 /agent 的值。",
    "each-unused": "写了 each 却没有用 /each/ 开头的指针，或反过来。",
    "not-a-list": "这里要指向一个列表。",
    # materials, rules, steps
    "duplicate-id": "编号重复。",
    "later-material": "材料的条件只能看排在它前面的材料的状态。",
    "reject-without-basis": "不予许可（reject）和不予受理（decline）必须写依据 basis。",
    "when-without-because": "带条件的环节要写理由 because。",
    "step-without-days": "环节要写 days（工作日）或 calendar_days（自然日），只写一个。",
    "promised-over-statutory": "承诺时限比法定时限还长。",
    "query-without-answer": "查询事项要用 answer 写明显示哪一个调取。",
    "query-routing": "查询事项的 routing.json 只能写 sites。",
    "handoff-without-url": "转办事项要写外部服务的网址 url。",
    # form
    "not-an-object": "表单最外层要是 type: object。",
    "if-without-required": "if 里提到的字段要写进 if 的 required，否则没填也算符合。",
    "required-undeclared": "必填的字段没有声明，永远填不上。",
    "file-in-form": "文件是申请材料，不写在表单里。",
    "needless-question": "这个数据元调取的数据源已经有了，不该再问申请人。",
    "bad-message": "errorMessage 的写法不对。",
    "schema": "不是正确的 JSON Schema。",
    "schema-size": "模式太大。",
    "dead-ref": "$ref 所指的片段不存在。",
    "remote-ref": "$ref 不能引用网址，只能引用公用片段或本文件的 $defs。",
    "pattern": "正则表达式写错了。",
    "pattern-size": "正则表达式太长。",
    "pattern-explodes": "正则表达式遇到某些文字会算个没完。",
    # source
    "literal-secret": "密码、密钥、带密码的地址不能写在文件里，写成 ${环境变量}。",
    "bad-setting": "${…} 写得不对。",
    # texts and templates
    "bad-text-key": "译文的键指到的地方没有文字。",
    "bad-language": "译文文件的名称要是语言代码，如 en.json。",
    "bad-template": "模板写错了，不能编译。",
    "template-undeclared": "模板用了没有声明的值。",
    # code
    "plugin-import": "plugin.py 不能载入。",
    "unknown-hook": "没有这个钩子。",
    "wrong-hook-argument": "钩子的参数名不对。",
    "hook-failed": "钩子出错、超时或给回的东西不对。",
    "set-aside": "插件运行超时，已被停用；修改后重新载入即可。",
    # the shelf
    "internal": "检查时出了意料之外的错误，请把这个文件夹交给维护者。",
}
"""Stable code → its explanation in Chinese, for the author's guide."""


class Faults:
    """The faults of one folder, gathered as `plugins/<id>/<file>#<pointer>`."""

    def __init__(self, id: str) -> None:
        self.id = id
        self.found: list[Fault] = []

    def add(self, file: str, at: str, what: str, hint: str = "", *, code: str) -> None:
        if code not in CODES:
            raise KeyError(code)
        where = f"plugins/{self.id}/{file}" + (f"#{at}" if at else "")
        fault = Fault(where, what, hint, code)
        if fault not in self.found:
            self.found.append(fault)

    def relay(self, file: str, at: str, faults: Iterable[Fault]) -> None:
        """Faults of a schema (`core.judge.schema.faults`), put where the schema stands in the file.

        "Not a JSON Schema" is left out where the shape check has said the same of the same place better.
        """
        for fault in faults:
            where = f"plugins/{self.id}/{file}#{at}{fault.where}"
            if fault.code == "schema" and any(f.where == where for f in self.found):
                continue
            if fault.code == "remote-ref" and '"urn:lingban:common:' in fault.what:
                continue  # told as dead-ref, with the fragments that do exist
            self.add(file, at + fault.where, fault.what, fault.hint, code=_RELAYED.get(fault.code, fault.code))

    def extend(self, faults: Iterable[Fault]) -> None:
        self.found += [fault for fault in faults if fault not in self.found]


_RELAYED = {"schema-depth": "too-deep"}


def _alike(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def near(name: object, known: Collection[str], *, bare: bool = False) -> str:
    """`Did you mean "…"?` for the nearest known names, else the names themselves while they are few.

    `bare`: only near misses, else "".
    """
    text = str(name)
    choices = [k for k in known if k != text]
    close = difflib.get_close_matches(text, choices, n=2, cutoff=0.6)
    if len(close) > 1 and _alike(text, close[0]) - _alike(text, close[1]) > 0.1:
        close = close[:1]
    if not close:
        folded = {k.lower().replace("_", "-"): k for k in choices}
        close = [folded[f] for f in difflib.get_close_matches(text.lower().replace("_", "-"), list(folded), n=1)]
    if close:
        return "Did you mean " + " or ".join(f'"{c}"' for c in close) + "?"
    if bare or not choices:
        return ""
    if len(choices) <= 8:
        return "Known here: " + ", ".join(f'"{c}"' for c in sorted(choices)) + "."
    return ""
