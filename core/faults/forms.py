"""form.json: a schema that can be filled."""

from core.faults.sentence import Code, S

CODES = {
    "not-an-object": Code(
        "表单最外层要是 type: object。",
        S("A form's answers are an object.", "表单的最外层要是对象。",
          'Write "type": "object".', '写 "type": "object"。'),
        findings=S("Findings are an object.", "findings 的最外层要是对象。",
                   'Write "type": "object".', '写 "type": "object"。'),
        source=S("Question and record are objects.", "query 和 record 的最外层要是对象。",
                 'Write "type": "object".', '写 "type": "object"。'),
    ),
    "if-without-required": Code(
        "if 里提到的字段要写进 if 的 required，否则没填也算符合。",
        S('"{name}" is tested but not required, so a blank passes as a match.',
          "if 里看“{name}”的值，却没有要求填它，没填也会算符合。",
          'Add "required": ["{name}"] beside its properties.', '在旁边补上 "required": ["{name}"]。'),
    ),
    "required-undeclared": Code(
        "必填的字段没有声明，永远填不上。",
        S('"{name}" is required, but no field has this name.', "必填的“{name}”没有声明，永远填不上。"),
    ),
    "never-asked": Code(
        "条件等着一个在它成立以前问不到的字段，永远不成立。",
        S('This waits for "{name}", which is never asked before it holds.',
          "这里等着“{name}”填了才成立，而“{name}”在那以前问不到，所以永远不成立。",
          'Declare "{name}" in the properties around it.', "在外层的 properties 里声明“{name}”。"),
    ),
    "file-in-form": Code(
        "文件是申请材料，不写在表单里。",
        S("The form asks for a file.", "表单里要求上传文件。",
          "Make it a material in item.json.", "文件写成 item.json 里的一份材料。"),
    ),
    "needless-question": Code(
        "这个数据元调取的数据源已经有了，不该再问申请人。",
        S('"{element}" is asked, though "{source}" holds it as "{field}".',
          "表单问了“{element}”，可是数据源“{source}”已经有了（字段“{field}”）。",
          'Add "{field}" to take in lookups.json#/lookups/{lookup}/take; the question falls away.',
          "在 lookups.json#/lookups/{lookup}/take 里加上“{field}”，就不用再问了。"),
    ),
    "unknown-format": Code(
        "没有这种格式（format）；写错的格式什么也不会检查。",
        S('"{name}" is not a format that is checked.', "没有“{name}”这种格式，写了也不会检查。",
          "Formats are date, cn-mobile, cn-id-number and so on; see form.json in the guide.",
          "格式有 date、cn-mobile、cn-id-number 等，见指南的 form.json。"),
    ),
    "bad-message": Code(
        "errorMessage 的写法不对。",
        S("A sentence stands here.", "这里要写一句话。"),
        one=S("One sentence stands here.", "这里只写一句话。",
              "Only required has one per field.", "只有 required 可以每个字段写一句。"),
        keyword=S('The schema has no "{name}" to speak of.', "这一项没有“{name}”，这句话永远用不上。"),
        required=S('"{name}" is not required.', "“{name}”不是必填的，这句话永远用不上。"),
    ),
    "schema": Code(
        "不是正确的 JSON Schema。",
        S("A schema must be an object, true or false.", "模式要写成 {{…}}、true 或 false。"),
        wrong=S("This is not a JSON Schema: {reason}.", "不是正确的 JSON Schema：{reason}。"),
        kind=S("This is not a JSON Schema ({reason}).", "不是正确的 JSON Schema（{reason}）。"),
        unusable=S("This schema cannot be used.", "这个模式用不了。"),
    ),
    "schema-size": Code(
        "模式太大。",
        S("The schema has more than {limit} values.", "模式太大，超过了 {limit} 个值。",
          "Split the form.", "把表单拆开。"),
    ),
    "dead-ref": Code(
        "$ref 所指的片段不存在。",
        S('There is no fragment "{ref}".', "没有“{ref}”这个公用片段。"),
        local=S('"{ref}" leads nowhere in this schema.', "“{ref}”在这个文件里指不到东西。"),
    ),
    "remote-ref": Code(
        "$ref 不能引用网址，只能引用公用片段或本文件的 $defs。",
        S('"{ref}" is outside this schema; nothing is fetched.', "“{ref}”在这个文件以外，不会去取。",
          "Copy it under $defs and refer to it there.", "抄到本文件的 $defs 下面，再引用那里。"),
    ),
    "locked-question": Code(
        "必填的问题锁住了，没有人能填。",
        S('"{name}" is required and locked, and nothing fills it.', "“{name}”必填，却锁住了，也没有东西填它。",
          "Unlock it, or give it a default or x-from; what the office fills in is readOnly in form.json.",
          "不要锁，或者给它 default 或 x-from；由办理单位填的，在 form.json 里写 readOnly。"),
    ),
    "pattern": Code(
        "正则表达式写错了。",
        S('"{text}" is not a regular expression this form can use.', "“{text}”不是能用的正则表达式。"),
    ),
    "pattern-size": Code(
        "正则表达式太长。",
        S("The pattern has more than {limit} characters.", "正则表达式超过了 {limit} 个字符。"),
    ),
    "pattern-explodes": Code(
        "正则表达式遇到某些文字会算个没完。",
        S('"{text}" takes too many steps on some texts.', "正则表达式“{text}”遇到某些文字会算个没完。",
          "Let no repeat stand in a repeat ((a+)+ is a+), and let no two branches read the same text (a|ab is ab?).",
          "重复里不要再套重复（(a+)+ 写成 a+），分支不要读同一段文字（a|ab 写成 ab?）。"),
    ),
}  # fmt: skip
