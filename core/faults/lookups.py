"""lookups.json: what may be asked by what."""

from core.faults.sentence import Code, S

CODES = {
    "lookup-circle": Code(
        "几个调取互相等待，谁也查不了。",
        S("These lookups wait for one another: {circle}.", "这几个调取互相等待：{circle}。",
          "Let one of them be asked by the applicant alone.", "让其中一个只凭申请人就能查。"),
    ),
    "bad-by": Code(
        "查询值的指针只能以 /applicant、/agent、/site、另一个调取、/each 或（允许时）/answers 开头。",
        S('"{pointer}" may not be asked by.', "不能拿“{pointer}”去查。",
          "Begin with {roots}.", "以 {roots} 开头。"),
        relation=S('"{pointer}" may not be asked by.', "不能拿“{pointer}”去查。",
                   "Begin with /applicant/ or /agent/.", "以 /applicant/ 或 /agent/ 开头。"),
    ),
    "answers-not-allowed": Code(
        "不能只凭申请人填的值查记录：须是公开字段，或写 allowed_when，或同时带上申请人。",
        S('"{pointer}" comes from the answers: anybody could look up anybody.',
          "“{pointer}”是申请人自己填的：这样谁都能查谁。",
          'Add "{field}" to public of the source, or "allowed_when" here, or name the applicant in by.',
          "请数据源把“{field}”列入 public，或在这里写 allowed_when，或在 by 里同时带上申请人。"),
    ),
    "allowed-by-answers": Code(
        "allowed_when 只看申请人自己填的，他一勾就能查别人；还要看调取、/applicant 或 /agent 的值。",
        S("The applicant can open this by his own answers: anybody could look up anybody.",
          "这个条件申请人自己填一填就成立：这样谁都能查谁。",
          "Let it read a value under /lookups, /applicant or /agent as well.",
          "让它同时看 /lookups、/applicant 或 /agent 里的一个值。"),
        untied=S(
            "This does not tie {pointer}, which the applicant types, to the applicant: anybody could look up anybody.",
            "这个条件没有说明“{pointer}”（申请人自己填的）和申请人是什么关系：这样谁都能查谁。",
            "Let it read a lookup whose `by` holds both {pointer} and the applicant's number, such as a register of "
            "households or of kinship; or compare {pointer} with what such a lookup holds, or by x-equals with the "
            "applicant's own number.",
            "让它看一个 by 里同时有 {pointer} 和申请人号码的调取（如户籍、亲属关系），"
            "或把 {pointer} 和那个调取查到的值相比，或用 x-equals 和申请人自己的号码相比。",
        ),
    ),
    "each-unused": Code(
        "写了 each 却没有用 /each/ 开头的指针，或反过来。",
        by=S("A pointer begins with /each, but the lookup has no each.", "有指针以 /each 开头，但这个调取没有写 each。",
             'Add "each": the pointer to the list.', "补上 each：指到那个列表。"),
        each=S("No pointer in by begins with /each/, so every row would ask the same.",
               "by 里没有以 /each/ 开头的指针，每一行问的都会一样。",
               "Use a field of the row, such as /each/id_number.", "用行里的一个字段，如 /each/id_number。"),
        result=S("A pointer begins with /each, but this result has no each.",
                 "有指针以 /each 开头，但这个结果没有写 each。",
                 'Add "each": the pointer to the list of which each row is given one.',
                 "补上 each：指到那个列表，一行发一份。"),
        letter=S("A pointer begins with /each, but this letter has no each.",
                 "有指针以 /each 开头，但这份文书的 to 没有写 each。",
                 'Add "each" to "to": the pointer to the list of which each row is sent one.',
                 "to 里补上 each：指到那个列表，一行寄一份。"),
    ),
    "not-a-list": Code(
        "这里要指向一个列表。",
        S('"{pointer}" is not declared as a list.', "“{pointer}”声明的不是列表。",
          "Point to a list.", "要指到一个列表。"),
        parties=S('"when" tells rows of a list apart, and "confirm" points to none.',
                  "when 是从一个列表的各行里挑出要确认的，confirm 却没有指着列表的各行。",
                  'Point "confirm" into the rows with "*"; by situation, write fallback as lines of when and fallback.',
                  "confirm 用 * 指各行；要看情形的，把 fallback 写成若干行 when 和 fallback。"),
        choices=S('"{pointer}" is one value, no list to pick from.', "“{pointer}”是一个值，不是可以挑选的列表。",
                  'Walk the list with "*".', "用 * 指列表的各行，如 /lookups/houses/*/certificate。"),
    ),
}  # fmt: skip
