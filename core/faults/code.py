"""plugin.py, and the shelf itself."""

from core.faults.sentence import Code, S

CODES = {
    "plugin-import": Code(
        "plugin.py 不能载入。",
        S("It cannot be loaded{line}: {reason}.", "不能载入{line}：{reason}。",
          "Run it through `lingban check` after each change.", "每改一次，用 `lingban check` 看一遍。"),
        package=S("The package cannot be loaded: {reason}.", "软件包不能载入：{reason}。",
                  "Reinstall or mend it.", "重新安装或修好它。"),
    ),
    "unknown-hook": Code(
        "没有这个钩子。",
        S('"{name}" is not a hook.', "没有“{name}”这个钩子。"),
        function=S('"{name}" is not a function.', "“{name}”不是函数。",
                   "Mark functions only.", "只有函数才能标为钩子。"),
    ),
    "wrong-hook-argument": Code(
        "钩子的参数名不对。",
        S('{hook} is not given "{name}".', "钩子 {hook} 没有“{name}”这个参数。",
          "{hook} takes no argument.", "{hook} 不带参数。"),
        unusable=S("Its hooks cannot be used: {reason}.", "钩子用不了：{reason}。",
                   "See docs on hooks.", "见钩子的说明 docs/hooks.md。"),
    ),
    "hook-failed": Code(
        "钩子出错、超时或给回的东西不对。",
        S("{reason}.", "钩子失败：{reason}。",
          "A hook gives back what it is documented to.", "钩子要按说明给回东西。"),
        start=S("{reason}.", "钩子失败：{reason}。", "Mend the hook.", "修好这个钩子。"),
        folders=S("{reason}.", "钩子失败：{reason}。",
                  "plugin_folders gives back folders.", "plugin_folders 要给回文件夹。"),
        folder=S('plugin_folders names "{name}", and there is no such folder.',
                 "plugin_folders 给了“{name}”，可是没有这个文件夹。",
                 "Ship the folder with the package.", "把文件夹一起打进软件包。"),
        control=S('The form control "{name}" failed in its {part} ({reason}); a plain one stands in.',
                  "表单控件“{name}”的 {part} 出错（{reason}），暂由普通控件代替。", "Mend it.", "请修好它。"),
        no_control=S("widgets gave a {name}, which is no control.", "widgets 给了一个 {name}，不是表单控件。",
                     "Give forms.Widget only.", "只能给 forms.Widget。"),
        file=S('The form control "{name}" takes a file; it is not used.', "表单控件“{name}”要收文件，没有启用。",
               "A file is a material: declare it in item.json.", "文件是申请材料，写在 item.json 里。"),
    ),
    "set-aside": Code(
        "插件运行超时，已被停用；修改后重新载入即可。",
        S("{reason}.", "已被停用：{reason}。",
          "Mend plugin.py; saving it loads it anew.", "修好 plugin.py，保存后会重新载入。"),
    ),
    "internal": Code(
        "检查时出了意料之外的错误，请把这个文件夹交给维护者。",
        S("The inspection itself failed ({reason}).", "检查程序自己出了错（{reason}）。",
          "Send the folder to the maintainers.", "请把这个文件夹交给维护人员。"),
    ),
}  # fmt: skip
