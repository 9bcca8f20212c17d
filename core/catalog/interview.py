"""What `lingban new` asks at a terminal, one question after the other, until the answer means something.

Knows what a beginner calls things; what is made of the answers, `scaffold` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from core.catalog import tables
from core.catalog.places import mapping
from core.catalog.scaffold import askable
from core.contract import LEVELS, Office, Source
from core.errors import UsageError
from core.faults import near, which

Ask = Callable[[str, str], str]
"""(question, default) → what was typed, or the default."""
Tell = Callable[[str], object]
T = TypeVar("T")

AUDIENCES = {"person": ("个人", "自然人"), "enterprise": ("企业", "法人", "单位")}
HANDLINGS = {
    "instant": ("即办", "即办件", "当场办结"),
    "promised": ("承诺", "承诺件", "过几天办结"),
    "query": ("查询", "只查不办"),
    "handoff": ("转办", "转到外部网站"),
}
MAY = {
    "decide": ("办", "直接办理"),
    "accept": ("受理", "受理后转办"),
    "collect": ("收", "收集后由审批局代办"),
    "forward": ("交部门", "收集后交主管部门自己办"),
    "": ("不办", "无", "没有"),
}
ONCE = {"yes": ("是", "一份"), "no": ("不是", "否", "几份")}
_LEVELS = {"city": ("市级大厅", "办"), "town": ("镇（街道）", "办"), "village": ("村（社区）", "收")}


def item(ask: Ask, tell: Tell, *, name: str, sources: Mapping[str, Source], office: Office) -> dict[str, Any]:
    """Answers for `scaffold.new("item", …)`. Enter keeps what stands in brackets."""
    tell("按回车就用方括号里的。写错了会再问一遍。")
    answers: dict[str, Any] = {"title": ask("事项叫什么名称", name)}
    answers["audience"] = _until(
        ask, tell, "给谁办（个人、企业；都给就写“个人，企业”）", "个人", lambda said: _several(said, AUDIENCES)
    )
    answers["handling"] = _until(
        ask, tell, "怎样办（即办、承诺、查询、转办）", "即办", lambda said: _one(said, HANDLINGS)
    )
    if answers["handling"] == "handoff":
        answers["url"] = ask("外部服务的网址", "https://example.invalid/")
    else:
        answers["sources"] = _sources(ask, tell, answers, sources)
        if answers["handling"] != "query" and "own-cases" in sources:
            question = "一个人（一家单位）只能有一份吗？只能一份的，已经有了、在办的再申请就不予受理（是、不是）"
            answers["once"] = _until(ask, tell, question, "不是", lambda said: _one(said, ONCE)) == "yes"
        answers["sites"] = _sites(ask, tell, answers["handling"])
    answers["unit"] = _unit(ask, tell, office)
    return answers


def source(
    ask: Ask,
    tell: Tell,
    *,
    name: str,
    office: Office,
    sources: Mapping[str, Source],
    path: str = "",
    keys: Collection[str] = (),
) -> dict[str, Any]:
    """Answers for `scaffold.new("source", …)`; `path` is a table that was named already, `keys` its columns."""
    tell("按回车就用方括号里的。写错了会再问一遍。")
    answers: dict[str, Any] = {"title": ask("数据源叫什么名称", name)}
    if path or _until(ask, tell, "怎样接（表格：CSV 或 Excel；程序：自己写代码）", "表格", _way) == "table":
        answers.update(_table(ask, tell, path, keys, titles_of(sources)))
    else:
        answers["audience"] = _until(ask, tell, "查的是谁（个人、企业）", "个人", lambda said: [_one(said, AUDIENCES)])
    answers["unit"] = _unit(ask, tell, office)
    return answers


def guessed(tell: Tell, path: str, keys: Collection[str], sources: Mapping[str, Source]) -> dict[str, Any]:
    """The same of a table where nobody is there to be asked: what was made of each column is told."""
    table = tables.read_table(Path(path), titles_of(sources))
    by = {one.field: one for one in tables.asked_by(table, list(keys) or [tables.usual_key(table.columns).field])}
    for one in (by.get(one.field, one) for one in table.columns):
        empty = "，可以为空" if one.empty else ""
        day = "（像日期，写成 2026-11-23 才认得）" if tables.like_a_day(one) else ""
        tell(f"  {one.header} → {one.field} {one.kind}{empty}{day}")
    for note in table.notes:
        tell(f"注意：{note}")
    return {"table": table, "keys": list(keys)}


def told(tell: Tell, said: dict[str, str], office: Office, *, kind: str, table: str) -> dict[str, str]:
    """Title, unit and audience as the command line names them; what a source is guessed to be called and to belong to
    is told. Raises UsageError for a unit that nobody knows."""
    if unit := said.get("unit"):
        titles = {one.id: one.name for one in office.units.values()}
        ids = [id for id, title in titles.items() if unit in (id, title)] or shortened(unit, titles)
        if not ids:
            raise UsageError(f"没有“{unit}”这个部门。{which(unit, titles).zh}")
        said["unit"] = ids[0]
    if kind == "source":
        stem = Path(table).stem
        if "title" not in said and any("一" <= c <= "鿿" for c in stem):
            said["title"] = stem
            tell(f"名称取自文件名：{stem}。要改，写 --title。")
        elif "title" not in said:
            tell("名称先用编号。写 --title 起个中文名称，或改 source.json 的 title。")
        if "unit" not in said:
            tell("部门先写审批局（approval-bureau）。写 --unit 指明是谁的数据，或改 source.json 的 unit。")
    return said


def shortened(said: str, titles: Mapping[str, str]) -> list[str]:
    """The one id whose title has the signs of what was said in their order, as 人社局 has them of
    人力资源和社会保障局; none where several do."""
    found = []
    for id, title in titles.items():
        signs = iter(title)
        if len(said) > 1 and all(sign in signs for sign in said):
            found.append(id)
    return found if len(found) == 1 else []


def titles_of(sources: Mapping[str, Source]) -> dict[str, str]:
    """What a column is called → the field that the other sources have for it."""
    found = {"姓名": "name", "名称": "name"}
    for one in sources.values():
        for field, said in mapping(one.record.get("properties")).items():
            if isinstance(title := mapping(said).get("title"), str):
                found.setdefault(title, field)
    return found


def _way(said: str) -> str:
    return _one(said, {"table": ("表格", "CSV", "Excel"), "code": ("程序", "代码")})


def _table(ask: Ask, tell: Tell, path: str, keys: Collection[str], titles: Mapping[str, str]) -> dict[str, Any]:
    table = tables.read_table(Path(path), titles) if path else _until(ask, tell, _WHICH, _NONE, _file(titles))
    columns: list[tables.Column] = []
    for note in table.notes:
        tell(f"注意：{note}")
    kinds = "、".join([*reversed(list(tables.KINDS)), f"{tables.ONE_OF}:甲/乙"])
    if table.columns:
        tell(f"每一列：编号 类型。类型有：{kinds}。不要这一列就写“不要”。")
        for one in table.columns:
            usual = f"{one.field} {one.kind}"
            read = _as_column(one.header, columns, one)
            column = _until(ask, tell, f"  {one.header}（{_shown(one)}）", usual, read)
            columns += [column] if column else []
    else:
        tell(f"一列一列写：名称 编号 类型，如“犬牌号 tag 文字”；编号、类型可以不写。类型有：{kinds}。")
        while (said := ask(f"  第 {len(columns) + 1} 列", "写完了")) != "写完了" or not columns:
            try:
                header, *rest = said.split() if said != "写完了" else [""]
                if not header:
                    raise UsageError("至少要有一列。")
                kind = rest[1] if len(rest) > 1 else "文字"
                read = _as_column(header, columns, tables.Column(header, tables.field_of(header), kind))
                column = read(" ".join(rest) or f"{titles.get(header) or tables.field_of(header)} {kind}")
                columns += [column] if column else []
            except UsageError as error:
                tell(str(error))
    if not columns:
        raise UsageError("一列也没有留下，做不成数据源。")
    words = {one.field: (one.header,) for one in columns}
    question = "凭哪一列查（几列用逗号隔开：第一列必给，别的可以再给）"
    usual = ",".join(keys) or tables.usual_key(columns).field
    asked = _until(ask, tell, question, usual, lambda said: _several(said, words))
    public = False
    if next(one for one in columns if one.field == asked[0]).kind not in tables.OWN:
        public = _until(ask, tell, "申请人填了它就能查吗？公开的台账才写“能”（能、不能）", "不能", _may) == "yes"
    return {"table": replace(table, columns=tuple(columns)), "keys": asked, "public": public}


_WHICH = "照哪个表格（.csv 或 .xlsx 文件；还没有就写“无”，一列一列问）"
_NONE = "无"


def _may(said: str) -> str:
    return _one(said, {"yes": ("能", "公开"), "no": ("不能", "不公开")})


def _file(titles: Mapping[str, str]) -> Callable[[str], tables.Table]:
    def read(said: str) -> tables.Table:
        said = said.strip().strip("'\"")  # as a file dropped on the terminal is written
        return tables.Table(()) if said == _NONE else tables.read_table(Path(said), titles)

    return read


def _shown(column: tables.Column) -> str:
    said = "没有内容" if column.example is None else f"如 {str(column.example)[:20]}"
    return f"{said}；像日期，写成 2026-11-23 才认得" if tables.like_a_day(column) else said


def _as_column(header: str, made: list[tables.Column], usual: tables.Column) -> Callable[[str], tables.Column | None]:
    def read(said: str) -> tables.Column | None:
        if said.strip() == "不要":
            return None
        field, *rest = said.replace("：", ":").split()
        kind = rest[0] if rest else usual.kind
        word, _, values = kind.partition(":")
        if len(rest) > 1 or (word not in tables.KINDS and not (word == tables.ONE_OF and values.strip("/"))):
            near_by = near(word, [*tables.KINDS, tables.ONE_OF], bare=True)
            raise UsageError(f"没有“{word}”这种类型。{near_by.zh if near_by else '写法：编号 类型，如 tag 文字。'}")
        if not tables.FIELD.fullmatch(field):
            raise UsageError(f"“{field}”不能做编号：用小写英文字母、数字和下划线，字母开头。")
        if field in [one.field for one in made]:
            raise UsageError(f"已经有一列的编号是“{field}”。")
        return replace(usual, header=header, field=field, kind=kind)

    return read


def _until(ask: Ask, tell: Tell, question: str, default: str, read: Callable[[str], T]) -> T:
    while True:
        try:
            return read(ask(question, default))
        except UsageError as error:
            tell(str(error))


def _one(said: str, words: Mapping[str, Collection[str]]) -> str:
    """The key that was named, by itself or by one of its words."""
    said = said.strip()
    for key, names in words.items():
        if said in (key, *names):
            return key
    known = [w for key, names in words.items() for w in (key, *names) if w]
    raise UsageError(f"没有“{said}”。{near(said, known, bare=True).zh or '可以写：' + '、'.join(_first(words)) + '。'}")


def _first(words: Mapping[str, Collection[str]]) -> list[str]:
    return [next(iter(names), key) for key, names in words.items()]


def _several(said: str, words: Mapping[str, Collection[str]]) -> list[str]:
    parts = said
    for mark in "，、；;":
        parts = parts.replace(mark, ",")
    found = list(dict.fromkeys(_one(part, words) for part in parts.split(",") if part.strip()))
    if not found:
        raise UsageError(f"至少写一个：{'、'.join(_first(words))}。")
    return found


def _sources(ask: Ask, tell: Tell, answers: Mapping[str, Any], sources: Mapping[str, Source]) -> list[str]:
    """Those that the applicant's own number opens; the others need a lookup of the author's own making."""
    words: dict[str, tuple[str]] = {
        id: (one.title,) for id, one in sorted(sources.items()) if askable(one, answers["audience"])
    }
    if not words and answers["handling"] == "query":
        raise UsageError("没有可以按申请人的号码去查的数据源，做不成查询事项。请集成人员先接好数据源。")
    if not words:
        tell("没有可以按申请人的号码去查的数据源，材料先都由申请人提供。")
        return []
    tell("可以按申请人的号码去查的数据源：")
    for id, (title,) in words.items():
        tell(f"  {id:22} {title}")
    if len(words) < len(sources):
        tell("  （另外几个要按别的内容去查，建好以后照指南 lookups.json 一页自己加。）")
    usual: list[str] = [one for one in ("natural-person", "legal-entity") if one in words] or [next(iter(words))]
    none = answers["handling"] != "query"
    question = "要查哪几个（编号或名称，用逗号隔开" + ("；不查就写“无”）" if none else "；至少一个）")
    return _until(
        ask,
        tell,
        question,
        ",".join(usual),
        lambda said: [] if none and said.strip() == "无" else _several(said, words),
    )


def _sites(ask: Ask, tell: Tell, handling: str) -> dict[str, str]:
    made: dict[str, str] = {}
    while not made:
        for level in LEVELS:
            title, usual = _LEVELS[level]
            if handling == "query":
                may = _until(ask, tell, f"{title}能查吗（查、不查）", "查", _seen)
            else:
                may = _until(
                    ask, tell, f"{title}做什么（办、受理、收、交部门、不办）", usual, lambda said: _one(said, MAY)
                )
            if may:
                made[level] = may
        if not made:
            tell("至少要有一级能办。")
    return made


def _seen(said: str) -> str:
    return _one(said, {"decide": ("查", "能", "是"), "": ("不查", "不能", "否")})


def _unit(ask: Ask, tell: Tell, office: Office) -> str:
    staffed = {unit for unit, _ in office.offices}
    words = {unit.id: (unit.name,) for unit in office.units.values() if unit.id in staffed}
    tell("部门：" + "、".join(f"{id} {name}" for id, (name,) in words.items()))
    usual = "approval-bureau" if "approval-bureau" in words else next(iter(words), "approval-bureau")
    titles = {id: name for id, (name,) in words.items()}

    def read(said: str) -> str:
        return next(iter(shortened(said.strip(), titles)), "") or _one(said, words)

    return _until(ask, tell, "由哪个部门决定（编号、名称或简称）", usual, read)
