"""The sentences for an answer that a schema refuses, Chinese and English, per keyword and kind of question.

Knows no schema and no page: it is given the keyword, its parameters and the question's title.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ZH: dict[str, str] = {
    "required": "请填写{title}",
    "required.choice": "请选择{title}",
    "required.yesno": "请选择{title}",
    "required.box": "请勾选“{title}”",
    "required.file": "请上传{title}",
    "required.rows": "请至少填写一项{title}",
    "required.group": "请填写{title}",
    "required.signature": "请签名",
    "type": "{title}的内容无法识别，请重新填写",
    "type.integer": "{title}请填写整数",
    "type.number": "{title}请填写数字",
    "type.long": "{title}的数字太长，请核对有没有多按",
    "type.exponent": "{title}里有字母 e，请把数字完整写出来，例如 1200",
    "type.fraction": "{title}请填写整数，不要带小数",
    "type.choice": "请选择{title}",
    "type.yesno": "请选择{title}",
    "enum": "请从列出的选项中选择{title}",
    "const": "{title}应为“{expected}”",
    "const.box": "请勾选“{title}”",
    "minLength": "{title}至少{limit}个字",
    "minLength.one": "请填写{title}",
    "minLength.digits": "{title}至少{limit}位",
    "maxLength": "{title}最多{limit}个字",
    "maxLength.digits": "{title}最多{limit}位",
    "pattern": "{title}的格式不对，请检查",
    "minimum": "{title}不能小于{limit}",
    "maximum": "{title}不能大于{limit}",
    "exclusiveMinimum": "{title}必须大于{limit}",
    "exclusiveMaximum": "{title}必须小于{limit}",
    "multipleOf": "{title}应为{multiple_of}的倍数",
    "multipleOf.cents": "{title}最多保留{places}位小数",
    "minItems": "{title}至少{limit}项",
    "minItems.choice": "{title}至少选择{limit}项",
    "maxItems": "{title}最多{limit}项",
    "maxItems.choice": "{title}最多选择{limit}项",
    "uniqueItems": "{title}中有重复的内容",
    "contains": "{title}缺少必需的一项",
    "minProperties": "{title}至少填写{limit}项",
    "maxProperties": "{title}最多填写{limit}项",
    "additionalProperties": "不能填写未列出的内容：{names}",
    "unevaluatedProperties": "不能填写未列出的内容：{names}",
    "patternProperties": "“{name}”不能用作这里的名称，请按说明改写",
    "patternProperties.name": "请给这项内容写上名称",
    "propertyNames": "{title}中有不能使用的名称",
    "falseSchema": "此处不应填写{title}",
    "not": "{title}的内容不符合要求，请检查",
    "anyOf": "{title}的内容不符合要求，请检查",
    "anyOf.open": "请至少填写以下一项：{names}",
    "oneOf": "{title}的内容不符合要求，请检查",
    "oneOf.open": "{title}：请选择一种情况并填写",
    "oneOf.open.whole": "请选择一种情况并填写",
    "oneOf.many": "{title}只能填写其中一种情况",
    "unreadable": "提交的内容无法读取，请重新填写",
    "period": "{title}不能早于{other}",
    "period.start": "{title}不能晚于{other}",
    "format": "{title}的格式不对，请检查",
    "format.date": "{title}请填写真实存在的日期，例如 1950 年 3 月 27 日",
    "format.time": "{title}请填写时间，例如 14:30",
    "format.date-time": "{title}请填写日期和时间",
    "format.duration": "{title}请填写一段时间",
    "format.email": "{title}请填写完整的电子邮箱，例如 name@example.com",
    "format.uri": "{title}请填写完整的网址，例如 https://www.example.com",
    "format.cn-id-number": "{title}不正确，请核对 18 位身份证号码",
    "format.cn-credit-code": "{title}不正确，请核对 18 位统一社会信用代码",
    "format.cn-mobile": "{title}请填写 11 位手机号码",
    "format.cn-bank-card": "{title}不正确，请核对银行卡号",
    "format.cn-postcode": "{title}请填写 6 位邮政编码",
    "format.cn-area": "请选择{title}",
    "format.signature": "签名无法识别，请重新手写，或输入姓名",
    "file": "{title}请换一个文件：内容与名称或要求的类型不符，或者是空的",
    "file.size": "{title}的文件超过 {limit} MB，请压缩后再上传",
    "format.cn-money": "{title}请用数字填写金额，例如 1280.50",
    "other": "{title}不符合要求，请检查",
    "this": "此项",
}

EN: dict[str, str] = {
    "required": "Enter {title}",
    "required.choice": "Select {title}",
    "required.yesno": "Answer “{title}”",
    "required.box": "Tick “{title}”",
    "required.file": "Upload {title}",
    "required.rows": "Fill in at least one entry of {title}",
    "required.group": "Fill in {title}",
    "required.signature": "Sign here",
    "type": "{title} cannot be read; enter it again",
    "type.integer": "{title} must be a whole number",
    "type.number": "{title} must be a number",
    "type.long": "{title} has too many digits; check whether a key was held down",
    "type.exponent": "{title} has an “e” in it; write the number out in figures, such as 1200",
    "type.fraction": "{title} must be a whole number, without decimals",
    "type.choice": "Select {title}",
    "type.yesno": "Answer “{title}”",
    "enum": "Select {title} from the list",
    "const": "{title} must be “{expected}”",
    "const.box": "Tick “{title}”",
    "minLength": "{title} must have at least {limit} characters",
    "minLength.one": "Enter {title}",
    "minLength.digits": "{title} must have at least {limit} digits",
    "maxLength": "{title} must have at most {limit} characters",
    "maxLength.digits": "{title} must have at most {limit} digits",
    "pattern": "{title} is not in the right form",
    "minimum": "{title} must be {limit} or more",
    "maximum": "{title} must be {limit} or less",
    "exclusiveMinimum": "{title} must be more than {limit}",
    "exclusiveMaximum": "{title} must be less than {limit}",
    "multipleOf": "{title} must be a multiple of {multiple_of}",
    "multipleOf.cents": "{title} may have at most {places} decimal places",
    "minItems": "{title} needs at least {limit} entries",
    "minItems.choice": "Select at least {limit} of {title}",
    "maxItems": "{title} may have at most {limit} entries",
    "maxItems.choice": "Select at most {limit} of {title}",
    "uniqueItems": "{title} contains the same entry twice",
    "contains": "{title} lacks an entry that is needed",
    "minProperties": "{title} needs at least {limit} answers",
    "maxProperties": "{title} may have at most {limit} answers",
    "additionalProperties": "These cannot be answered here: {names}",
    "unevaluatedProperties": "These cannot be answered here: {names}",
    "patternProperties": "“{name}” cannot be used as a name here; write it as the hint says",
    "patternProperties.name": "Give this entry a name",
    "propertyNames": "{title} contains a name that cannot be used",
    "falseSchema": "{title} must be left empty here",
    "not": "{title} is not acceptable; check it",
    "anyOf": "{title} is not acceptable; check it",
    "anyOf.open": "Fill in at least one of: {names}",
    "oneOf": "{title} is not acceptable; check it",
    "oneOf.open": "{title}: select which case applies and fill it in",
    "oneOf.open.whole": "Select which case applies and fill it in",
    "oneOf.many": "Only one case of {title} may be filled in",
    "unreadable": "What was sent cannot be read; fill it in again",
    "period": "{title} cannot be before {other}",
    "period.start": "{title} cannot be after {other}",
    "format": "{title} is not in the right form",
    "format.date": "{title} must be a real date, such as 27 March 1950",
    "format.time": "{title} must be a time, such as 14:30",
    "format.date-time": "{title} must be a date and a time",
    "format.duration": "{title} must be a length of time",
    "format.email": "{title} must be a full e-mail address, such as name@example.com",
    "format.uri": "{title} must be a full web address, such as https://www.example.com",
    "format.cn-id-number": "{title} is not a valid 18-character identity number",
    "format.cn-credit-code": "{title} is not a valid 18-character unified social credit code",
    "format.cn-mobile": "{title} must be an 11-digit mobile number",
    "format.cn-bank-card": "{title} is not a valid bank card number",
    "format.cn-postcode": "{title} must be a 6-digit postcode",
    "format.cn-area": "Select {title}",
    "format.signature": "The signature cannot be read; sign again, or type your name",
    "file": "{title}: choose another file; its content does not fit its name or what is asked for, or it is empty",
    "file.size": "{title}: the file is larger than {limit} MB; make it smaller and upload it again",
    "format.cn-money": "{title} must be an amount in figures, such as 1280.50",
    "other": "{title} is not acceptable; check it",
    "this": "this",
}

TABLES = {"zh": ZH, "en": EN}


def sentence(keyword: str, params: Mapping[str, Any], *, title: str, kind: str, language: str) -> str:
    """One sentence. `kind` is the kind of question: text, digits, choice, choices, yesno, box, file, rows, group,
    integer, number, signature; the sentence for the keyword and kind is taken where there is one."""
    table = TABLES.get(language[:2], ZH)
    text = table.get(f"{_key(keyword, params, kind)}.whole") if not title else None
    text = text or table.get(_key(keyword, params, kind)) or table.get(keyword) or table["other"]
    done = text.replace("{title}", title or table["this"])
    if "{" in text.replace("{title}", ""):
        for name, value in _values(params, table).items():
            done = done.replace(f"{{{name}}}", str(value))
    return done[:1].upper() + done[1:] if table is EN else done


def unfit_name(name: str, language: str) -> str:
    """What is said of a name that the applicant wrote and that fits none of the patterns there."""
    return sentence("patternProperties", {"name": name[:40]}, title="", kind="", language=language)


def unnamed(language: str) -> str:
    """What is said of a further property that was given a content and no name."""
    return sentence("patternProperties.name", {}, title="", kind="", language=language)


def _values(params: Mapping[str, Any], table: Mapping[str, str]) -> dict[str, Any]:
    return {
        "limit": _plain(params.get("limit", "")),
        "multiple_of": _plain(params.get("multiple_of", "")),
        "places": _places(params.get("multiple_of")),
        "expected": params.get("expected_value", ""),
        "name": params.get("name", ""),
        "other": params.get("other", ""),
        "names": ("、" if table is ZH else ", ").join(map(str, params.get("names") or params.get("unexpected") or ())),
    }


def _key(keyword: str, params: Mapping[str, Any], kind: str) -> str:
    if keyword == "dependentRequired":
        keyword = "required"
    if keyword == "minLength" and params.get("limit") == 1:
        return "minLength.one"
    if keyword == "multipleOf" and _places(params.get("multiple_of")):
        return "multipleOf.cents"
    if keyword == "period":
        return "period.start" if params.get("which") == "start" else "period"
    if keyword == "format":
        return f"format.{params.get('format')}"
    if keyword == "oneOf" and params.get("matched", 0) > 1:
        return "oneOf.many"
    if keyword in ("oneOf", "anyOf") and params.get("open"):
        return f"{keyword}.open" if keyword == "oneOf" or params.get("names") else keyword
    if keyword in ("minItems", "maxItems") and kind == "choices":
        kind = "choice"
    if keyword == "required" and kind == "choices":
        kind = "choice"
    return f"{keyword}.{kind}"


def _plain(number: Any) -> str:
    """12.0 → 12; 1e-2 → 0.01."""
    if isinstance(number, float):
        return f"{number:.10f}".rstrip("0").rstrip(".")
    return str(number)


def _places(step: Any) -> int:
    """2 for a step of 0.01; 0 for a step that is not a power of ten below one."""
    text = _plain(float(step)) if isinstance(step, (int, float)) else str(step or "")
    head, dot, tail = text.partition(".")
    return len(tail) if dot and head == "0" and tail.strip("0") == "1" and tail.endswith("1") else 0
