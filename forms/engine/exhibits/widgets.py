"""The exhibits of single questions: one a control. Made up, and plainly so. Knows only JSON."""

from __future__ import annotations

from forms.engine.exhibits.exhibit import Exhibit, one

SIGNED = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAUAAAABuAQAAAAB+Ovf1AAACB0lEQVR42u3XPWrDMBQHcJkWvBS8dij4Ch07hLpHSckFOmYIyMVD"
    "x14ppkOuIZMLeHyDkCopcvRhK3pjBgcCIf0R2389Pb0SiXyRFa7wjuGAhT0OiuYbB3lTZuGRNAq+VxkIhBh4qG9DQizcN8FfR1IF"
    "UChWcarglvp3rL+OYKG+1vDDvxiZQ31BA4srY5o9LMVjoEvnqNxyjgZWMogrDV06p+TKaAgNonpAQUaR8IiC6t1i4SMSiick5C9I"
    "CBskHA8ICOoT43kIugSGPARTK+csVK6Y1vsmHC8uD1khcXDwSm0kN+DZQUZwMN4qKRjuvDn8c1u5lHko/A2/DE/ThaMe1RYJGJYZ"
    "t+s1h5TvPKebSgx/pt/YhT2qlin46dr5Yu/5napy68FSLkFukoEv6g6IpXha2zMh3XwiyOsslFIZEJmVMQ+jocwfSBZ2WPiHhQMW"
    "sjwUBo4UCZOJe7DRMJl4DJOJx1CWWNhhYY+FAxaOWcgv8bxSHIS3JgupWcJNjYMslXgM+1TiMexSicewjBJnU1uJoLrDIZqlIghU"
    "jwoAtZ94SxZgbeDYuBo3s1Q5OzRLPSqAGlNsjXMzms0fRhQG9tOQ1Ebt0T1Mu9dQZXNJfHY+XCF7NjcgbY3PjqVgApCgf62zmzwB"
    "hYF1chR3V2ilHeJYBjI7nyVqPBy5YPqw/iu1wvuG/xW8KrpIUK1UAAAAAElFTkSuQmCC"
)


def shown() -> list[Exhibit]:
    """Every control."""
    return [
        (
            "文字",
            one("name", {"type": "string", "title": "姓名", "maxLength": 30}, {"ui:autocomplete": "name"}),
            {"name": "张三"},
        ),
        (
            "长文字",
            one("why", {"type": "string", "title": "说明", "maxLength": 500, "description": "写明原因。"}),
            {"why": "一\n二"},
        ),
        ("整数", one("n", {"type": "integer", "title": "人数", "minimum": 1}), {"n": 3}),
        ("小数", one("n", {"type": "number", "title": "面积", "description": "平方米"}), {"n": 12.5}),
        (
            "金额（元，按原样保存）",
            one("m", {"type": "string", "format": "cn-money", "title": "金额"}),
            {"m": "1280.50"},
        ),
        ("是或否", one("b", {"type": "boolean", "title": "是否有车"}), {"b": False}),
        ("承诺（单个勾选框）", one("ok", {"const": True, "title": "以上内容属实"}), {"ok": True}),
        ("单选", one("k", {"title": "类别", "enum": ["甲类", "乙类", "丙类"]}), {"k": "乙类"}),
        (
            "单选，值与名称不同",
            one(
                "k",
                {"title": "领取", "oneOf": [{"const": "mail", "title": "邮寄"}, {"const": "self", "title": "自取"}]},
            ),
            {"k": "mail"},
        ),
        (
            "下拉列表（六项以上）",
            one("k", {"title": "月份", "enum": [f"{m} 月" for m in range(1, 13)]}),
            {"k": "3 月"},
        ),
        (
            "多选",
            one(
                "k",
                {"type": "array", "title": "服务", "uniqueItems": True, "items": {"enum": ["助餐", "助浴", "助洁"]}},
            ),
            {"k": ["助洁", "助餐"]},
        ),
        (
            "日期（年、月、日）",
            one("d", {"type": "string", "format": "date", "title": "出生日期"}, {"ui:autocomplete": "bday"}),
            {"d": "1940-02-03"},
        ),
        ("时间", one("t", {"type": "string", "format": "time", "title": "上门时间"}), {"t": "14:30:00+08:00"}),
        (
            "日期和时间",
            one("t", {"type": "string", "format": "date-time", "title": "预约"}),
            {"t": "2026-11-22T14:30:00+08:00"},
        ),
        (
            "起止日期",
            one(
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
        ("身份证号", one("id", {"type": "string", "format": "cn-id-number", "title": "身份证号"}), None),
        (
            "统一社会信用代码",
            one("c", {"type": "string", "format": "cn-credit-code", "title": "统一社会信用代码"}),
            None,
        ),
        ("手机号码", one("p", {"type": "string", "format": "cn-mobile", "title": "手机号码"}), {"p": "13900000000"}),
        ("银行卡号", one("c", {"type": "string", "format": "cn-bank-card", "title": "银行卡号"}), None),
        ("区划", one("a", {"type": "string", "format": "cn-area", "title": "所在村（社区）"}), {"a": "320583103205"}),
        (
            "地址",
            one(
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
        ("电子邮箱", one("e", {"type": "string", "format": "email", "title": "电子邮箱"}), {"e": "a@example.com"}),
        ("网址", one("u", {"type": "string", "format": "uri", "title": "网址"}), {"u": "https://www.example.com"}),
        (
            "颜色",
            one("c", {"type": "string", "format": "color", "title": "颜色", "description": "如 #003a8c"}),
            {"c": "#003a8c"},
        ),
        ("密码", one("p", {"type": "string", "title": "密码"}, {"ui:widget": "password"}), None),
        (
            "照片（手机可拍）",
            one(
                "f",
                {"type": "string", "format": "data-url", "contentMediaType": "image/*", "title": "照片"},
                {"ui:camera": True},
            ),
            None,
        ),
        (
            "签名（ui:widget）",
            one("s", {"type": "string", "title": "签名"}, {"ui:widget": "signature"}),
            {"s": "张三"},
        ),
        ("不可修改", one("k", {"title": "类别", "enum": ["甲类", "乙类"], "readOnly": True}), {"k": "甲类"}),
        (
            "区划（逐级选，或按名称查找）",
            one(
                "a",
                {"type": "string", "format": "cn-area", "title": "户籍所在村（社区）"},
                {"ui:level": "village"},
            ),
            {"a": "320583102206"},
        ),
        ("固定电话", one("t", {"type": "string", "format": "tel", "title": "固定电话"}), {"t": "051200000000"}),
        (
            "金额（数字，元）",
            one("m", {"type": "number", "title": "月收入", "x-unit": "元", "multipleOf": 0.01, "minimum": 0}),
            {"m": 3200.5},
        ),
        (
            "邮政编码",
            one("p", {"type": "string", "format": "cn-postcode", "title": "邮政编码"}),
            {"p": "215300"},
        ),
        (
            "文件（PDF）",
            one("f", {"type": "string", "contentMediaType": "application/pdf", "title": "章程"}),
            {"f": "data:application/pdf;name=1.pdf;base64,JVBERi0xLjcK"},
        ),
        (
            "手写签名（也可以输入姓名）",
            one("s", {"type": "string", "format": "signature", "title": "签名"}),
            {"s": SIGNED},
        ),
        ("不可修改的文字", one("n", {"type": "string", "title": "受理编号", "readOnly": True}), {"n": "示例 0001"}),
    ]
