"""The exhibits in English: their words, and the overlay by JSON Pointer that puts them in, as `texts/en.json` does.

Knows only JSON. What has no English here stays as it is: a name, a number, an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.judge.schema import token

_WORDS = ("title", "description")
_SAID = ("enum", "enumNames", "errorMessage")


def texts(schema: Any, ui: Any) -> dict[str, str]:
    """The overlay of one exhibit: `form.json#/properties/name/title` → its English words."""
    found = [(f"form.json#{at}", text) for at, text in _words(schema, "")]
    found += [(f"form.ui.json#{at}", text) for at, text in _words(ui, "")]
    return {key: ENGLISH[text] for key, text in found if text in ENGLISH}


def _words(value: Any, at: str, key: str = "", *, names: bool = False) -> Iterator[tuple[str, str]]:
    """Every text that a person reads, with its pointer. `names`: the keys here are names, not keywords."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in ("const", "default") or names:
                inside = name if key not in _SAID else key
                yield from _words(
                    inner, f"{at}/{token(name)}", inside, names=name in ("properties", "$defs") and not names
                )
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _words(inner, f"{at}/{i}", key)
    elif isinstance(value, str) and key in (*_WORDS, *_SAID):
        yield at, value


ENGLISH: dict[str, str] = {
    "文字": "Text",
    "姓名": "Name",
    "长文字": "Long text",
    "说明": "Explanation",
    "写明原因。": "Say why.",
    "整数": "Whole number",
    "人数": "Number of people",
    "小数": "Decimal number",
    "面积": "Area",
    "平方米": "Square metres",
    "金额（元，按原样保存）": "Amount (yuan, kept exactly)",
    "金额": "Amount",
    "是或否": "Yes or no",
    "是否有车": "Do you have a car",
    "承诺（单个勾选框）": "Promise (a single box)",
    "以上内容属实": "The above is true",
    "单选": "One of several",
    "类别": "Class",
    "甲类": "Class A",
    "乙类": "Class B",
    "丙类": "Class C",
    "单选，值与名称不同": "One of several, values and names differ",
    "领取": "Delivery",
    "邮寄": "By mail",
    "自取": "In person",
    "下拉列表（六项以上）": "List (more than six)",
    "月份": "Month",
    "多选": "Several of several",
    "服务": "Services",
    "助餐": "Meals",
    "助浴": "Bathing",
    "助洁": "Cleaning",
    "日期（年、月、日）": "Date (year, month, day)",
    "出生日期": "Date of birth",
    "时间": "Time",
    "上门时间": "Time of the visit",
    "日期和时间": "Date and time",
    "预约": "Appointment",
    "起止日期": "Period",
    "占用期间": "Period of occupation",
    "开始": "Start",
    "结束": "End",
    "身份证号": "Identity number",
    "统一社会信用代码": "Unified social credit code",
    "手机号码": "Mobile number",
    "银行卡号": "Bank card number",
    "区划": "Administrative area",
    "所在村（社区）": "Village or community",
    "地址": "Address",
    "详细地址": "Street address",
    "路名、门牌、室号。": "Street, number, room.",
    "电子邮箱": "E-mail address",
    "网址": "Web address",
    "颜色": "Colour",
    "如 #003a8c": "Such as #003a8c",
    "密码": "Password",
    "照片（手机可拍）": "Photo (a phone may take it)",
    "照片": "Photo",
    "签名（ui:widget）": "Signature (ui:widget)",
    "签名": "Signature",
    "不可修改": "Not to be changed",
    "区划（逐级选，或按名称查找）": "Area (level by level, or by name)",
    "户籍所在村（社区）": "Registered village or community",
    "固定电话": "Landline",
    "金额（数字，元）": "Amount (number, yuan)",
    "月收入": "Monthly income",
    "邮政编码": "Postcode",
    "文件（PDF）": "File (PDF)",
    "章程": "Articles of association",
    "手写签名（也可以输入姓名）": "Signature by hand (or a typed name)",
    "不可修改的文字": "Text not to be changed",
    "受理编号": "Reference number",
    "可以为空": "May be null",
    "曾用名": "Former name",
    "几种类型之一": "One of several types",
    "编号或数字": "Code or number",
    "一组": "A group",
    "配偶": "Spouse",
    "关系": "Relation",
    "子女": "Child",
    "父母": "Parent",
    "列表（增、删、移，不用脚本）": "List (add, remove, move; no script needed)",
    "家庭成员": "Member of the family",
    "文字列表": "List of texts",
    "作品": "Work",
    "定长列表": "List of fixed length",
    "坐标": "Coordinates",
    "东经": "Longitude east",
    "北纬": "Latitude north",
    "条件：选了才问": "Condition: asked once chosen",
    "是否亮灯": "Is it lit",
    "功率（瓦）": "Power (watts)",
    "条件：填了一项就要另一项": "Condition: one answer opens another question",
    "卡号": "Card number",
    "开户行": "Bank",
    "分支：先选一种情况": "Branch: choose a case first",
    "有证": "With a permit",
    "证号": "Permit number",
    "无证": "Without a permit",
    "原因": "Reason",
    "分支：由一项答案决定": "Branch: an answer decides",
    "个人": "Person",
    "申请人类型": "Kind of applicant",
    "企业": "Enterprise",
    "名称": "Name",
    "其他内容（名称自拟）": "Further contents (names of your own)",
    "其他": "Others",
    "自身嵌套": "Inside itself",
    "下级": "Part",
    "分页": "Pages",
    "您是谁": "Who you are",
    "怎样联系": "How to reach you",
    "预先填好（default）": "Filled in beforehand (default)",
    "份数": "Copies",
    "选项另有名称（enumNames）": "Names for options (enumNames)",
    "性别": "Sex",
    "男": "Male",
    "女": "Female",
    "自己的提示（errorMessage）": "Words of your own (errorMessage)",
    "至少三个人才能预约": "At least three people can book",
    "条件：是与否问的不同": "Condition: yes and no ask different things",
    "房屋是自己的吗": "Do you own the house",
    "不动产权证号": "Certificate number",
    "房东姓名": "Name of the landlord",
    "条件：填了一项，另一项就必填": "Condition: one answer makes another required",
    "座机": "Office telephone",
    "分机号": "Extension",
    "分支：可以同时有几种情况（anyOf）": "Branch: several cases at once (anyOf)",
    "有电话": "With a telephone",
    "电话": "Telephone",
    "有邮箱": "With e-mail",
    "邮箱": "E-mail",
    "几部分合成一组（allOf）": "Parts of one group (allOf)",
    "年龄": "Age",
    "定长之后还可以添加": "Fixed entries, then more",
    "联系电话": "Telephone numbers",
    "本人": "Yourself",
    "其他内容（按名称定类型）": "Further contents (type by name)",
    "数量": "Quantities",
    "问题的先后（ui:order）": "Order of the questions (ui:order)",
    "第二个问题": "Second question",
    "第一个问题": "First question",
    "1 月": "January",
    "2 月": "February",
    "3 月": "March",
    "4 月": "April",
    "5 月": "May",
    "6 月": "June",
    "7 月": "July",
    "8 月": "August",
    "9 月": "September",
    "10 月": "October",
    "11 月": "November",
    "12 月": "December",
}
