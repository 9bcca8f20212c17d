"""The folder and its bytes."""

from core.faults.sentence import Code, S

CODES = {
    "folder-name": Code(
        "文件夹名就是编号：小写英文字母开头，只用小写字母、数字和连字符。",
        S(
            '"{id}" cannot be an id.', "“{id}”不能做编号。",
            "Small English letters, digits and hyphens.",
            "把文件夹改名：小写英文字母开头，只用小写字母、数字和连字符，如 reading-card。",
        ),
    ),
    "nothing-declared": Code(
        "文件夹里没有 item.json、source.json 或 plugin.py，不是插件。",
        S(
            "The folder holds no plugin.", "这个文件夹里没有插件。",
            "Add item.json, source.json or plugin.py.", "放进 item.json（事项）、source.json（数据源）或 plugin.py。",
        ),
        inside=S(
            "The folder holds no plugin, but a folder that does.", "这个文件夹里没有插件，插件在里面的一层文件夹里。",
            'Move "{name}" up.', "把里面的“{name}”移到外面来。",
        ),
    ),
    "two-kinds": Code(
        "一个文件夹要么是事项（item.json），要么是数据源（source.json），不能都是。",
        S(
            "The folder is an item already (item.json).", "这个文件夹已经是事项了（有 item.json）。",
            "Give the source its own folder.", "数据源另建一个文件夹。",
        ),
    ),
    "missing-file": Code(
        "缺少必须有的文件：事项要有 item.json 和 routing.json，查询要有 lookups.json。",
        item=S(
            "The file is missing.", "缺少这个文件。",
            "An item begins with its guide, item.json.", "事项从办事指南 item.json 写起。",
        ),
        routing=S(
            "The file is missing: nobody takes or decides the item.", "缺少这个文件：没有写明谁受理、谁决定。",
            "Only a query or a hand-off goes without.",
            "补上 routing.json；只有查询（query）和转办（handoff）可以不写。",
        ),
        lookups=S(
            "The file is missing: a query answers from a lookup.", "缺少这个文件：查询事项显示的是调取的结果。",
            "Declare the lookup that item.json names in answer.",
            "补上 lookups.json，写明 item.json 的 answer 所指的调取。",
        ),
    ),
    "unknown-file": Code(
        "这个文件或文件夹的名称没有用处，多半是写错了。",
        S('"{name}" has no role in a plugin.', "插件里没有“{name}”这种文件，放了也不起作用。"),
        folder=S('"{name}" is not a folder of a plugin.', "插件里没有“{name}”这种文件夹，放了也不起作用。"),
        within=S(
            "Only {suffix} files belong in {folder}/.", "{folder}/ 里只放 {suffix} 文件。",
            "Move or rename it.", "把它移走或者改名。",
        ),
    ),
    "unreadable-file": Code(
        "文件读不出来：没有权限、不是普通文件或者链接断了。",
        S(
            "The file cannot be read ({reason}).", "文件读不出来（{reason}）。",
            "Check the file.", "看看文件是否完好、有没有权限。",
        ),
        kind=S(
            "This is not an ordinary file.", "这不是一个普通文件。",
            "Put an ordinary file here.", "换成一个普通文件。",
        ),
        folder=S(
            "The folder cannot be read ({reason}).", "文件夹读不出来（{reason}）。",
            "Check its permissions.", "看看有没有权限。",
        ),
    ),
    "link-out": Code(
        "链接指到了文件夹外面；请放一份文件本身。",
        S(
            "The link leads out of the folder.", "这是指到文件夹外面的链接。",
            "Put a copy of the file here.", "放一份文件本身。",
        ),
        folder=S(
            "The folder is a link.", "这个文件夹是链接。",
            "Put the folder itself here.", "放文件夹本身。",
        ),
    ),
    "huge-file": Code(
        "文件太大；插件的文件都是小文本。",
        S(
            "The file has more than {limit} bytes.", "文件超过了 {limit} 字节。",
            "A plugin's files are small texts.", "插件的文件都是小文本；图片、附件不放在这里。",
        ),
    ),
    "too-many-files": Code(
        "文件夹里的文件太多。",
        S(
            "The folder holds more than {limit} files.", "文件夹里的文件超过了 {limit} 个。",
            "Remove what is not needed.", "删去用不着的。",
        ),
    ),
    "not-utf-8": Code(
        "文件不是 UTF-8 编码（常见的是 GBK）。",
        S(
            "Line {line} is not UTF-8.", "第 {line} 行不是 UTF-8 编码。",
            "Save the file as UTF-8 (GBK is not read).", "另存为 UTF-8 编码（记事本的“ANSI”就是 GBK，读不了）。",
        ),
        chinese=S(
            "Line {line} is not UTF-8; the file reads as GB18030 (GBK), the encoding of Excel and of Notepad's ANSI.",
            "第 {line} 行不是 UTF-8 编码；按 GB18030（GBK，Excel 和记事本“ANSI”的编码）读得通。",
            'Notepad: Save as, Encoding "UTF-8". Excel: Save as "CSV UTF-8".',
            "记事本：另存为，“编码”选“UTF-8”；Excel：另存为“CSV UTF-8（逗号分隔）”；内容不用改。",
        ),
    ),
    "byte-order-mark": Code(
        "文件以字节顺序标记（BOM）开头，请存为“UTF-8 无 BOM”。",
        S(
            "The file begins with a byte order mark.", "文件以字节顺序标记（BOM）开头。",
            'Save it as "UTF-8 without BOM".', "另存为“UTF-8”（不是“带有 BOM 的 UTF-8”）。",
        ),
    ),
    "malformed-json": Code(
        "JSON 写错了，看所指的行和列。",
        S("Line {line}, column {column}: {message}.", "第 {line} 行第 {column} 个字符：{message}。"),
    ),
    "bad-number": Code(
        "数写得不对或太大（NaN、Infinity 不是 JSON 的数）。",
        S(
            "{number} is not a JSON number.", "JSON 里没有 {number} 这样的数。",
            "JSON numbers are plain decimal numbers.", "只写普通的十进制数，如 20 或 0.5。",
        ),
        large=S(
            "{number} is too large a number.", "{number} 这个数太大了。",
            "JSON numbers are plain decimal numbers.", "编号、证件号码要加双引号，写成文字。",
        ),
    ),
    "broken-text": Code(
        "文字里有 NUL 或半个字符。",
        S(
            "The text holds a NUL or half a character.", "这段文字里有空字符（NUL）或者半个字。",
            "Write the text anew.", "删掉重新打一遍。",
        ),
        key=S(
            "A key holds a NUL or half a character.", "有一个键里有空字符（NUL）或者半个字。",
            "Write the key anew.", "删掉重新打一遍。",
        ),
    ),
    "too-deep": Code(
        "一层套一层太多。",
        S(
            "The file nests deeper than {limit} levels.", "文件一层套一层，超过了 {limit} 层。",
            "Make it flatter.", "改得浅一些。",
        ),
        schema=S(
            "The schema nests deeper than {limit} levels.", "模式一层套一层，超过了 {limit} 层。",
            "Use $ref and $defs.", "把里面的部分移到 $defs，用 $ref 引用。",
        ),
    ),
    "duplicate-key": Code(
        "同一个键写了两次，只有后一个算数。",
        S(
            '"{key}" stands here twice.', "“{key}”在这里写了两次。",
            "Keep one; the later one would win.", "只留一个；不然后一个算数。",
        ),
    ),
    "code-in-database": Code(
        "存在数据库里的插件不能带代码。",
        S(
            "Code cannot be published from the database.", "存在数据库里的插件不能带代码。",
            "Install it as a package instead.", "请维护人员把它装成软件包。",
        ),
    ),
}  # fmt: skip
