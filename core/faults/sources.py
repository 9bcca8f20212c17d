"""source.json."""

from core.faults.sentence import Code, S

CODES = {
    "literal-secret": Code(
        "密码、密钥、带密码的地址不能写在文件里，写成 ${环境变量}。",
        S("A secret stands here for everybody to read.", "密码或密钥写在这里，谁都看得见。",
          'Write "${{NAME}}" and set NAME in the environment.', "写成“${{NAME}}”，值设在环境变量 NAME 里。"),
    ),
    "bad-setting": Code(
        "${…} 写得不对。",
        S('"{value}" holds a "${{" that names no variable.', "“{value}”里的“${{”没有写成环境变量。",
          'Write "${{NAME}}".', "写成“${{NAME}}”。"),
    ),
}  # fmt: skip
