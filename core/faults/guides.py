"""Materials, rules, steps, kinds of handling."""

from core.faults.sentence import Code, S

CODES = {
    "duplicate-id": Code(
        "编号重复。",
        S('"{id}" is another material already.', "“{id}”已经是另一份材料的编号。",
          "Give each its own id.", "每份材料用不同的编号。"),
        step=S('"{id}" is another step already.', "“{id}”已经是另一个环节的编号。",
               "Give each its own id.", "每个环节用不同的编号。"),
        thing=S('"{id}" is another thing already.', "“{id}”已经是另一样东西的编号。",
                "Give each its own id.", "每样东西用不同的编号。"),
    ),
    "duplicate-code": Code(
        "一个业务编码只能是一个事项的：两个文件夹写了同一个 code。",
        S('The code "{value}" is that of "{others}" too.', "编码“{value}”也是“{others}”的。",
          "Give each its own code, or keep one of the folders; the same item anew is a folder of the same name.",
          "各写各的编码，或者只留一个文件夹；要改现成的事项，用同一个文件夹名。"),
    ),
    "later-material": Code(
        "材料的条件只能看排在它前面的材料的状态。",
        S('"{id}" does not stand before this material, so nothing is known of it here.',
          "“{id}”没有排在这份材料前面，这里还不知道它的状态。",
          "Change the order of the materials.", "调整材料的次序。"),
    ),
    "finding-too-early": Code(
        "环节的结论要等那一步办完才有：决定、金额、有效期和它后面的环节可以读，别处不能。",
        S('"{pointer}" is not found yet here.', "“{pointer}”要等那个环节办完才有，这里还读不到。",
          "Read it in decide, in fee, in result, or in a later step.",
          "写在 decide、fee、result 里，或者写在它后面的环节里。"),
    ),
    "again-without-findings": Code(
        "again 看结论定要不要再办一次，这个环节没有写 findings。",
        S("The step is to be done again, but nothing is found at it.",
          "写了 again（再办一次），这个环节却没有结论可看。",
          'Add "findings", or remove "again".', "补上 findings，或者去掉 again。"),
    ),
    "not-in-findings": Code(
        "环节的结论由办这一步的人自己填写，不预填、不从调取里选，也不上传文件。",
        S('"{name}" does nothing within findings: nobody fills them in but whoever does the step.',
          "结论里写了“{name}”，它在这里不起作用：结论只由办这一步的人填写。",
          "Remove it; a choice is an enum.", "去掉它；要从几个里选，写 enum。"),
        file=S("The findings ask for a file.", "结论里要求上传文件。",
               "Ask for its number or what it says.", "改成填写文号，或者填写文件里写了什么。"),
    ),
    "reject-without-basis": Code(
        "不予许可（reject）和不予受理（decline）必须写依据 basis。",
        S('"{outcome}" {word} names no basis.', "“{outcome}”（{word}）没有写依据。",
          'Add "basis": the law and article.', "补上 basis：哪部法、第几条。"),
        part=S("A part is not granted, and no basis is named for that.", "只准予一部分，却没有写依据。",
               'Add "basis": the law and article.', "补上 basis：哪部法、第几条。"),
    ),
    "line-without-amount": Code(
        "一行金额要写 amount（乘以 times），或者 least（就低）、greatest（择高）、sum（相加），只写一个。",
        S("A line comes to its amount, or to the least, greatest or sum of the lines within it: one of these.",
          "一行金额要写 amount、least（就低）、greatest（择高）、sum（相加）中的一个，只写一个。",
          'For example "amount": "0.30".', '例如 "amount": "0.30"。'),
        times=S("The times multiply an amount, and this line has none.", "times 是乘 amount 的，这一行没有写 amount。",
                "Write the times in the lines within.", "把 times 写进里面的各行。"),
    ),
    "granted-by-refusal": Code(
        "只有批准（approve）的规则可以附条件（conditions）或部分准予（part）。",
        S('"{key}" belongs to an approval; the outcome here is "{outcome}".',
          "“{key}”只能写在批准的规则里，这一条的结果是“{outcome}”。",
          'Write "outcome": "approve", or remove it.', '结果改为 approve，或者去掉它。'),
    ),
    "part-of-no-amount": Code(
        "部分准予（part）没有写 when，就是和 result.amount 比；item.json 却没有写 result.amount。",
        S("The part compares what was asked for with result.amount, and item.json declares none.",
          "部分准予要和 result.amount 比，item.json 却没有写 result.amount。",
          'Add result.amount; or, for a list, "when": which rows are granted.',
          "补上 result.amount；申请的是几行的，写 when：哪几行准予。"),
    ),
    "decided-elsewhere": Code(
        "写了由上一级决定（decided_at），下一级的服务点就不能再写 decide 直接办理。",
        S('A site of the level "{level}" cannot decide: "decided_at" says "{decided_at}".',
          "“{level}”这一级不能直接办理：decided_at 写了由“{decided_at}”这一级决定。",
          'Write "accept" or "forward" here, or leave decided_at out.',
          "这里写 accept 或 forward，或者不写 decided_at。"),
    ),
    "when-without-because": Code(
        "带条件的环节要写理由 because。",
        S("The step has a condition and gives no reason.", "这个环节有条件，却没有写理由。",
          'Add "because": a sentence for the applicant.', "补上 because：写给申请人看的一句话。"),
    ),
    "step-without-days": Code(
        "环节要写 days（工作日）或 calendar_days（自然日），只写一个。",
        S("A step needs days or calendar_days.", "环节要写 days（工作日）或 calendar_days（自然日）。",
          'For example "days": 2.', '例如 "days": 2。'),
        both=S("A step has one clock.", "一个环节只能有一种时限。",
               "Keep days or calendar_days.", "days 和 calendar_days 只留一个。"),
    ),
    "promised-over-statutory": Code(
        "承诺时限比法定时限还长。",
        S("{promised} days are promised, the law allows {statutory}.", "承诺 {promised} 天，法定只有 {statutory} 天。",
          "Promise no more than statutory_days.", "承诺时限不能超过法定时限。"),
    ),
    "never-reached": Code(
        "几行里第一条成立的算数：前面有一行总是成立，或者条件相同，这一行永远轮不到。",
        S('Line {line} before this one always holds, so this one is never reached.',
          "前面第 {line} 行没有条件，总是成立，这一行永远轮不到。",
          "Move the line without a condition to the end.", "把没有条件的那一行移到最后。"),
        same=S("Line {line} before this one has the same condition, so this one is never reached.",
               "前面第 {line} 行是同样的条件，这一行永远轮不到。",
               "Mend the condition, or remove the line.", "改条件，或者去掉这一行。"),
    ),
    "unknown-priority": Code(
        "routing.json 的 rules 里没有这个优先通道。",
        S('No rule gives the priority "{name}".', "routing.json 的 rules 里没有哪一条给出“{name}”这个通道。"),
    ),
    "query-without-answer": Code(
        "查询事项要用 answer 写明显示哪一个调取。",
        S("A query does not say which lookup it shows.", "查询事项没有写显示哪一个调取。",
          'Add "answer": the name of a lookup.', "补上 answer：写一个调取的名称。"),
    ),
    "query-routing": Code(
        "查询事项的 routing.json 只能写 sites。",
        S('A query has no "{key}": nothing is decided.', "查询事项没有“{key}”：没有什么要决定。",
          'Keep "sites" only.', "只留 sites。"),
    ),
    "handoff-without-url": Code(
        "转办事项要写外部服务的网址 url。",
        S("A hand-off does not say where to.", "转办事项没有写转到哪里。",
          'Add "url": the outside service.', "补上 url：外部服务的网址。"),
    ),
}  # fmt: skip
