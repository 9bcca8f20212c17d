"""What is declared and does nothing: the folder works, and its author is told."""

from core.faults.sentence import Code, S

CODES = {
    "no-effect": Code(
        "声明了，却没有地方用它。",
        lookup=S('Nobody reads the lookup "{name}": no rule, question, material, letter or other lookup.',
                 "没有地方用到调取“{name}”：规则、问题、材料、文书和别的调取都不读它。",
                 "Use it, or remove it: nobody's record is asked for nothing.",
                 "用上它，或者删掉：用不着的个人信息不能查。"),
        sum=S('Nobody reads the sum "{name}".', "没有地方用到合计“{name}”。",
              'Read "/sums/{name}" in routing.json, or remove it.', "在 routing.json 里读 /sums/{name}，或者删掉。"),
        valid_when=S("No lookup proves this material, so what makes it valid is never looked at.",
                     "这份材料没有写 proved_by，valid_when 永远用不到。",
                     'Add "proved_by", or write the condition as "when".',
                     "补上 proved_by；要分情形的，条件写在 when 里。"),
        consequence=S("This material is never promised, so nobody reads the consequence.",
                      "这份材料不能承诺，consequence 没有人看得到。",
                      'Say "promise" in its fallback, or remove it.', "在 fallback 里写 promise，或者删掉。"),
    ),
    "part-before-findings": Code(
        "部分准予要看环节的结论，可是那一步还没有办、或者不用办的时候，这条规则也会成立：准予多少没有人知道，只能转人工。",
        S('This rule also holds where the step "{name}" has found nothing; how much is granted is then for a person.',
          "环节“{name}”还没有结论的时候这条规则也会成立，准予多少只能由人定。",
          'Let the "when" of the rule read /findings/{name} too.', "让规则的 when 也看 /findings/{name}。"),
    ),
}  # fmt: skip
