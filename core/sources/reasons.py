"""Why a source did not answer, or failed a check, in Chinese: each sentence of ours beside its English.

Knows words only. Reasons are kept in English, which programs read; an integrator's own stays as he wrote it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_HOLE = re.compile(r"\{(\w+)\}")
_DEEPEST = 4

SENTENCES: tuple[tuple[str, str], ...] = (
    # of the core: whoever is asked
    ("{names} is not set in the environment", "环境变量 {names} 没有设"),
    ("not asked after errors; tried again in {s} s", "连续出错，暂时不问；{s} 秒后再试"),
    ("{n} errors in a row, so it is not asked for a while: {why}", "连续出错 {n} 次，暂停查询：{why}"),
    ("no answer within {ms} ms", "{ms} 毫秒内没有答复"),
    ("no answer in time", "没有在规定的时间内答复"),
    ("the source was taken out of service", "这个数据源已停用"),
    ('no plugin brings the connector "{name}"', "没有插件提供连接器“{name}”"),
    ('no connector "{name}"', "没有连接器“{name}”"),
    ("all {n} threads of {name} are busy", "{name} 的 {n} 个线程都占着"),
    ("there is no source {name}", "没有数据源 {name}"),
    ("more than {n} rows to ask for", "要逐行查的超过 {n} 行"),
    ("more than {n} records", "查回的超过 {n} 条"),
    (
        "more than one record where one was asked",
        "数据源里不止一条，而这里一次只查一条。查的内容再具体一些，或者请集成人员核对",
    ),
    ("the connector returned {kind} instead of an outcome", "连接器交回的是 {kind}，不是四种结果之一"),
    ("a record is {kind} instead of an object", "一条记录是 {kind}，不是对象"),
    ("a record does not fit the record schema: {wrong}", "查回的记录不合 record：{wrong}"),
    (
        "the answer has more than {n} lists and objects within one another",
        "答复里列表和对象套了不止 {n} 层",
    ),
    ("the answer cannot be written as JSON ({how})", "答复里有不能写成 JSON 的内容（{how}）"),
    ("recorded_at is {kind} instead of a date written as text", "recorded_at 是 {kind}，不是写成文字的日期"),
    ("{kind} in a source's thread", "数据源的线程里出了 {kind}"),
    ("the question holds what no register can be asked by", "查的内容里有任何数据源都查不了的字符或数"),
    ("the question does not fit the query schema: {wrong}", "查的内容不合 query：{wrong}"),
    ("the source's schemas cannot be used: {error}", "query 或 record 不能用：{error}"),
    ("ALARM: the record's {name} is not the one that was asked for", "警报：查回的是另一个人的记录（{name} 对不上）"),
    ("the record's {name} is not the one that was asked for", "查回的是另一个人的记录（{name} 对不上）"),
    ("asked without the number of an applicant", "没有申请人的号码"),
    ("asked for the same answer without saying which, or what it is", "要查相同的答案，却没有写是哪一项、是什么"),
    (
        "{n} connections stay open after its questions: close each, or keep one for all",
        "答完以后还开着 {n} 个连接没有关：用完要关，或者一直用同一个",
    ),
    # of a dry run
    (
        "a dry run reads no cases: say in the scenario what this lookup returns",
        "试算不查以前的办件：请在情景里写这个调取查到什么",
    ),
    ("allowed_when does not hold", "allowed_when 不成立"),
    ("there is no {pointers}", "没有 {pointers}，没法查"),
    # of the demo
    ("{names} is not set, and seeds/sources/{file} does not exist", "{names} 没有设，也没有 seeds/sources/{file}"),
    ("{file}: a row has more cells than the header", "{file}：有一行的格子比表头多"),
    ("seeds/sources/{file} has no column {name}", "seeds/sources/{file} 里没有 {name} 这一列"),
    # of files and databases
    ("there is no file where {setting} points", "{setting} 所指的文件不在那里"),
    ("the file that {setting} names may not be read", "{setting} 所指的文件不准读"),
    ("settings.path must name a CSV or Excel file", "settings.path 要写一个 CSV 或 Excel 文件"),
    ("settings.path: {suffix} is neither .csv nor .xlsx", "settings.path：{suffix} 不是 .csv 也不是 .xlsx"),
    ("settings.delimiter is one character, such as {mark}", "settings.delimiter 是一个字符，例如 {mark}"),
    ("{file}: larger than {mb} MB; put it into a database", "{file}：大于 {mb} MB，请放进数据库"),
    ("{file}: two columns are called {names}", "{file}：有两列都叫 {names}"),
    ("{file}: row {n} has more cells than the header", "{file}：第 {n} 行的格子比表头多"),
    (
        "{file}: only {n} rows where min_rows says {least}: cut off, or still being written",
        "{file}：只有 {n} 行，min_rows 写的是 {least}：没有传完，或者还在写",
    ),
    ("{file}: settings.encoding: {name} is not known", "{file}：settings.encoding：没有 {name} 这种编码"),
    ("{file}: not written in {name}; try {other}", "{file}：不是 {name} 编码，试试 {other}"),
    (
        "{file}: ends within a line: cut off, or still being written. A whole file ends with a line break",
        "{file}：最后一行没有写完：没有传完，或者还在写。完整的文件以换行结尾",
    ),
    ('{file}: no sheet "{name}"; there are {names}', "{file}：没有“{name}”这张工作表，有 {names}"),
    ("{file}: no column {names}; there are {there}", "{file}：没有 {names} 这一列，有 {there}"),
    (
        "{file}: no column {names}; there are {there}. Say {setting}",
        "{file}：没有 {names} 这一列，有 {there}。请写 {setting}",
    ),
    (
        "{file}: no column {names}; there are {there}. Where titles stand above the names of the columns, "
        "say {setting}",
        "{file}：没有 {names} 这一列，有 {there}。列名上面还有标题的，请写 {setting}",
    ),
    (
        "{file}: no column {names}; there are {there}. No record has these fields",
        "{file}：没有 {names} 这一列，有 {there}。查回的记录都没有这几项",
    ),
    (
        "the statement gives no column {names}; it gives {there}: name each column as its field ({example})",
        "语句没有给出 {names} 这一列，给出的是 {there}：每一列用 AS 起成 record 里的名字（{example}）",
    ),
    (
        "settings.url must begin with sqlite:, postgresql:, mysql: or mariadb:",
        "settings.url 要以 sqlite:、postgresql:、mysql: 或 mariadb: 开头",
    ),
    (
        "settings.url cannot be read: in the user's name and the password write {marks}",
        "settings.url 读不出来：用户名和密码里要写 {marks}",
    ),
    ("settings.url names no file: write {example}", "settings.url 没有写文件：写成 {example}"),
    ("settings.url must read {example}", "settings.url 要写成 {example}"),
    (
        "the statement must begin with SELECT or WITH: a source is only ever read",
        "语句要以 SELECT 或 WITH 开头：数据源只读",
    ),
    ("one statement only: remove what follows the semicolon", "只能有一条语句：去掉分号后面的"),
    ('":{name}" is not a property of the query schema', "“:{name}”不是 query 里的字段"),
    ("settings.select: {wrong}", "settings.select：{wrong}"),
    (
        "a question's values are text, numbers and booleans: {names}",
        "查的值只能是文字、数和是否：{names}",
    ),
    ("MySQL and MariaDB need the package asyncmy: {command}", "MySQL 和 MariaDB 要装 asyncmy：{command}"),
    (
        "what answers at the address of settings.url does not speak {language} ({what})",
        "settings.url 所指的地址上，答话的不是 {language}（{what}）",
    ),
    ("more than {mb} MB in answer to one question", "一次查询，对方答了不止 {mb} MB"),
    ("more than {n} messages in answer to one question", "一次查询，对方发来的消息不止 {n} 条"),
    (
        "the server wants more than {n} rounds of SCRAM for a password",
        "对方要求密码做 {n} 轮以上的 SCRAM 运算：请把那边的 scram_iterations 调小",
    ),
    (
        "a column is a row, a path, a polygon, a snapshot or a multirange: select its parts",
        "有一列是整行、路径、多边形、快照或者多段范围：请在语句里分开查它的各项",
    ),
    ("an array says that it is longer than it is", "有一列数组写的长度与内容不符"),
    # of HTTP
    ("{setting}: {said} is none of {known}", "{setting}：{said} 不在 {known} 之列"),
    ("settings.method: {said} is neither GET nor POST", "settings.method：{said} 不是 GET 也不是 POST"),
    (
        "settings.auth.algorithm: OpenSSL on this machine has no {name}",
        "settings.auth.algorithm：本机的 OpenSSL 没有 {name}",
    ),
    ("settings.auth.token_url must begin with https://", "settings.auth.token_url 要以 https:// 开头"),
    ("settings.auth: {names} is missing", "settings.auth：缺少 {names}"),
    ("settings.url must begin with https:// and name a host", "settings.url 要以 https:// 开头，并写明主机"),
    (
        "settings.url is not encrypted: use https://, or state {words}",
        "settings.url 没有加密：改用 https://，或者写 {words}",
    ),
    (
        "settings.url is an address only: put a key into auth, a query into query",
        "settings.url 只写地址：密钥写到 auth，参数写到 query",
    ),
    ("settings.ca: {error}", "settings.ca：{error}"),
    ("settings.map.{name} is a pointer, or an object of {keys}", "settings.map.{name} 写指针，或者写有 {keys} 的对象"),
    ("settings.map.{name}: the answer's value is none of {known}", "settings.map.{name}：答复里的值不在 {known} 之列"),
    (
        "settings.map.{name}: the answer's value is no date written {how}",
        "settings.map.{name}：答复里的值不是写成 {how} 的日期",
    ),
    ("settings.map.{name}: the answer's value is no number", "settings.map.{name}：答复里的值不是数"),
    ("the service does not permit the question (403)", "对方不准查这个内容（403）"),
    ("the service does not permit the question", "对方不准查这个内容"),
    (
        'the service redirects ({status}); allow it with "allow": ["redirects"], or mend the address',
        '对方转向别处（{status}）：写 "allow": ["redirects"] 放开，或者改正地址',
    ),
    ("the service redirects to another address", "对方转向另一个地址"),
    ("the service redirects to another host", "对方转向另一台主机"),
    ("the service leads to an address that is not encrypted", "对方转向没有加密的地址"),
    (
        'the service lies in a private network (this machine is one); allow it with "allow": ["private"]',
        '对方在内网（本机也算内网）：写 "allow": ["private"] 放开',
    ),
    (
        "the service answered {status}: is the path right? Where that is its answer for nobody, say {word}, or in "
        "empty_when how its answer tells",
        "对方答 {status}：路径写对了吗？查无此人时它就这样答的，写 {word}，或者用 empty_when 写明怎样看出来",
    ),
    (
        "the service answered {status}, but settings.empty_when does not hold ({pointers}): is the path right?",
        "对方答 {status}，但 settings.empty_when 不成立（{pointers}）：路径写对了吗？",
    ),
    (
        "the service answered {status}: it does not understand the question",
        "对方答 {status}：它看不懂查的内容",
    ),
    ("the service answered {status}: {why}", "对方答 {status}：{why}"),
    ("the service answered {status}", "对方答 {status}"),
    ("settings.ok_when does not hold ({pointers})", "settings.ok_when 不成立（{pointers}）"),
    ("the answer has nothing where settings.records points", "答复里没有 settings.records 所指的内容"),
    ("the answer is not JSON ({how}, {n} bytes)", "答复不是 JSON（{how}，{n} 字节）"),
    ("the answer names a field twice in one object", "答复的一个对象里有两个同名的字段，不知道该信哪一个"),
    ("the token service answered more than {n} bytes", "领令牌的服务答了不止 {n} 字节"),
    ("the token service answered {status}", "领令牌的服务答 {status}"),
    ("the token service gave no token", "领令牌的服务没有给令牌"),
    ("the answer is packed as {coding}", "答复用 {coding} 压缩，这里读不了"),
    ("the answer cannot be unpacked", "答复解压不了"),
    ("the answer is larger than {n} bytes", "答复大于 {n} 字节"),
    ("the question's {name} cannot stand in a path", "查的 {name} 不能放进路径"),
    # of the conformance suite
    ("left out: {why}", "没有查：{why}"),
    ("not asked: {why}", "没有问到：{why}"),
    (
        'no question is known that it answers: add one to the query schema as "examples"',
        '不知道问什么它会有答复：在 query 里用 "examples" 写一个',
    ),
    ("no key could be made up that fits the query schema", "编不出一个合乎 query 又查无此人的值"),
    (
        "no field of the record has the name of a field of the query: a wrong record cannot be noticed",
        "record 里没有一项与 query 的字段同名：查到别人的记录也看不出来",
    ),
    (
        "the record leaves out {names}, so a wrong record cannot be noticed",
        "查回的记录没有 {names}：查到别人的记录也看不出来",
    ),
    ("asked twice, it gave {said} once: {why}", "问两次，有一次是 {said}：{why}"),
    ("the same question gave two different records", "同一个问题得到两条不同的记录"),
    ("asked for one record again: {said}: {why}", "再查一条：{said}：{why}"),
    ("asked for a list: {said}: {why}", "查一列：{said}：{why}"),
    ("the list does not hold the record that was found alone", "查一列的结果里没有单查时查到的那一条"),
    ("a key that is nobody's gave {said}", "查一个谁也不是的值，得到 {said}"),
    (
        "a question that fits no schema gave {said}; close the query schema",
        '不合 query 的问题得到 {said}：请在 query 里写 "additionalProperties": false',
    ),
    (
        'a question that fits no schema was asked: set "additionalProperties": false',
        '不合 query 的问题也问出去了：请写 "additionalProperties": false',
    ),
    (
        "{question} found {n} records: values become part of the question",
        "{question} 查到 {n} 条：值成了语句的一部分",
    ),
    ("after the attacks a known question gave {said}: {why}", "试过恶意的内容之后，原来的问题得到 {said}：{why}"),
    ("asked alone: {said}: {why}", "单独问：{said}：{why}"),
    ("asked several at once, one was down: {why}. {fewer}", "同时问几个，有一个没有应答：{why}。{fewer}"),
    (
        'Where the register bears fewer questions at once, "settings": {{"concurrent": 1}} asks them one after '
        "the other",
        '登记系统一次受不了这么多的，写 "settings": {{"concurrent": 1}}，一个一个地问',
    ),
    ("asked among others it gave another answer ({said}: {why})", "与别的一起问，答复变了（{said}：{why}）"),
    ("asked among others the list was another ({said})", "与别的一起问，列出的变了（{said}）"),
    ("asked among others, nobody's key gave {said}", "与别的一起问，谁也不是的值得到 {said}"),
    ("gave {said} when there was no time", "没有时间时却得到 {said}"),
    ("the question did not end when its time was over", "到了时限，问题没有停"),
    ("asked again after the hurry it gave {said}: {why}", "赶过之后再问，得到 {said}：{why}"),
    ("{n} threads are left after closing", "关掉以后还留着 {n} 个线程"),
    (
        'settings name no address to stand before: "url": "scheme://host:port", or "host" and "port"',
        'settings 里没有地址，不能在线上捣乱："url": "scheme://host:port"，或者 "host" 和 "port"',
    ),
    ("asked by way of 127.0.0.1 it does not answer ({said}: {why})", "经 127.0.0.1 去问，它不答复（{said}：{why}）"),
    (
        "only an address that begins with http:// is given answers of HTTP",
        "地址以 http:// 开头的，才拿 HTTP 的答复去试",
    ),
    ("gave {said} where {due} is due: {why}", "得到 {said}，应当是 {due}：{why}"),
    ("did not end in time", "没有按时停"),
)
"""English → Chinese; `{hole}` is what is filled in, and may be a sentence of ours itself."""

OUTCOMES = {"found": "查到", "empty": "查无", "down": "没有应答", "refused": "不准查"}


@lru_cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Those with most words of their own first: they are the surest."""
    made = []
    for english, chinese in SENTENCES:
        parts = _HOLE.split(english.replace("{{", "\0").replace("}}", "\1"))
        body = "".join(f"(?P<{part}>.*?)" if n % 2 else re.escape(_whole(part)) for n, part in enumerate(parts))
        made.append((len("".join(parts[::2])), re.compile(body + r"\Z", re.DOTALL), chinese))
    return tuple((pattern, chinese) for _, pattern, chinese in sorted(made, key=lambda one: -one[0]))


def _whole(text: str) -> str:
    return text.replace("\0", "{").replace("\1", "}")


def told(reason: str, language: str, *, deep: int = 0) -> str:
    """The reason in the reader's language; as it is where nobody of ours has said it."""
    if not language.startswith("zh") or not reason or deep > _DEEPEST:
        return reason
    if reason in OUTCOMES:
        return OUTCOMES[reason]
    for pattern, chinese in _patterns():
        met = pattern.match(reason)
        if met is not None:
            return chinese.format(
                **{name: told(said, language, deep=deep + 1) for name, said in met.groupdict().items()}
            )
    for sign in ("; ", ": "):
        first, parted, rest = reason.partition(sign)
        if parted and (first in OUTCOMES or sign == "; "):
            between = "；" if sign == "; " else "："
            return between.join(told(part, language, deep=deep + 1) for part in (first, rest))
    return reason
