"""Names that lead nowhere."""

from core.faults.sentence import Code, S

CODES = {
    "unknown-unit": Code(
        "没有这个部门。",
        S('"{name}" is not a unit.', "没有“{name}”这个部门。"),
        office=S('"{name}" is not a unit.', "没有“{name}”这个部门。",
                 "Units stand in units.csv, or in admin, where an administrator adds one and its offices.",
                 "有哪些部门，见 units.csv 或工作台的部门页；要添，请管理员在那里添部门和它的办公室。"),
    ),
    "unit-without-office": Code(
        "这个部门在哪个区划都没有办公室（或在所写的层级没有），没有人能办。",
        S('"{name}" has no office anywhere.', "部门“{name}”在哪里都没有办公室，没有人能办。",
          "Add one to the offices.", "给它设一个办公室，或换一个部门。"),
        level=S('"{name}" has no office at the level "{level}".', "部门“{name}”在“{level}”这一层级没有办公室。",
                "Name another level.", "换一个层级，或不写 level。"),
    ),
    "unknown-theme": Code(
        "没有这个主题。",
        S('"{name}" is not a theme.', "没有“{name}”这个主题。",
          "Themes are {themes}.", "主题有：{themes}。"),
    ),
    "unknown-source": Code(
        "没有这个数据源。",
        S('"{name}" is not a source.', "没有“{name}”这个数据源。",
          "A source is a folder with source.json; where it lies on another shelf, add --plugins SHELF.",
          "数据源是带 source.json 的文件夹：在别的书架上的，命令里加 --plugins 书架；还没有的，请集成人员先接好。"),
    ),
    "unknown-connector": Code(
        "没有这个连接器。",
        S('"{name}" is not a connector.', "没有“{name}”这个连接器。"),
        own=S('"{name}" is not a connector.', "没有“{name}”这个连接器。",
              "Add plugin.py with the hook connectors().", "写 plugin.py，用钩子 connectors() 提供它。"),
    ),
    "unknown-lookup": Code(
        "lookups.json 里没有这个调取。",
        S('"{name}" is not a lookup.', "lookups.json 里没有“{name}”这个调取。"),
    ),
    "unknown-step": Code(
        "routing.json 里没有这个编号的环节，或者那个环节没有结论 findings。",
        S('No step "{name}" has findings.', "没有一个写了 findings 的环节编号是“{name}”。"),
    ),
    "unknown-material": Code(
        "item.json 里没有这份材料。",
        S('"{name}" is not a material.', "item.json 里没有编号“{name}”的材料。"),
    ),
    "unknown-thing": Code(
        "item.json 的 handover 里没有这样东西。",
        S('"{name}" is not a thing of handover.', "item.json 的 handover 里没有编号“{name}”的东西。"),
    ),
    "unknown-scenario": Code(
        "cases/ 里没有这个情景，或者几个情景互相照着写，绕回了自己。",
        S('"{name}" is not another scenario of cases/, or leads back to this one.',
          "cases/ 里没有另一个叫“{name}”的情景，或者它又照着这一个写。",
          "Name a file of cases/ without .json.", "写 cases/ 里另一个文件的名称，不带 .json。"),
    ),
    "unknown-sum": Code(
        "item.json 的 sums 里没有这个合计。",
        S('"{name}" is not a sum.', "item.json 的 sums 里没有编号“{name}”的合计。"),
    ),
    "unknown-pause": Code(
        "没有这个中止计时的理由：只有法律的五种，和 item.json 的 pauses 里写的。",
        S('"{name}" is no ground to stop the clock.', "“{name}”不是中止计时的理由。",
          'Write one of the five of the law, or the "id" of one of pauses in item.json.',
          "写法律的五种之一，或者 item.json 的 pauses 里的编号。"),
    ),
    "unknown-duty": Code(
        "item.json 的 duties 里没有这件后续事项。",
        S('"{name}" is not a duty.', "item.json 的 duties 里没有编号“{name}”的后续事项。"),
    ),
    "unknown-result": Code(
        "item.json 的 result.also 里没有这个结果。",
        S('"{name}" is not a result of result.also.', "result.also 里没有编号“{name}”的结果。"),
    ),
    "unknown-refusal": Code(
        "item.json 的 refusals 里没有这种不予的事由。",
        S('"{name}" is not a ground of refusals.', "item.json 的 refusals 里没有编号“{name}”的事由。"),
    ),
    "unknown-letter": Code(
        "item.json 的 letters 里没有这份文书。",
        S('"{name}" is not a letter.', "item.json 的 letters 里没有编号“{name}”的文书。"),
    ),
    "unknown-event": Code(
        "文书的 on 写的这件事不会发生：没有这个名字，或者没有这个编号的环节、后续事项。",
        S('"{name}" is no event of a case.', "“{name}”不是办件里会发生的事。",
          "Events are {names}, begun:<id of a step> and step:<id of a step> (once it is done), duty:<id of a duty>.",
          "可以写 {names}、begun:环节编号（轮到它）、step:环节编号（办完）、duty:后续事项编号。"),
        step=S('No step has the id "{name}".', "routing.json 里没有编号是“{name}”的环节。",
               'Give the step an "id".', "给那个环节写上 id。"),
        duty=S('"{name}" is not a duty.', "item.json 的 duties 里没有编号“{name}”的后续事项。"),
    ),
    "unknown-item": Code(
        "没有这个事项。",
        S('"{name}" is not an item.', "没有“{name}”这个事项。"),
    ),
    "unknown-field": Code(
        "记录或表单里没有这个字段。",
        form=S('The form has no field "{name}".', "表单里没有“{name}”这一项。"),
        source=S('A record of "{source}" has no field "{name}".', "数据源“{source}”的记录里没有“{name}”这个字段。"),
        lookup=S('A record of "{lookup}" has no "{name}".', "调取“{lookup}”的记录里没有“{name}”这个字段。"),
        record=S('The record has no "{name}".', "记录里没有“{name}”这个字段。"),
        applicant=S('An applicant of this item has no "{name}".', "这个事项的申请人没有“{name}”这一项。"),
    ),
    "unknown-query-field": Code(
        "数据源的 query 里没有这个查询字段。",
        S('The query has no field "{name}".', "query 里没有“{name}”这个查询字段。"),
        source=S('"{source}" cannot be asked by "{name}".', "不能按“{name}”查数据源“{source}”。"),
    ),
    "missing-query-field": Code(
        "数据源必须给的查询字段没有给。",
        S('"{source}" wants "{name}" in every question.', "查数据源“{source}”必须给出“{name}”。",
          'Add "{name}".', "在 by 里补上“{name}”。"),
        either=S('"{source}" wants {names} in every question.', "查数据源“{source}”必须给出{names}。",
                 "Add one of them.", "在 by 里补上其中一种。"),
    ),
    "unknown-template": Code(
        "templates/ 里没有这个文件。",
        S("There is no templates/{name}.", "templates/ 里没有 {name}。"),
    ),
    "unused-template": Code(
        "写了 letters 的事项，templates/ 里的每份模板都要有一份文书用它。",
        S("No letter is written by templates/{name}.", "没有一份文书用模板 {name}。",
          "Name it in a letter of item.json, or remove the file.",
          "在 item.json 的 letters 里用上它，或者删掉这个文件。"),
    ),
    "unknown-level": Code(
        "没有这个层级：只有 city、town、village。",
        S("{value} cannot stand here{title}.", "这里不能写 {value}{title}。"),
        name=S('"{key}" cannot stand here{title}.', "这里不能写“{key}”{title}。"),
    ),
    "unknown-area": Code(
        "没有这个区划或服务点。",
        S('"{name}" is not a place.', "没有“{name}”这个区划或服务点。"),
        level=S('"{name}" lies at the level "{real}", not "{level}".', "“{name}”属于“{real}”这一级，不是“{level}”。",
                "Mend the level or the area.", "改 level 或 area。"),
    ),
    "unknown-rule": Code(
        "routing.json 里没有这条规则。",
        S('"{name}" is not a rule.', "routing.json 里没有“{name}”这条规则。"),
    ),
}  # fmt: skip
