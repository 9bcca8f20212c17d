"""The exhibits of constructs: groups, lists, conditions, branches, pages. Made up, and plainly so. Knows only JSON."""

from __future__ import annotations

from forms.engine.exhibits.exhibit import Exhibit, Schema, one

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


def shown() -> list[Exhibit]:
    """Every construct."""
    return [
        ("可以为空", one("n", {"type": ["string", "null"], "title": "曾用名"}), {"n": None}),
        ("几种类型之一", one("x", {"type": ["string", "integer", "boolean"], "title": "编号或数字"}), {"x": 7}),
        ("一组", one("g", {**_PERSON, "title": "配偶"}), {"g": {"name": "李四", "relation": "配偶"}}),
        (
            "列表（增、删、移，不用脚本）",
            one("rows", {"type": "array", "title": "家庭成员", "items": _PERSON, "maxItems": 5}),
            {"rows": [{"name": "李四"}, {"name": "王五"}]},
        ),
        ("文字列表", one("l", {"type": "array", "title": "作品", "items": _TEXT}), {"l": ["一", "二"]}),
        (
            "定长列表",
            one(
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
            one("more", {"type": "object", "title": "其他", "additionalProperties": {"type": "string"}}),
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
        (
            "预先填好（default）",
            one("n", {"type": "integer", "title": "份数", "default": 2, "minimum": 1}),
            {"n": 2},
        ),
        (
            "选项另有名称（enumNames）",
            one("k", {"title": "性别", "enum": [1, 2], "enumNames": ["男", "女"]}),
            {"k": 2},
        ),
        (
            "自己的提示（errorMessage）",
            one(
                "n",
                {"type": "integer", "title": "人数", "minimum": 3, "errorMessage": {"minimum": "至少三个人才能预约"}},
            ),
            {"n": 1},
        ),
        (
            "条件：是与否问的不同",
            (
                {
                    "type": "object",
                    "required": ["own"],
                    "properties": {"own": {"type": "boolean", "title": "房屋是自己的吗"}},
                    "if": {"properties": {"own": {"const": True}}, "required": ["own"]},
                    "then": {"properties": {"certificate": {"type": "string", "title": "不动产权证号"}}},
                    "else": {
                        "properties": {"landlord": {"type": "string", "title": "房东姓名"}},
                        "required": ["landlord"],
                    },
                },
                None,
            ),
            {"own": False, "landlord": "王五"},
        ),
        (
            "条件：填了一项，另一项就必填",
            (
                {
                    "type": "object",
                    "properties": {
                        "tel": {"type": "string", "title": "座机"},
                        "ext": {"type": "string", "title": "分机号"},
                    },
                    "dependentRequired": {"tel": ["ext"]},
                },
                None,
            ),
            {"tel": "051200000000"},
        ),
        (
            "分支：可以同时有几种情况（anyOf）",
            (
                {
                    "type": "object",
                    "anyOf": [
                        {
                            "title": "有电话",
                            "required": ["tel"],
                            "properties": {"tel": {"type": "string", "title": "电话"}},
                        },
                        {
                            "title": "有邮箱",
                            "required": ["mail"],
                            "properties": {"mail": {"type": "string", "title": "邮箱"}},
                        },
                    ],
                },
                None,
            ),
            {"tel": "051200000000", "mail": "a@example.com"},
        ),
        (
            "几部分合成一组（allOf）",
            (
                {
                    "allOf": [
                        {
                            "type": "object",
                            "properties": {"name": {"type": "string", "title": "姓名"}},
                            "required": ["name"],
                        },
                        {"properties": {"age": {"type": "integer", "title": "年龄", "minimum": 0}}},
                    ]
                },
                None,
            ),
            {"name": "张三", "age": 80},
        ),
        (
            "定长之后还可以添加",
            one(
                "l",
                {
                    "type": "array",
                    "title": "联系电话",
                    "prefixItems": [{"type": "string", "title": "本人"}],
                    "items": {"type": "string", "title": "其他"},
                    "maxItems": 4,
                },
            ),
            {"l": ["13900000000", "13800000000"]},
        ),
        (
            "其他内容（按名称定类型）",
            one(
                "more",
                {
                    "type": "object",
                    "title": "数量",
                    "patternProperties": {"数$": {"type": "integer"}},
                    "additionalProperties": False,
                },
            ),
            {"more": {"桌数": 3}},
        ),
        (
            "问题的先后（ui:order）",
            (
                {
                    "type": "object",
                    "properties": {
                        "b": {"type": "string", "title": "第二个问题"},
                        "a": {"type": "string", "title": "第一个问题"},
                    },
                },
                {"ui:order": ["a", "b"]},
            ),
            {"a": "甲", "b": "乙"},
        ),
    ]
