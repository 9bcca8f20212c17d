"""Patterns both ways: what explodes is refused, what authors need is accepted and judges rightly.

What was accepted is attacked in a process whose CPU time the system limits: one that explodes after all ends the
process, not the run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from core.errors import DeclarationError
from core.judge.schema import compile, faults
from forms import Form

CPU_S = 30
"""For all attacks together; one pattern that explodes takes longer than a life."""

EXPLODES = [
    # loops within loops
    r"^(a+)+$",
    r"(a*)*b",
    r"^(.+)+$",
    r"(.*)*x$",
    r"(x+x+)+y",
    r"^([a-z]+)*$",
    r"^(?:\w+\s*)*$",
    r"^(\w+\s?)*$",
    r"^((ab)*)+$",
    r"^(-?\d+\.?)+$",
    r"^([\w.]+)*@$",
    r"^((a+)|(b+))*$",
    r"^(\D+|\d+-?)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^([A-Z]+[a-z]*)+$x",
    r"^(?:\p{L}+\s?)*$",
    r"^(?<x>a+)+$",
    r"^[^@]+(\w+\.?)+$",
    r"^(https?:\/\/)?([\da-z\.-]+)\.([a-z\.]{2,6})([\/\w \.-]*)*\/?$",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    # choices that share a text
    r"(a|a)*$",
    r"(a|aa)+$",
    r"(a|a?)+$",
    r"^(a|ab|b)*c$",
    r"^(ab|a|ba)*c$",
    r"^(0|1|01)*$",
    r"^(\d+|\d+\d)*x$",
    r"^(.|\n|\s)*$",
    r"^(?:.|[\u4e00-\u9fa5])*$",
    r"^(?:a|b|c|[a-c])+$",
    r"^(?:[a-z]|[^0-9])*[0-9]$",
    r'^(?:[^"\\]|\\.|\\")*"$',
    r"^(?i)(a|A)*$",
    # counted ones, and many in a row
    r"(.*a){12}",
    r"^(\d{1,3}\.?){12}x",
    r"^(\w{1,20}\s?){1,20}$",
    r"^(a{1,50}){1,50}$",
    "[a-z]*" * 300 + "$",
    # inside, before or after look-arounds and references back
    r"^(?=a)(a+)+$",
    r"(?=x)^(a|aa)+$",
    r"^(?!b)(a|a?)+$",
    r"^(?=.)(.*)*x$",
    r"^(?!x)([a-z]+)*\d$",
    r"(a+)+\1$",
    r"^(a+)+(?=b)",
    r"^((?=a)a+)+$",
    r"^((?!b)a*)*$",
    r"^(?:(?=\d)\d+)+-$",
    r"^(\w+\s?)*(?<!x)$",
    r"^(?!0)(\d+|\d+\d)*x$",
    r"(x+x+)+(?=y)",
    r"^((a)\2?)+$",
    r"^([\s\S]*)*(?!z)q$",
    r"^((?:a|(?=a)a)+)+$",
    r"^(?:中|(?=中)中)+$",
    r"^((?=\S)\S+\s*)+!!$",
    r"^(.+)+\1x$",
    r"^(?:(?!--)[a-z-]+)+\.$",
    r"^((?=q)q+)+$",
    r"^((?=ab)(?:ab)+)+$",
    r"^((?=[☀-☄])[☀-☄]+)+$",
    r"(?=(a+)+$)b",
    r"(?!(a|aa)+$)b",
    r"(?<=x)(a+)+$",
]
BOUNDED = [
    r"^(?=a)(?:a?){30}a{30}$",
    r"^(?!b)a*a*a*a*a*$",
    r"^(?=.)\s*\s*\s*$",
    r"(?=a)(a+)+",
    r"^(?!b)(?:a{0,9}){9}$",
]
"""Accepted: no text takes them without end; what takes many steps is stopped, and told as any misfit."""
HARMLESS = [
    (r"^(?!.*--)[a-z]+(-[a-z]+)*$", "ab-cd", "ab--cd"),
    (r"^(?=.*\d)(?=.*[a-z]).{8,}$", "abcdefg1", "abcdefgh"),
    (r"^(?!0)\d{1,6}$", "123", "0123"),
    (r"^(?!\s)[\s\S]*(?<!\s)$", "a b", " ab"),
    (r"^(\d)(?!\1{5})\d{5}$", "123456", "111111"),
    (r"^(?!.*\.\.)[\w.]+$", "a.b", "a..b"),
    (r"^(?!(?:000|666))\d{3}-\d{2}$", "123-45", "000-45"),
    (r"^(?:(?!关键词).)*$", "一二三", "有关键词的"),
    (r"^([\"'])[^\"']*\1$", "'a'", "'a\""),
    (r"^(?=.{1,64}$)[a-z0-9]+(?:\.[a-z0-9]+)*$", "a.b", "a."),
    (r"^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$", "a-b", "-ab"),
    (r"^(?!.*(.)\1\1)\w{6,}$", "aabbcc", "aaabbb"),
    (r"^(?<y>\d{4})-(?!00)\d{2}$", "2026-01", "2026-00"),
    (r"^((?!00)\d{2}:)*\d{2}$", "11:22", "00:22"),
    (r"^(?!1{11})1[3-9]\d{9}$", "13912345678", "12912345678"),
    (r"^[京沪苏](?!I|O)[A-Z][A-HJ-NP-Z0-9]{5}$", "苏EA1234", "苏IA1234"),
    (r"^(?=\S)(?!.*\s$).+$", "a b", "a "),
    (r"^(?:a(?!a)|a(?=a))*$", "aaa", "aab"),
    (r"^(\b[A-Z]\w*\s*)+$", "Zhang San", "zhang San"),
    (r'^"(?:[^"\\]|\\.)*"$', r'"a\"b"', '"a"b"'),
    (r"^\s*\S+(\s+\S+)*\s*$", " a b ", "  "),
    (r"^([a-z]{0,61}[a-z0-9]\.)+[a-z]{2,}$", "a1.cn", "a1."),
    (r"^(\d{18})*$", "1" * 36, "1" * 35),
    (r"^([^/]|/(?!/))*$", "a/b", "a//b"),
    (r"^[A-Za-z]{1,30}([ -][A-Za-z]{1,30}){0,5}$", "Li Lei", "Li  Lei"),
    (r"^(?:[A-Fa-f0-9]{1,4}:){7}[A-Fa-f0-9]{1,4}$", "1:2:3:4:5:6:7:8", "1:2:3"),
    (r"^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$", "10.0.0.1", "10.0.0.256"),
    (
        r"^[1-9]\d{5}(18|19|20)\d{2}((0[1-9])|(1[0-2]))(([0-2][1-9])|10|20|30|31)\d{3}[0-9Xx]$",
        "32058319400203002X",
        "32058319401303002X",
    ),
    (r"^[\u4e00-\u9fa5]{2,}(·[\u4e00-\u9fa5]+)*$", "买买提·吐尔逊", "买买提·"),
    (r"^[_A-Za-z0-9-]+(\.[_A-Za-z0-9-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9]+)*(\.[A-Za-z]{2,})$", "a.b@c.cn", "a.b@c"),
    (r"^([-a-zA-Z0-9'.#][ ]?)+$", "1 Main St.", "1  Main"),
    (r"^(?!\s)(?!.*?\s{2,})[^<>%$#@!^&*]+$", "a b", "a  b"),
    (r"^(\d{4}|XXXX)-(0[1-9]|1[0-2]|XX)$", "2026-XX", "2026-13"),
    (r"^(?:[^,]+,)*[^,]+$", "a,b", "a,,b"),
    (r"^-?\d+(\.\d+)?([eE][+-]?\d+)?$", "-1.5e9", "1."),
    (r"^\d{1,3}(,\d{3})*(\.\d+)?$", "1,234.5", "12,34"),
    (r"^(\w+)\s\1$", "go go", "go no"),
    (r"^([01]\d|2[0-3]):[0-5]\d$", "23:59", "24:00"),
    (r"^(https?)://[^\s/?#]+([/?#]\S*)?$", "https://a.cn/b", "ftp://a.cn"),
    (r"^[A-Z0-9]{18}(、[A-Z0-9]{18})*$", "A" * 18 + "、" + "B" * 18, "A" * 18 + "、"),
    (r"^#(?:[0-9a-f]{3}){1,2}$", "#abcdef", "#abcd"),
    (r"^.*\S.*", "a", " "),
    (r"^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$", "a-b.c.cn", "a-.cn"),
    (
        r"^第[一二三四五六七八九十]+条(第[一二三四五六七八九十]+款)?(、第[一二三四五六七八九十]+条)*$",
        "第一条、第二条",
        "第条",
    ),
    (r"^\p{Script=Han}{2,20}$", "张三", "zhang"),
    (r"^[0-9]+(\.[0-9]{1,2})?$", "1.25", "1.255"),
]

ATTACK = """
import json, sys
from core.judge.schema import compile
for pattern in json.load(sys.stdin):
    schema = compile({"pattern": pattern})
    for unit in ("a", "0", "x", "-", "中", "a ", "q", "ab", "☃", "9.", "aA"):
        for tail in ("!", "", "b\\n"):
            schema.errors(unit * 2000 + tail)
print("done")
"""


LOOK = """
import json, sys
from core.judge.schema import faults
print(json.dumps([[f.code for f in faults({"pattern": one})] for one in json.load(sys.stdin)]))
"""


def _limited(program: str, patterns: list[str]) -> str:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))

    run = [sys.executable, "-c", program]
    told = subprocess.run(run, input=json.dumps(patterns), capture_output=True, text=True, preexec_fn=limit)
    assert told.returncode == 0, (told.returncode, told.stderr)
    return told.stdout


@pytest.mark.parametrize("pattern", EXPLODES)
def test_a_pattern_that_explodes_is_a_fault_when_it_is_loaded(pattern: str) -> None:
    assert [(f.where, f.code) for f in faults({"pattern": pattern})] == [("/pattern", "pattern-explodes")]
    with pytest.raises(DeclarationError) as refused:
        Form({"type": "object", "patternProperties": {pattern: {"type": "string"}}})
    assert [f.code for f in refused.value.faults] == ["pattern-explodes"]


def test_no_accepted_pattern_takes_long_over_any_attack() -> None:
    assert _limited(ATTACK, [*BOUNDED, *(pattern for pattern, _, _ in HARMLESS)]) == "done\n"


@pytest.mark.parametrize("pattern", BOUNDED)
def test_one_that_takes_many_steps_but_not_without_end_is_accepted(pattern: str) -> None:
    assert faults({"pattern": pattern}) == []
    assert [e.keyword for e in compile({"pattern": pattern}).errors("☃" * 500 + "!")] == ["pattern"]


def test_a_long_pattern_is_looked_into_within_limits() -> None:
    """In the limited process as well: what looks for explosions must not explode."""
    told = _limited(LOOK, ["a?" * 990, "(" * 50 + "a" + ")" * 50, ".{100}" * 5, "(a|b)*" * 300, "(.*?a|b)" * 200])
    assert json.loads(told) == [[], [], [], [], ["pattern-explodes"]]


@pytest.mark.parametrize(("pattern", "good", "bad"), HARMLESS)
def test_a_harmless_pattern_is_accepted_and_judges_rightly(pattern: str, good: str, bad: str) -> None:
    assert faults({"pattern": pattern}) == []
    assert compile({"pattern": pattern}).is_valid(good)
    assert not compile({"pattern": pattern}).is_valid(bad)
