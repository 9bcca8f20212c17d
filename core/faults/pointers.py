"""Pointers and conditions."""

from core.faults.sentence import Code, S

CODES = {
    "bad-pointer": Code(
        "指针要以 / 开头，~ 写成 ~0，名称里的 / 写成 ~1。",
        S("{value} is not a JSON Pointer{title}.", "{value} 不是指针{title}。",
          "A pointer begins with /.", "指针以 / 开头，如 /answers/phone。"),
        name=S('"{name}" is not a JSON Pointer{title}.', "“{name}”不是指针{title}。",
               "A pointer begins with /.", "指针以 / 开头，如 /answers/phone。"),
        escape=S('"{name}" is not a JSON Pointer.', "“{name}”不是指针。",
                 'Write "~" as "~0" and "/" as "~1".', "名称里的 ~ 写成 ~0，名称里的 / 写成 ~1。"),
    ),
    "undeclared-pointer": Code(
        "指针所指的值没有任何文件声明过。",
        S('"{pointer}" is declared by nobody.', "“{pointer}”没有在哪个文件里声明过。"),
        roots=S('"{pointer}" is declared by nobody.', "“{pointer}”没有在哪个文件里声明过。",
                "Facts begin with {roots}.", "指针以 {roots} 开头。"),
        field=S('"{pointer}" is declared by nobody.', "没有声明过“{pointer}”。"),
        fill=S('"{pointer}" cannot fill a question.', "不能用“{pointer}”来填表。",
               "Point into /lookups, /applicant or /agent.", "要指到 /lookups、/applicant 或 /agent 里面。"),
    ),
    "not-taken": Code(
        "这个字段数据源有，但调取的 take 里没有取。",
        S('"{pointer}" is not taken.', "“{pointer}”没有取回来。",
          'Add "{name}" to take in lookups.json#/lookups/{lookup}/take.',
          "在 lookups.json#/lookups/{lookup}/take 里加上“{name}”。"),
        field=S('"{name}" is not taken.', "“{name}”没有取回来。",
                'Add "{name}" to take of the lookup.', "在这个调取的 take 里加上“{name}”。"),
    ),
    "star-not-allowed": Code(
        "这里的指针不能用 *。",
        S('"{pointer}" walks a list with "*", which only x-choices, x-from and must_find of rows may.',
          "“{pointer}”用 * 指一个列表的各行，这里不行（只有 x-choices、x-from 和逐行调取的 must_find 可以）。",
          "Point to one value.", "改指一个值。"),
    ),
    "type-mismatch": Code(
        "声明的类型和要求的类型对不上，条件永远不会如所写成立。",
        S("It asks for {wanted}, but the value is declared as {types}.",
          "这里要的是{wanted}，可是这个值声明的是{types}。",
          "Mend one of the two.", "两处改成一致。"),
        keyword=S('"{keyword}" speaks of {wanted}, but the value is declared as {types}.',
                  "“{keyword}”说的是{wanted}，可是这个值声明的是{types}。",
                  "Mend one of the two.", "两处改成一致。"),
        value=S("{value} is {wanted}, but the value is declared as {types}.",
                "{value} 是{wanted}，可是这个值声明的是{types}。",
                "Mend one of the two.", "两处改成一致。"),
        date=S('"{pointer}" is not declared as a date.', "“{pointer}”声明的不是日期。",
               'Its schema wants "format": "date".', '声明它的地方要写 "format": "date"。'),
        record=S('The lookup "{name}" gives one record.', "调取“{name}”给回的是一条记录，不是列表。",
                 "Mend it here, or many and each of the lookup.", "改这里，或改调取的 many、each。"),
        list=S('The lookup "{name}" gives a list.', "调取“{name}”给回的是列表，不是一条记录。",
               "Mend it here, or many and each of the lookup.", "改这里（用 […] 括起来），或改调取的 many、each。"),
    ),
    "const-outside-enum": Code(
        "这个值不在声明的可选值里，条件永远不会成立。",
        S("{value} is not among the declared values.", "{value} 不在声明的可选值里。",
          "It may be {values}.", "可以是 {values}。"),
    ),
    "misplaced-age": Code(
        "x-age、x-days、x-working-days 只能写在条件的第一层，而且要对日期用。",
        S("The value is not declared as a date.", "这个值没有声明为日期。",
          'Its schema wants "format": "date".', '声明它的地方要写 "format": "date"。'),
        deep=S('"{key}" stands at the top of a condition\'s schema only.', "“{key}”只能写在条件的第一层。",
               "Move it up; write a list of conditions for either-or.",
               "移到第一层；要表示“或者”，就写成几个条件的列表。"),
    ),
}  # fmt: skip
