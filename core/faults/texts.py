"""texts/ and templates/."""

from core.faults.sentence import Code, S

CODES = {
    "bad-text-key": Code(
        "译文的键指到的地方没有文字。",
        S('"{key}" leads to no text. There is nothing there.', "“{key}”指到的地方什么也没有。"),
        kind=S('"{key}" leads to no text. No text stands there.', "“{key}”指到的地方不是文字。"),
        file=S("This folder has no {name}.", "这个文件夹里没有 {name}。", "Remove the key.", "删去这个键。"),
        name=S('"{name}" names no text.', "“{name}”没有指出是哪段文字。",
               'Write file#pointer, such as "item.json#/title".', "写成 文件#指针，如“item.json#/title”。"),
    ),
    "bad-language": Code(
        "译文文件的名称要是语言代码，如 en.json。",
        S('"{name}" is not a language.', "“{name}”不是语言代码。",
          "For example texts/en.json.", "例如 texts/en.json。"),
    ),
    "bad-template": Code(
        "模板写错了，不能编译。",
        S("Line {line}: {reason}", "第 {line} 行写错了（{reason}）。",
          "Mend the template there.", "改好那一行。"),
        compile=S("It does not compile ({reason}).", "模板不能编译（{reason}）。",
                  "Make it simpler.", "写得简单些。"),
        includes=S("Line {line}: A letter includes no other file.", "第 {line} 行：文书模板不能引入别的文件。",
                   "Write it out.", "把内容直接写进来。"),
        filter=S('Line {line}: "{name}" is not a filter.', "第 {line} 行：没有“{name}”这个过滤器。"),
        test=S('Line {line}: "{name}" is not a test.', "第 {line} 行：没有“{name}”这个判断。"),
    ),
    "template-undeclared": Code(
        "模板用了没有声明的值。",
        S('Line {line}: "{name}" is not given to a letter.', "第 {line} 行：文书里没有“{name}”可用。"),
        root=S('Line {line}: "{name}" is not given to a letter.', "第 {line} 行：文书里没有“{name}”可用。",
               "Given are {names}.", "可用的有 {names}。"),
        declared=S('Line {line}: "{name}" is declared by nobody.', "第 {line} 行：“{name}”没有在哪个文件里声明过。"),
        letter=S('Line {line}: "{name}" is given to the letters of item.json only.',
                 "第 {line} 行：“{name}”只有 item.json 的 letters 用的模板才有。",
                 "Write a template of its own for them.", "给它们单独写一份模板。"),
        taken=S('Line {line}: "{name}" is declared by nobody.', "第 {line} 行：“{name}”没有取回来。",
                'Add "{field}" to take of the lookup.', "在这个调取的 take 里加上“{field}”。"),
        sample=S('Line {line}: a sample of a material is the same for everybody; there is no "{name}".',
                 "第 {line} 行：样张对谁都一样，没有“{name}”可用。",
                 "Write made-up words instead.", "直接写上虚构的内容。"),
        each=S('Line {line}: "each" is a row, and not everything that is written by this template is for one.',
               "第 {line} 行：each 是列表里的一行，用这个模板的结果、文书却不都是一行一份的。",
               'Read it in the template of a line of result.also or letters[].to that says "each", and of no other.',
               "写进 result.also 或者 letters[].to 里带 each 的那一份自己的模板，别的不要用它。"),
    ),
}  # fmt: skip
