"""The exhibits of the gallery: every widget and construct with a schema, a ui and answers. Made up, and plainly so.

Knows only JSON; `gallery` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]


def _one(name: str, schema: Schema, ui: Mapping[str, Any] | None = None) -> tuple[Schema, Mapping[str, Any] | None]:
    return {"type": "object", "properties": {name: schema}, "required": [name]}, {name: ui} if ui else None


_TEXT: Schema = {"type": "string"}
_PERSON: Schema = {
    "type": "object",
    "title": "家庭成员",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "title": "姓名"},
        "relation": {"title": "关系", "enum": ["配偶", "子女", "父母"]},
    },
}


def declared() -> list[tuple[str, tuple[Schema, Mapping[str, Any] | None], Any]]:
    """(title, (schema, ui), answers)"""
    return [
        (
            "文字",
            _one("name", {"type": "string", "title": "姓名", "maxLength": 30}, {"ui:autocomplete": "name"}),
            {"name": "张三"},
        ),
        (
            "长文字",
            _one("why", {"type": "string", "title": "说明", "maxLength": 500, "description": "写明原因。"}),
            {"why": "一\n二"},
        ),
        ("整数", _one("n", {"type": "integer", "title": "人数", "minimum": 1}), {"n": 3}),
        ("小数", _one("n", {"type": "number", "title": "面积", "description": "平方米"}), {"n": 12.5}),
        (
            "金额（元，按原样保存）",
            _one("m", {"type": "string", "format": "cn-money", "title": "金额"}),
            {"m": "1280.50"},
        ),
        ("是或否", _one("b", {"type": "boolean", "title": "是否有车"}), {"b": False}),
        ("承诺（单个勾选框）", _one("ok", {"const": True, "title": "以上内容属实"}), {"ok": True}),
        ("单选", _one("k", {"title": "类别", "enum": ["甲类", "乙类", "丙类"]}), {"k": "乙类"}),
        (
            "单选，值与名称不同",
            _one(
                "k",
                {"title": "领取", "oneOf": [{"const": "mail", "title": "邮寄"}, {"const": "self", "title": "自取"}]},
            ),
            {"k": "mail"},
        ),
        (
            "下拉列表（六项以上）",
            _one("k", {"title": "月份", "enum": [f"{m} 月" for m in range(1, 13)]}),
            {"k": "3 月"},
        ),
        (
            "多选",
            _one(
                "k",
                {"type": "array", "title": "服务", "uniqueItems": True, "items": {"enum": ["助餐", "助浴", "助洁"]}},
            ),
            {"k": ["助洁", "助餐"]},
        ),
        (
            "日期（年、月、日）",
            _one("d", {"type": "string", "format": "date", "title": "出生日期"}, {"ui:autocomplete": "bday"}),
            {"d": "1940-02-03"},
        ),
        ("时间", _one("t", {"type": "string", "format": "time", "title": "上门时间"}), {"t": "14:30:00+08:00"}),
        (
            "日期和时间",
            _one("t", {"type": "string", "format": "date-time", "title": "预约"}),
            {"t": "2026-11-22T14:30:00+08:00"},
        ),
        (
            "起止日期",
            _one(
                "p",
                {
                    "type": "object",
                    "title": "占用期间",
                    "required": ["from", "to"],
                    "properties": {
                        "from": {"type": "string", "format": "date", "title": "开始"},
                        "to": {"type": "string", "format": "date", "title": "结束"},
                    },
                },
            ),
            {"p": {"from": "2026-11-01", "to": "2026-11-30"}},
        ),
        ("身份证号", _one("id", {"type": "string", "format": "cn-id-number", "title": "身份证号"}), None),
        (
            "统一社会信用代码",
            _one("c", {"type": "string", "format": "cn-credit-code", "title": "统一社会信用代码"}),
            None,
        ),
        ("手机号码", _one("p", {"type": "string", "format": "cn-mobile", "title": "手机号码"}), {"p": "13900000000"}),
        ("银行卡号", _one("c", {"type": "string", "format": "cn-bank-card", "title": "银行卡号"}), None),
        ("区划", _one("a", {"type": "string", "format": "cn-area", "title": "所在村（社区）"}), {"a": "320583103205"}),
        (
            "地址",
            _one(
                "a",
                {
                    "type": "object",
                    "title": "地址",
                    "required": ["area", "detail"],
                    "properties": {
                        "area": {"type": "string", "format": "cn-area", "title": "所在村（社区）"},
                        "detail": {"type": "string", "title": "详细地址", "description": "路名、门牌、室号。"},
                    },
                },
                {"detail": {"ui:autocomplete": "street-address"}},
            ),
            {"a": {"area": "320583103206", "detail": "示例路 1 号"}},
        ),
        ("电子邮箱", _one("e", {"type": "string", "format": "email", "title": "电子邮箱"}), {"e": "a@example.com"}),
        ("网址", _one("u", {"type": "string", "format": "uri", "title": "网址"}), {"u": "https://www.example.com"}),
        (
            "颜色",
            _one("c", {"type": "string", "format": "color", "title": "颜色", "description": "如 #003a8c"}),
            {"c": "#003a8c"},
        ),
        ("密码", _one("p", {"type": "string", "title": "密码"}, {"ui:widget": "password"}), None),
        (
            "照片（手机可拍）",
            _one("f", {"type": "string", "format": "data-url", "contentMediaType": "image/*", "title": "照片"}),
            None,
        ),
        (
            "签名（可输入姓名代替）",
            _one("s", {"type": "string", "title": "签名"}, {"ui:widget": "signature"}),
            {"s": "张三"},
        ),
        ("不可修改", _one("k", {"title": "类别", "enum": ["甲类", "乙类"], "readOnly": True}), {"k": "甲类"}),
        ("可以为空", _one("n", {"type": ["string", "null"], "title": "曾用名"}), {"n": None}),
        ("几种类型之一", _one("x", {"type": ["string", "integer", "boolean"], "title": "编号或数字"}), {"x": 7}),
        ("一组", _one("g", {**_PERSON, "title": "配偶"}), {"g": {"name": "李四", "relation": "配偶"}}),
        (
            "列表（增、删、移，不用脚本）",
            _one("rows", {"type": "array", "title": "家庭成员", "items": _PERSON, "maxItems": 5}),
            {"rows": [{"name": "李四"}, {"name": "王五"}]},
        ),
        ("文字列表", _one("l", {"type": "array", "title": "作品", "items": _TEXT}), {"l": ["一", "二"]}),
        (
            "定长列表",
            _one(
                "l",
                {
                    "type": "array",
                    "title": "坐标",
                    "prefixItems": [{"type": "number", "title": "东经"}, {"type": "number", "title": "北纬"}],
                    "items": False,
                },
            ),
            {"l": [120.9, 31.3]},
        ),
        (
            "条件：选了才问",
            (
                {
                    "type": "object",
                    "required": ["light"],
                    "properties": {"light": {"type": "boolean", "title": "是否亮灯"}},
                    "if": {"properties": {"light": {"const": True}}, "required": ["light"]},
                    "then": {"properties": {"power": {"type": "number", "title": "功率（瓦）"}}, "required": ["power"]},
                },
                None,
            ),
            {"light": True},
        ),
        (
            "条件：填了一项就要另一项",
            (
                {
                    "type": "object",
                    "properties": {"card": {"type": "string", "title": "卡号"}},
                    "dependentSchemas": {
                        "card": {"properties": {"bank": {"type": "string", "title": "开户行"}}, "required": ["bank"]}
                    },
                },
                None,
            ),
            {"card": "6222"},
        ),
        (
            "分支：先选一种情况",
            (
                {
                    "type": "object",
                    "oneOf": [
                        {
                            "title": "有证",
                            "required": ["no"],
                            "properties": {"no": {"type": "string", "title": "证号"}},
                        },
                        {
                            "title": "无证",
                            "required": ["why"],
                            "properties": {"why": {"type": "string", "title": "原因"}},
                        },
                    ],
                },
                None,
            ),
            {"why": "遗失"},
        ),
        (
            "分支：由一项答案决定",
            (
                {
                    "type": "object",
                    "oneOf": [
                        {
                            "title": "个人",
                            "required": ["who"],
                            "properties": {
                                "who": {"const": "person", "title": "申请人类型"},
                                "name": {"type": "string", "title": "姓名"},
                            },
                        },
                        {
                            "title": "企业",
                            "required": ["who"],
                            "properties": {"who": {"const": "firm"}, "firm": {"type": "string", "title": "名称"}},
                        },
                    ],
                },
                None,
            ),
            {"who": "firm", "firm": "示例公司"},
        ),
        (
            "其他内容（名称自拟）",
            _one("more", {"type": "object", "title": "其他", "additionalProperties": {"type": "string"}}),
            {"more": {"备注": "周末在家"}},
        ),
        (
            "自身嵌套",
            (
                {
                    "$ref": "#/$defs/unit",
                    "$defs": {
                        "unit": {
                            "type": "object",
                            "properties": {
                                "title": {"type": "string", "title": "名称"},
                                "parts": {"type": "array", "title": "下级", "items": {"$ref": "#/$defs/unit"}},
                            },
                        }
                    },
                },
                None,
            ),
            {"title": "一级", "parts": [{"title": "二级", "parts": [{"title": "三级"}]}]},
        ),
        (
            "分页",
            (
                {
                    "type": "object",
                    "required": ["name", "phone"],
                    "properties": {
                        "name": {"type": "string", "title": "姓名"},
                        "phone": {"type": "string", "format": "cn-mobile", "title": "手机号码"},
                    },
                },
                {"ui:pages": [{"title": "您是谁", "fields": ["name"]}, {"title": "怎样联系", "fields": ["phone"]}]},
            ),
            {"name": "张三"},
        ),
    ]
