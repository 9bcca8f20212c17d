"""A file against its schema: keys, types, values."""

from core.contract import Said
from core.faults.sentence import Code, S

CODES = {
    "unknown-key": Code(
        "没有这个键，多半是写错了。",
        S('"{key}" is not a key here.', "这里没有“{key}”这个键。"),
        name=S('"{key}" cannot stand here{title}.', "这里不能写“{key}”{title}。"),
        number=S('"{key}" says nothing of a number.', "“{key}”不能用来说数的大小。"),
        condition=S('"{key}" is not a keyword of a condition.', "条件里没有“{key}”这个关键字。"),
    ),
    "missing-key": Code(
        "缺少必须写的键。",
        S('"{key}"{title} is missing.', "缺少“{key}”{title}。", 'Add "{key}".', "补上“{key}”。"),
        step=S("A step with findings needs an id to read them by.", "有 findings 的环节要有编号，规则才能读它的结论。",
               'Add "id", for example "inspection".', '补上 id，例如 "inspection"。'),
        valid=S('"{key}" says from when, but "valid" does not say how long.',
                "“{key}”说了从哪天起，“valid”却没有说多久。",
                'Add "valid", or name the last day in valid_until.', "补上 valid，或者用 valid_until 写明最后一天。"),
    ),
    "wrong-type": Code(
        "值的类型不对（比如该写数却写了文字）。",
        S("{value} is not {types}{title}.", "{value} 写得不对，这里要写{types}{title}。"),
        clock=S("A number schema stands here.", "这里要写对数的要求。",
                'For example {{"minimum": 80}}.', '例如 {{"minimum": 80}}。'),
    ),
    "wrong-value": Code(
        "值不在允许的几个里，或不合格式。",
        S("{value} cannot stand here{title}.", "这里不能写 {value}{title}。"),
        fit=S("{value} does not fit{title}.", "{value} 的写法不对{title}。"),
        finding=S("{value} does not fit the findings of this step.", "{value} 不合这个环节 findings 的要求。",
                  "Mend it here, or the step's schema.", "改这里，或改环节的 findings。"),
        limit=S("{value} does not fit{title}: {limit}.", "{value} 不合要求{title}：{limit}。"),
        empty=S("This may not be empty{title}.", "这里不能是空的{title}。"),
        name=S('"{name}" cannot be a name{title}.', "“{name}”不能做名称{title}。",
               "Small English letters, digits, _ and -.", "只用小写英文字母、数字、_ 和 -。"),
        dialect=S('"{name}" is not a dialect of JSON Schema that is known here.', "不认识“{name}”这种 JSON Schema。",
                  'Write "{current}".', "写成“{current}”。"),
    ),
    "wrong-contract": Code(
        "contract 写的不是本版支持的插件约定（目前是 1）。",
        S("{value} cannot stand here{title}.", "这里不能写 {value}{title}。", "Write 1.", "写成 1。"),
    ),
}  # fmt: skip

TYPES = {
    "string": Said("a text", "文字（加双引号）"),
    "number": Said("a number", "数（不加引号）"),
    "integer": Said("a whole number", "整数（不加引号）"),
    "boolean": Said("true or false", "是或否（true、false，不加引号）"),
    "object": Said("an object {…}", "对象 {…}"),
    "array": Said("a list […]", "列表 […]"),
    "null": Said("null", "空值 null"),
}
"""JSON types in a sentence of what should be written."""

VALUES = {
    "string": Said("a text", "文字"),
    "number": Said("a number", "数"),
    "array": Said("a list", "列表"),
    "object": Said("an object", "对象"),
    "integer": Said("a whole number", "整数"),
    "boolean": Said("true or false", "是否（true、false）"),
    "null": Said("null", "null"),
}
"""JSON types in a sentence of what a value is."""

_LIMITS = {
    "minLength": "至少 {} 个字符",
    "maxLength": "最多 {} 个字符",
    "minimum": "不能小于 {}",
    "maximum": "不能大于 {}",
    "exclusiveMinimum": "要大于 {}",
    "exclusiveMaximum": "要小于 {}",
    "multipleOf": "要是 {} 的倍数",
    "maxItems": "最多 {} 项",
    "maxProperties": "最多 {} 个键",
    "uniqueItems": "不能重复",
    "format": "要合格式 {}",
    "contains": "缺少必须有的一项",
}


def limit(keyword: str, wanted: object) -> Said:
    """`minLength 1` → 至少 1 个字符."""
    plain = not isinstance(wanted, (dict, list))
    en = f"{keyword} {wanted}" if plain else keyword
    return Said(en, _LIMITS[keyword].format(wanted) if keyword in _LIMITS else en)
